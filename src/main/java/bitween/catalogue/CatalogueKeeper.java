package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Event;
import bitween.bus.Mailbox;
import bitween.message.CatalogueEvent;
import bitween.message.CatalogueEvent.OwnSharesChanged;
import bitween.message.PresenceEvent;
import bitween.message.TorrentEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Folds events into the {@link Catalogue} and publishes the reference. Thread: the bus's own, so the fold is in the order of the history; {@link #current}
 * and {@link #await} from any other thread.
 */
public final class CatalogueKeeper {
    private final Bus bus;
    private final Mailbox busThread;
    private final Clock clock;
    private final Object changed = new Object();
    private volatile Catalogue current = Catalogue.EMPTY;

    public CatalogueKeeper(Bus bus, Mailbox busThread, Clock clock) {
        this.bus = bus;
        this.busThread = busThread;
        this.clock = clock;
        bus.subscribe(TorrentEvent.class, busThread, this::onTorrentEvent);
        bus.subscribe(PresenceEvent.class, busThread, this::fold);
        bus.subscribe(CatalogueEvent.class, busThread, this::fold);
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

    private void onTorrentEvent(TorrentEvent event) {
        boolean ownListMayDiffer = event instanceof TorrentEvent.TransfersLoaded
                || event instanceof TorrentEvent.TransferChanged
                || event instanceof TorrentEvent.TransferRemoved;
        if (!ownListMayDiffer) {
            fold(event);
            return;
        }
        Catalogue next = current.with(event, clock.instant());
        String revision = CatalogueDocument.revisionOf(next.ownShares());
        if (revision.equals(next.ownRevision())) {
            become(next);
        } else {
            OwnSharesChanged own = new OwnSharesChanged(revision);
            become(next.with(own, clock.instant())); // in one step: nobody may see the new list under the old revision
            bus.publish(own);
        }
    }

    private void fold(Event event) {
        become(current.with(event, clock.instant()));
    }

    private void become(Catalogue next) {
        assert busThread.isOwner() : Thread.currentThread();
        synchronized (changed) {
            current = next;
            changed.notifyAll();
        }
    }
}
