package bitween.config;

import bitween.model.Audience;
import bitween.model.DiskReserve;
import bitween.model.Jid;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What bitween.toml says, checked: one record per part. Paths are absolute. Made by {@link ConfigFile}, which gives defaults and limits. */
public record Config(
        Xmpp xmpp,
        Device device,
        Network network,
        Downloads downloads,
        Disk disk,
        Sharing sharing,
        Following following,
        On on,
        Control control) {

    /**
     * The account.
     *
     * @param passwordFile one line, mode 0600; null: the {@link Keyring} has the password
     * @param server host:port that overrides what DNS says of the domain; null: ask DNS
     * @param caFile PEM certificates to trust instead of the system's; null: the system's
     * @param certificateSha256 the only server certificate to accept, 64 hex digits; null: any that a trusted CA signed
     */
    public record Xmpp(
            Jid jid,
            @Nullable Path passwordFile,
            @Nullable HostPort server,
            @Nullable Path caFile,
            @Nullable String certificateSha256) {}

    /** @param name what friends see: "laptop" */
    public record Device(String name) {}

    /**
     * How peers reach us.
     *
     * @param port where we accept peers; 0: a free one
     * @param lastPort the last of those that are tried when it is taken
     * @param loopbackOnly whether to listen on, announce and accept nothing but this machine's own addresses
     * @param allow address ranges that are announced and accepted beyond the usual: LOOPBACK, PRIVATE
     * @param portMapping whether a router in front of us is asked to let friends in
     * @param downloadBytesPerSecond 0: no limit
     * @param uploadBytesPerSecond 0: no limit
     * @param inBand whether the XMPP servers may carry what no direct path does
     * @param inBandBytesPerSecond what we give them to carry, all devices together; 0: no limit
     */
    public record Network(
            int port,
            int lastPort,
            boolean loopbackOnly,
            Set<AddressRange> allow,
            boolean portMapping,
            long downloadBytesPerSecond,
            long uploadBytesPerSecond,
            boolean inBand,
            long inBandBytesPerSecond) {
        public Network {
            allow = Set.copyOf(allow);
        }
    }

    /** Ranges that are refused unless the config names them. */
    public enum AddressRange {
        /** 127.0.0.0/8 and ::1: for several daemons on one machine. */
        LOOPBACK,
        /** RFC 1918 and ULA addresses also where they are not on a directly attached network. */
        PRIVATE
    }

    /**
     * Where jobs put things.
     *
     * @param active how many jobs may download at once
     */
    public record Downloads(Path directory, int active) {}

    /**
     * What goes onto disks.
     *
     * @param reserve what downloads leave free on the disk that they go to
     * @param revisionsBytes what the files of kept revisions may take together
     */
    public record Disk(DiskReserve reserve, long revisionsBytes) {}

    /**
     * What is shared.
     *
     * @param audience whom a share is for when nobody says so; empty: that has to be said
     * @param ignoreFile the name of files that list what not to share
     * @param look how often all shared files are looked at, at most
     */
    public record Sharing(Audience audience, String ignoreFile, boolean hidden, Duration look) {}

    /**
     * What is followed.
     *
     * @param notifies whether a chat message to oneself tells when something new is here, when nobody says so
     */
    public record Following(boolean notifies) {}

    /**
     * Commands of the user's, each for a shell; null: none.
     *
     * @param complete when a job is complete
     * @param error when a job or a share is in trouble
     * @param shared when a friend shares something new
     * @param found when somebody shares what the user waits for
     * @param revision when there is something new in what the user follows, and when it is here
     * @param request when somebody asks to be a friend
     * @param offer when a friend sends something
     */
    public record On(
            @Nullable String complete,
            @Nullable String error,
            @Nullable String shared,
            @Nullable String found,
            @Nullable String revision,
            @Nullable String request,
            @Nullable String offer) {}

    /**
     * The command line.
     *
     * @param autostart whether commands that need the daemon start it
     * @param stopTimeout how long a clean stop may take; after twice that the watchdog ends it
     */
    public record Control(boolean autostart, Duration stopTimeout) {}

    /** A host name or IP literal, and a port. */
    public record HostPort(String host, int port) {
        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }
}
