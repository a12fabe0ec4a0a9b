package bitween.store;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.time.Duration;

/** A text that a regular expression is matched with until a deadline: some expressions go back and forth in a long name for years. Thread: whoever has it. */
final class TimedText implements CharSequence {
    /** Looking at the clock costs more than at a character. */
    private static final int LOOK_EACH = 4_096;

    private final Deadline deadline;
    private final CharSequence text;

    /** Of one search, over all its texts. */
    static final class Deadline {
        private final Duration limit;
        private final long endNs;
        private int until = LOOK_EACH;

        Deadline(Duration limit) {
            this.limit = limit;
            endNs = System.nanoTime() + limit.toNanos();
        }

        CharSequence over(CharSequence text) {
            return new TimedText(this, text);
        }

        private void look() {
            if (--until > 0) {
                return;
            }
            until = LOOK_EACH;
            if (System.nanoTime() - endNs > 0) {
                throw new UserException(
                        ErrorCode.TIMED_OUT,
                        "the regular expression was not through with all names after " + limit.toSeconds() + " s",
                        "make it simpler, or search with words, which are looked up");
            }
        }
    }

    private TimedText(Deadline deadline, CharSequence text) {
        this.deadline = deadline;
        this.text = text;
    }

    /** @throws UserException TIMED_OUT */
    @Override
    public char charAt(int index) {
        deadline.look();
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new TimedText(deadline, text.subSequence(start, end));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
