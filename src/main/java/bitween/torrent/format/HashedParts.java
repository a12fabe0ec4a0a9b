package bitween.torrent.format;

import bitween.model.Bytes;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier run has hashed of a share, and where what this one hashes is kept. Thread: the hashing threads, several at once.
 *
 * <p>A share is hashed stretch by stretch, some pieces each; how long these are follows from the share's size.
 */
public interface HashedParts {
    /** Nothing is known, and nothing is kept. */
    HashedParts NONE = new HashedParts() {
        @Override
        public BitSet changed() {
            return new BitSet();
        }

        @Override
        public @Nullable Bytes stretch(int number) {
            return null;
        }

        @Override
        public @Nullable Bytes digest(int file) {
            return null;
        }

        @Override
        public void forget(BitSet stretches, BitSet files) {}

        @Override
        public void hashed(int stretch, Bytes hashes, long bytes) {}

        @Override
        public void digested(int file, Bytes digest, long bytes) {}
    };

    /** The files that are not as they were then, by their numbers in the share. */
    BitSet changed();

    /** The SHA-1 of its pieces, then the SHA-256 of the files within it; null when it was not hashed. */
    @Nullable
    Bytes stretch(int number);

    /** The SHA-256 of a file that reaches over several stretches; null when it was not read to its end. */
    @Nullable
    Bytes digest(int file);

    /** Those touch what has changed. */
    void forget(BitSet stretches, BitSet files);

    /** @param bytes how many were read for it */
    void hashed(int stretch, Bytes hashes, long bytes);

    /** @param bytes how many were read for it */
    void digested(int file, Bytes digest, long bytes);
}
