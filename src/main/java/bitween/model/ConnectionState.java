package bitween.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How this device stands with its XMPP server.
 *
 * @param server what is connected to: the domain, or host:port where the config overrides it
 * @param failure why the last attempt failed; null while ONLINE and before the first attempt
 * @param retryAt when the next attempt starts; null unless OFFLINE
 * @param absence what the user wants
 */
public record ConnectionState(
        Status status,
        @Nullable FullJid self,
        String server,
        @Nullable Failure failure,
        Instant since,
        @Nullable Instant retryAt,
        Absence absence) {
    public ConnectionState(
            Status status,
            @Nullable FullJid self,
            String server,
            @Nullable Failure failure,
            Instant since,
            @Nullable Instant retryAt) {
        this(status, self, server, failure, since, retryAt, Absence.PRESENT);
    }

    /** OFFLINE waits for the next attempt, AWAY for the user; STOPPED will make none. */
    public enum Status {
        STOPPED,
        CONNECTING,
        ONLINE,
        AWAY,
        OFFLINE
    }
}
