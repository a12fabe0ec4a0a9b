package bitween.model;

/**
 * How fast bytes may come from a friend and go there, over all their devices together: bytes per second, 0 for no limit.
 *
 * @param paused nothing comes or goes for now, whatever the rates are
 */
public record RateLimit(long downBytesPerSecond, long upBytesPerSecond, boolean paused) {
    public static final RateLimit NONE = new RateLimit(0, 0);
    /** With less, one block of BitTorrent (16 KiB) takes so long that the other side takes the connection for dead. */
    public static final long LEAST = 1_000;

    public RateLimit(long downBytesPerSecond, long upBytesPerSecond) {
        this(downBytesPerSecond, upBytesPerSecond, false);
    }

    public RateLimit {
        requireLimit(downBytesPerSecond);
        requireLimit(upBytesPerSecond);
    }

    public RateLimit paused(boolean nowPaused) {
        return new RateLimit(downBytesPerSecond, upBytesPerSecond, nowPaused);
    }

    private static void requireLimit(long bytesPerSecond) {
        if (bytesPerSecond != 0 && bytesPerSecond < LEAST) {
            throw new IllegalArgumentException(
                    "a limit is at least " + LEAST + " bytes per second, or 0 for none, not " + bytesPerSecond);
        }
    }
}
