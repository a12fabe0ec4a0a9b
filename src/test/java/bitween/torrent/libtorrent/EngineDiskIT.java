package bitween.torrent.libtorrent;

import static bitween.torrent.libtorrent.TestTorrents.link;
import static bitween.torrent.libtorrent.TestTorrents.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.model.ErrorCode;
import bitween.torrent.EngineEvent;
import bitween.torrent.TorrentEngine.Torrent.Start;
import bitween.torrent.libtorrent.TestTorrents.Made;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Disks that are full, damaged, or gone. */
class EngineDiskIT extends EngineFixture {
    @Test
    void a_full_disk_stops_the_download_and_says_so() throws Exception {
        Path small = Files.createDirectories(root.resolve("small"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString()) == 0, "needs root");
        try {
            Path source = random(root.resolve("film.bin"), 6_000_000, 1);
            Made made = TestTorrents.of(source);
            seed(made, source);
            getter.add(made.torrent(link(root.resolve("getter"), made, small.resolve("film.bin")), Start.RESUME, null));
            getter.getFrom(made.hash(), seeder.address());

            var failed = getter.await(EngineEvent.Failed.class);

            assertThat(failed.code()).isEqualTo(ErrorCode.DISK_FULL);
            assertThat(failed.reason()).contains("the disk is full", "film.bin");
        } finally {
            getter.close();
            run("umount", "-l", small.toString());
        }
    }

    @Test
    void a_download_goes_on_when_it_is_resumed_after_the_disk_had_room_again() throws Exception {
        Path small = Files.createDirectories(root.resolve("small"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString()) == 0, "needs root");
        try {
            Path source = random(root.resolve("film.bin"), 6_000_000, 1);
            Made made = TestTorrents.of(source);
            seed(made, source);
            getter.add(made.torrent(link(root.resolve("getter"), made, small.resolve("film.bin")), Start.RESUME, null));
            getter.getFrom(made.hash(), seeder.address());
            getter.await(EngineEvent.Failed.class);

            run("mount", "-o", "remount,size=20m", small.toString());
            EngineEvent next;
            do { // what was on its way to the disk may still fail
                getter.getFrom(made.hash(), seeder.address());
                next = getter.await(
                        EngineEvent.class,
                        event -> event instanceof EngineEvent.Finished || event instanceof EngineEvent.Failed);
            } while (next instanceof EngineEvent.Failed);

            assertThat(small.resolve("film.bin")).hasSameBinaryContentAs(source);
        } finally {
            getter.close();
            run("umount", "-l", small.toString());
        }
    }

    @Test
    void a_share_whose_file_is_gone_fails_when_it_is_asked_for() throws IOException {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Path staged = Files.createDirectories(root.resolve("staging")).resolve("film.bin");
        Made made = TestTorrents.of(source);
        seed(made, source);
        Files.delete(source);
        getter.add(made.torrent(link(root.resolve("getter"), made, staged), Start.RESUME, null));

        getter.getFrom(made.hash(), seeder.address());
        var failed = seeder.await(EngineEvent.Failed.class);

        assertThat(failed.code()).isEqualTo(ErrorCode.DISK_READ);
        assertThat(failed.reason()).startsWith("cannot read 'film.bin'");
    }

    @Test
    void a_share_whose_folder_is_gone_is_not_complete_and_nothing_is_made_in_its_place() throws IOException {
        Path source = root.resolve("holiday");
        random(source.resolve("a.bin"), 1_000_000, 1);
        Made made = TestTorrents.of(source);
        Files.delete(source.resolve("a.bin"));
        Files.delete(source);

        boolean complete = seeder.add(made.torrent(link(root.resolve("seeder"), made, source), Start.COMPLETE, null))
                .complete();

        assertThat(complete).isFalse();
        assertThat(source).doesNotExist();
    }

    @Test
    void a_piece_that_is_not_what_was_hashed_is_refused() throws IOException {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Path staged = Files.createDirectories(root.resolve("staging")).resolve("film.bin");
        Made made = TestTorrents.of(source);
        damage(source, 300_000);
        seed(made, source);
        getter.add(made.torrent(link(root.resolve("getter"), made, staged), Start.RESUME, null));

        getter.getFrom(made.hash(), seeder.address());

        assertThat(getter.await(EngineEvent.PieceRefused.class))
                .isEqualTo(new EngineEvent.PieceRefused(made.hash(), 1));
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }
}
