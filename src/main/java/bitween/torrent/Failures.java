package bitween.torrent;

import bitween.bus.Bus;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a future really failed with, for people. */
final class Failures {
    private Failures() {}

    static UserException explain(@Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Bus.causeOf(failure);
        if (cause instanceof UserException known) {
            return known;
        }
        if (cause instanceof TimeoutException) {
            return new UserException(ErrorCode.TIMED_OUT, "nobody answered in time", "", cause);
        }
        return cause == null
                ? new UserException(ErrorCode.INTERNAL, "it failed without a reason", "")
                : new UserException(
                        ErrorCode.INTERNAL, "something unforeseen happened: " + cause, "the log has more", cause);
    }
}
