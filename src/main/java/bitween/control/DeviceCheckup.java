package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.model.Absence;
import bitween.model.ConnectionState;
import bitween.model.EngineStatus;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.PeerAddress;
import bitween.model.StoreStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What this device needs, whoever the friend is. Pure, but for the looks at the disk that {@link DaemonFacts} names. */
final class DeviceCheckup {
    /** What is announced counts for a day; certificates and logs are of use with less. */
    private static final Duration MOST_WRONG = Duration.ofMinutes(5);

    private final Catalogue now;
    private final DaemonFacts facts;

    DeviceCheckup(Catalogue now, DaemonFacts facts) {
        this.now = now;
        this.facts = facts;
    }

    /**
     * In the order in which one needs the other.
     *
     * @param ahead how far the server's clock is ahead of ours; null: not known
     * @param unknown why not
     */
    List<Check> checks(@Nullable Duration ahead, String unknown) {
        return List.of(
                xmpp(now.connection()),
                tls(now.connection()),
                clock(ahead, unknown),
                Check.of(facts.local().deviceKey().get()),
                Check.of(facts.local().password().get()),
                database(facts.store().get()),
                Check.of(facts.local().disk().get()),
                backend(now.engine()),
                addresses());
    }

    private static Check xmpp(@Nullable ConnectionState state) {
        if (state == null || state.status() == ConnectionState.Status.STOPPED) {
            return Check.unknown("xmpp", "the daemon has just begun");
        }
        Failure failure = state.failure();
        if (state.status() == ConnectionState.Status.ONLINE) {
            return Check.ok("xmpp", "online as " + jid(state) + " at " + state.server());
        }
        if (state.absence() != Absence.PRESENT) {
            return Check.failed(
                    "xmpp", ErrorCode.XMPP_OFFLINE, "you are away: friends do not see this device", "bitween back");
        }
        if (failure == null) {
            return Check.unknown("xmpp", "connecting to " + state.server() + " for the first time");
        }
        return failure.code() == ErrorCode.XMPP_CERTIFICATE
                ? Check.unknown("xmpp", state.server() + " was reached, but not trusted")
                : Check.failed("xmpp", failure);
    }

    private static String jid(ConnectionState state) {
        return state.self() == null ? "nobody" : state.self().jid().value();
    }

    private static Check tls(@Nullable ConnectionState state) {
        if (state != null && state.status() == ConnectionState.Status.ONLINE) {
            return Check.ok("tls", "the connection is encrypted, and the server's certificate is trusted");
        }
        Failure failure = state == null ? null : state.failure();
        if (failure == null) {
            return Check.unknown("tls", "there is no connection to look at");
        }
        return switch (failure.code()) {
            case XMPP_CERTIFICATE -> Check.failed("tls", failure);
            case XMPP_AUTH -> Check.ok("tls", "the server was reached, and its certificate is trusted");
            default -> Check.unknown("tls", "the server was not reached");
        };
    }

    private static Check clock(@Nullable Duration ahead, String unknown) {
        if (ahead == null) {
            return Check.unknown("clock", unknown);
        }
        Duration apart = ahead.abs();
        if (apart.compareTo(MOST_WRONG) > 0) {
            return Check.failed(
                    "clock",
                    ErrorCode.CLOCK_WRONG,
                    "this machine's clock is " + roughly(apart) + (ahead.isNegative() ? " ahead of" : " behind")
                            + " the server's",
                    "set it, or let it set itself: timedatectl set-ntp true");
        }
        return Check.ok(
                "clock",
                apart.compareTo(Duration.ofSeconds(2)) < 0
                        ? "it goes with the server's"
                        : apart.toSeconds() + " s from the server's, which does no harm");
    }

    private static String roughly(Duration time) {
        if (time.toHours() >= 48) {
            return time.toDays() + " days";
        }
        return time.toMinutes() >= 120 ? time.toHours() + " hours" : time.toMinutes() + " minutes";
    }

    private static Check database(StoreStatus store) {
        Failure failure = store.failure();
        if (failure != null) {
            return Check.failed("database", failure);
        }
        return store.restored() == null
                ? Check.ok("database", "it can be written")
                : Check.failed(
                        "database",
                        ErrorCode.STORE_DAMAGED,
                        "it was damaged, and a backup is in its place: "
                                + store.restored().why(),
                        "look what is missing: bitween shares, bitween jobs; bitween fsck checks the rest");
    }

    private static Check backend(@Nullable EngineStatus engine) {
        if (engine == null) {
            return Check.unknown("back-end", "the BitTorrent engine has just begun");
        }
        Failure failure = engine.failure();
        if (failure != null) {
            return Check.failed("back-end", failure);
        }
        String how = engine.backend() + " (" + engine.backendReason() + ")";
        return engine.backend().equals("mmap")
                ? Check.ok("back-end", how)
                : Check.failed(
                        "back-end",
                        ErrorCode.SLOW_BACKEND,
                        "files are read and written in the slower way: " + how,
                        "start the daemon by its launcher: bitween stop, then bitween daemon");
    }

    private Check addresses() {
        DaemonFacts.Outside outside = facts.outside().get();
        if (now.port() == 0) {
            return Check.failed(
                    "addresses",
                    ErrorCode.NO_ADDRESS,
                    "this device does not listen for friends' devices",
                    "see the log; a port that is free: bitween config set network.port 0");
        }
        List<String> all = Stream.of(outside.own(), outside.mapped(), outside.seen())
                .flatMap(List::stream)
                .map(PeerAddress::brief)
                .distinct()
                .toList();
        if (all.isEmpty()) {
            return Check.failed(
                    "addresses",
                    ErrorCode.NO_ADDRESS,
                    "this device has no address that a friend could dial",
                    "see that it has a network; among daemons of one machine: network.allow = [\"loopback\"]");
        }
        boolean beyond = !outside.mapped().isEmpty() || !outside.seen().isEmpty();
        return Check.ok(
                "addresses",
                "friends are told " + String.join(", ", all)
                        + (beyond ? "" : "; from beyond a router it is not known to be reached"));
    }

    /** Without a friend who is named: how all of them are. */
    Check friends() {
        List<Friend> friends = now.friends().values().stream()
                .filter(friend -> friend.entry() != null)
                .toList();
        ConnectionState connection = now.connection();
        boolean isOnline = connection != null && connection.status() == ConnectionState.Status.ONLINE;
        if (friends.isEmpty() && !isOnline) {
            return Check.unknown("friends", "the server has not told who they are: there is no connection to it");
        }
        if (!now.requests().isEmpty()) {
            String asking =
                    now.requests().stream().sorted().findFirst().orElseThrow().value();
            return Check.failed(
                    "friends",
                    ErrorCode.NOT_MUTUAL,
                    asking + " waits for you to accept",
                    "bitween friend accept " + asking);
        }
        Optional<Check> held = now.friends().values().stream()
                .flatMap(friend -> friend.sortedDevices().stream())
                .flatMap(device -> FriendCheckup.held("friends", device, false).stream())
                .findFirst();
        if (held.isPresent()) {
            return held.get();
        }
        if (friends.isEmpty()) {
            return Check.failed(
                    "friends",
                    ErrorCode.UNKNOWN_FRIEND,
                    "you have no friends yet",
                    "bitween friend add name@example.org");
        }
        long online = friends.stream().filter(Friend::isReachable).count();
        return Check.ok(
                "friends",
                online + " of " + friends.size() + " online; one who is not as he should be: bitween doctor FRIEND");
    }
}
