package bitween.store;

import bitween.model.Bytes;
import bitween.model.TransferId;
import org.jspecify.annotations.Nullable;

/**
 * A job that takes the place of an earlier one.
 *
 * @param earlier null: it was forgotten since
 * @param info the earlier one's info dictionary
 * @param digests the SHA-256 of each of its files; null: nobody told
 * @param files which of its files were got, a bit each by their order in the info dictionary; null: all
 * @param mirror whether what its owner removed goes here, too
 * @param placing whether all has come, and files are taking their places
 */
public record Succession(
        @Nullable TransferId earlier,
        Bytes info,
        @Nullable Bytes digests,
        @Nullable Bytes files,
        boolean mirror,
        boolean placing) {}
