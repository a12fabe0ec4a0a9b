package bitween.torrent;

/** How often a live share may be another revision, so that one which goes on changing floods nobody. Thread: {@code torrent}; seconds of its own clock. */
final class RevisionPace {
    static final int SHORTEST_SECONDS = 2;
    static final int LONGEST_SECONDS = 30;
    /** As long without a change is calm. */
    private static final int CALM_SECONDS = 60;

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

    /** Until when nobody looks again, because looking takes long. */
    void restUntil(long second) {
        restsUntil = second;
    }

    long restsUntil() {
        return restsUntil;
    }
}
