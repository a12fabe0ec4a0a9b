package bitween.torrent.format;

import java.util.List;

/**
 * A file of a share.
 *
 * @param path the folders below the share's own and the file's name; of a shared file, its name alone
 */
public record FileEntry(List<String> path, long sizeBytes) {
    public FileEntry {
        path = List.copyOf(path);
    }
}
