package bitween;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the program is built with is what was looked at once: {@code scripts/release --pin} writes the list, after a dependency was changed on purpose. */
class JarsTest {
    @Test
    void every_jar_that_is_released_is_the_one_that_was_pinned() throws Exception {
        Map<String, String> pinned = pinned();
        Map<String, String> here = new TreeMap<>();
        for (Path jar : jarsOnTheClassPath()) {
            if (pinned.containsKey(jar.getFileName().toString())) {
                here.put(jar.getFileName().toString(), sha256(jar));
            }
        }

        assertThat(pinned).hasSizeGreaterThan(20);
        assertThat(here).isEqualTo(pinned);
    }

    private static Map<String, String> pinned() throws IOException {
        return Files.readAllLines(Path.of(".ci/jars.sha256")).stream()
                .map(line -> line.split("  ", 2))
                .collect(Collectors.toMap(parts -> parts[1], parts -> parts[0], (a, b) -> a, TreeMap::new));
    }

    private static List<Path> jarsOnTheClassPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .map(Path::of)
                .toList();
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
