package bitween.events;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.catalogue.Catalogue;
import bitween.events.Happening.Kind;
import bitween.message.CatalogueEvent.FriendList;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.CatalogueEvent.FriendsLoaded;
import bitween.message.CatalogueEvent.WantFound;
import bitween.message.FollowEvent.RevisionFetched;
import bitween.message.FollowEvent.RevisionFound;
import bitween.message.FollowEvent.RevisionHeld;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.LinkEvent.DeviceGone;
import bitween.message.LinkEvent.OffenceSeen;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.message.PresenceEvent.ContactRemoved;
import bitween.message.PresenceEvent.RequestsChanged;
import bitween.message.SendEvent.OfferFound;
import bitween.message.SendEvent.OfferGone;
import bitween.message.SendEvent.SentChanged;
import bitween.message.TorrentEvent.OwnFilesKept;
import bitween.message.TorrentEvent.RevisionNotKept;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentEvent.TransfersLoaded;
import bitween.model.ConnectionState;
import bitween.model.ConnectionState.Status;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.Followed;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.OpenOffer;
import bitween.model.Sent;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes happenings of messages: what is told twice, or as a whole, becomes what is new in it. Thread: the mailbox it is given. */
public final class Teller {
    private final EventLog events;
    private final Supplier<Catalogue> catalogue;
    private final Consumer<Happening> listener;
    private final Map<TransferId, Transfer> transfers = new HashMap<>();
    private final Map<Device, Map<InfoHash, Share>> lists = new HashMap<>();
    private final Set<Device> online = new HashSet<>();
    private Set<Jid> requests = Set.of();
    private @Nullable Status connection;
    /** Why there is no connection, as it was told since there was one. */
    private final Set<ErrorCode> reasons = EnumSet.noneOf(ErrorCode.class);

    /**
     * Before the first message.
     *
     * @param listener hears of each as well, on {@code mailbox}, and returns at once
     */
    public Teller(
            Bus bus, Mailbox mailbox, Supplier<Catalogue> catalogue, EventLog events, Consumer<Happening> listener) {
        this.events = events;
        this.catalogue = catalogue;
        this.listener = listener;
        bus.subscribe(TransfersLoaded.class, mailbox, this::onTransfersLoaded);
        bus.subscribe(TransferChanged.class, mailbox, this::onTransferChanged);
        bus.subscribe(TransferRemoved.class, mailbox, this::onTransferRemoved);
        bus.subscribe(OwnFilesKept.class, mailbox, this::onOwnFilesKept);
        bus.subscribe(RevisionNotKept.class, mailbox, this::onRevisionNotKept);
        bus.subscribe(FriendsLoaded.class, mailbox, this::onFriendsLoaded);
        bus.subscribe(FriendListFetched.class, mailbox, this::onFriendListFetched);
        bus.subscribe(DeviceAnnounced.class, mailbox, this::onDeviceAnnounced);
        bus.subscribe(DeviceGone.class, mailbox, this::onDeviceGone);
        bus.subscribe(ContactRemoved.class, mailbox, this::onContactRemoved);
        bus.subscribe(WantFound.class, mailbox, this::onWantFound);
        bus.subscribe(RevisionFound.class, mailbox, this::onRevisionFound);
        bus.subscribe(RevisionHeld.class, mailbox, this::onRevisionHeld);
        bus.subscribe(RevisionFetched.class, mailbox, this::onRevisionFetched);
        bus.subscribe(SentChanged.class, mailbox, this::onSentChanged);
        bus.subscribe(OfferFound.class, mailbox, this::onOfferFound);
        bus.subscribe(OfferGone.class, mailbox, this::onOfferGone);
        bus.subscribe(RequestsChanged.class, mailbox, this::onRequestsChanged);
        bus.subscribe(OffenceSeen.class, mailbox, this::onOffenceSeen);
        bus.subscribe(ConnectionChanged.class, mailbox, this::onConnectionChanged);
    }

    private void tell(Kind kind, Details details) {
        listener.accept(events.add(kind, details));
    }

    /** In the order in which they are to be read. */
    private static final class Details extends LinkedHashMap<String, @Nullable Object> {
        Details and(String key, @Nullable Object value) {
            put(key, value);
            return this;
        }
    }

    private void onTransfersLoaded(TransfersLoaded event) {
        event.transfers().forEach(transfer -> transfers.put(transfer.id(), transfer));
    }

    private void onTransferChanged(TransferChanged event) {
        Transfer now = event.transfer();
        Transfer before = transfers.put(now.id(), now);
        boolean job = before == null ? now.kind() == Transfer.Kind.JOB : before.kind() == Transfer.Kind.JOB;
        if (before == null) {
            tell(job ? Kind.JOB_ADDED : Kind.SHARE_ADDED, details(now));
        }
        if (before != null && revision(now) > 1 && revision(now) != revision(before)) {
            tell(Kind.SHARE_REVISED, details(now).and("revision", revision(now)));
        }
        if (now.finished() != null && (before == null || before.finished() == null)) {
            tell(Kind.JOB_COMPLETE, details(now).and("from", holders(now.hash())));
        } else if (isTrouble(now) && !isSameTrouble(before, now)) {
            tell(job ? Kind.JOB_ERROR : Kind.SHARE_ERROR, details(now));
        } else if (before != null && before.state() != now.state()) {
            tell(job ? Kind.JOB_STATE : Kind.SHARE_STATE, details(now));
        }
    }

