package bitween.model;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That the user follows what a friend shares under a name, whichever of the friend's devices and whatever is in it.
 *
 * @param id 0 until it is stored
 * @param share its name
 * @param auto whether what is new comes by itself; else it is told only
 * @param newOnly whether files that were there when it began do not come
 * @param only what of it comes; empty: all
 * @param maxBytes what is larger waits for the user; null: nothing does
 * @param mirror whether files that their owner removed go here, too
 * @param notifies whether the user is sent a chat message
 * @param directory where the first revision goes, absolute; null: where downloads go. Later ones take its place
 */
public record Follow(
        long id,
        Jid friend,
        String share,
        boolean auto,
        boolean newOnly,
        List<Choice> only,
        @Nullable Long maxBytes,
        boolean mirror,
        boolean notifies,
        @Nullable Path directory,
        Instant since) {
    public Follow {
        only = List.copyOf(only);
        if (maxBytes != null && maxBytes < 1) {
            throw new IllegalArgumentException("a size is at least one byte, not " + maxBytes);
        }
    }

    /** For people: "alice/Gardening". */
    public String title() {
        return friend.local() + "/" + share;
    }

    /** As it is stored. */
    public Follow numbered(long number) {
        return new Follow(number, friend, share, auto, newOnly, only, maxBytes, mirror, notifies, directory, since);
    }
}
