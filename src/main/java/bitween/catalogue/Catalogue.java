package bitween.catalogue;

import bitween.bus.Event;
import bitween.message.CatalogueEvent;
import bitween.message.CatalogueEvent.FriendList;
import bitween.message.LinkEvent;
import bitween.message.PresenceEvent;
import bitween.message.SendEvent.TakenBackChanged;
import bitween.message.TorrentEvent;
import bitween.model.Absence;
import bitween.model.Audience;
import bitween.model.ConnectionState;
import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.EngineStatus;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Progress;
import bitween.model.RateLimit;
import bitween.model.RosterEntry;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that is known, at one moment: own shares and jobs, friends, their devices and shares, the connection. Immutable; reads are nanoseconds and never
 * wait for a busy worker. Made by folding events, see {@link #with}.
 */
public record Catalogue(
        @Nullable ConnectionState connection,
        @Nullable EngineStatus engine,
        Map<TransferId, Transfer> transfers,
        Map<TransferId, Progress> progress,
        Map<Jid, Friend> friends,
        Set<Jid> requests,
        Set<Jid> blocked,
        String ownRevision,
        int port,
        Map<InetAddress, Device> labels) {

    /** One that is read anew is a live one, of which the next revision comes. */
    private static final Set<TransferState> OFFERED =
            EnumSet.of(TransferState.SEEDING, TransferState.MOVING, TransferState.HASHING);

    public static final Catalogue EMPTY =
            new Catalogue(null, null, Map.of(), Map.of(), Map.of(), Set.of(), Set.of(), "", 0, Map.of());

    /** Its files are not what was shared, or are being looked at because of a doubt. */
    private static final Set<TransferState> WITHDRAWN =
            EnumSet.of(TransferState.VERIFYING, TransferState.MISSING, TransferState.STALE);

    /** What is known after {@code event}, which happened at {@code now}. Pure. */
    public Catalogue with(Event event, Instant now) {
        if (event instanceof TorrentEvent torrent) {
            return with(torrent);
        }
        if (event instanceof PresenceEvent presence) {
            return with(presence, now);
        }
        if (event instanceof LinkEvent link) {
            return with(link, now);
        }
        if (event instanceof TakenBackChanged sent) {
            return withTakenBack(sent.by());
        }
        return event instanceof CatalogueEvent catalogue ? with(catalogue) : this;
    }

    /** What we share, with whomever: the view of our own other devices. */
    public List<Share> ownShares() {
        return sharesWhere(Catalogue::isListed);
    }

    /** What {@code jid} may see of us now. */
    public List<Share> sharesFor(Jid jid) {
        return sharesWhere(transfer -> isListed(transfer) && isFor(jid, transfer));
    }

    /**
     * Whether {@code jid} may see and get from us, at this moment, what has this hash. What is not shared with them and what there is not are the same.
     *
     * <p>This alone decides: whoever is about to hand out a name, a document or a byte asks here.
     */
    public boolean mayServe(Jid jid, InfoHash hash) {
        return transfer(hash).filter(transfer -> mayServe(jid, transfer)).isPresent()
                || keeping(hash)
                        .filter(share -> (isShared(share) || isWithdrawn(share)) && isFor(jid, share))
                        .isPresent();
    }

    /** Whether the user wants to give nobody anything for now, whoever may have it. */
    public boolean isSilent() {
        return connection != null && connection.absence() == Absence.SILENT;
    }

    /** Whether the user exchanges nothing with somebody for now. */
    public boolean isPaused(Jid jid) {
        Friend friend = friends.get(jid);
        return friend != null && friend.limit().paused();
    }

    private boolean mayServe(Jid jid, Transfer transfer) {
        return isShared(transfer) && isFor(jid, transfer);
    }

    private boolean isFor(Jid jid, Transfer transfer) {
        return isSelf(jid) || admits(transfer.audience(), jid);
    }

    /** Whether {@code jid} is in the roster as a contact, and meant, alone or with a group. */
    boolean admits(Audience audience, Jid jid) {
        Friend friend = friends.get(jid);
        RosterEntry entry = friend == null ? null : friend.entry();
        return entry != null && audience.admits(jid, entry.groups(), entry.isContact());
    }

    private boolean isSelf(Jid jid) {
        return connection != null
                && connection.self() != null
                && connection.self().jid().equals(jid);
    }

    /** A download is no share. */
    static boolean isShared(Transfer transfer) {
        return transfer.kind() == Transfer.Kind.SHARE && OFFERED.contains(transfer.state()) && transfer.share() != null;
    }

    /** What is withdrawn because of its files, or rests because its user says so, stays in the list, and nothing of it is given. */
    private static boolean isListed(Transfer transfer) {
        return isShared(transfer) || isWithdrawn(transfer) || isResting(transfer);
    }

    private static boolean isWithdrawn(Transfer transfer) {
        return transfer.kind() == Transfer.Kind.SHARE && WITHDRAWN.contains(transfer.state());
    }

    private static boolean isResting(Transfer transfer) {
        return transfer.kind() == Transfer.Kind.SHARE && transfer.isPausedByUser();
    }

    /** As friends see it; null when they do not. */
    static @Nullable Share listed(Transfer transfer) {
        Share share = transfer.share();
        if (share == null || !isListed(transfer)) {
            return null;
        }
        return isShared(transfer)
                ? share
                : isResting(transfer) ? share.withheld().keeping(List.of()) : share.withheld();
    }

    private List<Share> sharesWhere(Predicate<Transfer> wanted) {
        return transfers.values().stream()
                .filter(wanted)
                .map(Catalogue::listed)
                .flatMap(Stream::ofNullable)
                .toList();
    }

    public Optional<Transfer> transfer(InfoHash hash) {
        return transfers.values().stream().filter(t -> hash.equals(t.hash())).findFirst();
    }

    /** The live share that was {@code hash}, which can still be had. */
    public Optional<Transfer> keeping(InfoHash hash) {
        return transfers.values().stream()
                .filter(transfer -> transfer.share() != null && transfer.share().keeps(hash))
                .findFirst();
    }

    /** How far a transfer is; zeros when it never moved. */
    public Progress progressOf(TransferId id) {
        Progress known = progress.get(id);
        return known == null ? Progress.NONE : known;
    }

    /** The devices that say they share {@code hash}, or kept it as a former revision, online or not. */
    public List<FriendDevice> holders(InfoHash hash) {
        return friends.values().stream()
                .flatMap(friend -> friend.sortedDevices().stream())
                .filter(device -> device.has(hash))
                .toList();
    }

    /** The devices, online or not, that share what we get as {@code hash} under another hash alone: copies of their own, of the same content. */
    public List<FriendDevice> copyHolders(InfoHash hash) {
        return copyHolders(hash, contentOf(hash).orElse(null));
    }

    private List<FriendDevice> copyHolders(InfoHash hash, @Nullable ContentId content) {
        return content == null
                ? List.of()
                : friends.values().stream()
                        .flatMap(friend -> friend.sortedDevices().stream())
                        .filter(device -> !device.has(hash))
                        .filter(device -> device.hashOf(content).isPresent())
                        .toList();
    }

    /** Whoever can give {@code hash}, online or not: who shares it, and then who has a copy. */
    public List<FriendDevice> sources(InfoHash hash) {
        return Stream.concat(holders(hash).stream(), copyHolders(hash).stream()).toList();
    }

    /** As {@link #sources(InfoHash)}, without looking for what is at hand: for who asks for each of thousands. */
    public List<FriendDevice> sources(Transfer transfer) {
        InfoHash hash = transfer.hash();
        Share share = transfer.share();
        return hash == null
                ? List.of()
                : Stream.concat(
                                holders(hash).stream(),
                                copyHolders(hash, share == null ? null : share.content()).stream())
                        .toList();
    }

    /** Under which info-hash {@code device} gives what we know as {@code hash}: that one, or its copy's; empty when it does not, or not now. */
    public Optional<InfoHash> offered(Device device, InfoHash hash) {
        FriendDevice known = device(device).orElse(null);
        if (known == null) {
            return Optional.empty();
        }
        return known.gives(hash) ? Optional.of(hash) : contentOf(hash).flatMap(known::hashOf);
    }

    /** As its own metadata prove it; what friends say of theirs is held against it piece by piece. */
    private Optional<ContentId> contentOf(InfoHash hash) {
        return transfer(hash).map(Transfer::share).map(Share::content);
    }

    public Optional<FriendDevice> device(Device device) {
        return Optional.ofNullable(friends.get(device.jid()))
                .map(friend -> friend.devices().get(device.id()));
    }

    private Catalogue with(TorrentEvent event) {
        if (event instanceof TorrentEvent.TransfersLoaded e) {
            Map<TransferId, Transfer> all = new LinkedHashMap<>(transfers);
            e.transfers().forEach(t -> all.put(t.id(), t));
            return withTransfers(Collections.unmodifiableMap(all));
        }
        if (event instanceof TorrentEvent.TransferChanged e) {
            return withTransfers(Maps.with(transfers, e.transfer().id(), e.transfer()));
        }
        if (event instanceof TorrentEvent.TransferRemoved e) {
            return withTransfers(Maps.without(transfers, e.transfer().id()))
                    .withProgress(Maps.without(progress, e.transfer().id()));
        }
        if (event instanceof TorrentEvent.TransfersProgressed e) {
            return withProgress(e.progress());
        }
        return event instanceof TorrentEvent.EngineChanged e
                ? new Catalogue(
                        connection,
                        e.status(),
                        transfers,
                        progress,
                        friends,
                        requests,
                        blocked,
                        ownRevision,
                        port,
                        labels)
                : this;
    }

    private Catalogue with(PresenceEvent event, Instant now) {
        if (event instanceof PresenceEvent.ConnectionChanged e) {
            return new Catalogue(
                    e.state(), engine, transfers, progress, friends, requests, blocked, ownRevision, port, labels);
        }
        if (event instanceof PresenceEvent.RosterChanged e) {
            return withRoster(e.entries());
        }
        if (event instanceof PresenceEvent.RequestsChanged e) {
            return new Catalogue(
                    connection, engine, transfers, progress, friends, e.pending(), blocked, ownRevision, port, labels);
        }
        if (event instanceof PresenceEvent.BlockedChanged e) {
            return new Catalogue(
                    connection, engine, transfers, progress, friends, requests, e.blocked(), ownRevision, port, labels);
        }
        if (event instanceof PresenceEvent.ContactSeen e) {
            return e.available() || friends.containsKey(e.jid())
                    ? withFriend(e.jid(), friend -> friend.seen(e.available(), now))
                    : this;
        }
        return this;
    }

    private Catalogue with(LinkEvent event, Instant now) {
        if (event instanceof LinkEvent.DeviceAnnounced e) {
            return withFriend(
                    e.device().jid(),
                    friend -> friend.with(friend.device(e.device()).announced(e.announcement()))
                            .seen(true, now));
        }
        if (event instanceof LinkEvent.DeviceGone e) {
            return withKnown(
                    e.device(),
                    friend -> friend.with(friend.device(e.device()).gone()).seen(friend.available(), now));
        }
        if (event instanceof LinkEvent.DeviceRemoved e) {
            return withKnown(e.device(), friend -> friend.without(e.device()));
        }
        if (event instanceof LinkEvent.DeviceHeld e) {
            return withFriend(
                    e.device().jid(),
                    friend -> friend.with(
                            friend.device(e.device()).held(new FriendDevice.Held(e.name(), e.reason(), e.refused()))));
        }
        if (event instanceof LinkEvent.LinkChanged e) {
            FriendDevice.Path path = e.path() == null ? null : new FriendDevice.Path(e.path(), e.since());
            UnaryOperator<Friend> linked =
                    friend -> friend.with(friend.device(e.device()).linked(path));
            boolean earlier = path != null && friends.containsKey(e.device().jid()); // than its announcement
            return earlier ? withFriend(e.device().jid(), linked) : withKnown(e.device(), linked);
        }
        if (event instanceof LinkEvent.OffenceSeen e) {
            return withKnown(
                    e.device(), friend -> friend.with(friend.device(e.device()).offended(e)));
        }
        if (event instanceof LinkEvent.LimitsChanged e) {
            return withLimits(e.limits());
        }
        if (event instanceof LinkEvent.LabelsChanged e) {
            return new Catalogue(
                    connection, engine, transfers, progress, friends, requests, blocked, ownRevision, port, e.labels());
        }
        return event instanceof LinkEvent.ListenPortChanged e
                ? new Catalogue(
                        connection,
                        engine,
                        transfers,
                        progress,
                        friends,
                        requests,
                        blocked,
                        ownRevision,
                        e.port(),
                        labels)
                : this;
    }

    private Catalogue with(CatalogueEvent event) {
        if (event instanceof CatalogueEvent.OwnSharesChanged e) {
            return new Catalogue(
                    connection, engine, transfers, progress, friends, requests, blocked, e.revision(), port, labels);
        }
        if (event instanceof CatalogueEvent.FriendListFetched e) {
            FriendDevice asked = device(e.list().device()).orElse(null);
            return asked != null && asked.held() == null ? with(e.list()) : this;
        }
        if (event instanceof CatalogueEvent.FriendListFailed e) {
            return withKnown(
                    e.device(), friend -> friend.with(friend.device(e.device()).failed(e.reason())));
        }
        if (event instanceof CatalogueEvent.FriendsLoaded e) {
            Catalogue loaded = this;
            for (FriendList list : e.lists()) {
                loaded = loaded.with(list);
            }
            for (Map.Entry<Jid, Instant> seen : e.lastSeen().entrySet()) {
                loaded = loaded.withFriend(seen.getKey(), friend -> friend.seen(friend.available(), seen.getValue()));
            }
            return loaded;
        }
        return this;
    }

    /** Before there is a connection nobody is known yet; later, whoever is not known has just left. */
    private Catalogue withLimits(Map<Jid, RateLimit> limits) {
        Map<Jid, Friend> all = new LinkedHashMap<>(friends);
        if (connection == null) {
            limits.keySet().forEach(jid -> all.computeIfAbsent(jid, Friend::unknown));
        }
        all.replaceAll((jid, friend) -> friend.with(limits.getOrDefault(jid, RateLimit.NONE)));
        return withFriends(Collections.unmodifiableMap(all));
    }

    private Catalogue withTakenBack(Map<Jid, Set<InfoHash>> by) {
        Map<Jid, Friend> all = new LinkedHashMap<>(friends);
        all.replaceAll((jid, friend) -> friend.with(by.getOrDefault(jid, Set.of())));
        return withFriends(Collections.unmodifiableMap(all));
    }

    private Catalogue with(FriendList list) {
        return withFriend(
                list.device().jid(),
                friend -> friend.with(friend.device(list.device()).with(list)));
    }

    /** Who left the roster is forgotten, with what they shared; oneself stays. */
    private Catalogue withRoster(List<RosterEntry> entries) {
        Map<Jid, Friend> all = new LinkedHashMap<>();
        for (RosterEntry entry : entries) {
            all.put(entry.jid(), friendOrUnknown(entry.jid()).with(entry));
        }
        if (connection != null && connection.self() != null) {
            Friend self = friends.get(connection.self().jid());
            if (self != null) {
                all.putIfAbsent(self.jid(), self);
            }
        }
        return withFriends(Collections.unmodifiableMap(all));
    }

    private Catalogue withFriend(Jid jid, UnaryOperator<Friend> change) {
        return withFriends(Maps.with(friends, jid, change.apply(friendOrUnknown(jid))));
    }

    /** What is heard last of who has left the roster brings nobody back. */
    private Catalogue withKnown(Device device, UnaryOperator<Friend> change) {
        return device(device).isPresent() ? withFriend(device.jid(), change) : this;
    }

    private Friend friendOrUnknown(Jid jid) {
        Friend known = friends.get(jid);
        return known == null ? Friend.unknown(jid) : known;
    }

    private Catalogue withTransfers(Map<TransferId, Transfer> all) {
        return new Catalogue(connection, engine, all, progress, friends, requests, blocked, ownRevision, port, labels);
    }

    private Catalogue withProgress(Map<TransferId, Progress> all) {
        return new Catalogue(connection, engine, transfers, all, friends, requests, blocked, ownRevision, port, labels);
    }

    private Catalogue withFriends(Map<Jid, Friend> all) {
        return new Catalogue(
                connection, engine, transfers, progress, all, requests, blocked, ownRevision, port, labels);
    }
}
