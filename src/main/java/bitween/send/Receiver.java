package bitween.send;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.catalogue.Catalogue;
import bitween.catalogue.CatalogueKeeper;
import bitween.catalogue.Friend;
import bitween.catalogue.FriendDevice;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.DeviceRequest.FetchPage;
import bitween.message.LinkEvent.LinkChanged;
import bitween.message.PresenceEvent.ContactRemoved;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.message.SendEvent.OfferFound;
import bitween.message.SendEvent.OfferGone;
import bitween.message.SendEvent.TakenBackChanged;
import bitween.message.SendRequest.ListAllowances;
import bitween.message.SendRequest.ListOffers;
import bitween.message.SendRequest.ReturnOffer;
import bitween.message.SendRequest.SetAllowance;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.OpenOffer;
import bitween.model.OpenOffer.State;
import bitween.model.PageQuery;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.UserException;
import bitween.store.OfferStore;
import bitween.store.OfferStore.Answer;
import bitween.store.OfferStore.Row;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What friends send: told once, got by itself where the user lets it, and answered once it is here or the user said no. Thread: {@code send}; {@link #open} any.
 */
public final class Receiver {
    private static final Logger log = LogManager.getLogger(Receiver.class);
    /** More of one friend's are not looked at: nobody sends so many by hand. */
    static final int MAX_OFFERS = 100;
    /** What could not be done is tried again so often. */
    private static final Duration AGAIN = Duration.ofSeconds(10);
    /** An answer that came to nothing waits so long, then twice as long each time. */
    private static final Duration ANSWER_AGAIN = Duration.ofSeconds(30);
    /** At most: whoever offers on what was answered is told no more often. */
    private static final Duration ANSWER_RARELY = Duration.ofHours(1);

    private final Bus bus;
    private final Mailbox mailbox;
    private final CatalogueKeeper keeper;
    private final OfferStore store;
    private final LongSupplier room;
    private final Clock clock;
    private final Map<Key, Row> rows = new LinkedHashMap<>();
    /** Which of these are offered no more, and counted on. */
    private final Set<Key> gone = new HashSet<>();
    /** What is asked for just now. */
    private final Map<Key, Boolean> asking = new HashMap<>();
    /** Which answers were said, until what they answer is offered no more, or who was told is away. */
    private final Map<Told, Repeat> told = new HashMap<>();

    private Map<Jid, Long> allowances = Map.of();
    private Map<Jid, Set<InfoHash>> takenBack = Map.of();
    private volatile List<OpenOffer> open = List.of();
    private boolean begun;
    private boolean looking;

    private record Key(Jid friend, InfoHash hash) {}

    private record Told(Device device, InfoHash hash) {}

    /** @param after how long it waits */
    private record Repeat(Instant when, Duration after) {}

    /** @param devices of the friend's that offer it */
    private record Found(Share share, List<FriendDevice> devices) {}

    /** @param room what downloads may still take of their disk, in bytes; may block on it */
    public Receiver(
            Bus bus,
            Mailbox mailbox,
            Timers timers,
            CatalogueKeeper keeper,
            OfferStore store,
            LongSupplier room,
            Clock clock) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.keeper = keeper;
        this.store = store;
        this.room = room;
        this.clock = clock;
        bus.answer(ListOffers.class, mailbox, this::onListOffers);
        bus.answer(ReturnOffer.class, mailbox, this::onReturnOffer);
        bus.answer(SetAllowance.class, mailbox, this::onSetAllowance);
        bus.answer(ListAllowances.class, mailbox, this::onListAllowances);
        bus.subscribe(FriendListFetched.class, mailbox, this::onFriendListFetched);
        bus.subscribe(RosterChanged.class, mailbox, this::onRosterChanged);
        bus.subscribe(ContactRemoved.class, mailbox, this::onContactRemoved);
        bus.subscribe(LinkChanged.class, mailbox, this::onLinkChanged);
        bus.subscribe(TransferChanged.class, mailbox, this::onTransferChanged);
        bus.subscribe(TransferRemoved.class, mailbox, this::onTransferRemoved);
        var unused = timers.every(AGAIN, mailbox, () -> {
            if (!rows.isEmpty()) {
                lookSoon();
            }
        });
    }

    /** Once the catalogue shows what is here. Any thread. */
    public void begin() {
        mailbox.execute(() -> {
            store.all().forEach(row -> rows.put(new Key(row.friend(), row.hash()), row));
            allowances = store.allowances();
            begun = true;
            look();
        });
    }

    /** What is sent and not here, by friend and name. Any thread. */
    public List<OpenOffer> open() {
        return open;
    }

    private List<OpenOffer> onListOffers(ListOffers request) {
        if (begun) {
            look();
        }
        return open;
    }

    private OpenOffer onReturnOffer(ReturnOffer request) {
        Key key = new Key(request.friend(), request.hash());
        OpenOffer offer = open.stream()
                .filter(each -> key.equals(keyOf(each)))
                .findFirst()
                .orElseThrow(() -> new UserException(
                        ErrorCode.UNKNOWN_SHARE,
                        request.friend() + " does not send that, or not any more",
                        "bitween offers lists what friends send"));
        Transfer job = onItsWay(keeper.current(), request.hash()).orElse(null);
        if (job != null) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "'" + offer.share().name() + "' is on its way",
                    "bitween rm '" + job.id() + "' forgets it; then it can be declined");
        }
        save(Objects.requireNonNull(rows.get(key), "what is open was seen").answered(Answer.DECLINED));
        lookSoon();
        return offer;
    }

    private Long onSetAllowance(SetAllowance request) {
        store.allow(request.friend(), request.bytesPerDay());
        allowances = store.allowances();
        lookSoon();
        return request.bytesPerDay();
    }

    private Map<Jid, Long> onListAllowances(ListAllowances request) {
        return Map.copyOf(allowances);
    }

    private void onFriendListFetched(FriendListFetched event) {
        if (!rows.isEmpty() || event.list().shares().stream().anyMatch(Share::sent)) {
            lookSoon();
        }
    }

    private void onRosterChanged(RosterChanged event) {
        lookSoon();
    }

    /** Who comes back is a stranger first. */
    private void onContactRemoved(ContactRemoved event) {
        store.remove(event.jid());
        allowances = store.allowances();
        rows.keySet().removeIf(key -> key.friend().equals(event.jid()));
        gone.removeIf(key -> key.friend().equals(event.jid()));
        lookSoon();
    }

    private void onLinkChanged(LinkChanged event) {
        if (!rows.isEmpty()) {
            lookSoon();
        }
    }

    private void onTransferChanged(TransferChanged event) {
        if (!rows.isEmpty()) {
            lookSoon();
        }
    }

    private void onTransferRemoved(TransferRemoved event) {
        if (!rows.isEmpty()) {
            lookSoon();
        }
    }

    /** When the catalogue shows what has happened. */
    private void lookSoon() {
        if (begun && !looking) {
            looking = true;
            var unused = keeper.caughtUp().thenRunAsync(this::look, mailbox);
        }
    }

    private void look() {
        looking = false;
        Catalogue now = keeper.current();
        Map<Key, Found> found = found(now);
        List.copyOf(rows.values()).forEach(row -> measure(now, row)); // also what is offered no more, or otherwise
        List<OpenOffer> shown = new ArrayList<>();
        found.forEach((key, offer) -> {
            Row row = seen(key, offer.share());
            if (row.answer() == null && isHere(now, key.hash())) {
                row = save(row.answered(Answer.TAKEN));
            }
            if (row.answer() == null) {
                shown.add(new OpenOffer(key.friend(), offer.share(), row.since(), state(now, row, offer)));
            } else {
                answer(row.answer(), key, offer);
            }
        });
        shown.sort(Comparator.comparing(OpenOffer::friend)
                .thenComparing(offer -> offer.share().name())
                .thenComparing(offer -> offer.share().hash()));
        List<OpenOffer> before = open;
        open = List.copyOf(shown);
        before.stream()
                .filter(offer -> isGone(now, found, keyOf(offer)))
                .forEach(gone -> bus.publish(new OfferGone(gone)));
        forget(now, found);
        tellTakenBack(now);
    }

    private static Key keyOf(OpenOffer offer) {
        return new Key(offer.friend(), offer.share().hash());
    }

    /** Whether its sender told what they offer, and that is not in it. */
    private static boolean isGone(Catalogue now, Map<Key, Found> found, Key key) {
        Friend friend = now.friends().get(key.friend());
        return !found.containsKey(key)
                && friend != null
                && friend.entry() != null
                && friend.devices().values().stream().anyMatch(device -> device.list() != null);
    }

    /** Of contacts alone; one's own other devices send nothing to oneself. */
    private static Map<Key, Found> found(Catalogue now) {
        Map<Key, Found> all = new LinkedHashMap<>();
        for (Friend friend : now.friends().values()) {
            if (friend.entry() == null || !friend.entry().isContact()) {
                continue;
            }
            int count = 0;
            for (FriendDevice device : friend.sortedDevices()) {
                for (Share share : device.shares().values()) {
                    Key key = new Key(friend.jid(), share.hash());
                    if (!share.sent() || (!all.containsKey(key) && count == MAX_OFFERS)) {
                        continue;
                    }
                    Found known = all.get(key);
                    List<FriendDevice> devices = new ArrayList<>(known == null ? List.of() : known.devices());
                    devices.add(device);
                    count += known == null ? 1 : 0;
                    all.put(key, new Found(share, devices));
                }
            }
        }
        return all;
    }

    private Row seen(Key key, Share share) {
        Row known = rows.get(key);
        if (known != null && !gone.remove(key)) {
            return known;
        }
        Row row = known != null
                ? known
                : save(new Row(key.friend(), key.hash(), DailyAllowance.costOf(share), clock.instant(), null, null));
        log.info("{} sends {}", key.friend(), key.hash());
        bus.publish(new OfferFound(new OpenOffer(key.friend(), share, row.since(), State.ASKS)));
        return row;
    }

    /** Its metadata alone prove how large it is: what comes by itself and is more than its sender said comes no more until the user gets it. */
    private void measure(Catalogue now, Row row) {
        Transfer job = now.transfer(row.hash()).orElse(null);
        Share real = job == null ? null : job.share();
        if (row.accepted() == null || job == null || real == null || DailyAllowance.costOf(real) <= row.sizeBytes()) {
            return;
        }
        if (onItsWay(now, row.hash()).isPresent()) {
            log.warn("{} does not come by itself: it is larger than {} said", row.hash(), row.friend());
            var unused = bus.ask(new RemoveJob(job.id(), false)).whenComplete((removed, failure) -> {
                if (failure != null) {
                    log.warn("{} comes all the same: {}", row.hash(), said(failure));
                }
            });
        }
        save(row.measured(DailyAllowance.costOf(real)));
    }

    private Row save(Row row) {
        store.save(row);
        rows.put(new Key(row.friend(), row.hash()), row);
        return row;
    }

    /** All of it, verified. */
    private static boolean isHere(Catalogue now, InfoHash hash) {
        return now.transfer(hash)
                .filter(transfer -> transfer.finished() != null && transfer.selection() == null)
                .isPresent();
    }

    private State state(Catalogue now, Row row, Found offer) {
        Transfer job = now.transfer(row.hash()).orElse(null);
        Key key = new Key(row.friend(), row.hash());
        if (asking.containsKey(key) || onItsWay(now, row.hash()).isPresent()) {
            return State.COMING;
        }
        Long allowed = allowances.get(row.friend());
        if (job != null || allowed == null || row.accepted() != null) {
            return State.ASKS;
        }
        List<Row> theirs = rows.values().stream()
                .filter(other -> other.friend().equals(row.friend()))
                .toList();
        if (!DailyAllowance.admits(allowed, row.sizeBytes(), theirs, other -> isComing(now, other), clock.instant())) {
            return State.TOO_MUCH;
        }
        long owed = rows.values().stream()
                .filter(other -> isComing(now, other))
                .mapToLong(other -> left(now, other))
                .sum();
        if (room.getAsLong() - owed < row.sizeBytes()) {
            return State.NO_ROOM;
        }
        if (offer.share().unavailable() || now.isPaused(row.friend())) {
            return State.ASKS; // until it can be had
        }
        accept(row, offer.share());
        return State.COMING;
    }

    private boolean isComing(Catalogue now, Row row) {
        return asking.containsKey(new Key(row.friend(), row.hash()))
                || onItsWay(now, row.hash()).isPresent();
    }

    /** A share of one's own that somebody sends is not. */
    private static Optional<Transfer> onItsWay(Catalogue now, InfoHash hash) {
        return now.transfer(hash).filter(job -> job.kind() == Transfer.Kind.JOB && job.finished() == null);
    }

    /** What it will take yet. */
    private static long left(Catalogue now, Row row) {
        long done = now.transfer(row.hash())
                .map(job -> now.progressOf(job.id()).doneBytes())
                .orElse(0L);
        return Math.max(0, row.sizeBytes() - done);
    }

    private void accept(Row row, Share share) {
        Key key = new Key(row.friend(), row.hash());
        save(row.accepted(clock.instant())); // first, so that it counts, and comes by itself once
        asking.put(key, true);
        log.info("{} comes by itself", row.hash());
        var unused = bus.ask(new FetchShare(share.hash(), share.name(), null))
                .whenCompleteAsync(
                        (fetched, failure) -> {
                            var unusedToo = keeper.caughtUp().thenRunAsync(() -> asking.remove(key), mailbox);
                            if (failure != null) {
                                log.warn("{} does not come by itself: {}", row.hash(), said(failure));
                            }
                        },
                        mailbox);
    }

    private static String said(@Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Bus.causeOf(failure);
        return cause instanceof UserException why ? why.sentence() : String.valueOf(cause);
    }

    /** To each of the friend's devices that offers it, until it does no more. */
    private void answer(Answer answer, Key key, Found offer) {
        PageQuery.Kind kind = answer == Answer.TAKEN ? PageQuery.Kind.TAKEN : PageQuery.Kind.DECLINED;
        for (FriendDevice device : offer.devices()) {
            Told what = new Told(device.device(), key.hash());
            if (!device.isReachable()) {
                told.remove(what);
                continue;
            }
            Repeat last = told.get(what);
            if (last != null && last.when().isAfter(clock.instant())) {
                continue;
            }
            Duration wait = last == null ? ANSWER_AGAIN : last.after().multipliedBy(2);
            wait = wait.compareTo(ANSWER_RARELY) < 0 ? wait : ANSWER_RARELY;
            told.put(what, new Repeat(clock.instant().plus(wait), wait));
            var unused = bus.ask(new FetchPage(device.device(), new PageQuery(kind, key.hash(), 0)))
                    .whenComplete((page, failure) -> {
                        if (failure != null) {
                            log.debug("{} is not told that {} is {}: {}", device, key.hash(), answer, said(failure));
                        }
                    });
        }
    }

    /** What nobody offers any more, and is not on its way; what came by itself counts for a day. */
    private void forget(Catalogue now, Map<Key, Found> found) {
        Instant dayAgo = clock.instant().minus(DailyAllowance.DAY);
        for (Row row : List.copyOf(rows.values())) {
            Key key = new Key(row.friend(), row.hash());
            if (!isGone(now, found, key)) {
                continue;
            }
            told.keySet().removeIf(what -> what.hash().equals(row.hash()));
            if (!isComing(now, row) && (row.accepted() == null || row.accepted().isBefore(dayAgo))) {
                store.remove(row);
                rows.remove(key);
                gone.remove(key);
                continue;
            }
            gone.add(key);
            if (row.answer() != null) {
                save(row.answered(null)); // should it be sent again, what there is then is said
            }
        }
    }

    /** Why what is on its way waits, as far as it was sent. */
    private void tellTakenBack(Catalogue now) {
        Map<Jid, Set<InfoHash>> all = new HashMap<>();
        for (Key key : gone) {
            if (onItsWay(now, key.hash()).isPresent()) {
                all.computeIfAbsent(key.friend(), none -> new HashSet<>()).add(key.hash());
            }
        }
        if (!all.equals(takenBack)) {
            takenBack = Map.copyOf(all);
            bus.publish(new TakenBackChanged(takenBack));
        }
    }
}
