package bitween.follow;

import bitween.model.Bytes;
import bitween.model.Choice;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.InfoDictionary;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is wanted of a revision.
 *
 * @param choices empty: all of it, or nothing
 * @param files how many that are
 * @param comingBytes of those that are not here
 */
record Sifted(List<Choice> choices, int files, long comingBytes) {
    private static final int SHA256_BYTES = 32;

    boolean isNothing() {
        return files == 0;
    }

    /**
     * @param digests of each file of {@code info}
     * @param spared of files that do not come
     * @param here of files that are here
     * @param only what is wanted of it; empty: all
     */
    static Sifted of(InfoDictionary info, Bytes digests, Bytes spared, Bytes here, List<Choice> only) {
        Set<Bytes> never = each(spared);
        Set<Bytes> known = each(here);
        List<FileEntry> files = info.files();
        List<Choice> single = new ArrayList<>();
        Set<Choice> fitting = new HashSet<>();
        long bytes = 0;
        for (int file = 0; file < files.size(); file++) {
            Bytes digest = digests.slice(file * SHA256_BYTES, SHA256_BYTES);
            List<String> path = files.get(file).path();
            List<Choice> fit =
                    only.stream().filter(choice -> choice.test().test(path)).toList();
            if (never.contains(digest) || (fit.isEmpty() && !only.isEmpty())) {
                continue;
            }
            single.add(Choice.path(path));
            fitting.addAll(fit);
            bytes += known.contains(digest) ? 0 : files.get(file).sizeBytes();
        }
        List<Choice> choices = !never.isEmpty()
                ? single.size() == files.size() ? List.of() : single
                : only.stream().filter(fitting::contains).toList();
        return new Sifted(List.copyOf(choices), single.size(), bytes);
    }

    private static Set<Bytes> each(Bytes digests) {
        Set<Bytes> each = new HashSet<>();
        for (int at = 0; at < digests.size(); at += SHA256_BYTES) {
            each.add(digests.slice(at, SHA256_BYTES));
        }
        return each;
    }
}
