package bitween.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The words that this program's own classes contain: whatever else stands in a log was put there by people, and is theirs. */
final class OwnWords {
    private static final Pattern WORD = Pattern.compile("[A-Z]?[a-z]+|[A-Z]+");
    /** Of shorter ones each combination occurs somewhere. */
    private static final int SHORTEST = 3;

    private static final Set<String> SHORT = Set.of(
            "a", "an", "as", "at", "be", "by", "db", "do", "go", "id", "if", "in", "io", "is", "it", "kb", "mb", "ms",
            "no", "of", "ok", "on", "or", "s", "so", "to", "up", "us", "we");
    /** Names of people and places in examples, which may be somebody's. */
    private static final Set<String> EXAMPLES =
            Set.of("alice", "bob", "carol", "dave", "music", "holiday", "pictures", "family");

    private OwnWords() {}

    /** @return in lower case */
    static Set<String> read() {
        try {
            Path source = Path.of(OwnWords.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(source)) {
                return in(source);
            }
            try (FileSystem jar = FileSystems.newFileSystem(source, Map.of())) {
                return in(jar.getPath("/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> in(Path root) throws IOException {
        Set<String> words = new HashSet<>(SHORT);
        List<Path> classes;
        try (Stream<Path> all = Files.walk(root)) {
            classes = all.filter(path -> path.toString().endsWith(".class")).toList();
        }
        for (Path each : classes) {
            Matcher matcher = WORD.matcher(new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1));
            while (matcher.find()) {
                if (matcher.end() - matcher.start() >= SHORTEST) {
                    words.add(matcher.group().toLowerCase(Locale.ROOT));
                }
            }
        }
        words.removeAll(EXAMPLES);
        return words;
    }
}
