package bitween.torrent.libtorrent;

import bitween.torrent.EngineEvent;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.libtorrent4j.swig.alert;
import org.libtorrent4j.swig.alert_ptr_vector;
import org.libtorrent4j.swig.session;

/** The thread {@code alerts}: waits for libtorrent's alerts, reads them, hands on what they say. */
final class AlertLoop implements Runnable {
    private static final Logger log = LogManager.getLogger(AlertLoop.class);
    /** How soon a stop is seen when nothing wakes the loop. */
    private static final int WAIT_MS = 200;

    private final session nativeSession;
    private final Alerts alerts;
    private final Consumer<EngineEvent> consumer;
    private final Thread thread = new Thread(this, "alerts");
    private volatile boolean stopping;

    AlertLoop(session nativeSession, Alerts alerts, Consumer<EngineEvent> consumer) {
        this.nativeSession = nativeSession;
        this.alerts = alerts;
        this.consumer = consumer;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** @return whether the thread is gone; if not, the session must not be touched any more */
    boolean stop(Duration deadline) {
        stopping = true;
        nativeSession.post_torrent_updates(); // wakes the loop
        boolean interrupted = false;
        long end = System.nanoTime() + deadline.toNanos();
        while (thread.isAlive() && System.nanoTime() < end) {
            try {
                thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    @Override
    public void run() {
        var batch = new alert_ptr_vector();
        while (!stopping) {
            // only compared with null: another thread may have freed what it points to
            if (nativeSession.wait_for_alert_ms(WAIT_MS) == null) {
                continue;
            }
            nativeSession.pop_alerts(batch);
            int count = batch.size();
            for (int i = 0; i < count && !stopping; i++) {
                read(batch.get(i));
            }
        }
    }

    private void read(alert told) {
        try {
            EngineEvent event = alerts.read(told);
            if (event != null && !stopping) {
                consumer.accept(event);
            }
        } catch (RuntimeException | Error e) {
            log.error("the alert {} was lost: {}", told.what(), e.getMessage(), e);
        }
    }
}
