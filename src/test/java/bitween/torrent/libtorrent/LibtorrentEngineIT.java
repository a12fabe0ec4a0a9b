package bitween.torrent.libtorrent;

import static bitween.torrent.libtorrent.TestTorrents.contents;
import static bitween.torrent.libtorrent.TestTorrents.link;
import static bitween.torrent.libtorrent.TestTorrents.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.torrent.EngineEvent;
import bitween.torrent.TorrentEngine.Torrent.Start;
import bitween.torrent.libtorrent.TestTorrents.Made;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two engines of one JVM on 127.0.0.1; with the POSIX back-end, unless the tests are started below a preloaded libjsig. */
class LibtorrentEngineIT {
    private static final DiskBackend BACKEND = DiskBackend.choose();

    @TempDir
    private Path root;

    private TestEngine seeder;
    private TestEngine getter;

    @BeforeEach
    void start() {
        seeder = engine();
        getter = engine();
    }

    @AfterEach
    void stop() {
        seeder.close();
        getter.close();
    }

    @Test
    void a_folder_arrives_byte_for_byte_through_links_at_both_ends() throws IOException {
        assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "needs a UTF-8 locale");
        Path source = root.resolve("ä 😀 holiday");
        random(source.resolve("b/ü 😀.bin"), 3_000_000, 1);
        random(source.resolve("a.bin"), 100, 2);
        Files.createDirectories(source.resolve("z"));
        Files.createFile(source.resolve("z/empty ü"));
        Path staging = Files.createDirectories(root.resolve("staging/ä 😀 holiday"));
        Made made = TestTorrents.of(source);

        seed(made, source);
        get(made, staging, Start.RESUME);

