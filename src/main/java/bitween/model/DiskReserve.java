package bitween.model;

/**
 * What downloads leave free on a disk: the smaller of both.
 *
 * @param bytes {@link Long#MAX_VALUE}: the percentage alone counts
 * @param percent of the whole disk, 0 to 100; 100: the bytes alone count
 */
public record DiskReserve(long bytes, int percent) {
    /** Small disks stay usable, and large ones are not kept empty. */
    public static final DiskReserve DEFAULT = new DiskReserve(1L << 30, 5);

    public DiskReserve {
        if (bytes < 0 || percent < 0 || percent > 100) {
            throw new IllegalArgumentException(
                    "a reserve is 0 bytes or more and 0 to 100 %, not " + bytes + " bytes, " + percent + " %");
        }
    }

    /** @return bytes that stay free on a disk of {@code totalBytes} */
    public long of(long totalBytes) {
        return Math.min(bytes, totalBytes / 100 * percent);
    }
}
