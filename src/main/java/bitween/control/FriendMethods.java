package bitween.control;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.catalogue.FriendDevice;
import bitween.message.FriendRequest.AcceptFriend;
import bitween.message.FriendRequest.AddFriend;
import bitween.message.FriendRequest.BlockFriend;
import bitween.message.FriendRequest.RemoveFriend;
import bitween.message.FriendRequest.UnblockFriend;
import bitween.message.TorrentRequest.RevokeShare;
import bitween.message.TrustRequest.RevokeTrust;
import bitween.message.TrustRequest.TrustDevice;
import bitween.model.ConnectionState;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.ErrorCode;
import bitween.model.Fingerprint;
import bitween.model.Grantee;
import bitween.model.Jid;
import bitween.model.RosterEntry;
import bitween.model.SafetyWords;
import bitween.model.Transfer;
import bitween.model.UserException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The roster. */
final class FriendMethods {
    /** Digits of an id that tell one person's devices apart. */
    private static final int BRIEF = 8;

    private static final Pattern WHOLE_ID = Pattern.compile("[0-9a-f]{64}");

    private final Replies replies;
    private final Fingerprint own;

    /** @param own names this device */
    FriendMethods(Replies replies, Fingerprint own) {
        this.replies = replies;
        this.own = own;
    }

    void addTo(Methods methods) {
        methods.add("friends", "the roster, who asks to be in it, and who is asked", List.of(), params -> friends());
        methods.add(
                "friend.add", "asks somebody to be a friend", List.of("jid"), params -> add(jid(params.text("jid"))));
        methods.add(
                "friend.accept",
                "accepts somebody who asks",
                List.of("jid"),
                params -> FriendViews.entry(replies.ask(new AcceptFriend(asking(params.text("jid"))))));
        methods.add(
                "friend.rm",
                "removes a friend, or refuses somebody who asks",
                List.of("jid"),
                params -> FriendViews.entry(remove(known(params.text("jid")))));
        methods.add(
                "block",
                "has nothing to do with somebody any more, until 'unblock'",
                List.of("jid"),
                params -> FriendViews.entry(withoutGrants(replies.ask(new BlockFriend(known(params.text("jid")))))));
        methods.add(
                "unblock",
                "lets somebody who was blocked ask again, and be asked",
                List.of("jid"),
                params -> FriendViews.entry(replies.ask(new UnblockFriend(blocked(params.text("jid"))))));
        addTrustTo(methods);
    }

    private View add(Jid jid) throws InterruptedException {
        boolean asks = replies.catalogue().requests().contains(jid);
        return FriendViews.entry(replies.ask(new AddFriend(jid))).with("accepted", asks);
    }

    private RosterEntry remove(Jid jid) throws InterruptedException {
        return withoutGrants(replies.ask(new RemoveFriend(jid)));
    }

    /** Who comes back one day is granted things anew. */
    private RosterEntry withoutGrants(RosterEntry removed) throws InterruptedException {
        Grantee person = new Grantee.Person(removed.jid());
        for (Transfer share : replies.catalogue().transfers().values()) {
            if (share.audience().grantees().contains(person)) {
                replies.ask(new RevokeShare(share.id(), Set.of(person)), changed -> changed);
            }
        }
        return removed;
    }

    private void addTrustTo(Methods methods) {
        methods.add(
                "trust",
                "lets a device of a friend, or another one of one's own, have links with this one",
                List.of("friend", "device?"),
                params -> trusted(params.text("friend"), params.optionalText("device")));
        methods.add(
                "distrust",
                "lets a device of a friend, or another one of one's own, have links with this one no longer",
                List.of("friend", "device"),
                params -> distrusted(params.text("friend"), params.text("device")));
        methods.add(
                "verify",
                "the words that two people compare, for each device of a friend",
                List.of("friend"),
                params -> words(params.text("friend")));
    }

    private View trusted(String friend, @Nullable String device) throws InterruptedException {
        Friend known = new Resolver(replies.catalogue()).friendInFull(friend);
        FriendDevice meant = heldBack(known, device);
        Device chosen = replies.ask(new TrustDevice(meant.device()));
        return new View()
                .with("jid", chosen.jid())
                .with("device", chosen.id())
                .with("name", meant.name())
                .with("already", meant.held() == null);
    }

