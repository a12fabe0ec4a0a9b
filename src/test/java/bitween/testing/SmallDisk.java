package bitween.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A file system of a test's own, which takes from it the room, the right to write, or the whole. Needs root. */
public final class SmallDisk implements AutoCloseable {
    private static final int BLOCK_BYTES = 1 << 18;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path behind;
    private final Path mountPoint;

    private SmallDisk(Path behind, Path mountPoint) {
        this.behind = behind;
        this.mountPoint = mountPoint;
    }

    /** Skips the test where nothing can be mounted. */
    public static SmallDisk mounted(Path directory, int megabytes) throws IOException {
        Path behind = Files.createDirectories(directory.resolve("behind"));
        Path mountPoint = Files.createDirectories(directory.resolve("small"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", behind.toString()),
                "needs root to mount");
        var disk = new SmallDisk(behind, mountPoint);
        disk.mount();
        return disk;
    }

    public Path path() {
        return mountPoint;
    }

    /** What is on it stays, as on one that is plugged in again. */
    public void mount() throws IOException {
        assertThat(run("mount", "--bind", behind.toString(), mountPoint.toString()))
                .isTrue();
    }

    /** Also while files on it are open. What is below it is an empty folder. */
    public void unmount() throws IOException {
        assertThat(run("umount", "-l", mountPoint.toString())).isTrue();
    }

    /** As the system does with a disk that has errors. It can be done between two writes alone. */
    public void makeReadOnly() {
        Awaitility.await("nobody writes at this moment")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> run("mount", "-o", "remount,bind,ro", mountPoint.toString()));
    }

    public void makeWritable() throws IOException {
        assertThat(run("mount", "-o", "remount,bind,rw", mountPoint.toString())).isTrue();
    }

    /** Leaves that much room, or less, as others write meanwhile. */
    public void fill(long leftBytes) throws IOException {
        try (OutputStream filler = Files.newOutputStream(behind.resolve("filler"))) {
            for (long free = free(); free > leftBytes; free = free()) {
                filler.write(new byte[(int) Math.min(BLOCK_BYTES, free - leftBytes)]);
            }
        }
    }

    private long free() throws IOException {
        return Files.getFileStore(behind).getUsableSpace();
    }

    public void clear() throws IOException {
        Files.delete(behind.resolve("filler"));
    }

    @Override
    public void close() throws IOException {
        run("umount", "-l", mountPoint.toString()); // it may be away
        assertThat(run("umount", "-l", behind.toString())).isTrue();
    }

    private static boolean run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
