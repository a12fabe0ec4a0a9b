package bitween.model;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that is, or was, offered to one friend.
 *
 * @param id its number, never used twice in one home
 * @param path absolute: where it stands
 * @param piped whether the file is bitween's own, made of what came through a pipe
 * @param share the share that it is; null: not known yet, or there no more
 * @param sizeBytes null: not known yet
 * @param hash null: not known yet
 * @param outcome null: it is offered still
 * @param ended when that was known
 */
public record Sent(
        long id,
        Jid friend,
        String name,
        Path path,
        boolean piped,
        @Nullable TransferId share,
        @Nullable Long sizeBytes,
        @Nullable InfoHash hash,
        Instant since,
        @Nullable Outcome outcome,
        @Nullable Instant ended) {
    /** What became of an offer. */
    public enum Outcome {
        /** They have it, whole and verified. */
        TAKEN,
        DECLINED,
        /** Its sender took it back. */
        WITHDRAWN
    }

    public boolean isOpen() {
        return outcome == null;
    }
}
