package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

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

/** What is packed with the program is what was looked at once, no more and no less; {@link bitween.JarsTest} finds the first difference in seconds. */
class JarsIT {
    @Test
    void every_jar_beside_the_program_is_pinned_and_every_pinned_one_is_there() throws Exception {
        Map<String, String> pinned = Files.readAllLines(Path.of(".ci/jars.sha256")).stream()
                .map(line -> line.split("  ", 2))
                .collect(Collectors.toMap(parts -> parts[1], parts -> parts[0], (a, b) -> a, TreeMap::new));
        Map<String, String> packed = new TreeMap<>();
        for (Path jar : jars()) {
            packed.put(jar.getFileName().toString(), sha256(jar));
        }

        assertThat(packed)
                .as("target/lib: either mvn clean, or a dependency was changed; on purpose: scripts/release --pin")
                .isEqualTo(pinned);
    }

    private static List<Path> jars() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("target/lib"))) {
            return all.toList();
        }
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
