package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.catalogue.FriendDevice;
import bitween.model.Announcement;
import bitween.model.ConnectionState;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.LinkPath;
import bitween.model.PeerAddress;
import bitween.model.RosterEntry;
import bitween.model.UserException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What stands between this device and one friend. Pure: looks at one catalogue, and at what the friend's devices answered. */
final class FriendCheckup {
    private static final String RESTART = "when that stays so, they restart it: bitween stop, bitween daemon";

    /** Digits of an id that tell one person's devices apart. */
    private static final int BRIEF = 8;

    private final Catalogue now;
    private final DaemonFacts facts;
    private final Friend friend;
    private final Map<FriendDevice, Answer> answers;

    /**
     * What a device said that was asked something over its link.
     *
     * @param failure why it did not
     */
    record Answer(Duration took, @Nullable UserException failure) {}

    /** @param answers of those of the friend's devices that are linked */
    FriendCheckup(Catalogue now, DaemonFacts facts, Friend friend, Map<FriendDevice, Answer> answers) {
        this.now = now;
        this.facts = facts;
        this.friend = friend;
        this.answers = answers;
    }

    List<Check> checks() {
        return List.of(presence(), trust(), grants(), direct(), inBand());
    }

    private Check presence() {
        RosterEntry entry = friend.entry();
        if (entry != null && !entry.weSeeThem()) {
            return Check.failed(
                    "presence",
                    ErrorCode.NOT_MUTUAL,
                    friend.jid()
                            + (entry.asked() ? " has not accepted your request yet" : " does not let you see them"),
                    entry.asked()
                            ? "they accept with: bitween friend accept " + self()
                            : "bitween friend add " + friend.jid());
        }
        if (entry != null && !entry.theySeeUs()) {
            boolean asks = now.requests().contains(friend.jid());
            return Check.failed(
                    "presence",
                    ErrorCode.NOT_MUTUAL,
                    friend.jid() + " may not see you" + (asks ? ", and asks to" : ""),
                    (asks ? "bitween friend accept " : "bitween friend add ") + friend.jid());
        }
        if (devices().isEmpty() && held().isEmpty() && !isConnected()) {
            return Check.unknown("presence", "there is no connection to the server, which tells who is there");
        }
        if (devices().isEmpty() && held().isEmpty()) {
            return friend.available()
                    ? Check.failed(
                            "presence",
                            ErrorCode.FRIEND_OFFLINE,
                            friend.jid() + " is online, but with no bitween that speaks to this one",
                            "they start it with: bitween daemon; when it runs, it wants: bitween friend add " + self())
                    : Check.failed(
                            "presence",
                            ErrorCode.FRIEND_OFFLINE,
                            friend.jid() + " is not online",
                            "nothing to do here: it goes on once they are");
        }
        return Check.ok(
                "presence", "both see each other; there: " + names(devices().isEmpty() ? held() : devices()));
    }

    /** @param refused whether it is told, too, of one that the user has refused */
    static Optional<Check> held(String check, FriendDevice device, boolean refused) {
        FriendDevice.Held held = device.held();
        if (held == null || (held.refused() && !refused)) {
            return Optional.empty();
        }
        Jid jid = device.device().jid();
        String id = device.device().id().value();
        return Optional.of(Check.failed(
                check,
                ErrorCode.DEVICE_HELD,
                device.name() + " of " + jid + " is held: " + held.reason(),
                held.reason().contains("bitween ")
                        ? "" // it says itself what to do
                        : "compare what both of you see: bitween verify " + jid + "; then: bitween trust " + jid + " "
                                + id.substring(0, Math.min(BRIEF, id.length()))));
    }

    private boolean isConnected() {
        ConnectionState connection = now.connection();
        return connection != null && connection.status() == ConnectionState.Status.ONLINE;
    }

    private Check trust() {
        boolean alone = devices().isEmpty();
        Optional<Check> held = friend.sortedDevices().stream()
                .flatMap(device -> held("trust", device, alone).stream())
                .findFirst();
        if (held.isPresent()) {
            return held.get();
        }
        return devices().isEmpty()
                ? Check.unknown("trust", "no device of theirs is here to look at")
                : Check.ok("trust", "trusted: " + names(devices()));
    }

