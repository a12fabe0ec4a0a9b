package bitween.model;

import java.time.Instant;

/**
 * What the user waits for somebody to share.
 *
 * @param id its number, never used twice in one home
 * @param words which a share's or a file's name has to have, or to begin with
 * @param auto whether it is got by itself
 * @param since when it was asked for
 */
public record Want(long id, String words, boolean auto, Instant since) {
    /** Longer is no name. */
    public static final int MAX_CHARS = 200;
}
