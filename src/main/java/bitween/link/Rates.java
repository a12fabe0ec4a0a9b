package bitween.link;

import bitween.model.Jid;
import bitween.model.RateLimit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How fast bytes may go to and come from each friend, over all their devices and connections. Thread: any. */
final class Rates {
    private final Map<Jid, Pair> pairs = new ConcurrentHashMap<>();

    /** One friend's. */
    record Pair(TokenBucket down, TokenBucket up) {}

    Pair of(Jid friend) {
        return pairs.computeIfAbsent(
                friend, jid -> new Pair(new TokenBucket(System::nanoTime), new TokenBucket(System::nanoTime)));
    }

    /** From now on, also for what is on its way. */
    void limit(Jid friend, RateLimit limit) {
        Pair pair = of(friend);
        pair.down().limit(limit.downBytesPerSecond());
        pair.up().limit(limit.upBytesPerSecond());
    }
}
