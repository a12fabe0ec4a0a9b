package bitween.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why something does not go on: data for programs, a sentence for people.
 *
 * @param since when it went wrong first
 * @param retryAt when it is tried again by itself; null: it is not, or nobody knows when
 */
public record Failure(
        ErrorCode code,
        String reason,
        String hint,
        Instant since,
        @Nullable Instant retryAt) {
    public Failure(ErrorCode code, String reason, String hint, Instant since) {
        this(code, reason, hint, since, null);
    }

    public static Failure of(UserException e, Instant now) {
        return new Failure(e.code(), e.sentence(), e.hint(), now);
    }

    /** The same, after one more attempt; the next is at {@code next}, if that is known. */
    public Failure again(Instant first, @Nullable Instant next) {
        return new Failure(code, reason, hint, first, next);
    }
}
