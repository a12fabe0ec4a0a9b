package bitween.store;

import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.UserException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Why a database cannot be written at the moment, if it cannot. It is told once when it begins and once when it ends. Thread: any. */
final class Trouble {
    private static final Logger log = LogManager.getLogger(Trouble.class);
    /** What lies with the disk or another program, not with what was asked for. */
    private static final Set<ErrorCode> CODES = EnumSet.of(
            ErrorCode.DISK_FULL,
            ErrorCode.DISK_WRITE,
            ErrorCode.STORE_LOCKED,
            ErrorCode.STORE_READ_ONLY,
            ErrorCode.STORE_DAMAGED);

    private final Path file;
    private final Clock clock;
    private volatile @Nullable Failure now;

    Trouble(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    @Nullable
    Failure now() {
        return now;
    }

    boolean isLocked() {
        Failure known = now;
        return known != null && known.code() == ErrorCode.STORE_LOCKED;
    }

    /** @return {@code why} */
    UserException noted(UserException why) {
        Failure known = now;
        if (CODES.contains(why.code()) && (known == null || known.code() != why.code())) {
            log.error("nothing is stored any more; what is shared stays shared: {}", why.sentence());
            now = Failure.of(why, clock.instant());
        }
        return why;
    }

    /** Something was written. What is damaged is not whole because of that. */
    void over() {
        Failure known = now;
        if (known != null && !Objects.equals(known.code(), ErrorCode.STORE_DAMAGED)) {
            now = null;
            log.info("{} can be written again", file);
        }
    }
}
