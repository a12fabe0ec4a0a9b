package bitween.link;

import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.RateLimit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * How fast bytes may go to and come from each friend, over all their devices and connections, those of each share or job, from and to all friends, and all
 * together. Thread: any.
 */
final class Rates {
    private final SharedBucket allDown = new SharedBucket(System::nanoTime);
    private final SharedBucket allUp = new SharedBucket(System::nanoTime);
    private final Map<Jid, Limits> friends = new ConcurrentHashMap<>();
    private final Map<InfoHash, Limits> transfers = new ConcurrentHashMap<>();

    /** Of one friend, or of one share or job. */
    record Limits(TokenBucket down, TokenBucket up) {
        private static Limits none() {
            return new Limits(new TokenBucket(System::nanoTime), new TokenBucket(System::nanoTime));
        }

        private void set(RateLimit limit) {
            down.limit(limit.downBytesPerSecond());
            up.limit(limit.upBytesPerSecond());
        }
    }

    /** One connection's. */
    record Pair(Way down, Way up) {}

    /** Bytes in one direction: within what the friend may, what they are of, and then what all may. */
    record Way(Jid friend, TokenBucket own, TokenBucket transfer, SharedBucket all) {
        /** @see Tokens#portion */
        int portion(int wanted) {
            return all.portion(transfer.portion(own.portion(wanted)));
        }

        /** @see SharedBucket#take */
        void take(int bytes, BooleanSupplier over) throws InterruptedException {
            own.take(bytes, over);
            transfer.take(bytes, over);
            all.take(friend, bytes, over);
        }

        void wake() {
            own.wake();
            transfer.wake();
            all.wake();
        }
    }

    /** @param known what holds for the share or job, if nobody has said that here before */
    Pair of(Jid friend, InfoHash hash, Supplier<RateLimit> known) {
        Limits theirs = of(friend);
        Limits its = transfers.computeIfAbsent(hash, unknown -> {
            Limits limits = Limits.none();
            limits.set(known.get());
            return limits;
        });
        return new Pair(
                new Way(friend, theirs.down(), its.down(), allDown), new Way(friend, theirs.up(), its.up(), allUp));
    }

    Limits of(Jid friend) {
        return friends.computeIfAbsent(friend, jid -> Limits.none());
    }

    /** From now on, also for what is on its way. */
    void limit(Jid friend, RateLimit limit) {
        of(friend).set(limit);
    }

    /** As above, of what there was a connection for; of any other it is asked when there is one. */
    void limit(InfoHash hash, RateLimit limit) {
        transfers.computeIfPresent(hash, (known, limits) -> {
            limits.set(limit);
            return limits;
        });
    }

    void forget(InfoHash hash) {
        transfers.remove(hash);
    }

    /** What all friends together may, from now on; bytes per second, 0: no limit. */
    void limitAll(long downBytesPerSecond, long upBytesPerSecond) {
        allDown.limit(downBytesPerSecond);
        allUp.limit(upBytesPerSecond);
    }
}
