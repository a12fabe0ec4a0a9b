package bitween.watch;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentEvent.TransfersLoaded;
import bitween.message.WatchEvent.FilesChanged;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.TorrentStore;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the files of shares: soon after the system tells that something happened to them, and all of them now and then. Thread: watch; all state is its own.
 *
 * <p>Looking never takes more than a fiftieth of the time, or a twentieth where much happens: the more files there are, the seldomer they are all looked at.
 */
public final class FolderWatch implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(FolderWatch.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int REST_AFTER_ALL = 50;
    private static final int REST_AFTER_EVENT = 20;
    private static final Set<TransferState> WATCHED =
            EnumSet.of(TransferState.SEEDING, TransferState.MISSING, TransferState.STALE);

    private final Bus bus;
    private final Mailbox mailbox;
    private final Timers timers;
    private final TorrentStore store;
    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final FolderEvents events;
    private final Map<TransferId, Watched> shares = new LinkedHashMap<>();
    private Timers.@Nullable Timer next;
    private long allDueNanos;
    private boolean closed;

    /**
     * Subscribes; {@link #start} begins.
     *
     * @param interval how often all files are looked at, at most
     */
    public FolderWatch(Bus bus, Mailbox mailbox, Timers timers, TorrentStore store, Duration interval) {
        this(bus, mailbox, timers, store, interval, System::nanoTime, FolderEvents.open());
    }

    FolderWatch(
            Bus bus,
            Mailbox mailbox,
            Timers timers,
            TorrentStore store,
            Duration interval,
            LongSupplier nanoTime,
            FolderEvents events) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.timers = timers;
        this.store = store;
        this.intervalNanos = interval.toNanos();
        this.nanoTime = nanoTime;
        this.events = events;
        allDueNanos = nanoTime.getAsLong();
        bus.subscribe(TransfersLoaded.class, mailbox, this::onTransfersLoaded);
        bus.subscribe(TransferChanged.class, mailbox, this::onTransferChanged);
        bus.subscribe(TransferRemoved.class, mailbox, this::onTransferRemoved);
    }

    public void start() {
        mailbox.execute(this::tick);
    }

    /** Why changes are not seen at once everywhere, for people; null: they are. Any thread. */
    public @Nullable String trouble() {
        return events.trouble();
    }

    @Override
    public void close() {
        mailbox.execute(() -> {
            closed = true;
            if (next != null) {
                next.cancel();
            }
            events.close();
        });
    }

    private void onTransfersLoaded(TransfersLoaded event) {
        event.transfers().forEach(this::put);
    }

    private void onTransferChanged(TransferChanged event) {
        put(event.transfer());
    }

    private void onTransferRemoved(TransferRemoved event) {
        forget(event.transfer().id());
    }

    private void put(Transfer transfer) {
        InfoHash hash = transfer.hash();
        if (hash == null || transfer.kind() != Transfer.Kind.SHARE || !WATCHED.contains(transfer.state())) {
            forget(transfer.id());
            return;
        }
        Watched known = shares.get(transfer.id());
        boolean same = known != null
                && known.state() == transfer.state()
                && known.isLive() == transfer.isLive()
                && known.hash().equals(hash)
                && known.root().equals(transfer.place());
        if (!same) {
            shares.put(transfer.id(), new Watched(transfer, hash, nanoTime.getAsLong()));
        }
    }

    private void forget(TransferId id) {
        if (shares.remove(id) != null) {
            events.forget(id);
        }
    }

    private void tick() {
        assert mailbox.isOwner() : Thread.currentThread();
        if (closed) {
            return;
        }
        for (TransferId id : events.poll()) {
            Watched share = shares.get(id);
            if (share != null) {
                share.touched();
            }
        }
        long begun = nanoTime.getAsLong();
        boolean all = begun - allDueNanos >= 0;
        List<Watched> due = shares.values().stream()
                .filter(share -> all || share.isDue(begun))
                .toList();
        RowsAhead rows = new RowsAhead(
                store, due.stream().filter(Watched::isUnread).map(Watched::hash).toList());
        due.forEach(share -> look(share, rows));
        long now = nanoTime.getAsLong();
        if (all) {
            allDueNanos = now + Math.max(intervalNanos, REST_AFTER_ALL * (now - begun));
        }
        next = timers.after(TICK, mailbox, this::tick);
    }

    /** What is read of the store may be missing, or the store itself: then the next look tells. */
    private void look(Watched share, RowsAhead rows) {
        long begun = nanoTime.getAsLong();
        try {
            if (share.isUnread() && !share.read(rows)) {
                return;
            }
            if (share.isUnwatched()) {
                events.watch(share.id(), share.root(), share.folders());
            }
            if (share.isLive()) {
                share.told();
                bus.publish(new FilesChanged(share.hash()));
            } else if (share.isNews(share.look())) {
                log.debug("{}: files look otherwise than they did", share.id());
                bus.publish(new FilesChanged(share.hash()));
            }
        } catch (UserException e) {
            log.debug("{} is not looked at: {}", share.id(), e.sentence());
            if (e.code() == ErrorCode.BAD_METADATA) {
                share.told();
                bus.publish(new FilesChanged(share.hash())); // nobody else reads them before a friend does
            }
        }
        long now = nanoTime.getAsLong();
        share.restUntil(now + REST_AFTER_EVENT * (now - begun));
    }
}
