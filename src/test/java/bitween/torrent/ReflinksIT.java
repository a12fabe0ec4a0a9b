package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.model.DiskReserve;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.ShareScanner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a file system that shares bytes between files, and on one that does not. */
@Tag("faults")
class ReflinksIT {
    private static final int BYTES = 8 << 20;

    @TempDir
    Path directory;

    private boolean mounted;

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", disk().toString())).isTrue();
        }
    }

    @Test
    void what_is_copied_takes_no_room_where_the_file_system_can_and_is_what_it_was_when_the_original_changes()
            throws Exception {
        mount();
        Path from = Folders.file(disk().resolve("original"), BYTES, 1);
        Path to = disk().resolve("copy");
        assertThat(run("sync", "-f", disk().toString())).isTrue();
        long before = Files.getFileStore(disk()).getUsableSpace();

        assertThat(new Reflinks().made(from, to, BYTES)).isTrue();

        assertThat(Files.getFileStore(disk()).getUsableSpace()).isGreaterThan(before - BYTES / 2);
        assertThat(Files.mismatch(from, to)).isEqualTo(-1);
        Files.write(from, new byte[BYTES]);
        assertThat(Files.mismatch(to, Folders.file(directory.resolve("same"), BYTES, 1)))
                .isEqualTo(-1);
    }

    @Test
    void from_one_disk_to_another_nothing_is_made() throws Exception {
        mount();
        Path from = Folders.file(directory.resolve("original"), BYTES, 1);

        assertThat(new Reflinks().made(from, disk().resolve("copy"), BYTES)).isFalse();
        assertThat(disk().resolve("copy")).doesNotExist();
    }

    @Test
    void a_link_is_no_file() throws Exception {
        mount();
        Path from = Folders.file(disk().resolve("original"), BYTES, 1);
        Path link = Files.createSymbolicLink(disk().resolve("link"), from);

        assertThat(new Reflinks().made(link, disk().resolve("copy"), BYTES)).isFalse();
    }

    @Test
    void a_revision_is_kept_so_and_compared() throws Exception {
        mount();
        Path folder = disk().resolve("Notes");
        Folders.file(folder.resolve("large"), BYTES, 1);
        Folders.file(folder.resolve("small"), 10, 2);
        Room room = new Room(any -> new Disks.Space(100L << 30, 200L << 30), DiskReserve.DEFAULT);
        KeptFiles files = new KeptFiles(disk().resolve("kept"), 100L << 20, room);
        files.clean(Set.of());
        KeptFiles.Content content = hashed(folder);
        assertThat(run("sync", "-f", disk().toString())).isTrue();
        long before = Files.getFileStore(disk()).getUsableSpace();

        files.keep(content, folder, null, () -> true);

        assertThat(Files.getFileStore(disk()).getUsableSpace()).isGreaterThan(before - BYTES / 2);
        Folders.assertSame(folder, files.content(content.hash()));

        files.drop(content.hash());
        Folders.file(folder.resolve("large"), BYTES, 3);
        assertThatThrownBy(() -> files.keep(content, folder, null, () -> true))
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.CONTENT_CHANGED, UserException::code);
        assertThat(TorrentWorld.in(disk().resolve("kept"))).isEmpty();
    }

    private KeptFiles.Content hashed(Path folder) {
        ShareScanner scanner = new ShareScanner(
                new ShareScanner.Rules(".ignore", false, directory.resolve("nobody"), List.of(), directory));
        try (Hasher hasher = new Hasher()) {
            HashedShare share = hasher.scan(scanner, folder, null)
                    .thenCompose(scan -> hasher.hash(scan, done -> {}))
                    .join();
            return new KeptFiles.Content(share.info().hash(), share.info(), share.digests());
        }
    }

    private Path disk() {
        return directory.resolve("disk");
    }

    /** Skips the test where that cannot be done. */
    private void mount() throws Exception {
        Path image = directory.resolve("image");
        try (var file = Files.newByteChannel(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.position((320L << 20) - 1).write(ByteBuffer.allocate(1));
        }
        Files.createDirectory(disk());
        assumeTrue(run("mkfs.xfs", "-q", "-m", "reflink=1", image.toString()), "needs mkfs.xfs");
        mounted = run("mount", "-o", "loop", image.toString(), disk().toString());
        assumeTrue(mounted, "needs root to mount");
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }
}
