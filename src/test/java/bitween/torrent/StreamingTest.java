package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.ReadFile;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.message.TorrentRequest.SetFilePriority;
import bitween.message.TorrentRequest.Stretch;
import bitween.model.Audience;
import bitween.model.Choice;
import bitween.model.ErrorCode;
import bitween.model.FilePriority;
import bitween.model.Priority;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.torrent.format.HashedShare;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Files that are read while they come. The three files of 600,000 bytes lie in pieces 0 to 2, 2 to 4 and 4 to 6. */
class StreamingTest extends TorrentFixture {
    private static final int FILE = 600_000;
    private static final int PIECE = 256 << 10;
    private static final List<String> SECOND = List.of("file 1");

    private HashedShare music;

    @BeforeEach
    void three_files() throws IOException {
        music = world.offered("music", FILE, FILE, FILE);
    }

    @Test
    @Tag("slow")
    void what_has_come_is_told_piece_by_piece_in_order_and_where_it_is() throws Exception {
        Transfer job = downloading(music);
        Path staged = staged(job);

        CompletableFuture<Stretch> first = read(job, 0);
        comes(job, 3);
        assertThat(first).isNotDone();
        comes(job, 2);
        Stretch begin = answered(first);
        Stretch all = answered(read(job, begin.until()), () -> comes(job, 4));

        assertThat(begin).isEqualTo(new Stretch(staged.resolve("file 1"), 4 * PIECE - FILE, FILE));
        assertThat(all).isEqualTo(new Stretch(staged.resolve("file 1"), FILE, FILE));
        assertThat(answered(read(job, FILE))).isEqualTo(new Stretch(null, FILE, FILE));
    }

    @Test
    @Tag("slow")
    void what_is_not_on_the_disk_yet_or_is_wrong_is_not_told() throws Exception {
        Transfer job = downloading(music);
        Path staged = staged(job);
        CompletableFuture<Stretch> first = read(job, 0);

        says(job, 2); // it is on its way to the disk
        write(staged, 2, 0x55);
        says(job, 5);
        assertThat(first).isNotDone();

        write(staged, 2, 0);
        says(job, 6);
        assertThat(answered(first).until()).isEqualTo(3 * PIECE - FILE);
    }

    @Test
    void who_waits_for_long_is_told_that_nothing_came() throws Exception {
        Transfer job = downloading(music);

        CompletableFuture<Stretch> first = read(job, 0);
        world.pass(Duration.ofSeconds(1));
        assertThat(first).isNotDone();
        world.threads.runUntil(() -> {
            world.pass(Duration.ofSeconds(1));
            return first.isDone();
        });

        assertThat(first.join()).isEqualTo(new Stretch(null, 0, FILE));
    }

    @Test
    @Tag("slow")
    void what_is_needed_next_is_most_urgent_and_then_its_file_until_nobody_reads_any_more() throws Exception {
        Transfer job = downloading(music);
        comes(job, 2);
        world.engine.calls();

        answered(read(job, 0));
        assertThat(world.engine.calls()).containsExactly("want 0 later 1 later 2 high 3 4 5 later 6 later");
        answered(read(job, 3 * PIECE - FILE), () -> comes(job, 3));
        assertThat(world.engine.calls()).containsExactly("want 0 later 1 later 2 3 high 4 high 5 later 6 later");

        for (int second = 0; second < 61; second++) {
            world.pass(Duration.ofSeconds(1));
        }
        assertThat(world.engine.calls()).contains("want 0 1 2 3 4 5 6");
    }

    @Test
    void what_was_said_of_other_files_holds_among_them_while_one_is_read() throws Exception {
        Transfer job = downloading(music);
        rank(job, "file 0", Priority.HIGH);
        rank(job, "file 1", Priority.LOW);
        world.engine.calls();

        var reading = read(job, 0);
        assertThat(world.engine.calls()).containsExactly("want 0 high 1 high 2 high 3 4 5 later 6 later");
        rank(job, "file 2", Priority.LOW);
        assertThat(world.engine.calls()).containsExactly("want 0 high 1 high 2 high 3 4 5 low 6 low");
        assertThat(reading).isNotDone();
    }

