package bitween.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** By what the launcher and a daemon know each other for one and the same program; {@code scripts/bitween} says both in the same words. */
final class ProgramFile {
    private ProgramFile() {}

    /** @return size and time of the jar that this process runs, as they are now; empty when it runs none */
    static String stamp() {
        String classPath = System.getProperty("java.class.path", "");
        if (!classPath.endsWith(".jar") || classPath.contains(":")) {
            return "";
        }
        try {
            BasicFileAttributes jar = Files.readAttributes(Path.of(classPath), BasicFileAttributes.class);
            return jar.size() + ":" + jar.lastModifiedTime().to(TimeUnit.SECONDS);
        } catch (IOException e) {
            return "";
        }
    }

    /** @return what TZ says, else where the system's zone is; a person may travel while a daemon runs */
    static String zone(Map<String, String> variables) {
        String named = variables.getOrDefault("TZ", "");
        if (!named.isEmpty()) {
            return named;
        }
        try {
            return Files.readSymbolicLink(Path.of("/etc/localtime")).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }
}
