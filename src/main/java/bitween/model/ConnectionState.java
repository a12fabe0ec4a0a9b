package bitween.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How this device stands with its XMPP server.
 *
 * @param server what is connected to: the domain, or host:port where the config overrides it
 * @param failure why the last attempt failed; null while ONLINE and before the first attempt
 * @param retryAt when the next attempt starts; null unless OFFLINE
 */
public record ConnectionState(
        Status status,
        @Nullable FullJid self,
        String server,
        @Nullable Failure failure,
        Instant since,
        @Nullable Instant retryAt) {
    /** OFFLINE waits for the next attempt; STOPPED will make none. */
    public enum Status {
        STOPPED,
        CONNECTING,
        ONLINE,
        OFFLINE
    }
}
