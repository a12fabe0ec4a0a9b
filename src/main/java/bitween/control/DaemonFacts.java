package bitween.control;

import bitween.control.client.Versions;
import bitween.model.Audience;
import bitween.model.Finding;
import bitween.model.Fingerprint;
import bitween.model.OpenOffer;
import bitween.model.PeerAddress;
import bitween.model.StoreStatus;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What methods need to know of this process.
 *
 * @param device names this device
 * @param home what people know it by
 * @param downloads where jobs put things
 * @param freeBytes of the disk that holds {@code downloads}; -1 when that cannot be told. Called on {@code control} threads, may block on the disk.
 * @param droppedStanzas how many were dropped since the start: forged, old, malformed, too many, or of strangers. Any thread.
 * @param refusedConnections how many were sent away since the start: strangers', and those that came to nothing. Any thread.
 * @param outside where this device is reachable from outside. Any thread.
 * @param store how the database is. Any thread.
 * @param unwatched why changes of shared files are not seen at once everywhere, for people; null: they are. Any thread.
 * @param offers what friends send, and is not here. Any thread.
 * @param check looks whether all in the home is as it has to be. Called on {@code control} threads, takes seconds.
 * @param local what a doctor has to look at
 * @param usualAudience whom a share is for when nobody says so; empty: that has to be said. Called on {@code control} threads; reads bitween.toml, and may fail.
 * @param usualNotify whether a chat message tells of what is followed, when nobody says so. As usualAudience.
 * @param started when this daemon began
 * @param longestStop after which a stop is forced
 */
public record DaemonFacts(
        Versions versions,
        Fingerprint device,
        Path home,
        Path downloads,
        LongSupplier freeBytes,
        LongSupplier droppedStanzas,
        LongSupplier refusedConnections,
        Supplier<Outside> outside,
        Supplier<StoreStatus> store,
        Supplier<@Nullable String> unwatched,
        Supplier<List<OpenOffer>> offers,
        Supplier<List<Finding>> check,
        Local local,
        Supplier<Audience> usualAudience,
        BooleanSupplier usualNotify,
        Clock clock,
        Instant started,
        Duration longestStop) {
    /**
     * Where friends reach us, which is announced.
     *
     * @param own of this machine
     * @param mapped as the router says that it lets them in
     * @param seen as friends' devices see us
     */
    public record Outside(List<PeerAddress> own, List<PeerAddress> mapped, List<PeerAddress> seen) {
        public Outside {
            own = List.copyOf(own);
            mapped = List.copyOf(mapped);
            seen = List.copyOf(seen);
        }
    }

    /**
     * How this machine is. Called on {@code control} threads, may block on the disk.
     *
     * @param deviceKey whether the key of this device can be read
     * @param password whether the account's is where nobody else can read it
     * @param disk whether downloads have room, and can be written
     * @param inBand whether the XMPP servers may carry what no direct path does
     */
    public record Local(
            Supplier<Finding> deviceKey, Supplier<Finding> password, Supplier<Finding> disk, BooleanSupplier inBand) {}
}
