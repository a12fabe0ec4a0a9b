package bitween;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** This repository as texts and as classes, for the tests that read it. Surefire runs tests in the folder of pom.xml. */
final class Sources {
    /** All of main, compiled. */
    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("bitween");

    /** A file and what it says; prints as its path, so that a failed assertion names files. */
    record Text(Path path, String content) {
        List<String> lines() {
            return content.lines().toList();
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    private Sources() {}

    /** All files of {@code root}, or the one that it is, whose names end so. */
    static List<Text> under(String root, String ending) {
        try (Stream<Path> files = Files.walk(Path.of(root))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .map(Sources::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Text read(String path) {
        return read(Path.of(path));
    }

    /** Malformed bytes are no reason to fail: not all that is in src is text. */
    private static Text read(Path path) {
        try {
            return new Text(path, new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
