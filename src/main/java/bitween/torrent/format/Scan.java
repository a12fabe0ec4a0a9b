package bitween.torrent.format;

import bitween.model.LeftOut;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is to share at a path.
 *
 * @param root the file or folder, with symbolic links resolved
 * @param name of the share
 * @param files in the order of the format
 * @param emptyFolders likewise
 * @param leftOut what else there is at the path
 */
public record Scan(
        Path root, String name, boolean folder, List<File> files, List<List<String>> emptyFolders, LeftOut leftOut) {
    public Scan {
        files = List.copyOf(files);
        emptyFolders = List.copyOf(emptyFolders);
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