    /** Of a live share; 0 of any other. */
    private static int revision(Transfer transfer) {
        return transfer.share() == null ? 0 : transfer.share().revision();
    }

    /** What waits to be tried again is no trouble yet, and what the user let rest is none. */
    private static boolean isTrouble(Transfer transfer) {
        return transfer.failure() != null
                && !transfer.isPausedByUser()
                && transfer.state() != TransferState.WAITING_FOR_FRIEND;
    }

    private static boolean isSameTrouble(@Nullable Transfer before, Transfer now) {
        return before != null
                && before.state() == now.state()
                && before.failure() != null
                && now.failure() != null
                && before.failure().code() == now.failure().code();
    }

    private void onTransferRemoved(TransferRemoved event) {
        Transfer transfer = event.transfer();
        transfers.remove(transfer.id());
        tell(transfer.kind() == Transfer.Kind.JOB ? Kind.JOB_REMOVED : Kind.SHARE_REMOVED, details(transfer));
    }

    private void onOwnFilesKept(OwnFilesKept event) {
        tell(
                Kind.JOB_KEPT,
                details(event.transfer())
                        .and("kept", event.kept().stream().map(Path::toString).toList()));
    }

    private void onRevisionNotKept(RevisionNotKept event) {
        tell(
                Kind.SHARE_UNKEPT,
                details(event.transfer())
                        .and("revision", event.revision())
                        .and("code", event.why().code().name())
                        .and("message", event.why().reason()));
    }

    private static Details details(Transfer transfer) {
        Failure failure = transfer.failure();
        Share share = transfer.share();
        return new Details()
                .and("id", transfer.id().value())
                .and("name", transfer.name())
                .and("state", transfer.state().name())
                .and("place", transfer.place().toString())
                .and("hash", transfer.hash() == null ? null : transfer.hash().toString())
                .and("sizeBytes", share == null ? null : share.sizeBytes())
                .and("code", failure == null ? null : failure.code().name())
                .and("message", failure == null ? null : failure.reason());
    }

    private List<String> holders(@Nullable InfoHash hash) {
        return hash == null
                ? List.of()
                : catalogue.get().sources(hash).stream()
                        .map(holder -> holder.device().jid().toString())
                        .distinct()
                        .toList();
    }

    /** Of what is sent, others tell. */
    private static Map<InfoHash, Share> byHash(FriendList list) {
        Map<InfoHash, Share> shares = new LinkedHashMap<>();
        list.shares().stream().filter(share -> !share.sent()).forEach(share -> shares.put(share.hash(), share));
        return shares;
    }

    private void onFriendsLoaded(FriendsLoaded event) {
        event.lists().forEach(list -> lists.put(list.device(), byHash(list)));
    }

    private void onContactRemoved(ContactRemoved event) {
        lists.keySet().removeIf(device -> device.jid().equals(event.jid()));
    }

    private void onFriendListFetched(FriendListFetched event) {
        FriendList list = event.list();
        Map<InfoHash, Share> now = byHash(list);
        Map<InfoHash, Share> before = lists.put(list.device(), now);
        if (before == null) {
            tell(Kind.FRIEND_LISTED, friend(list.device(), list.deviceName()).and("shares", now.size()));
            return;
        }
        Set<String> revised = names(now, before, 2); // a live share's next revision keeps its name
        revised.retainAll(names(before, now, 0));
        before.forEach((hash, share) -> {
            if (!now.containsKey(hash) && !revised.contains(share.name())) {
                tell(Kind.FRIEND_UNSHARED, details(list, share));
            }
        });
        now.forEach((hash, share) -> {
            if (before.containsKey(hash)) {
                return;
            }
            if (revised.contains(share.name())) {
                tell(Kind.FRIEND_REVISED, details(list, share).and("revision", share.revision()));
            } else {
                tell(Kind.FRIEND_SHARED, details(list, share));
            }
        });
    }