    @Test
    void a_file_that_comes_alone_comes_in_order_after_what_is_most_urgent() throws Exception {
        world.engine.keepsQuietOn("download");
        world.holds(music);
        Transfer job = world.ask(wish("file 1")).transfer();
        world.threads.runAll();
        world.peersFound(music.info().hash());
        world.until(job.id(), TransferState.DOWNLOADING);
        world.engine.calls();

        var reading = read(job, 0);

        assertThat(world.engine.calls()).containsExactly("want 2 high 3 4");
        assertThat(reading).isNotDone();
    }

    @Test
    void what_is_in_place_is_there_to_the_end() throws Exception {
        Transfer job = world.got(music);

        assertThat(answered(read(job, 5))).isEqualTo(new Stretch(placed("file 1"), FILE, FILE));
        assertThat(answered(read(job, FILE))).isEqualTo(new Stretch(null, FILE, FILE));
    }

    @Test
    void what_the_user_changed_in_its_place_is_refused_whatever_its_size() throws Exception {
        Transfer job = world.got(music);
        knowsDigests();
        byte[] content = Files.readAllBytes(placed("file 1"));

        content[FILE - 1]++;
        Files.write(placed("file 1"), content);
        assertThat(answered(read(job, 0)).until()).isEqualTo(4 * PIECE - FILE);
        assertThat(refusal(read(job, 4 * PIECE - FILE)))
                .hasMessage(placed("file 1") + " was changed here: it is not what was got any more");
        Files.write(placed("file 1"), new byte[FILE + 1]);
        assertThat(refusal(read(job, FILE)).code()).isEqualTo(ErrorCode.CONTENT_CHANGED);
        assertThat(refusal(read(job, 0)).hint())
                .isEqualTo("what it is now can be read there; bitween recheck '#1' brings back what the friend has");
    }

    @Test
    void a_file_in_its_place_is_read_beside_those_that_were_changed_or_removed() throws Exception {
        Transfer job = world.got(music);
        knowsDigests();
        Files.delete(placed("file 0"));
        Files.write(placed("file 2"), new byte[FILE]);

        assertThat(answered(read(job, 0))).isEqualTo(new Stretch(placed("file 1"), FILE, FILE));
        assertThat(answered(read(job, FILE - 1)).until()).isEqualTo(FILE);
    }

    @Test
    void without_a_digest_only_whole_pieces_say_what_it_is() throws Exception {
        Transfer job = world.got(music);
        Files.delete(placed("file 0"));

        assertThat(refusal(read(job, 0)))
                .hasMessageStartingWith(placed("file 1") + " cannot be verified: it, or a file beside it");
        assertThat(answered(read(job, 3 * PIECE - FILE)).until()).isEqualTo(FILE);
    }

    @Test
    void a_file_that_is_gone_from_its_place_is_said_to_be_once_it_stays_so() throws Exception {
        Transfer job = world.got(music);
        Files.delete(placed("file 1"));

        CompletableFuture<Stretch> waiting = read(job, 0);
        world.pass(Duration.ofSeconds(1));
        assertThat(waiting).isNotDone();
        world.threads.runUntil(() -> {
            world.pass(Duration.ofSeconds(1));
            return waiting.isDone();
        });

        assertThat(refusal(waiting).code()).isEqualTo(ErrorCode.PATH_MISSING);
    }

