package bitween.torrent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Copies that share their bytes with the original until one of the two changes, where the file system can (Btrfs, XFS). Thread: {@code keep}. By way of {@code cp}: Java does not reach
 * what it takes. What fails once is not tried again: then it can not, or there is no such {@code cp}.
 */
final class Reflinks {
    private static final Logger log = LogManager.getLogger(Reflinks.class);
    /** Below, copying is faster than another process. */
    private static final long LEAST_BYTES = 1 << 20;

    private static final int PATIENCE_SECONDS = 60;

    private boolean possible = true;

    /** @return false: nothing is at {@code to} */
    boolean made(Path from, Path to, long size) throws IOException {
        if (!possible || size < LEAST_BYTES) {
            return false;
        }
        if (Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS) && isCloned(from, to)) {
            return true;
        }
        Files.deleteIfExists(to);
        possible = false;
        return false;
    }

    private static boolean isCloned(Path from, Path to) throws IOException {
        if (!Files.getFileStore(from).equals(Files.getFileStore(Places.parentOf(to)))) {
            return false;
        }
        Process process;
        try {
            process = new ProcessBuilder(
                            "cp", "--reflink=always", "--no-dereference", "--", from.toString(), to.toString())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            log.debug("there is no cp: {}", e.getMessage());
            return false;
        }
        try {
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    && process.exitValue() == 0
                    && Files.isRegularFile(to, LinkOption.NOFOLLOW_LINKS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            process.destroyForcibly();
        }
    }
}
