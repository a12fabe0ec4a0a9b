package bitween.model;

import java.time.Instant;

/**
 * What a live share is, or was.
 *
 * @param number from 1
 * @param made when it was hashed, to the millisecond
 */
public record Revision(int number, InfoHash hash, Instant made, int files, long sizeBytes) {
    /** Of one share are remembered: one that changes each minute fills that in some hours, and nobody looks back further by number. */
    public static final int MAX_KEPT = 100;

    public Revision {
        if (number < 1 || files < 0 || sizeBytes < 0) {
            throw new IllegalArgumentException(
                    "no revision: @" + number + ", " + files + " files, " + sizeBytes + " bytes");
        }
    }
}