    private Check grants() {
        int ours = now.sharesFor(friend.jid()).size();
        int theirs = new Resolver(now).shares(friend).size();
        Optional<String> broken = devices().stream()
                .map(FriendDevice::failure)
                .flatMap(Stream::ofNullable)
                .findFirst();
        if (broken.isPresent()) {
            return Check.failed(
                    "grants",
                    ErrorCode.FRIEND_REFUSED,
                    "their list is not here: " + broken.get(),
                    "it is asked for again by itself; when that stays so, both look whether they have the same: bitween version");
        }
        if (ours == 0 && theirs == 0) {
            return Check.failed(
                    "grants",
                    ErrorCode.NOTHING_GRANTED,
                    "neither of you shares anything with the other",
                    "bitween share PATH --to " + friend.jid() + ", or for one that there is: bitween grant NAME "
                            + friend.jid());
        }
        return Check.ok(
                "grants",
                "for them: "
                        + (ours == 0
                                ? "nothing of yours, until you type: bitween grant NAME " + friend.jid()
                                : shares(ours) + " of yours")
                        + "; for you: "
                        + (theirs == 0
                                ? "nothing of theirs, until they type: bitween grant NAME " + self()
                                : shares(theirs) + " of theirs"));
    }

    private static String shares(int count) {
        return count == 1 ? "1 share" : count + " shares";
    }

    private Check direct() {
        List<FriendDevice> devices = devices();
        if (devices.isEmpty()) {
            return Check.unknown("direct link", "no device of theirs is here to be reached");
        }
        for (FriendDevice device : devices) {
            FriendDevice.Path link = device.link();
            if (link == null || link.path().kind() != LinkPath.Kind.DIRECT) {
                return Check.failed("direct link", ErrorCode.NO_DIRECT_LINK, unreached(device), forward());
            }
            Answer answer = answers.get(device);
            if (answer != null && answer.failure() != null) {
                return Check.failed(
                        "direct link",
                        answer.failure().code(),
                        device.name() + " is linked, but does not answer: "
                                + answer.failure().sentence(),
                        RESTART);
            }
        }
        return Check.ok("direct link", answered(devices));
    }

    private String unreached(FriendDevice device) {
        Announcement announcement = device.announcement();
        List<PeerAddress> addresses = announcement == null ? List.of() : announcement.addresses();
        return addresses.isEmpty()
                ? device.name() + " tells no address that can be dialled from here, and does not reach this device"
                : device.name() + " answers at none of "
                        + addresses.stream().map(PeerAddress::brief).collect(Collectors.joining(", "))
                        + ", and does not reach this device";
    }

    private String forward() {
        return "one of you lets TCP port " + now.port()
                + " (here; theirs stands in their bitween status) through router and firewall; that is enough for both";
    }

    private Check inBand() {
        List<FriendDevice> devices = devices();
        List<FriendDevice> through = devices.stream()
                .filter(device -> device.link() != null && device.link().path().kind() == LinkPath.Kind.IN_BAND)
                .toList();
        if (devices.isEmpty()) {
            return Check.unknown("in-band link", "no device of theirs is here to be reached");
        }
        Optional<UserException> silent = through.stream()
                .map(answers::get)
                .flatMap(Stream::ofNullable)
                .map(Answer::failure)
                .flatMap(Stream::ofNullable)
                .findFirst();
        if (silent.isPresent()) {
            return Check.failed(
                    "in-band link",
                    silent.get().code(),
                    "the servers carry a link, but nothing is answered: "
                            + silent.get().sentence(),
                    RESTART);
        }
        if (!through.isEmpty()) {
            return Check.ok("in-band link", "the servers carry it, slowly: " + answered(through));
        }
        if (devices.stream().allMatch(device -> device.link() != null)) {
            return Check.ok("in-band link", "not needed");
        }
        return facts.local().inBand().getAsBoolean()
                ? Check.failed(
                        "in-band link",
                        ErrorCode.NO_IN_BAND_LINK,
                        "the servers carry nothing between the two devices either",
                        "they may have switched it off: bitween config set network.in_band true")
                : Check.failed(
                        "in-band link",
                        ErrorCode.NO_IN_BAND_LINK,
                        "it is switched off here",
                        "bitween config set network.in_band true, and restart");
    }

    private String answered(List<FriendDevice> devices) {
        return devices.stream()
                .map(device -> {
                    Answer answer = answers.get(device);
                    return device.name()
                            + (answer == null
                                    ? ""
                                    : " answers in " + answer.took().toMillis() + " ms");
                })
                .collect(Collectors.joining(", "));
    }

    /** Those that are there and may speak to us. */
    private List<FriendDevice> devices() {
        return friend.sortedDevices().stream().filter(FriendDevice::isReachable).toList();
    }

    private List<FriendDevice> held() {
        return friend.sortedDevices().stream()
                .filter(device -> device.held() != null)
                .toList();
    }

    private static String names(List<FriendDevice> devices) {
        return devices.stream().map(FriendDevice::name).collect(Collectors.joining(", "));
    }

    private String self() {
        ConnectionState connection = now.connection();
        return connection == null || connection.self() == null
                ? "your address"
                : connection.self().jid().value();
    }
}
