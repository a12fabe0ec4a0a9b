package bitween.testing;

import java.time.Duration;

/** Who looks again and again sees when this machine stood still, or had no time for who looks. */
final class Looks {
    private static final long STANDSTILL_NS = Duration.ofMillis(500).toNanos();

    private long lastNs;
    private long longestNs;

    void begin() {
        lastNs = System.nanoTime();
        longestNs = 0;
    }

    void look() {
        long nowNs = System.nanoTime();
        longestNs = Math.max(longestNs, nowNs - lastNs);
        lastNs = nowNs;
    }

    /** Since the beginning. */
    boolean wereSteady() {
        return longestNs < STANDSTILL_NS;
    }
}
