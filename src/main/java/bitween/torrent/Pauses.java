package bitween.torrent;

import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.UserException;
import bitween.store.TorrentStore;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which failures a job only pauses for, and when it is tried again. Thread: {@code torrent}.
 *
 * <p>What lies with a disk or the database is the user's to mend, by freeing or mounting: no job ends because of it. Whatever lies with the job itself,
 * such as metadata that break the rules, ends it. Time is counted in ticks of a second: a clock that jumps moves nothing.
 */
final class Pauses {
    private static final Set<ErrorCode> MENDABLE = EnumSet.of(
            ErrorCode.DISK_FULL,
            ErrorCode.DISK_WRITE,
            ErrorCode.DISK_READ,
            ErrorCode.DISK_READ_ONLY,
            ErrorCode.PATH_MISSING,
            ErrorCode.PATH_UNREADABLE,
            ErrorCode.STORE_LOCKED,
            ErrorCode.STORE_READ_ONLY,
            ErrorCode.STORE_DAMAGED);
    /** What is tried again and fails soon again waits that long, then twice as long each time. */
    private static final int FIRST_WAIT_SECONDS = 10;

    private static final int LONGEST_WAIT_SECONDS = 600;
    private static final int MOST_DOUBLINGS = 10;
    /** Who went on for so long had no trouble. */
    private static final int CALM_SECONDS = 60;

    private final TorrentStore store;
    private final Clock clock;
    private final Map<TransferId, Pause> pauses = new HashMap<>();
    private int now;

    /** Of one job, while it pauses and for a minute afterwards. */
    private static final class Pause {
        private ErrorCode code;
        private Instant since;
        private boolean byStore;
        private int waits;
        private int dueAt;
        /** -1: it rests. */
        private int wentOnAt = -1;

        Pause(ErrorCode code, Instant since) {
            this.code = code;
            this.since = since;
        }

        private void because(ErrorCode now, Instant when) {
            if (code != now) {
                code = now;
                since = when;
            }
        }
    }

    Pauses(TorrentStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    boolean isMendable(UserException why) {
        return MENDABLE.contains(why.code());
    }

    /** It pauses, for the first time or again. @return what to tell of it */
    Failure begin(Transfer transfer, UserException why) {
        Instant when = clock.instant();
        Pause pause = pauses.computeIfAbsent(transfer.id(), id -> new Pause(why.code(), when));
        Failure trouble = store.trouble();
        pause.byStore = trouble != null && trouble.reason().equals(why.sentence());
        pause.because(why.code(), when);
        if (pause.wentOnAt >= 0) {
            pause.wentOnAt = -1;
            pause.dueAt =
                    now + Math.min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS << Math.min(pause.waits++, MOST_DOUBLINGS));
        }
        boolean waits = pause.dueAt > now;
        return Failure.of(why, when).again(pause.since, waits ? when.plusSeconds(pause.dueAt - now) : null);
    }

    /** It still pauses, but for another reason. @return what to tell of it */
    Failure changed(Transfer transfer, UserException why) {
        Instant when = clock.instant();
        Pause pause = pauses.computeIfAbsent(transfer.id(), id -> new Pause(why.code(), when));
        pause.because(why.code(), when);
        return Failure.of(why, when).again(pause.since, null);
    }

    /** Whether it may be tried again, if its disk says so, too. */
    boolean isDue(Transfer transfer) {
        Pause pause = pauses.get(transfer.id());
        return pause == null || (pause.dueAt <= now && !(pause.byStore && store.trouble() != null));
    }

    /** It is tried again; what it paused for may have been told before a restart. */
    void wentOn(Transfer transfer) {
        Failure failure = transfer.failure();
        if (failure != null) {
            pauses.computeIfAbsent(transfer.id(), id -> new Pause(failure.code(), failure.since())).wentOnAt = now;
        }
    }

    void forget(TransferId id) {
        pauses.remove(id);
    }

    /** Once a second. */
    void onTick() {
        now++;
        pauses.values().removeIf(pause -> pause.wentOnAt >= 0 && now - pause.wentOnAt > CALM_SECONDS);
    }
}
