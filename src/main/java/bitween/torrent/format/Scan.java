package bitween.torrent.format;

import bitween.model.LeftOut;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What there is to share at a path.
 *
 * @param root the file or folder, with symbolic links resolved
 * @param name of the share
 * @param files in the order of the format
 * @param emptyFolders likewise
 * @param leftOut what else there is at the path
 * @param fixedPieceLength how long its pieces are to be, in bytes; 0: as its size asks for
 */
public record Scan(
        Path root,
        String name,
        boolean folder,
        List<File> files,
        List<List<String>> emptyFolders,
        LeftOut leftOut,
        int fixedPieceLength) {
    public Scan {
        files = List.copyOf(files);
        emptyFolders = List.copyOf(emptyFolders);
    }

    /** With pieces as its size asks for. */
    public Scan(
            Path root,
            String name,
            boolean folder,
            List<File> files,
            List<List<String>> emptyFolders,
            LeftOut leftOut) {
        this(root, name, folder, files, emptyFolders, leftOut, 0);
    }

    /**
     * With pieces of this length.
     *
     * @param length empty: as its size asks for
     * @throws bitween.model.UserException BAD_ARGUMENT: they would be too many
     */
    public Scan withPieces(Optional<Integer> length) {
        length.ifPresent(bytes -> PieceLength.requireEnough(bytes, totalBytes()));
        return new Scan(root, name, folder, files, emptyFolders, leftOut, length.orElse(0));
    }

    int pieceLength() {
        return fixedPieceLength > 0 ? fixedPieceLength : PieceLength.of(totalBytes());
    }

    /**
     * A file as it was seen.
     *
     * @param key what tells it from another file that later stands in its place; null where the file system has none
     */
    public record File(
            FileEntry entry, FileTime modified, @Nullable Object key) {}

    public long totalBytes() {
        return files.stream().mapToLong(file -> file.entry().sizeBytes()).sum();
    }

    /** Where {@code file} is on disk. */
    Path path(FileEntry file) {
        return folder ? below(root, file.path()) : root;
    }

    static Path below(Path root, List<String> path) {
        Path at = root;
        for (String element : path) {
            at = at.resolve(element);
        }
        return at;
    }
}
