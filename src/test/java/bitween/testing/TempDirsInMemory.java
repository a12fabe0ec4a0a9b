package bitween.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Where unit tests have their folders: in memory, so that a commit which waits for the disk waits for nobody, whatever else the machine writes. What is
 * tested is the same to the last pragma. On the disk where memory is short, or must not hold programs: SQLite's library is loaded from there.
 */
public final class TempDirsInMemory implements TempDirFactory {
    private static final Path MEMORY = Path.of("/dev/shm");
    /** Several times what the largest test writes. */
    private static final long ENOUGH_BYTES = 1L << 30;

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
        return create();
    }

    /** For tests whose runner makes no folders. The caller deletes it. */
    public static Path create() throws IOException {
        return isGood() ? Files.createTempDirectory(MEMORY, "bitween-") : Files.createTempDirectory("bitween-");
    }

    private static boolean isGood() throws IOException {
        return Files.isWritable(MEMORY)
                && Files.getFileStore(MEMORY).getUsableSpace() > ENOUGH_BYTES
                && Files.readAllLines(Path.of("/proc/self/mounts")).stream() // proc(5): what, where, type, options
                        .map(line -> line.split(" "))
                        .anyMatch(mount -> mount[1].equals(MEMORY.toString())
                                && mount[2].equals("tmpfs")
                                && !mount[3].contains("noexec"));
    }
}
