package bitween.bench;

import bitween.model.ContentId;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.store.SearchIndex;
import bitween.store.SearchIndex.Line;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code FindBenchmark DIRECTORY ENTRIES RUNS}: makes a search index of so many names, and prints for each search how often it was done and the nanoseconds
 * of its median run: "make" for the index itself.
 */
public final class FindBenchmark {
    private static final int FILES_PER_SHARE = 1_000;
    private static final int WORDS = 20_000;
    private static final int LIMIT = 100;

    private FindBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(
                Path.of(arguments[0]),
                "find",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        int entries = Integer.parseInt(arguments[1]);
        int runs = Integer.parseInt(arguments[2]);
        System.setProperty("org.sqlite.tmpdir", directory.toString());
        try (SearchIndex index = SearchIndex.open(directory.resolve("search.db"))) {
            long begin = System.nanoTime();
            fill(index, entries, new Random(1));
            System.out.println("make 1 " + (System.nanoTime() - begin));
            for (String words : List.of("w17", "w17 w4", "w1 w2 w3", "w", "nothing", "w17 nothing")) {
                measure(words, runs, () -> index.find(words, Set.of(), hit -> true, LIMIT));
            }
            measure("w17 --type", runs, () -> index.find("w17", Set.of("mp3", "ogg"), hit -> true, LIMIT));
            measure(
                    "regex",
                    Math.min(runs, 3),
                    () -> index.find(Pattern.compile("w17.*w4$"), hit -> true, LIMIT, Duration.ofMinutes(5)));
        }
    }

    private static void measure(String name, int runs, Runnable search) {
        List<Long> tookNs = new ArrayList<>();
        for (int run = 0; run <= runs; run++) {
            long begin = System.nanoTime();
            search.run();
            if (run > 0) {
                tookNs.add(System.nanoTime() - begin);
            }
        }
        tookNs.sort(null);
        System.out.println(name.replace(' ', '+') + " " + runs + " " + tookNs.get(tookNs.size() / 2));
    }

    private static void fill(SearchIndex index, int entries, Random random) {
        for (int share = 0; share * FILES_PER_SHARE < entries; share++) {
            InfoHash hash = new InfoHash(String.format(Locale.ROOT, "%040x", share + 1));
            index.add(List.of(new Share(
                    words(random, 3), hash, new ContentId("0".repeat(64)), FILES_PER_SHARE, FILES_PER_SHARE)));
            List<Line> files = new ArrayList<>();
            for (int file = 0; file < FILES_PER_SHARE; file++) {
                files.add(new Line(
                        words(random, 2) + "/" + file + " " + words(random, 4)
                                + (file == 7 && share % 100 == 0 ? ".mp3" : ".flac"),
                        file));
            }
            index.addFiles(hash, files);
        }
    }

    /** Some words are in very many names, most in few: as in a language. */
    private static String words(Random random, int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add("w" + (int) (WORDS * Math.pow(random.nextDouble(), 4)));
        }
        return String.join(" ", words);
    }
}
