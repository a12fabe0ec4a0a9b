package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.message.TorrentEvent.PeersWanted;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.message.TorrentRequest.PauseTransfer;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.message.TorrentRequest.ResumeTransfer;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.PageQuery;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.torrent.format.HashedShare;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs that rest: because of their disk, until that is over, or because their user wants it. */
class PausingTest extends TorrentFixture {
    private static final long GIB = 1L << 30;

    private static Disks.Space free(long bytes) {
        return new Disks.Space(bytes, 100 * GIB);
    }

    @ParameterizedTest
    @EnumSource(names = {"DISK_FULL", "DISK_WRITE", "DISK_READ", "DISK_READ_ONLY", "PATH_MISSING"})
    void a_disk_that_fails_lets_its_job_pause_with_the_reason_and_go_on_by_itself(ErrorCode code) throws Exception {
        HashedShare music = world.offered("music", 7);
        Transfer job = downloading(music);

        world.engineSays(new EngineEvent.Failed(hash(job), code, "music/file 0: broken"));

        Transfer paused = world.stored(job.id());
        assertThat(paused.state()).isEqualTo(TransferState.PAUSED);
        assertThat(failureOf(paused).code()).isEqualTo(code);
        assertThat(failureOf(paused).reason()).isEqualTo("music/file 0: broken");
        pass(5);
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.DOWNLOADING);
        assertThat(world.stored(job.id()).failure()).isNull();
        world.engineSays(new EngineEvent.Finished(hash(job)));
        assertThat(world.statesOf(job.id())).contains(TransferState.VERIFYING).doesNotContain(TransferState.FAILED);
    }

    @Test
    void what_lies_with_the_job_itself_still_ends_it() throws Exception {
        Transfer job = downloading(world.offered("music", 7));

        world.engineSays(new EngineEvent.Failed(hash(job), ErrorCode.INTERNAL, "odd"));
        pass(5);

        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.FAILED);
    }

    @Test
    void others_go_on_and_the_next_in_the_queue_begins() throws Exception {
        Transfer first = downloading(world.offered("a", 7));
        Transfer second = downloading(world.offered("b", 8));
        Transfer third = world.begun(world.offered("c", 9));
        assertThat(third.state()).isEqualTo(TransferState.QUEUED);

        world.engineSays(new EngineEvent.Failed(hash(first), ErrorCode.DISK_WRITE, "broken"));

        assertThat(world.stored(second.id()).state()).isEqualTo(TransferState.DOWNLOADING);
        assertThat(world.stored(third.id()).state()).isEqualTo(TransferState.DOWNLOADING);
    }

    @Test
    void who_fails_again_at_once_waits_longer_each_time_and_says_until_when() throws Exception {
        Transfer job = downloading(world.offered("music", 7));
        world.engineSays(new EngineEvent.Failed(hash(job), ErrorCode.DISK_WRITE, "broken"));
        Failure first = lastFailure(job);
        assertThat(first.retryAt()).isNull();

        for (int seconds : new int[] {10, 20, 40, 80, 160, 320, 600, 600}) {
            untilDownloading(job);
            world.engineSays(new EngineEvent.Failed(hash(job), ErrorCode.DISK_WRITE, "broken"));
            assertThat(lastFailure(job).since()).isEqualTo(first.since());
            assertThat(lastFailure(job).retryAt()).isEqualTo(TorrentWorld.NOW.plusSeconds(seconds));
            pass(seconds - 1);
            assertThat(world.stored(job.id()).state())
                    .as("within " + seconds + " s")
                    .isEqualTo(TransferState.PAUSED);
        }

        untilDownloading(job);
        pass(61);
        world.engineSays(new EngineEvent.Failed(hash(job), ErrorCode.DISK_WRITE, "broken"));
        assertThat(lastFailure(job).retryAt()).as("after a calm minute").isNull();
    }

    @Test
    void downloads_pause_at_the_reserve_and_go_on_with_some_room_beyond_it_without_being_checked_again()
            throws Exception {
        Transfer job = downloading(world.offered("music", 7));
        world.engine.calls();
        world.space = free(GIB); // the smaller of 1 GiB and 5 % of 100 GiB
        pass(1);
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.DOWNLOADING);

        world.space = free(GIB - 1);
        pass(1);
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.PAUSED);
        assertThat(lastFailure(job).code()).isEqualTo(ErrorCode.DISK_FULL);
        assertThat(lastFailure(job).reason())
                .isEqualTo(
                        world.downloads + " has room for 0 bytes beyond the 1073741824 that disk.reserve keeps free");
        assertThat(world.engine.calls()).containsExactly("pause");

        world.space = free(GIB + (64 << 20) - 1);
        pass(10);
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.PAUSED);

        world.space = free(GIB + (64 << 20));
        pass(5);
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.DOWNLOADING);
        assertThat(world.engine.calls()).containsExactly("connect " + TorrentWorld.PEER, "resume");
    }

    @Test
    void what_is_shared_stays_shared_below_the_reserve() throws Exception {
        Transfer share = world.shared(world.folder("films", 7));
        world.space = free(0);

        pass(5);

        assertThat(world.stored(share.id()).state()).isEqualTo(TransferState.SEEDING);
    }

    @Test
    void what_does_not_fit_waits_for_all_the_room_that_it_needs() throws Exception {
        InfoDictionary huge = largerThanTheDisk();
        world.answers(PageQuery.Kind.INFO, hash -> CompletableFuture.completedFuture(huge.encoded()));
        world.space = free(GIB + huge.totalBytes() - 1);
        Transfer job = world.wanted(huge.hash());
        assertThat(failureOf(job).code()).isEqualTo(ErrorCode.DISK_FULL);
        assertThat(failureOf(job).reason()).endsWith(", and " + huge.totalBytes() + " are needed");
        pass(5);
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.PAUSED);

        world.space = free(GIB + huge.totalBytes());
        pass(5);

        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.DOWNLOADING);
    }

    @Test
    void what_did_not_fit_can_be_had_in_another_folder() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.space = free(GIB + 6);
        Transfer job = world.begun(music);
        world.engine.keepsQuietOn("download");
        assertThat(failureOf(job).hint()).contains("--to");
        world.space = free(2 * GIB);

        Fetched again = world.ask(new FetchShare(music.info().hash(), null, temp.resolve("elsewhere")));
        world.threads.runAll();

        world.peersFound(hash(music));
        assertThat(again.known()).isFalse();
        assertThat(world.stored(again.transfer().id()).place()).isEqualTo(temp.resolve("elsewhere/music"));
    }

    @Test
    void what_came_of_a_job_that_pauses_is_not_given_up_for_another_folder() throws Exception {
        HashedShare music = world.offered("music", 7);
        Transfer job = downloading(music);
        world.engineSays(new EngineEvent.Failed(hash(job), ErrorCode.DISK_FULL, "full"));

        Fetched again = world.ask(new FetchShare(hash(job), null, temp.resolve("elsewhere")));

        assertThat(again.known()).isTrue();
        assertThat(again.transfer().id()).isEqualTo(job.id());
        assertThat(Places.staging(world.downloads, hash(job))).isDirectory();
    }

    @Test
    void a_folder_that_vanishes_under_a_job_is_not_made_again_and_the_job_goes_on_once_it_is_back() throws Exception {
        Transfer job = downloading(world.offered("music", 7));
        Path away = temp.resolve("away");
        Files.move(world.downloads, away);
        Files.createDirectory(world.downloads); // where a disk was mounted

        pass(10);

        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.PAUSED);
        assertThat(lastFailure(job).code()).isEqualTo(ErrorCode.PATH_MISSING);
        assertThat(world.downloads).isEmptyDirectory();
        assertThat(world.engine.holds(hash(job)))
                .as("whoever wants to unmount a disk")
                .isFalse();

        Files.delete(world.downloads);
        Files.move(away, world.downloads);
        untilDownloading(job);
    }

    @Test
    void a_pause_survives_a_restart_and_ends_by_itself() throws Exception {
        Transfer job = downloading(world.offered("music", 7));
        world.space = free(0);
        pass(1);

        Disks.Space full = world.space;
        restart();
        world.space = full;
        pass(10);
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.PAUSED);
        assertThat(lastFailure(job).code()).isEqualTo(ErrorCode.DISK_FULL);

        world.space = free(50 * GIB);
        pass(5);
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.DOWNLOADING);
    }

    @Test
    void a_job_that_has_not_begun_does_not_begin_in_the_empty_folder_where_its_disk_was_mounted() throws Exception {
        HashedShare music = world.offered("music", 7);
        Transfer job = world.fetched(hash(music));
        assertThat(world.row(job.id()).folderMark()).isNotNull();
        world.sql("update transfer set folder_mark = '1:1'"); // of another device
        restart();

        world.holds(music);
        world.peersFound(hash(music));
        pass(5);

        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.PAUSED);
        assertThat(lastFailure(job).code()).isEqualTo(ErrorCode.PATH_MISSING);
        assertThat(lastFailure(job).reason()).isEqualTo(world.downloads + " is not the folder that it was");
        assertThat(world.downloads).isEmptyDirectory();
        world.engine.keepsQuietOn("download");
        world.ask(new ResumeTransfer(job.id()));
        world.threads.runAll();
        assertThat(world.stored(job.id()).state())
                .as("its user says that it is right")
                .isEqualTo(TransferState.DOWNLOADING);
    }

    @Test
    void a_job_that_has_not_begun_begins_after_its_disk_or_its_folder_got_another_number() throws Exception {
        String now = FolderMarks.look(temp);
        int split = now.indexOf(':');

        for (String known : List.of(now, "1" + now.substring(split), now.substring(0, split) + ":1")) {
            new FolderMarks.Mark(temp, temp.resolve("none"), known, false).check();
        }
        assertThatThrownBy(() -> new FolderMarks.Mark(temp, temp.resolve("none"), "1:1", false).check())
                .hasMessage(temp + " is not the folder that it was");
        assertThatThrownBy(() ->
                        new FolderMarks.Mark(temp, temp.resolve("none"), now.substring(0, split) + ":1", true).check())
                .hasMessage(temp + " is not the folder that it was: nothing of the job is in it");
        new FolderMarks.Mark(temp, Files.createDirectory(temp.resolve("own")), "1:1", true).check();
    }

    @Test
    void a_job_rests_when_its_user_says_so_over_a_restart_until_they_say_that_it_goes_on() throws Exception {
        HashedShare music = world.offered("music", 7);
        Transfer job = downloading(music);
        world.engine.calls();

        Transfer paused = world.ask(new PauseTransfer(job.id()));
        assertThat(world.stored(job.id())).isEqualTo(paused);
        assertThat(paused.isPausedByUser()).isTrue();
        assertThat(world.engine.calls()).containsExactly("pause");
        pass(30);
        world.peersFound(hash(job));
        assertThat(world.stored(job.id())).isEqualTo(paused);

        restart();
        world.holds(music);
        world.engine.peersGive(torrent -> {});
        world.peersFound(hash(job));
        pass(30);
        assertThat(world.stored(job.id())).isEqualTo(paused);
        assertThat(world.engine.holds(hash(job))).isFalse();

        world.ask(new ResumeTransfer(job.id()));
        world.threads.runAll();
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.DOWNLOADING);
        assertThat(world.said(PeersWanted.class)).contains(new PeersWanted(hash(job)));
    }

    @Test
    void a_job_that_goes_on_waits_for_its_turn() throws Exception {
        Transfer first = downloading(world.offered("a", 7));
        downloading(world.offered("b", 8));
        Transfer third = world.begun(world.offered("c", 9));
        world.ask(new PauseTransfer(first.id()));
        world.threads.runAll();
        assertThat(world.stored(third.id()).state()).isEqualTo(TransferState.DOWNLOADING);

        Transfer resumed = world.ask(new ResumeTransfer(first.id()));

        assertThat(resumed.state()).isEqualTo(TransferState.QUEUED);
    }

    @Test
    void one_whose_metadata_nobody_has_rests_and_asks_nobody() throws Exception {
        Transfer job = world.fetched(UNKNOWN);
        world.ask(new PauseTransfer(job.id()));
        world.said.clear();

        world.peersFound(UNKNOWN);
        pass(120);
        assertThat(world.asked).isEmpty();
        assertThat(world.said(PeersWanted.class)).isEmpty();

        assertThat(world.ask(new ResumeTransfer(job.id())).state()).isEqualTo(TransferState.WAITING_FOR_FRIEND);
    }

    @Test
    void one_that_is_checked_rests_and_is_checked_when_it_goes_on() throws Exception {
        world.engine.keepsQuietOn("add");
        Transfer job = world.begun(world.offered("music", 7));

        assertThat(world.ask(new PauseTransfer(job.id())).state()).isEqualTo(TransferState.PAUSED);
        world.threads.runAll();
        assertThat(world.engine.holds(hash(job))).isFalse();

        world.ask(new ResumeTransfer(job.id()));
        assertThat(world.engine.holds(hash(job))).isTrue();
    }

    @Test
    void what_rests_because_of_its_disk_rests_on_when_its_user_says_so_whatever_becomes_of_the_disk() throws Exception {
        Transfer job = downloading(world.offered("music", 7));
        world.space = free(0);
        pass(1);

        world.ask(new PauseTransfer(job.id()));
        world.space = free(50 * GIB);
        pass(10);

        assertThat(world.stored(job.id()).isPausedByUser()).isTrue();
    }

    @Test
    void resume_tries_at_once_what_waits_to_be_tried_again() throws Exception {
        Transfer job = downloading(world.offered("music", 7));
        world.engineSays(new EngineEvent.Failed(hash(job), ErrorCode.DISK_WRITE, "broken"));

        world.ask(new ResumeTransfer(job.id()));
        world.threads.runAll();

        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.DOWNLOADING);
    }

    @Test
    void what_is_complete_has_nothing_to_pause() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));

        assertThat(world.refusalOf(new PauseTransfer(complete.id()))).isEqualTo(ErrorCode.BAD_ARGUMENT);
        assertThat(world.ask(new ResumeTransfer(complete.id()))).isEqualTo(complete);
    }

    @Test
    void what_is_being_verified_is_complete_soon_and_does_not_pause() throws Exception {
        world.engine.keepsQuietOn("save");
        Transfer job = world.begun(world.offered("music", 7));

        assertThat(world.refusalOf(new PauseTransfer(job.id()))).isEqualTo(ErrorCode.BUSY);
    }

    @Test
    void one_that_rests_can_be_removed_and_rechecked() throws Exception {
        Transfer job = downloading(world.offered("music", 7));
        world.ask(new PauseTransfer(job.id()));

        world.ask(new RecheckTransfer(job.id()));
        world.threads.runAll();
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.DOWNLOADING);

        world.ask(new PauseTransfer(job.id()));
        world.ask(new RemoveJob(job.id(), false));
        world.threads.runAll();
        assertThat(world.find(job.id())).isEmpty();
        assertThat(world.downloads).isEmptyDirectory();
    }

    private static InfoHash hash(HashedShare share) {
        return share.info().hash();
    }

    private Failure lastFailure(Transfer job) {
        return failureOf(world.said(TransferChanged.class).stream()
                .map(TransferChanged::transfer)
                .filter(transfer -> transfer.id().equals(job.id()))
                .reduce((earlier, later) -> later)
                .orElseGet(() -> world.stored(job.id())));
    }

    private void untilDownloading(Transfer job) {
        for (int second = 0; second < 6 && world.stored(job.id()).state() != TransferState.DOWNLOADING; second++) {
            pass(1);
        }
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.DOWNLOADING);
    }

    private void pass(int seconds) {
        for (int second = 0; second < seconds; second++) {
            world.pass(Duration.ofSeconds(1));
        }
    }
}