    /** Of those that only the first has, from this revision on. */
    private static Set<String> names(Map<InfoHash, Share> shares, Map<InfoHash, Share> others, int revision) {
        return shares.values().stream()
                .filter(share -> !others.containsKey(share.hash()) && share.revision() >= revision)
                .map(Share::name)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static Details details(FriendList list, Share share) {
        return friend(list.device(), list.deviceName())
                .and("name", share.name())
                .and("hash", share.hash().toString())
                .and("sizeBytes", share.sizeBytes())
                .and("files", share.files());
    }

    private static Details friend(Device device, String name) {
        return new Details().and("jid", device.jid().toString()).and("device", name);
    }

    private void onDeviceAnnounced(DeviceAnnounced event) {
        Device device = event.device();
        boolean first = isAway(device.jid());
        online.add(device);
        if (first) {
            tell(Kind.FRIEND_ONLINE, friend(device, event.announcement().deviceName()));
        }
    }

    private void onDeviceGone(DeviceGone event) {
        Device device = event.device();
        if (online.remove(device) && isAway(device.jid())) {
            tell(Kind.FRIEND_OFFLINE, new Details().and("jid", device.jid().toString()));
        }
    }

    private boolean isAway(Jid jid) {
        return online.stream().noneMatch(device -> device.jid().equals(jid));
    }

    private void onRequestsChanged(RequestsChanged event) {
        Set<Jid> pending = event.pending();
        pending.stream()
                .filter(jid -> !requests.contains(jid))
                .forEach(jid -> tell(Kind.FRIEND_REQUEST, new Details().and("jid", jid.toString())));
        requests = pending;
    }

    private void onWantFound(WantFound found) {
        tell(
                Kind.WANT_FOUND,
                new Details()
                        .and("id", found.want().id())
                        .and("words", found.want().words())
                        .and("auto", found.want().auto())
                        .and("name", found.match().name())
                        .and("path", found.match().path())
                        .and("hash", found.match().hash().toString())
                        .and("sizeBytes", found.match().sizeBytes())
                        .and("from", holders(found.match().hash())));
    }

    private void onRevisionFound(RevisionFound event) {
        tell(Kind.REVISION_FOUND, details(event.followed()));
    }

    private void onRevisionHeld(RevisionHeld event) {
        tell(Kind.REVISION_HELD, details(event.followed()));
    }

    private static Details details(Followed followed) {
        Share newest = followed.newest();
        return new Details()
                .and("jid", followed.follow().friend().toString())
                .and("name", followed.follow().share())
                .and("hash", newest == null ? null : newest.hash().toString())
                .and("revision", newest == null ? null : newest.revision())
                .and("auto", followed.follow().auto())
                .and("files", newest == null ? null : newest.files())
                .and("sizeBytes", newest == null ? null : newest.sizeBytes());
    }

    private void onRevisionFetched(RevisionFetched event) {
        tell(
                Kind.REVISION_READY,
                new Details()
                        .and("jid", event.follow().friend().toString())
                        .and("name", event.follow().share())
                        .and("hash", event.share().hash().toString())
                        .and("revision", event.share().revision())
                        .and("id", event.transfer().id().value())
                        .and("place", event.transfer().place().toString())
                        .and("files", event.files())
                        .and("sizeBytes", event.sizeBytes()));
    }

    private void onSentChanged(SentChanged event) {
        Sent sent = event.sent();
        Sent.Outcome outcome = sent.outcome();
        if (outcome != null) {
            tell(
                    switch (outcome) {
                        case TAKEN -> Kind.SENT_TAKEN;
                        case DECLINED -> Kind.SENT_DECLINED;
                        case WITHDRAWN -> Kind.SENT_WITHDRAWN;
                    },
                    new Details()
                            .and("id", sent.id())
                            .and("jid", sent.friend().toString())
                            .and("name", sent.name())
                            .and(
                                    "hash",
                                    sent.hash() == null ? null : sent.hash().toString())
                            .and("sizeBytes", sent.sizeBytes()));
        }
    }

    private void onOfferFound(OfferFound event) {
        tell(Kind.OFFER_FOUND, details(event.offer()));
    }

    private void onOfferGone(OfferGone event) {
        tell(Kind.OFFER_GONE, details(event.offer()));
    }

    private static Details details(OpenOffer offer) {
        return new Details()
                .and("jid", offer.friend().toString())
                .and("name", offer.share().name())
                .and("hash", offer.share().hash().toString())
                .and("sizeBytes", offer.share().sizeBytes())
                .and("files", offer.share().files());
    }

    private void onOffenceSeen(OffenceSeen seen) {
        tell(
                Kind.FRIEND_OFFENCE,
                new Details()
                        .and("jid", seen.device().jid().toString())
                        .and("offence", seen.offence().name())
                        .and("hash", seen.hash() == null ? null : seen.hash().toString())
                        .and("times", seen.times()));
    }

    /** Of an outage its beginning, each reason once, and its end; the attempts between are in the log. */
    private void onConnectionChanged(ConnectionChanged event) {
        ConnectionState state = event.state();
        Failure failure = state.failure();
        boolean offline = state.status() == Status.OFFLINE;
        boolean attempt = connection == Status.OFFLINE && state.status() == Status.CONNECTING;
        boolean reason = offline && failure != null && reasons.add(failure.code());
        if (attempt || (state.status() == connection && !reason)) {
            return;
        }
        connection = state.status();
        if (!offline) {
            reasons.clear();
        }
        tell(
                Kind.CONNECTION,
                new Details()
                        .and("state", state.status().name())
                        .and("code", failure == null ? null : failure.code().name())
                        .and("message", failure == null ? null : failure.reason()));
    }
}
