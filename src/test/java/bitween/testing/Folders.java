package bitween.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Folders to share, and whether two are the same to the last byte. */
public final class Folders {
    private Folders() {}

    /** What people have: a large file, small ones, an empty file, an empty folder, names from all over. */
    public static Path holiday(Path parent, String name, int largeBytes) throws IOException {
        Path folder = Files.createDirectories(parent.resolve(name));
        file(folder.resolve("large.bin"), largeBytes, 1);
        for (int i = 0; i < 20; i++) {
            file(folder.resolve("small ones").resolve("file " + i + ".txt"), i * 37, i);
        }
        Files.createFile(folder.resolve("empty.txt"));
        Files.createDirectories(folder.resolve("empty folder"));
        file(folder.resolve("Übergrößen & Ähnliches").resolve("straße 😀.txt"), 11, 2);
        return folder;
    }

    public static Path file(Path file, int bytes, long seed) throws IOException {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    public static void assertSame(Path expected, Path actual) throws IOException {
        assertThat(contentOf(actual)).isEqualTo(contentOf(expected));
    }

    /** Relative paths, each with a digest of its bytes; folders with none. */
    private static Map<String, String> contentOf(Path root) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.toList()) {
                String name = root.relativize(path).toString();
                content.put(name, Files.isDirectory(path) ? "folder" : digest(path));
            }
        }
        return content;
    }

    private static String digest(Path file) throws IOException {
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        byte[] bytes = Files.readAllBytes(file);
        crc.update(bytes);
        return bytes.length + " bytes, CRC " + crc.getValue() + ", " + java.util.Arrays.hashCode(bytes);
    }
}