    private View distrusted(String friend, String named) throws InterruptedException {
        Friend known = new Resolver(replies.catalogue()).friendInFull(friend);
        String id = named.replace(" ", "");
        // one that is not shown may be trusted all the same, when another one has vouched for it; it is known by what
        // it shows itself
        FriendDevice meant =
                WHOLE_ID.matcher(id).matches() ? known.devices().get(new DeviceId(id)) : heldBack(known, named);
        Device chosen = replies.ask(
                new RevokeTrust(meant == null ? new Device(known.jid(), new DeviceId(id)) : meant.device()));
        return new View()
                .with("jid", chosen.jid())
                .with("device", chosen.id())
                .with("name", meant == null ? null : meant.name())
                .with("self", chosen.jid().equals(self()));
    }

    /** The device that is named by how its id begins or by its name; without a name, the only one that waits. */
    private static FriendDevice heldBack(Friend friend, @Nullable String named) {
        List<FriendDevice> fitting = friend.sortedDevices().stream()
                .filter(device -> named == null
                        ? device.held() != null
                        : device.device().id().value().startsWith(named)
                                || device.name().equals(named))
                .toList();
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        if (fitting.isEmpty()) {
            throw new UserException(
                    named == null ? ErrorCode.BAD_ARGUMENT : ErrorCode.UNKNOWN_FRIEND,
                    named == null
                            ? "no device of " + friend.jid() + " waits to be trusted"
                            : friend.jid() + " has no device '" + named + "'",
                    "look at the devices: bitween friends");
        }
        throw new UserException(
                ErrorCode.AMBIGUOUS,
                fitting.size() + " devices of " + friend.jid() + " fit: "
                        + fitting.stream()
                                .map(device ->
                                        device.device().id().value().substring(0, BRIEF) + " (" + device.name() + ")")
                                .collect(Collectors.joining(", ")),
                "name one by the first digits of its id");
    }

    private View words(String named) {
        Friend friend = new Resolver(replies.catalogue()).friendInFull(named);
        List<View> devices = friend.sortedDevices().stream()
                .filter(device -> !device.device().id().value().equals(own.hex()))
                .map(device -> new View()
                        .with("id", device.device().id())
                        .with("name", device.name())
                        .with("trusted", device.held() == null)
                        .with(
                                "words",
                                SafetyWords.of(
                                        own,
                                        new Fingerprint(device.device().id().value()))))
                .toList();
        if (devices.isEmpty()) {
            throw new UserException(
                    ErrorCode.FRIEND_OFFLINE,
                    "no device of " + friend.jid() + " was seen yet",
                    "it is seen as soon as it is online");
        }
        return new View()
                .with("jid", friend.jid())
                .with("self", self())
                .with("own", own)
                .with("devices", devices);
    }

    /** @return null before there was a connection */
    private @Nullable Jid self() {
        ConnectionState connection = replies.catalogue().connection();
        return connection == null || connection.self() == null
                ? null
                : connection.self().jid();
    }

    private View friends() {
        Catalogue now = replies.catalogue();
        FriendViews views = new FriendViews(now);
        return new View()
                .with("friends", views.all().stream().map(views::friend).toList())
                .with(
                        "pending",
                        now.requests().stream().sorted().map(Jid::value).toList())
                .with("blocked", now.blocked().stream().sorted().map(Jid::value).toList())
                .with(
                        "asked",
                        views.all().stream()
                                .filter(friend ->
                                        friend.entry() != null && friend.entry().asked())
                                .map(friend -> friend.jid().value())
                                .toList());
    }

    private static Jid jid(String text) {
        try {
            return new Jid(text);
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, String.valueOf(e.getMessage()), "give the whole address", e);
        }
    }

    /** Who asks may be named by the part before the @; anybody else in full. */
    private Jid asking(String text) {
        return oneOf(replies.catalogue().requests(), text);
    }

    private Jid blocked(String text) {
        return oneOf(replies.catalogue().blocked(), text);
    }

    private static Jid oneOf(Set<Jid> all, String text) {
        List<Jid> hits = Spelling.matches(all, Jid::local, text);
        return hits.size() == 1 && text.indexOf('@') < 0 ? hits.get(0) : jid(text);
    }

    private Jid known(String text) {
        if (text.indexOf('@') >= 0) {
            return jid(text);
        }
        Catalogue now = replies.catalogue();
        List<Jid> asking = Spelling.matches(now.requests(), Jid::local, text);
        boolean nobodyElse = now.friends().keySet().stream()
                .noneMatch(friend -> friend.local().equalsIgnoreCase(text));
        return asking.size() == 1 && nobodyElse
                ? asking.get(0)
                : new Resolver(now).friendInFull(text).jid();
    }
}
