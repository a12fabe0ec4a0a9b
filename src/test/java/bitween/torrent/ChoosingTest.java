package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.message.TorrentRequest.MoveTransfer;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.model.Audience;
import bitween.model.Choice;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Selection;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs that get some files of a share. Its three files of 600,000 bytes lie in pieces 0 to 2, 2 to 4 and 4 to 6. */
class ChoosingTest extends TorrentFixture {
    private static final int FILE = 600_000;
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));

    private HashedShare music;
    private InfoHash hash;
    private Path here;

    @BeforeEach
    void three_files() throws IOException {
        music = world.offered("music", FILE, FILE, FILE, 0);
        hash = music.info().hash();
        here = world.downloads.resolve("music");
    }

    @Test
    void only_what_is_chosen_comes_and_nothing_else_is_on_the_disk() throws Exception {
        Transfer job = got("file 1");

        assertThat(world.engine.calls()).contains("add RESUME of pieces 2 3 4");
        assertThat(job.place()).isEqualTo(here);
        assertHere("file 1");
        assertThat(TorrentWorld.in(world.downloads)).containsExactly(here);
        assertThat(job.wantedBytes()).isEqualTo(FILE);
        assertThat(selection(job).files()).isEqualTo(1);
        assertThat(Objects.requireNonNull(job.share()).files()).isEqualTo(4);
    }

    @Test
    void more_of_it_comes_beside_what_is_here_which_is_not_touched() throws Exception {
        got("file 1");
        Files.setLastModifiedTime(here.resolve("file 1"), LONG_AGO);
        world.engine.calls();

        Transfer job = got("file 2");

        assertThat(world.engine.calls()).contains("add RESUME of pieces 4 5 6");
        assertHere("file 1", "file 2");
        assertThat(Files.getLastModifiedTime(here.resolve("file 1"))).isEqualTo(LONG_AGO);
        assertThat(selection(job).sizeBytes()).isEqualTo(2 * FILE);
        assertThat(TorrentWorld.in(world.downloads)).containsExactly(here);
    }

    @Test
    void all_of_it_may_follow_and_then_it_is_a_job_like_any_other() throws Exception {
        got("file 1");
        world.engine.calls();

        Transfer job = got();

        assertThat(world.engine.calls()).contains("add RESUME of pieces 0 1 2 4 5 6");
        Folders.assertSame(temp.resolve("friend/music"), here);
        assertThat(job.selection()).isNull();
    }

    @Test
    void what_is_wanted_again_is_there() throws Exception {
        Transfer job = got("file 1");
        world.engine.calls();

        Fetched again = fetch("*1");

        assertThat(again.known()).isTrue();
        assertThat(again.transfer()).isEqualTo(job);
        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void one_that_is_on_its_way_gets_more_at_once() throws Exception {
        world.engine.keepsQuietOn("download");
        world.holds(music);
        Transfer job = fetch("file 1").transfer();
        world.threads.runAll();
        world.peersFound(hash);
        world.engine.calls();

        Fetched more = fetch("file 2");

        assertThat(more.known()).isFalse();
        assertThat(world.engine.calls()).containsExactly("want 2 3 4 5 6");
        assertThat(selection(world.stored(job.id())).sizeBytes()).isEqualTo(2 * FILE);
    }

    @Test
    void what_is_chosen_before_anybody_tells_what_there_is_is_kept_over_a_restart() throws Exception {
        Transfer job = fetch("file 1").transfer();
        world.threads.runAll();
        assertThat(world.stored(job.id()).share()).isNull();

        restart();
        world.offered("music", FILE, FILE, FILE, 0);
        world.holds(music);
        world.peersFound(hash);

        assertThat(world.until(job.id(), TransferState.COMPLETE).wantedBytes()).isEqualTo(FILE);
        assertHere("file 1");
    }

    @Test
    void a_crash_on_the_way_to_more_loses_nothing() throws Exception {
        got("file 1");
        world.engine.keepsQuietOn("download");
        Transfer job = fetch("file 2").transfer();
        world.threads.runAll();
        world.peersFound(hash);

        restart();
        world.offered("music", FILE, FILE, FILE, 0);
        world.holds(music);
        world.peersFound(hash);

        assertThat(world.engine.calls()).contains("add RESUME of pieces 4 5 6");
        world.until(job.id(), TransferState.COMPLETE);
        assertHere("file 1", "file 2");
    }

    @Test
    void what_fits_nothing_ends_the_job_and_another_choice_begins_it() throws Exception {
        world.holds(music);
        Transfer job = fetch("*.mkv").transfer();
        world.peersFound(hash);
        Transfer failed = world.until(job.id(), TransferState.FAILED);
        assertThat(failureOf(failed).code()).isEqualTo(ErrorCode.NOTHING_FITS);
        assertThat(failureOf(failed).reason()).isEqualTo("'*.mkv' fits nothing in 'music'");
        assertThat(failureOf(failed).hint()).isEqualTo("in it are 'file 0', 'file 1', 'file 2', 'file 3'");

        got("file 1");

        assertHere("file 1");
    }

    @Test
    void what_fits_nothing_is_refused_where_it_is_known_and_changes_nothing() throws Exception {
        Transfer job = got("file 1");

        assertThat(world.refusalOf(wish("*.mkv"))).isEqualTo(ErrorCode.NOTHING_FITS);
        assertThat(world.stored(job.id())).isEqualTo(job);
    }

    @Test
    void something_else_where_a_file_is_to_go_stays_and_the_job_pauses_until_it_is_gone() throws Exception {
        got("file 1");
        Files.writeString(here.resolve("file 2"), "mine");
        Transfer job = fetch("file 2").transfer();
        world.peersFound(hash);
        Transfer paused = world.until(job.id(), TransferState.PAUSED);
        assertThat(failureOf(paused).code()).isEqualTo(ErrorCode.DISK_WRITE);
        assertThat(here.resolve("file 2")).hasContent("mine");

        Files.delete(here.resolve("file 2"));
        for (int second = 0; second < 15; second++) {
            world.pass(Duration.ofSeconds(1));
        }
        world.peersFound(hash);
        world.until(job.id(), TransferState.COMPLETE);

        assertHere("file 1", "file 2");
    }

    @Test
    void a_recheck_mends_what_is_wrong_of_what_was_chosen_and_nothing_else() throws Exception {
        Transfer job = got("file 1", "file 2");
        Files.writeString(here.resolve("file 0"), "mine");
        Files.setLastModifiedTime(here.resolve("file 1"), LONG_AGO);
        Folders.file(here.resolve("file 2"), FILE, 99);
        world.engine.calls();

        world.ask(new RecheckTransfer(job.id()));
        world.until(job.id(), TransferState.DOWNLOADING);
        world.peersFound(hash);
        Transfer done = world.until(job.id(), TransferState.COMPLETE);

        assertThat(world.engine.calls()).contains("add CHECK of pieces 4 5 6");
        assertThat(done.place()).isEqualTo(here);
        assertThat(here.resolve("file 0")).hasContent("mine");
        assertThat(Files.getLastModifiedTime(here.resolve("file 1"))).isEqualTo(LONG_AGO);
        Files.delete(here.resolve("file 0"));
        assertHere("file 1", "file 2");
    }

    @Test
    void a_recheck_of_what_is_right_reads_it_and_asks_nobody() throws Exception {
        Transfer job = got("file 1");
        world.engine.calls();

        world.ask(new RecheckTransfer(job.id()));

        assertThat(world.until(job.id(), TransferState.COMPLETE).selection()).isEqualTo(job.selection());
        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void what_is_removed_with_its_files_leaves_those_that_it_never_got() throws Exception {
        Transfer job = got("file 1");
        Files.writeString(here.resolve("file 0"), "mine");

        world.ask(new RemoveJob(job.id(), true));
        world.threads.runAll();

        assertThat(TorrentWorld.in(here)).containsExactly(here.resolve("file 0"));
    }

    @Test
    void what_is_removed_while_more_of_it_comes_leaves_what_was_here() throws Exception {
        got("file 1");
        world.engine.keepsQuietOn("download");
        Transfer job = fetch("file 2").transfer();
        world.threads.runAll();
        world.peersFound(hash);

        world.ask(new RemoveJob(job.id(), false));
        world.threads.runAll();

        assertHere("file 1");
        assertThat(TorrentWorld.in(world.downloads)).containsExactly(here);
    }

    @Test
    void what_stands_there_already_is_used() throws Exception {
        Files.createDirectories(here);
        Files.copy(temp.resolve("friend/music/file 1"), here.resolve("file 1"));

        Transfer job = got("file 1");

        assertThat(job.place()).isEqualTo(here);
        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void an_empty_file_needs_no_bytes() throws Exception {
        got("file 3");

        assertHere("file 3");
    }

    @Test
    void it_is_moved_when_it_is_complete_and_not_while_more_of_it_comes() throws Exception {
        Transfer job = got("file 1");
        world.ask(new MoveTransfer(job.id(), temp.resolve("elsewhere")));
        Transfer moved = world.until(job.id(), TransferState.COMPLETE);
        here = temp.resolve("elsewhere/music");
        assertThat(moved.place()).isEqualTo(here);
        assertHere("file 1");

        world.engine.keepsQuietOn("download");
        fetch("file 2");
        world.threads.runAll();
        world.peersFound(hash);
        assertThat(world.refusalOf(new MoveTransfer(job.id(), temp.resolve("third"))))
                .isEqualTo(ErrorCode.BUSY);
    }

    @Test
    void it_is_no_share_whoever_it_is_for() throws Exception {
        got("file 1");

        Transfer job = world.ask(new FetchShare(hash, null, null, Audience.EVERYONE, only("file 1")))
                .transfer();
        world.threads.runAll();

        assertThat(world.stored(job.id()).kind()).isEqualTo(Transfer.Kind.JOB);
    }

    @Test
    void what_the_database_has_lost_comes_back_with_what_was_chosen() throws Exception {
        got("file 1");
        world.sql("delete from transfer");

        restart();

        Transfer rebuilt = world.store.all().get(0).transfer();
        assertThat(failureOf(rebuilt).code()).isEqualTo(ErrorCode.REBUILT);
        assertThat(selection(rebuilt).choices()).isEqualTo(only("file 1"));
        world.holds(music);
        world.ask(new RecheckTransfer(rebuilt.id()));
        assertThat(world.until(rebuilt.id(), TransferState.COMPLETE).wantedBytes())
                .isEqualTo(FILE);
        assertHere("file 1");
    }

    private Transfer got(String... patterns) throws InterruptedException {
        world.holds(music);
        Transfer job = fetch(patterns).transfer();
        world.threads.runAll();
        world.peersFound(hash);
        return world.until(job.id(), TransferState.COMPLETE);
    }

    private Fetched fetch(String... patterns) throws InterruptedException {
        return world.ask(wish(patterns));
    }

    private FetchShare wish(String... patterns) {
        return new FetchShare(hash, null, null, Audience.NOBODY, only(patterns));
    }

    private static List<Choice> only(String... patterns) {
        return Stream.of(patterns)
                .map(pattern -> Choice.glob(List.of(), pattern))
                .toList();
    }

    private static Selection selection(Transfer job) {
        return Objects.requireNonNull(job.selection());
    }

    /** Nothing but these, as the friend has them. */
    private void assertHere(String... names) throws IOException {
        assertThat(TorrentWorld.in(here))
                .containsExactlyInAnyOrder(Stream.of(names).map(here::resolve).toArray(Path[]::new));
        for (String name : names) {
            assertThat(here.resolve(name))
                    .hasSameBinaryContentAs(temp.resolve("friend/music").resolve(name));
        }
    }
}
