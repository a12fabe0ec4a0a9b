package bitween.store;

import bitween.model.Bytes;
import bitween.model.InfoHash;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A removed job of which something may still lie on the disk.
 *
 * @param place where it is, or was to go
 * @param shareName of one that was complete; null: it never was
 * @param info its info dictionary; null: unknown, so that finished files stay
 * @param withFiles whether finished files go, too
 * @param here which files it had put in place, a bit each by their order in the info dictionary; null: all
 */
public record Removal(
        InfoHash hash,
        Path place,
        @Nullable String shareName,
        @Nullable Bytes info,
        boolean withFiles,
        @Nullable Bytes here) {}