        assertThat(contents(staging)).isEqualTo(contents(source)).containsKey("z/empty ü");
        assertThat(root.resolve("getter/links/" + made.hash()).toFile().list())
                .as("nothing but the link lies where libtorrent thinks it writes")
                .containsExactly("ä 😀 holiday");
    }

    @Test
    void a_file_grows_through_a_dangling_link_and_is_seeded_from_its_final_place_without_hashing() throws IOException {
        Path source = random(root.resolve("film.bin"), 3_000_000, 1);
        Path staged = Files.createDirectories(root.resolve("staging")).resolve("film.bin");
        Path place = root.resolve("place.bin");
        Made made = TestTorrents.of(source);
        seed(made, source);
        get(made, staged, Start.RESUME);

        getter.engine.remove(made.hash());
        getter.await(EngineEvent.Removed.class);
        Files.move(staged, place, StandardCopyOption.ATOMIC_MOVE);
        damage(place, 0); // who hashes it would see that
        var checked = getter.add(made.torrent(link(root.resolve("getter"), made, place), Start.COMPLETE, null));

        assertThat(checked.complete()).isTrue();
        assertThat(getter.take(EngineEvent.Finished.class, event -> true)).isNull();
    }

    @Test
    void a_download_goes_on_after_a_restart_where_its_resume_data_says() throws IOException {
        Path source = random(root.resolve("film.bin"), 8_000_000, 1);
        Path staged = Files.createDirectories(root.resolve("staging")).resolve("film.bin");
        Made made = TestTorrents.of(source);
        seed(made, source);
        seeder.engine.limitRates(0, 2_000_000);
        getter.add(made.torrent(link(root.resolve("getter"), made, staged), Start.RESUME, null));
        getter.getFrom(made.hash(), seeder.address());
        EngineEvent.State before = stateOnce(getter, made.hash(), state -> state.doneBytes() > 2_000_000);
        getter.engine.pause(made.hash());
        getter.engine.saveResumeData(made.hash());
        Bytes resumeData = getter.await(EngineEvent.ResumeData.class).data();
        getter.close();

        getter = engine();
        var checked = getter.add(made.torrent(link(root.resolve("elsewhere"), made, staged), Start.RESUME, resumeData));
        long kept = stateOnce(getter, made.hash(), state -> true).doneBytes();
        seeder.engine.limitRates(0, 0);
        getter.getFrom(made.hash(), seeder.address());
        getter.await(EngineEvent.Finished.class);

        assertThat(checked.complete()).isFalse();
        assertThat(kept).isGreaterThan(1_000_000).isLessThan(8_000_000);
        assertThat(before.totalBytes()).isEqualTo(8_000_000);
        assertThat(staged).hasSameBinaryContentAs(source);
    }

    @Test
    void resume_data_is_believed_until_a_recheck_finds_the_damage() throws IOException {
        Path source = random(root.resolve("film.bin"), 3_000_000, 1);
        Made made = TestTorrents.of(source);
        Path savePath = link(root.resolve("getter"), made, source);
        getter.add(made.torrent(savePath, Start.CHECK, null));
        getter.engine.saveResumeData(made.hash());
        Bytes resumeData = getter.await(EngineEvent.ResumeData.class).data();
        getter.close();
        damage(source, 1_000_000);

        getter = engine();
        boolean believed =
                getter.add(made.torrent(savePath, Start.RESUME, resumeData)).complete();
        getter.engine.recheck(made.hash());
        boolean rechecked = getter.await(EngineEvent.Checked.class).complete();

        assertThat(believed).isTrue();
        assertThat(rechecked).isFalse();
    }

    @Test
    void resume_data_that_cannot_be_read_or_is_of_something_else_leads_to_hashing() throws IOException {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Made made = TestTorrents.of(source);
        Made other = TestTorrents.of(random(root.resolve("other.bin"), 1_000_000, 2));
        seeder.add(other.torrent(link(root.resolve("seeder"), other, root.resolve("other.bin")), Start.CHECK, null));
        seeder.engine.saveResumeData(other.hash());
        Bytes foreign = seeder.await(EngineEvent.ResumeData.class).data();
        damage(source, 5);
        Path savePath = link(root.resolve("getter"), made, source);

        boolean withForeign =
                getter.add(made.torrent(savePath, Start.RESUME, foreign)).complete();
        getter.engine.remove(made.hash());
        getter.await(EngineEvent.Removed.class);
        boolean withGarbage = getter.add(made.torrent(savePath, Start.RESUME, Bytes.of(new byte[] {1, 2})))
                .complete();

        assertThat(withForeign).isFalse();
        assertThat(withGarbage).isFalse();
    }

    @Test
    void what_has_not_changed_is_not_saved_again() throws IOException {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Made made = TestTorrents.of(source);
        seed(made, source);
        get(made, Files.createDirectories(root.resolve("staging")).resolve("film.bin"), Start.RESUME);
        getter.engine.saveResumeData(made.hash());
        getter.await(EngineEvent.ResumeData.class);

        getter.engine.saveResumeData(made.hash());

        assertThat(getter.await(EngineEvent.ResumeUnchanged.class).hash()).isEqualTo(made.hash());
    }

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

    @Test
    void limits_hold_on_loopback_and_the_peer_is_named_meanwhile() throws IOException {
        Path source = random(root.resolve("film.bin"), 3_000_000, 1);
        Path staged = Files.createDirectories(root.resolve("staging")).resolve("film.bin");
        Made made = TestTorrents.of(source);
        seed(made, source);
        seeder.engine.limitRates(0, 1_000_000);
        getter.add(made.torrent(link(root.resolve("getter"), made, staged), Start.RESUME, null));

        long start = System.nanoTime();
        getter.getFrom(made.hash(), seeder.address());
        var state = stateOnce(getter, made.hash(), now -> !now.peers().isEmpty());
        getter.await(EngineEvent.Finished.class);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

        assertThat(millis).isGreaterThan(1_500);
        assertThat(state.peers().get(0).address()).isEqualTo(seeder.address());
    }

    @Test
    void a_session_for_the_open_network_and_one_for_this_machine_understand_each_other() throws IOException {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Path staged = Files.createDirectories(root.resolve("staging")).resolve("film.bin");
        Made made = TestTorrents.of(source);
        seeder.close();
        seeder = new TestEngine(root.resolve("native"), BACKEND, new ListenSpec(0, false));
        seed(made, source);

        get(made, staged, Start.RESUME);

        assertThat(staged).hasSameBinaryContentAs(source);
    }

    @Test
    void a_peer_that_was_away_is_reached_when_it_is_named_again() throws IOException {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Path staged = Files.createDirectories(root.resolve("staging")).resolve("film.bin");
        Made made = TestTorrents.of(source);
        var address = seeder.address();
        seeder.close();
        getter.add(made.torrent(link(root.resolve("getter"), made, staged), Start.RESUME, null));
        getter.getFrom(made.hash(), address);

        seeder = new TestEngine(root.resolve("native"), BACKEND, new ListenSpec(address.port(), true));
        seed(made, source);
        getter.engine.connect(made.hash(), address);
        getter.await(EngineEvent.Finished.class);

        assertThat(staged).hasSameBinaryContentAs(source);
    }

    @Test
    void a_taken_port_leads_to_the_next() throws IOException {
        int port = seeder.address().port();

        try (var third = new TestEngine(root.resolve("native"), BACKEND, new ListenSpec(port, true))) {
            assertThat(third.address().port()).isBetween(port + 1, port + ListenSpec.NEXT_PORTS);
            assertThat(third.engine.status().failure()).isNull();
        }
    }

    @Test
    void a_removed_torrent_is_forgotten_and_can_come_back_at_once() throws IOException {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Made made = TestTorrents.of(source);
        Path savePath = link(root.resolve("seeder"), made, source);
        seeder.engine.add(made.torrent(savePath, Start.COMPLETE, null));
        seeder.engine.remove(made.hash());
        seeder.engine.add(made.torrent(savePath, Start.COMPLETE, null));

        var removed = seeder.await(EngineEvent.Removed.class);
        var checked = seeder.await(EngineEvent.Checked.class);
        seeder.engine.resume(InfoHash.of(new byte[20]));

        assertThat(removed.hash()).isEqualTo(made.hash());
        assertThat(checked.complete()).isTrue();
        assertThat(source).exists();
    }

    @Test
    void adding_twice_changes_nothing() throws IOException {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Made made = TestTorrents.of(source);
        seed(made, source);

        seeder.engine.add(made.torrent(link(root.resolve("other"), made, source), Start.CHECK, null));
        get(made, Files.createDirectories(root.resolve("staging")).resolve("film.bin"), Start.RESUME);

        assertThat(seeder.take(EngineEvent.Checked.class, event -> true)).isNull();
        assertThat(seeder.take(EngineEvent.Failed.class, event -> true)).isNull();
    }

    @Test
    void nothing_happens_after_the_end() throws IOException {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Made made = TestTorrents.of(source);
        seed(made, source);
        int heard = seeder.heard().size();

        seeder.close();
        seeder.close();
        seeder.engine.add(made.torrent(link(root.resolve("seeder"), made, source), Start.CHECK, null));
        seeder.engine.resume(made.hash());
        seeder.engine.connect(made.hash(), getter.address());
        seeder.engine.saveResumeData(made.hash());
        seeder.engine.recheck(made.hash());
        seeder.engine.requestUpdates(Set.of(made.hash()));
        seeder.engine.limitRates(1, 1);
        seeder.engine.pause(made.hash());
        seeder.engine.remove(made.hash());

        assertThat(seeder.heard()).hasSize(heard);
    }

    private TestEngine engine() {
        return new TestEngine(root.resolve("native"), BACKEND);
    }

    private void seed(Made made, Path source) throws IOException {
        seeder.seed(made.torrent(link(root.resolve("seeder"), made, source), Start.COMPLETE, null));
    }

    private void get(Made made, Path target, Start start) throws IOException {
        getter.add(made.torrent(link(root.resolve("getter"), made, target), start, null));
        getter.getFrom(made.hash(), seeder.address());
        getter.await(EngineEvent.Finished.class);
    }

    /** Asks for figures until they are as wanted. */
    private static EngineEvent.State stateOnce(
            TestEngine engine, InfoHash hash, java.util.function.Predicate<EngineEvent.State> wanted) {
        while (true) {
            engine.engine.requestUpdates(Set.of(hash));
            for (EngineEvent.State state :
                    engine.await(EngineEvent.Updated.class).states()) {
                if (state.hash().equals(hash) && wanted.test(state)) {
                    return state;
                }
            }
        }
    }

    private static void damage(Path file, long offset) throws IOException {
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(offset);
            int old = access.read();
            access.seek(offset);
            access.write(old ^ 0xff);
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }
}
