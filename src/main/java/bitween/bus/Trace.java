package bitween.bus;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** What went over the bus: each message at DEBUG, and counters for {@code status}. Thread: any. */
public final class Trace {
    private static final Logger log = LogManager.getLogger(Trace.class);

    private final LongAdder published = new LongAdder();
    private final LongAdder asked = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder lost = new LongAdder();
    /** By mailbox, how many facts found no room in it. */
    private final Map<String, AtomicLong> full = new ConcurrentHashMap<>();

    void published(Event event) {
        published.increment();
        log.debug("{}", event);
    }

    void asked(Request<?> request) {
        asked.increment();
        log.debug("{}", request);
    }

    void failed(Event event) {
        failed.increment();
    }

    void lost(Event event, Mailbox mailbox) {
        lost.increment();
        if (event instanceof Snapshot) {
            log.debug("{} had no room for {}", mailbox.name(), event); // the next one replaces it
        } else if (mailbox.isClosed()) {
            log.debug("{} is closed and does not hear {}", mailbox.name(), event); // so ends each stop
        } else {
            long count = full.computeIfAbsent(mailbox.name(), name -> new AtomicLong())
                    .incrementAndGet();
            if (Long.bitCount(count) == 1) { // the 1st, 2nd, 4th …: a mailbox that stays full must not fill the log
                log.error("{} lost {}: its mailbox is full, for the {}. fact by now", mailbox.name(), event, count);
            }
        }
    }

    /** @return messages so far: published events, asked requests, events whose handler threw, events that found no room */
    public Counts counts() {
        return new Counts(published.sum(), asked.sum(), failed.sum(), lost.sum());
    }

    public record Counts(long published, long asked, long failed, long lost) {}
}
