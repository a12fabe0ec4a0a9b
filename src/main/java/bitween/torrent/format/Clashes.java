package bitween.torrent.format;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds paths that cannot stand beside each other: two files of one name, a file where a folder is. libtorrent renames
 * a file whose path differs from another's, or from a folder's, in nothing but the case of a to z; so that is a clash
 * too. Folders may differ in case alone.
 */
final class Clashes {
    private final Set<String> foldedFiles = new HashSet<>();
    private final Set<String> foldedFolders = new HashSet<>();
    private final Set<String> fullFolders = new HashSet<>();
    private final Set<String> emptyFolders = new HashSet<>();

    /** @return whether the file stands beside all that was added */
    boolean addFile(List<String> path) {
        String file = Names.folded(String.join("/", path));
        return addParents(path) && !foldedFolders.contains(file) && foldedFiles.add(file);
    }

    /** @return whether the folder stands beside all that was added */
    boolean addEmptyFolder(List<String> path) {
        String folder = String.join("/", path);
        String folded = Names.folded(folder);
        foldedFolders.add(folded);
        return addParents(path)
                && !foldedFiles.contains(folded)
                && !fullFolders.contains(folder)
                && emptyFolders.add(folder);
    }

    private boolean addParents(List<String> path) {
        for (int depth = path.size() - 1; depth > 0; depth--) {
            String folder = String.join("/", path.subList(0, depth));
            if (!fullFolders.add(folder)) {
                return true;
            }
            String folded = Names.folded(folder);
            foldedFolders.add(folded);
            if (foldedFiles.contains(folded) || emptyFolders.contains(folder)) {
                return false;
            }
        }
        return true;
    }
}
