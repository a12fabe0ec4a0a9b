package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Event;
import bitween.bus.Mailbox;
import bitween.message.CatalogueEvent;
import bitween.message.CatalogueEvent.AccessChanged;
import bitween.message.CatalogueEvent.OwnSharesChanged;
import bitween.message.LinkEvent;
import bitween.message.PresenceEvent;
import bitween.message.SendEvent.TakenBackChanged;
import bitween.message.TorrentEvent;
import bitween.model.ConnectionState;
import bitween.model.Transfer;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Folds events into the {@link Catalogue} and publishes the reference. Thread: the bus's own, so the fold is in the order of the history; {@link #current}
 * and {@link #await} from any other thread.
 */
public final class CatalogueKeeper {
    private final Bus bus;
    private final Mailbox busThread;
    private final Clock clock;
    private final AllViews views;
    private final Object changed = new Object();
    private boolean rosterKnown;
    private volatile Catalogue current = Catalogue.EMPTY;

    public CatalogueKeeper(Bus bus, Mailbox busThread, Clock clock, Revisions revisions) {
        this.bus = bus;
        this.busThread = busThread;
        this.clock = clock;
        views = new AllViews(revisions);
        bus.subscribe(TorrentEvent.class, busThread, this::onTorrentEvent);
        bus.subscribe(PresenceEvent.class, busThread, this::onPresenceEvent);
        bus.subscribe(LinkEvent.class, busThread, this::fold);
        bus.subscribe(TakenBackChanged.class, busThread, this::onTakenBackChanged);
        bus.subscribe(CatalogueEvent.class, busThread, this::onCatalogueEvent);
    }

    /** What is known now. Any thread; never blocks. */
    public Catalogue current() {
        return current;
    }

    /**
     * Waits until the catalogue is as wanted, at most {@code limit}. Only for threads that may wait: {@code control}.
     *
     * @return the catalogue at the end of the wait, as wanted or not
     * @throws InterruptedException when the caller is asked to stop
     */
    public Catalogue await(Predicate<Catalogue> wanted, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (changed) {
            long left = limit.toNanos();
            while (!wanted.test(current) && left > 0) {
                changed.wait(left / 1_000_000, (int) (left % 1_000_000));
                left = deadline - System.nanoTime();
            }
        }
        return current;
    }

    /** Done when all that was published before this call is in the catalogue. Any thread. */
    public CompletableFuture<Void> caughtUp() {
        // an event is routed by one task of the bus thread and folded by the next
        return CompletableFuture.runAsync(() -> {}, busThread).thenRunAsync(() -> {}, busThread);
    }

    private void onTorrentEvent(TorrentEvent event) {
        if (event instanceof TorrentEvent.TransfersLoaded
                || (event instanceof TorrentEvent.TransferChanged changed && isShare(changed.transfer()))
                || (event instanceof TorrentEvent.TransferRemoved removed && isShare(removed.transfer()))) {
            foldAccess(event);
        } else {
            fold(event);
        }
    }

    private void onPresenceEvent(PresenceEvent event) {
        rosterKnown |= event instanceof PresenceEvent.RosterChanged;
        if (event instanceof PresenceEvent.RosterChanged
                || (event instanceof PresenceEvent.ConnectionChanged now && changesAccess(now.state()))) {
            foldAccess(event);
        } else {
            fold(event);
        }
    }

    /** The first connection tells who we are; and who becomes silent, or ends it, gives other things than before. */
    private boolean changesAccess(ConnectionState now) {
        ConnectionState before = current.connection();
        return before == null || before.absence() != now.absence();
    }

    private void onCatalogueEvent(CatalogueEvent event) {
        if (event instanceof OwnSharesChanged) {
            return; // ours, and folded already: meanwhile the list may be a newer one, which must not be seen under the
            // old revision
        }
        fold(event);
    }

    private void onTakenBackChanged(TakenBackChanged event) {
        fold(event);
    }

    private static boolean isShare(Transfer transfer) {
        return transfer.kind() == Transfer.Kind.SHARE;
    }

    /** Folds what may change who may have what of ours. */
    private void foldAccess(Event event) {
        Catalogue next = current.with(event, clock.instant());
        // before the roster is here no contact may have anything, which they need not be told at each start
        String revision = rosterKnown ? views.of(next, event) : "";
        if (revision.equals(next.ownRevision())) {
            become(next);
        } else {
            OwnSharesChanged own = new OwnSharesChanged(revision);
            become(next.with(own, clock.instant())); // in one step: nobody may see the new list under the old revision
            bus.publish(own);
        }
        bus.publish(new AccessChanged());
    }

    private void fold(Event event) {
        become(current.with(event, clock.instant()));
        if (event instanceof CatalogueEvent.FriendListFetched
                || event instanceof LinkEvent.LimitsChanged
                || event instanceof LinkEvent.DeviceRemoved) {
            // what a friend no longer offers is not fetched, and from one who is paused or not trusted nothing
            bus.publish(new AccessChanged());
        }
    }

    private void become(Catalogue next) {
        assert busThread.isOwner() : Thread.currentThread();
        synchronized (changed) {
            current = next;
            changed.notifyAll();
        }
    }
}
