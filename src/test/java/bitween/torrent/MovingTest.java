package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.message.TorrentEvent.TransfersProgressed;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.MoveTransfer;
import bitween.message.TorrentRequest.PauseTransfer;
import bitween.message.TorrentRequest.ResumeTransfer;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.model.ErrorCode;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MovingTest extends TorrentFixture {
    private static final int[] SIZES = {7, 3_000_000, 0};

    private Path music;
    private Path before;
    private Path near;
    private Path far;

    @BeforeEach
    void a_folder_and_two_disks() throws IOException {
        music = world.folder("music", SIZES);
        Files.createSymbolicLink(music.resolve("a link"), Path.of("file 0"));
        Files.createDirectories(music.resolve("nothing in it"));
        before = temp.resolve("before");
        copy(music, before);
        near = temp.resolve("near");
        far = onAnotherFileSystem();
    }

    @AfterEach
    void remove() {
        Places.deleteTree(far);
    }

    @Test
    void within_a_file_system_a_share_is_renamed() throws Exception {
        Transfer share = world.shared(music);
        Object key = fileKey(music.resolve("file 1"));

        Transfer moved = moved(share, near, TransferState.SEEDING);

        assertThat(moved.place()).isEqualTo(near.resolve("music"));
        assertThat(fileKey(near.resolve("music/file 1"))).isEqualTo(key);
        assertThat(music).doesNotExist();
        isSeededFrom(moved);
    }

    @Test
    void to_another_file_system_a_share_is_copied_with_all_that_is_in_it() throws Exception {
        Transfer share = world.shared(music);
        Object time = Files.getLastModifiedTime(music.resolve("file 1"));

        Transfer moved = moved(share, far, TransferState.SEEDING);

        assertThat(moved.place()).isEqualTo(far.resolve("music"));
        assertThat(moved.hash()).isEqualTo(share.hash());
        Folders.assertSame(before, far.resolve("music"));
        assertThat(Files.readSymbolicLink(far.resolve("music/a link"))).isEqualTo(Path.of("file 0"));
        assertThat(far.resolve("music/nothing in it")).isEmptyDirectory();
        assertThat((Object) Files.getLastModifiedTime(far.resolve("music/file 1")))
                .isEqualTo(time);
        assertThat(TorrentWorld.in(far)).containsExactly(far.resolve("music"));
        world.threads.runUntil(() -> !Files.exists(music));
        assertThat(world.numbers("select count(*) from move")).containsExactly(0L);
        isSeededFrom(moved);
    }

    @Test
    void a_share_is_offered_while_it_is_copied() throws Exception {
        Transfer share = world.shared(music);
        world.engine.calls();

        assertThat(world.ask(new MoveTransfer(share.id(), far)).state()).isEqualTo(TransferState.MOVING);
        assertThat(world.engine.calls()).isEmpty();

        world.until(share.id(), TransferState.SEEDING);
        assertThat(world.engine.calls()).containsExactly("remove", "add COMPLETE", "resume");
    }

    @Test
    void what_was_sent_of_a_share_still_counts_after_it() throws Exception {
        Transfer share = world.shared(music);
        assertThat(sent(share, 500)).isEqualTo(500);

        Transfer moved = moved(share, far, TransferState.SEEDING);

        assertThat(sent(moved, 20)).isEqualTo(520);
    }

    /** @param counted what the engine counts since it has it */
    private long sent(Transfer share, long counted) {
        world.engineSays(new EngineEvent.Updated(
                List.of(new EngineEvent.State(hash(share), 7, 7, 0, 0, counted, false, List.of()))));
        world.pass(Duration.ofSeconds(1));
        List<TransfersProgressed> said = world.said(TransfersProgressed.class);
        return Objects.requireNonNull(said.get(said.size() - 1).progress().get(share.id()))
                .uploadedBytes();
    }

    @Test
    void a_share_that_was_changed_stays_where_it_is_with_the_reason() throws Exception {
        Transfer share = world.shared(music);
        Folders.file(music.resolve("file 1"), 3_000_000, 99);

        Transfer stayed = moved(share, far, TransferState.SEEDING);

        assertThat(failureOf(stayed).code()).isEqualTo(ErrorCode.CONTENT_CHANGED);
        assertThat(stayed.place()).isEqualTo(music);
        assertThat(music.resolve("file 1")).exists();
        world.threads.runUntil(() -> isEmpty(far));
    }

    @Test
    void nothing_is_overwritten_and_nothing_goes_into_itself() throws Exception {
        Transfer share = world.shared(music);
        Files.createDirectories(near.resolve("music"));

        assertThat(world.refusalOf(new MoveTransfer(share.id(), near))).isEqualTo(ErrorCode.PATH_REFUSED);
        assertThat(world.refusalOf(new MoveTransfer(share.id(), music.resolve("deeper"))))
                .isEqualTo(ErrorCode.PATH_REFUSED);
        assertThat(world.stored(share.id())).isEqualTo(share);
    }

    @Test
    void a_complete_job_is_moved_and_stays_complete() throws Exception {
        Transfer complete = world.got(world.offered("film", 7, 9));

        Transfer moved = moved(complete, far, TransferState.COMPLETE);

        assertThat(moved.place()).isEqualTo(far.resolve("film"));
        assertThat(moved.finished()).isEqualTo(complete.finished());
        Folders.assertSame(temp.resolve("friend/film"), far.resolve("film"));
        world.threads.runUntil(() -> !Files.exists(complete.place()));
    }

    @Test
    void a_job_whose_files_are_shared_where_they_stand_stays_there() throws Exception {
        Transfer complete = world.got(world.offered("film", 7, 9));
        Transfer share = world.shared(complete.place());

        assertThat(world.refusalOf(new MoveTransfer(complete.id(), near))).isEqualTo(ErrorCode.ALREADY_SHARED);

        assertThat(near).doesNotExist();
        assertThat(world.stored(complete.id())).isEqualTo(complete);
        world.ask(new UnsharePath(share.id()));
        assertThat(moved(complete, near, TransferState.COMPLETE).place()).isEqualTo(near.resolve("film"));
    }

    @Test
    void a_job_in_the_middle_goes_on_in_its_new_folder() throws Exception {
        HashedShare film = world.offered("film", 7, 9);
        Transfer job = downloading(film);
        Path staged = Places.staging(world.downloads, hash(job)).resolve("film");
        Folders.file(staged.resolve("file 0"), 7, 0);
        world.engine.calls();

        world.ask(new MoveTransfer(job.id(), far));
        Path there = Places.staging(far, hash(job)).resolve("film");
        world.threads.runUntil(() -> there.equals(world.row(job.id()).staging()));
        world.threads.runUntil(() -> world.engine.holds(hash(job)));

        assertThat(there.resolve("file 0")).hasSize(7);
        assertThat(world.engine.calls()).as("it is hashed there").containsSequence("remove", "add RESUME");
        world.threads.runUntil(() -> !Files.exists(Places.staging(world.downloads, hash(job))));
        Folders.file(there.resolve("file 1"), 9, 1);
        world.engineSays(new EngineEvent.Finished(hash(job)));
        Transfer complete = world.until(job.id(), TransferState.COMPLETE);
        assertThat(complete.place()).isEqualTo(far.resolve("film"));
    }

    @Test
    void a_job_that_its_user_lets_rest_is_moved_and_rests_on_also_after_a_restart() throws Exception {
        HashedShare film = world.offered("film", 7, 9);
        Transfer job = downloading(film);
        Folders.file(Places.staging(world.downloads, hash(job)).resolve("film/file 0"), 7, 0);
        world.ask(new PauseTransfer(job.id()));

        world.ask(new MoveTransfer(job.id(), far));
        restart();

        Transfer moved = world.until(job.id(), TransferState.PAUSED);
        assertThat(moved.isPausedByUser()).isTrue();
        assertThat(moved.place().getParent()).isEqualTo(far);
        assertThat(Places.staging(far, hash(job)).resolve("film/file 0")).hasSize(7);
        world.ask(new ResumeTransfer(job.id()));
        world.threads.runUntil(() -> world.engine.holds(hash(job)));
    }

    @Test
    void a_job_whose_disk_is_full_is_moved_to_another_and_goes_on_there() throws Exception {
        Transfer job = downloading(world.offered("film", 7, 9));
        world.engineSays(new EngineEvent.Failed(hash(job), ErrorCode.DISK_FULL, "the disk is full"));
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.PAUSED);

        world.ask(new MoveTransfer(job.id(), far));

        world.threads.runUntil(() -> world.engine.holds(hash(job))
                && far.equals(world.stored(job.id()).place().getParent()));
        assertThat(world.stored(job.id()).failure()).isNull();
    }

    @Test
    void a_job_of_which_nothing_is_here_yet_only_goes_elsewhere() throws Exception {
        Transfer waiting = world.ask(new FetchShare(UNKNOWN, "film", null)).transfer();
        world.threads.runAll();

        world.ask(new MoveTransfer(waiting.id(), far));

        Transfer moved = world.until(waiting.id(), TransferState.WAITING_FOR_FRIEND);
        assertThat(moved.place().getParent()).isEqualTo(far);
    }

    @Test
    void an_unshared_share_leaves_no_copy() throws Exception {
        Transfer share = world.shared(music);
        world.ask(new MoveTransfer(share.id(), far));

        world.ask(new UnsharePath(share.id()));

        world.threads.runUntil(() -> isEmpty(far));
        Folders.assertSame(before, music);
    }

    @Test
    void what_was_interrupted_in_the_middle_of_the_copy_goes_on_at_the_next_start() throws Exception {
        Transfer share = world.shared(music);
        world.ask(new MoveTransfer(share.id(), far));
        world.close(); // whatever was done by then

        start();

        Transfer moved = world.until(share.id(), TransferState.SEEDING);
        assertThat(moved.place()).isEqualTo(far.resolve("music"));
        Folders.assertSame(before, far.resolve("music"));
        world.threads.runUntil(() -> !Files.exists(music));
    }

    @Test
    void what_was_copied_but_not_switched_is_found_at_the_next_start() throws Exception {
        Transfer share = interrupted();
        copy(music, far.resolve("music"));

        start();

        assertThat(world.until(share.id(), TransferState.SEEDING).place()).isEqualTo(far.resolve("music"));
        Folders.assertSame(before, far.resolve("music"));
        world.threads.runUntil(() -> !Files.exists(music));
    }

    @Test
    void what_was_renamed_but_not_switched_is_found_at_the_next_start() throws Exception {
        Transfer share = interrupted();
        copy(music, far.resolve("music"));
        Places.deleteTree(music);

        start();

        assertThat(world.until(share.id(), TransferState.SEEDING).place()).isEqualTo(far.resolve("music"));
    }

    @Test
    void what_was_switched_but_not_removed_is_removed_but_for_what_came_since() throws Exception {
        Transfer share = interrupted();
        copy(music, far.resolve("music"));
        world = new TorrentWorld(temp);
        world.sql("update move set switched = 1");
        world.sql("update transfer set place = '" + far.resolve("music") + "'");
        Files.writeString(music.resolve("file 0"), "written since");
        world.close();

        start();

        assertThat(world.until(share.id(), TransferState.SEEDING).place()).isEqualTo(far.resolve("music"));
        world.threads.runUntil(() -> !Files.exists(music.resolve("file 1")));
        assertThat(music.resolve("file 0")).hasContent("written since");
        assertThat(world.numbers("select count(*) from move")).containsExactly(0L);
    }

    /** A share that was about to be moved to the other file system when the process ended. */
    private Transfer interrupted() throws Exception {
        Transfer share = world.shared(music);
        world.sql("insert into move (transfer, origin, goal) values (1, '" + music + "', '" + far.resolve("music")
                + "')");
        world.sql("update transfer set state = 'MOVING'");
        world.close();
        return share;
    }

    private Transfer moved(Transfer transfer, Path directory, TransferState until) throws InterruptedException {
        assertThat(world.ask(new MoveTransfer(transfer.id(), directory)).state())
                .isEqualTo(TransferState.MOVING);
        return world.until(transfer.id(), until);
    }

    private void isSeededFrom(Transfer moved) throws IOException {
        assertThat(world.engine.holds(hash(moved))).isTrue();
        assertThat(Files.readSymbolicLink(
                        temp.resolve("home/links/" + moved.hash()).resolve("music")))
                .isEqualTo(moved.place());
    }

    private Path onAnotherFileSystem() throws IOException {
        FileStore here = Files.getFileStore(temp);
        for (String other : new String[] {"/dev/shm", System.getProperty("java.io.tmpdir"), "target"}) {
            Path directory = Path.of(other).toAbsolutePath();
            if (Files.isWritable(directory) && !Files.getFileStore(directory).equals(here)) {
                return Files.createTempDirectory(directory, "bitween-far-");
            }
        }
        assumeTrue(false, "there is no second file system");
        return temp;
    }

    private static Object fileKey(Path path) throws IOException {
        return Objects.requireNonNull(Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey());
    }

    private static boolean isEmpty(Path folder) {
        try (Stream<Path> content = Files.list(folder)) {
            return content.findAny().isEmpty();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** With times, as a copy has them. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(
                        path,
                        to.resolve(from.relativize(path).toString()),
                        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES,
                        java.nio.file.LinkOption.NOFOLLOW_LINKS);
            }
        }
    }
}
