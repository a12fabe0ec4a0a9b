package bitween.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A disk whose power fails at any moment, as often as one wants: ext4 in a file that lies on xfs, where a copy of the file is made in one step. The copy holds what
 * the disk had at that moment, and nothing of what was on its way. Thread: one.
 */
public final class CutDisk implements AutoCloseable {
    private static final String LOWER_SIZE = "1500M";
    private static final String SIZE = "400M";

    private final Path directory;
    private final Path image;
    /** A file of its own for each cut: what was mounted from one may be held by the kernel for a while, and would be mounted again. */
    private Path copy;

    private int cuts;
    /** What is mounted, the last first. */
    private final Deque<Path> mounted = new ArrayDeque<>();

    private CutDisk(Path directory) {
        this.directory = directory;
        image = directory.resolve("lower/disk.img");
        copy = copyAt(cuts);
    }

    private Path copyAt(int cut) {
        return directory.resolve("lower/copy-" + cut + ".img");
    }

    /** Skips the test where there can be none. */
    public static CutDisk mount(Path directory) throws IOException, InterruptedException {
        assumeTrue(System.getProperty("user.name").equals("root"), "file systems are mounted by root alone");
        for (String tool : List.of("mkfs.xfs", "mkfs.ext4", "mount", "unshare")) {
            assumeTrue(
                    Program.runToEnd(directory, "sh", "-c", "PATH=$PATH:/usr/sbin:/sbin; command -v " + tool)
                                    .exitCode()
                            == 0,
                    tool + " is missing: as root, apt-get install xfsprogs e2fsprogs util-linux");
        }
        CutDisk disk = new CutDisk(directory);
        try {
            Path lower = directory.resolve("lower.img");
            disk.run("truncate", "-s", LOWER_SIZE, lower.toString());
            disk.run("mkfs.xfs", "-q", "-m", "reflink=1", lower.toString());
            disk.mount(lower, directory.resolve("lower"));
            disk.run("truncate", "-s", SIZE, disk.image.toString());
            disk.run("mkfs.ext4", "-q", disk.image.toString());
            disk.mount(disk.image, disk.root());
            return disk;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            disk.close();
            throw e;
        }
    }

    /** Where it is mounted. */
    public Path root() {
        return directory.resolve("disk");
    }

    /** Where {@link #look} mounts what was left of it. */
    public Path left() {
        return directory.resolve("left");
    }

    /** What was left of it, for whoever mounts it by himself. */
    public Path image() {
        return copy;
    }

    /** The power fails at some moment before the process ends. */
    public Process cut() throws IOException {
        Files.deleteIfExists(copy);
        copy = copyAt(++cuts);
        return new ProcessBuilder("cp", "--reflink=always", image.toString(), copy.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The power is back. */
    public void look() throws IOException, InterruptedException {
        mount(copy, left());
    }

    public void lookAway() throws IOException, InterruptedException {
        unmount(mounted.element());
    }

    private void mount(Path what, Path where) throws IOException, InterruptedException {
        Files.createDirectories(where);
        run("mount", "-o", "loop", what.toString(), where.toString());
        mounted.push(where);
    }

    private void unmount(Path where) throws IOException, InterruptedException {
        run("umount", where.toString());
        mounted.remove(where);
    }

    private void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + output)
                .isZero();
    }

    /** Unmounts all that is mounted; what is in use goes once it is used no longer. */
    @Override
    public void close() throws IOException {
        for (Path where : mounted) {
            try {
                new ProcessBuilder("umount", "-l", where.toString()).start().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        mounted.clear();
    }
}
