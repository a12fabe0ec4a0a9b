package bitween.torrent;

import java.time.Duration;

/** How often a live share may be another revision, so that one which goes on changing floods nobody. Thread: {@code torrent}; seconds of its own clock. */
final class RevisionPace {
    static final int SHORTEST_SECONDS = 2;
    static final int LONGEST_SECONDS = 30;
    /** As long without a change is calm. */
    private static final int CALM_SECONDS = 60;
    /** Looking takes a twentieth of the time at most; but on a machine that is busy for a moment nobody waits for long. */
    private static final int REST_AFTER = 20;

    private static final int LONGEST_REST_SECONDS = 10;

    private long lastSecond = Long.MIN_VALUE / 2;
    private int waitSeconds = SHORTEST_SECONDS;
    private long restsUntil;

    boolean allows(long second) {
        return second >= nextSecond();
    }

    long nextSecond() {
        return lastSecond + waitSeconds;
    }

    /** The next waits, longer each time as long as they come one after the other. */
    void revised(long second) {
        boolean calm = second - lastSecond >= CALM_SECONDS;
        waitSeconds = calm ? SHORTEST_SECONDS : Math.min(2 * waitSeconds, LONGEST_SECONDS);
        lastSecond = second;
    }

    /** A look that took so long is over: nobody looks again at once. */
    void rest(long second, Duration cost) {
        restsUntil = second
                + Math.min(LONGEST_REST_SECONDS, cost.multipliedBy(REST_AFTER).toSeconds());
    }

    long restsUntil() {
        return restsUntil;
    }
}
