package bitween.control;

import bitween.model.InfoHash;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Finds what friends share by its name. May wait for a disk. */
public interface Finder {
    /**
     * @param name of the share
     * @param path of a file below the share's folder; empty: the share itself
     */
    record Found(InfoHash hash, String name, String path, long sizeBytes) {
        /** What its kind is told by. */
        String lastName() {
            return path.isEmpty() ? name : path.substring(path.lastIndexOf('/') + 1);
        }
    }

    /**
     * What has all of the words, or words that begin so, in its share's name and its path, without case and diacritics. Shares come first.
     *
     * @param endings how a file's name may end, in lower case; empty: as it likes, and shares are found, too
     * @param wanted what else it has to be
     */
    List<Found> words(String text, Set<String> endings, Predicate<Found> wanted, int limit);

    /** That in whose share's name and path the pattern is found. */
    List<Found> pattern(Pattern pattern, Predicate<Found> wanted, int limit);
}
