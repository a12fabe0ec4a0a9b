package bitween.torrent.format;

import bitween.model.Bytes;
import bitween.model.ContentId;
import bitween.model.InfoHash;
import java.util.List;

/**
 * What a share is: a version 1 info dictionary (BEP 3) of these keys and no others.
 *
 * <ul>
 *   <li>{@code name}: of the shared file or folder
 *   <li>{@code piece length}: a power of two, 16 KiB to 16 MiB
 *   <li>{@code pieces}: the SHA-1 of each piece; empty if all files are
 *   <li>{@code files}, of a shared folder, even for one file or none: {@code length} and {@code path} of each, in the
 *       order of {@link PathOrder}; or {@code length}, of a shared file
 *   <li>{@code dirs}: the paths of folders with nothing in them, in the same order; absent when there are none
 *   <li>{@code private}: 1, so that no client asks strangers for peers (BEP 27)
 *   <li>{@code salt}: 16 random bytes, so that nobody who has the files can compute the info-hash
 * </ul>
 *
 * <p>There is none that breaks a rule of {@link InfoRules}.
 *
 * @param folder whether a folder is shared, rather than a file
 * @param files of a shared file: itself
 * @param emptyFolders paths below the share's own folder
 */
public record InfoDictionary(
        String name,
        int pieceLength,
        Bytes pieces,
        boolean folder,
        List<FileEntry> files,
        List<List<String>> emptyFolders,
        Bytes salt) {
    public static final int SALT_BYTES = 16;
    /** A SHA-1. */
    public static final int PIECE_HASH_BYTES = 20;

    /** What everybody asks for at a time (BEP 3). */
    public static final int BLOCK_BYTES = 16_384;

    /** @throws IllegalArgumentException with the end of a sentence that begins with "the metadata" */
    public InfoDictionary {
        files = List.copyOf(files);
        emptyFolders = emptyFolders.stream().map(List::copyOf).toList();
        InfoRules.check(name, pieceLength, pieces, folder, files, emptyFolders, salt);
    }

    public long totalBytes() {
        return files.stream().mapToLong(FileEntry::sizeBytes).sum();
    }

    public int pieceCount() {
        return pieces.size() / PIECE_HASH_BYTES;
    }

    /** In how many blocks BitTorrent carries a piece; 0 when there is no such piece. */
    public int blocks(int piece) {
        long left = totalBytes() - (long) piece * pieceLength;
        return piece < 0 || left <= 0 ? 0 : (int) ((Math.min(left, pieceLength) + BLOCK_BYTES - 1) / BLOCK_BYTES);
    }

    /** How long the digests of all files are: a SHA-256 each. */
    public int digestsBytes() {
        return files.size() * Digests.SHA256_BYTES;
    }

    /** The bencoded dictionary: what is hashed, stored and sent. */
    public Bytes encoded() {
        return InfoFormat.write(this);
    }

    public InfoHash hash() {
        return InfoHash.of(Digests.sha1().digest(encoded().toArray()));
    }

    /**
     * Names the content without the names and the salt: the SHA-256 of piece length, number of files and size of each
     * file, as big-endian 64-bit integers, and then {@code pieces}.
     */
    public ContentId contentId() {
        return InfoFormat.contentId(this);
    }
}
