package bitween.torrent.format;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of a share may be, by their names and sizes.
 *
 * @param whole where all files stand under their names, with their sizes; likeliest first
 * @param best where most do; null: nowhere
 * @param files all whose size is that of a file of the share
 */
public record Candidates(List<Path> whole, @Nullable Path best, List<Path> files) {
    public Candidates {
        whole = List.copyOf(whole);
        files = List.copyOf(files);
    }
}
