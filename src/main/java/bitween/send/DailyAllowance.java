package bitween.send;

import bitween.model.Share;
import bitween.store.OfferStore.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Predicate;

/** How much of what a friend sends may come by itself. Pure. */
final class DailyAllowance {
    /** So that what was used up is free again. */
    static final Duration DAY = Duration.ofDays(1);
    /** What a file takes on a disk at least: without it, a friend could send files without number that have no size. */
    static final long FILE_BYTES = 4_096;

    private DailyAllowance() {}

    /** What an offer takes. */
    static long costOf(Share share) {
        return Math.max(share.sizeBytes(), Math.max(1, share.files()) * FILE_BYTES);
    }

    /**
     * @param bytesPerDay what may come; 0: nothing
     * @param rows what that friend sent
     * @param coming whether one of these is on its way still
     * @return whether {@code cost} may come as well
     */
    static boolean admits(long bytesPerDay, long cost, Collection<Row> rows, Predicate<Row> coming, Instant now) {
        long left = bytesPerDay;
        for (Row row : rows) {
            boolean counts = row.accepted() != null
                    && (coming.test(row) || row.accepted().plus(DAY).isAfter(now));
            left -= counts ? Math.min(row.sizeBytes(), Math.max(left, 0)) : 0;
        }
        return cost <= left;
    }
}
