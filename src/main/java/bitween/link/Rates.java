package bitween.link;

import bitween.model.Jid;
import bitween.model.RateLimit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** How fast bytes may go to and come from each friend, over all their devices and connections, and all friends together. Thread: any. */
final class Rates {
    private final SharedBucket allDown = new SharedBucket(System::nanoTime);
    private final SharedBucket allUp = new SharedBucket(System::nanoTime);
    private final Map<Jid, Pair> pairs = new ConcurrentHashMap<>();

    /** One friend's. */
    record Pair(Way down, Way up) {}

    /** Bytes in one direction: within what the friend may, and then what all may. */
    record Way(Jid friend, TokenBucket own, SharedBucket all) {
        /** @see Tokens#portion */
        int portion(int wanted) {
            return all.portion(own.portion(wanted));
        }

        /** @see SharedBucket#take */
        void take(int bytes, BooleanSupplier over) throws InterruptedException {
            own.take(bytes, over);
            all.take(friend, bytes, over);
        }

        void wake() {
            own.wake();
            all.wake();
        }
    }

    Pair of(Jid friend) {
        return pairs.computeIfAbsent(friend, jid -> new Pair(way(jid, allDown), way(jid, allUp)));
    }

    private static Way way(Jid friend, SharedBucket all) {
        return new Way(friend, new TokenBucket(System::nanoTime), all);
    }

    /** From now on, also for what is on its way. */
    void limit(Jid friend, RateLimit limit) {
        Pair pair = of(friend);
        pair.down().own().limit(limit.downBytesPerSecond());
        pair.up().own().limit(limit.upBytesPerSecond());
    }

    /** What all friends together may, from now on; bytes per second, 0: no limit. */
    void limitAll(long downBytesPerSecond, long upBytesPerSecond) {
        allDown.limit(downBytesPerSecond);
        allUp.limit(upBytesPerSecond);
    }
}