    @Test
    void a_file_that_is_in_place_is_read_there_while_others_come() throws Exception {
        world.holds(music);
        Transfer job = world.ask(wish("file 1")).transfer();
        world.threads.runAll();
        world.peersFound(music.info().hash());
        world.until(job.id(), TransferState.COMPLETE);
        knowsDigests();
        world.engine.keepsQuietOn("download");
        world.ask(wish("file 2"));
        world.threads.runAll();
        world.peersFound(music.info().hash());

        assertThat(answered(read(job, 0))).isEqualTo(new Stretch(placed("file 1"), FILE, FILE));
    }

    @Test
    void what_is_not_there_is_said() throws Exception {
        Transfer job = downloading(music);

        assertThat(world.refusalOf(new ReadFile(job.id(), List.of("file 9"), 0)))
                .isEqualTo(ErrorCode.PATH_MISSING);
        CompletableFuture<Stretch> waiting = read(job, 0);
        world.ask(new RemoveJob(job.id(), false));
        world.pass(Duration.ofSeconds(1));
        world.threads.runUntil(waiting::isDone); // the hasher may still look at what it was asked before
        assertThatThrownBy(waiting::join)
                .cause()
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_JOB));
    }

    @Test
    void nobody_waits_for_a_daemon_that_stops() throws Exception {
        Transfer job = downloading(music);
        CompletableFuture<Stretch> waiting = read(job, 0);

        var unused = world.worker.stop();
        world.threads.runAll();

        assertThat(waiting).isCompletedExceptionally();
    }

    private FetchShare wish(String file) {
        return new FetchShare(music.info().hash(), null, null, Audience.NOBODY, List.of(Choice.path(List.of(file))));
    }

    private void rank(Transfer job, String file, Priority priority) throws InterruptedException {
        world.ask(new SetFilePriority(job.id(), new FilePriority(Choice.path(List.of(file)), priority)));
    }

    private CompletableFuture<Stretch> read(Transfer job, long offset) throws InterruptedException {
        CompletableFuture<Stretch> answer = world.bus.ask(new ReadFile(job.id(), SECOND, offset));
        world.threads.runAll();
        return answer;
    }

    private Stretch answered(CompletableFuture<Stretch> answer) throws InterruptedException {
        world.threads.runUntil(answer::isDone);
        return answer.join();
    }

    private UserException refusal(CompletableFuture<Stretch> answer) throws InterruptedException {
        world.threads.runUntil(answer::isDone);
        return Failures.explain(answer.handle((stretch, failure) -> failure).join());
    }

    private void knowsDigests() {
        world.store.saveDigests(music.info().hash(), music.digests(), TorrentWorld.NOW);
    }

    private Path placed(String file) {
        return world.downloads.resolve("music").resolve(file);
    }

    private interface Step {
        void run() throws IOException;
    }

    private Stretch answered(CompletableFuture<Stretch> answer, Step step) throws IOException, InterruptedException {
        assertThat(answer).isNotDone();
        step.run();
        return answered(answer);
    }

    private void comes(Transfer job, int piece) throws IOException {
        write(staged(job), piece, 0);
        says(job, piece);
    }

    private void says(Transfer job, int piece) {
        world.engineSays(new EngineEvent.PieceCame(hash(job), piece));
    }

    private Path staged(Transfer job) {
        return Places.staging(world.downloads, hash(job)).resolve("music");
    }

    /** @param wrong a bit pattern to change it with */
    private void write(Path staged, int piece, int wrong) throws IOException {
        for (int file = 0; file < 3; file++) {
            byte[] content = Files.readAllBytes(temp.resolve("friend/music/file " + file));
            long from = Math.max(0, (long) piece * PIECE - (long) file * FILE);
            long to = Math.min(FILE, (piece + 1L) * PIECE - (long) file * FILE);
            Files.createDirectories(staged);
            try (RandomAccessFile out =
                    new RandomAccessFile(staged.resolve("file " + file).toFile(), "rw")) {
                for (long at = from; at < to; at++) {
                    out.seek(at);
                    out.write(content[(int) at] ^ wrong);
                }
            }
        }
    }
}
