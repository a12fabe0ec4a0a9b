package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.message.TorrentRequest.Removed;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.PageQuery;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.testing.ExpectedErrors;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RemovingTest extends TorrentFixture {
    @Test
    void a_job_that_waits_is_gone() throws Exception {
        Transfer job = world.fetched(UNKNOWN);

        remove(job, false);

        assertThat(world.store.all()).isEmpty();
    }

    @Test
    void a_job_whose_metadata_come_too_late_stays_gone() throws Exception {
        HashedShare music = world.offered("music", 7);
        CompletableFuture<Bytes> late = new CompletableFuture<>();
        world.answers(PageQuery.Kind.INFO, hash -> late);
        Transfer job = world.wanted(music.info().hash());

        remove(job, false);
        late.complete(music.encoded());
        world.threads.runAll();

        assertThat(world.store.all()).isEmpty();
        assertThat(world.engine.calls()).isEmpty();
        assertThat(world.statesOf(job.id())).doesNotContain(TransferState.QUEUED, TransferState.FAILED);
    }

    @Test
    void a_job_that_downloads_leaves_no_files() throws Exception {
        Transfer job = downloading();

        remove(job, false);

        assertThat(world.downloads).isEmptyDirectory();
        assertThat(temp.resolve("home/links")).isEmptyDirectory();
        assertThat(world.engine.calls()).endsWith("remove");
    }

    @Test
    void nothing_is_deleted_while_the_engine_holds_the_files() throws Exception {
        world.engine.keepsQuietOn("remove");
        Transfer job = downloading();

        remove(job, false);
        assertThat(world.downloads).isNotEmptyDirectory();
        world.engineSays(new EngineEvent.Removed(hash(job)));

        assertThat(world.downloads).isEmptyDirectory();
    }

    @Test
    void what_a_crash_kept_from_being_deleted_is_deleted_at_the_next_start() throws Exception {
        world.engine.keepsQuietOn("remove");
        Transfer job = downloading();
        remove(job, false);
        assertThat(world.downloads).isNotEmptyDirectory();

        restart();

        assertThat(world.downloads).isEmptyDirectory();
        assertThat(temp.resolve("home/links")).isEmptyDirectory();
        assertThat(world.store.removals()).isEmpty();
    }

    @Test
    void what_was_wanted_again_before_the_crash_is_still_wanted_and_its_old_files_go() throws Exception {
        world.engine.keepsQuietOn("remove");
        Transfer job = downloading();
        remove(job, false);
        Transfer again = world.ask(new FetchShare(hash(job), null, null)).transfer();

        restart();

        assertThat(world.stored(again.id()).state()).isEqualTo(TransferState.WAITING_FOR_FRIEND);
        assertThat(world.downloads).isEmptyDirectory();
    }

    @Test
    void what_is_removed_and_wanted_again_begins_when_the_old_files_are_gone() throws Exception {
        world.engine.keepsQuietOn("remove");
        Transfer job = downloading();
        remove(job, false);
        Transfer again = world.ask(new FetchShare(hash(job), null, null)).transfer();
        world.peersFound(hash(job));
        assertThat(world.stored(again.id()).state()).isEqualTo(TransferState.WAITING_FOR_FRIEND);

        world.engineSays(new EngineEvent.Removed(hash(job)));
        world.peersFound(hash(job));

        assertThat(world.stored(again.id()).state()).isEqualTo(TransferState.DOWNLOADING);
        assertThat(TorrentWorld.in(world.downloads)).hasSize(1);
    }

    @Test
    void what_is_removed_twice_before_the_old_files_are_gone_leaves_nothing() throws Exception {
        world.engine.keepsQuietOn("remove");
        Transfer job = downloading();
        remove(job, false);
        Transfer again = world.ask(new FetchShare(hash(job), null, null)).transfer();
        remove(again, false);

        world.engineSays(new EngineEvent.Removed(hash(job)));

        assertThat(world.store.all()).isEmpty();
        assertThat(world.downloads).isEmptyDirectory();
    }

    @Test
    void a_job_that_is_being_verified_leaves_no_files() throws Exception {
        HashedShare music = world.offered("music", 7);
        CompletableFuture<Bytes> digests = new CompletableFuture<>();
        world.holds(music);
        world.answers(PageQuery.Kind.DIGESTS, hash -> digests);
        Transfer job = world.wanted(music.info().hash());
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.VERIFYING);

        remove(job, false);
        digests.complete(music.digests());
        world.threads.runUntil(() -> isEmpty(world.downloads));

        assertThat(world.store.all()).isEmpty();
    }

    @Test
    void what_fails_leaves_no_files_once_it_is_removed() throws Exception {
        world.engine.keepsQuietOn("remove");
        Transfer job = downloading();
        world.engineSays(new EngineEvent.Failed(hash(job), ErrorCode.DISK_WRITE, "broken"));

        remove(job, false);
        assertThat(world.downloads).isNotEmptyDirectory();
        world.engineSays(new EngineEvent.Removed(hash(job)));

        assertThat(world.downloads).isEmptyDirectory();
    }

    @Test
    void finished_files_stay() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));

        remove(complete, false);

        Folders.assertSame(temp.resolve("friend/music"), complete.place());
    }

    @Test
    void finished_files_go_when_asked_for() throws Exception {
        Transfer complete = world.got(world.offered("music", 7, 0, 9));

        remove(complete, true);

        assertThat(world.downloads).isEmptyDirectory();
    }

    @Test
    void what_somebody_put_between_finished_files_stays() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));
        Path foreign = Files.createFile(complete.place().resolve("my notes.txt"));

        remove(complete, true);

        assertThat(TorrentWorld.in(complete.place())).containsExactly(foreign);
    }

    @Test
    void files_that_are_shared_where_they_stand_are_not_deleted() throws Exception {
        Transfer complete = world.got(world.offered("music", 7, 9));
        Transfer share = world.shared(complete.place());

        CompletableFuture<Removed> removed = world.bus.ask(new RemoveJob(complete.id(), true));
        world.threads.runUntil(removed::isDone);

        assertThatThrownBy(removed::join).cause().isInstanceOfSatisfying(UserException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_SHARED);
            assertThat(e.sentence()).contains("'music' (" + share.place() + ")");
            assertThat(e.hint())
                    .contains("bitween unshare '" + share.id() + "'")
                    .contains("bitween rm '" + complete.id() + "'");
        });
        Folders.assertSame(temp.resolve("friend/music"), complete.place());
        assertThat(world.stored(complete.id())).isEqualTo(complete);
    }

    @Test
    void files_below_or_around_which_something_is_shared_are_not_deleted() throws Exception {
        Folders.file(temp.resolve("friend/music/sub/song"), 7, 1);
        Transfer complete = world.got(world.offered("music", 7));

        Transfer below = world.shared(complete.place().resolve("sub"));
        assertThat(world.refusalOf(new RemoveJob(complete.id(), true))).isEqualTo(ErrorCode.ALREADY_SHARED);
        world.ask(new UnsharePath(below.id()));
        Transfer around = world.shared(world.downloads);
        assertThat(world.refusalOf(new RemoveJob(complete.id(), true))).isEqualTo(ErrorCode.ALREADY_SHARED);
        world.ask(new UnsharePath(around.id()));
        world.shared(world.folder("music", 3));
        remove(complete, true);

        assertThat(world.downloads).isEmptyDirectory();
    }

    @Test
    void files_that_are_shared_are_not_deleted_through_a_linked_folder_either() throws Exception {
        Path real = Files.createDirectories(temp.resolve("disk"));
        Path link = Files.createSymbolicLink(temp.resolve("a link"), real);
        HashedShare music = world.offered("music", 7);
        world.holds(music);
        Transfer job =
                world.ask(new FetchShare(music.info().hash(), null, link)).transfer();
        world.peersFound(hash(job));
        Transfer complete = world.until(job.id(), TransferState.COMPLETE);
        assertThat(world.shared(complete.place()).place()).isEqualTo(real.resolve("music"));

        assertThat(world.refusalOf(new RemoveJob(complete.id(), true))).isEqualTo(ErrorCode.ALREADY_SHARED);
    }

    @Test
    void a_job_whose_files_are_shared_is_forgotten_without_them_and_the_share_goes_on() throws Exception {
        Transfer complete = world.got(world.offered("music", 7, 9));
        Transfer share = world.shared(complete.place());

        remove(complete, false);

        assertThat(world.stored(share.id())).isEqualTo(share);
        assertThat(world.engine.holds(hash(share))).isTrue();
        restart();
        assertThat(world.until(share.id(), TransferState.SEEDING)).isEqualTo(share);
    }

    @Test
    void what_still_grows_in_a_shared_folder_is_deleted() throws Exception {
        world.shared(Files.createDirectories(world.downloads));
        Transfer job = downloading();

        remove(job, true);

        assertThat(world.downloads).isEmptyDirectory();
    }

    @Test
    void what_links_lead_to_stays() throws Exception {
        Folders.file(temp.resolve("friend/music/sub/song"), 7, 1);
        Transfer complete = world.got(world.offered("music", 7));
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
        Path moved = Files.move(complete.place().resolve("sub"), elsewhere.resolve("sub"));
        Path link = Files.createSymbolicLink(complete.place().resolve("sub"), moved);

        remove(complete, true);

        assertThat(moved.resolve("song")).exists();
        assertThat(TorrentWorld.in(complete.place())).containsExactly(link);
    }

    @Test
    void a_folder_that_was_moved_away_and_linked_stays_whole() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));
        Path moved = Files.move(complete.place(), temp.resolve("moved"));
        Files.createSymbolicLink(complete.place(), moved);

        remove(complete, true);

        Folders.assertSame(temp.resolve("friend/music"), moved);
        assertThat(complete.place()).isSymbolicLink();
    }

    @Test
    void finished_files_go_also_in_the_middle_of_a_recheck() throws Exception {
        HashedShare music = world.offered("music", 7);
        Transfer complete = world.got(music);
        CompletableFuture<Bytes> digests = new CompletableFuture<>();
        world.answers(PageQuery.Kind.DIGESTS, hash -> digests);
        world.ask(new RecheckTransfer(complete.id()));

        CompletableFuture<Removed> removed = world.bus.ask(new RemoveJob(complete.id(), true));
        world.threads.runAll();
        assertThat(removed).as("answered while the files are there").isNotDone();
        digests.complete(music.digests());
        world.threads.runUntil(removed::isDone);

        assertThat(removed.join().deleting()).isFalse();
        assertThat(world.downloads).isEmptyDirectory();
        assertThat(world.store.all()).isEmpty();
    }

    @Test
    void who_waits_long_for_files_to_be_deleted_is_told_that_it_goes_on() throws Exception {
        HashedShare music = world.offered("music", 7);
        Transfer complete = world.got(music);
        CompletableFuture<Bytes> digests = new CompletableFuture<>();
        world.answers(PageQuery.Kind.DIGESTS, hash -> digests);
        world.ask(new RecheckTransfer(complete.id()));
        CompletableFuture<Removed> removed = world.bus.ask(new RemoveJob(complete.id(), true));
        world.threads.runAll();

        world.pass(TorrentWorker.DELETED);
        assertThat(removed).isDone();
        digests.complete(music.digests());
        world.threads.runUntil(() -> isEmpty(world.downloads));

        assertThat(removed.join().deleting()).isTrue();
    }

    @Test
    @ExpectedErrors("is removed, but its files are not all deleted")
    void files_that_cannot_be_deleted_are_told_to_whoever_wanted_that() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));
        Path file = complete.place().resolve("file 0");
        Files.delete(file);
        Files.createDirectories(file.resolve("a folder instead"));

        CompletableFuture<Removed> removed = world.bus.ask(new RemoveJob(complete.id(), true));
        world.threads.runUntil(removed::isDone);

        assertThatThrownBy(removed::join)
                .hasMessageContaining("the job is removed, but its files are not all deleted: ")
                .cause()
                .isInstanceOfSatisfying(
                        UserException.class,
                        e -> assertThat(e.hint()).contains(complete.place().toString()));
        assertThat(world.store.all()).isEmpty();
    }

    @Test
    void what_is_removed_while_it_is_repaired_keeps_what_is_not_bitweens() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));
        Files.createFile(complete.place().resolve("my notes.txt"));
        Folders.file(complete.place().resolve("file 0"), 7, 99);
        world.engine.keepsQuietOn("add");
        world.ask(new RecheckTransfer(complete.id()));
        world.threads.runUntil(() -> !Files.exists(complete.place()));

        remove(complete, true);

        assertThat(TorrentWorld.in(world.downloads)).containsExactly(complete.place());
        assertThat(complete.place().resolve("my notes.txt")).exists();
        assertThat(complete.place().resolve("file 0")).doesNotExist();
    }

    @Test
    void what_is_removed_while_it_is_repaired_goes_back_also_when_its_metadata_are_damaged() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));
        Path notes = Files.createFile(complete.place().resolve("my notes.txt"));
        Folders.file(complete.place().resolve("file 0"), 7, 99);
        world.engine.keepsQuietOn("add");
        world.ask(new RecheckTransfer(complete.id()));
        world.threads.runUntil(() -> !Files.exists(complete.place()));
        world.sql("update metadata set info = x'00'");
        restart();

        remove(complete, true);

        assertThat(notes).exists();
        assertThat(world.store.all()).isEmpty();
    }

    @Test
    void a_job_with_damaged_metadata_can_be_removed() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));
        world.sql("update metadata set info = x'00'");

        remove(complete, true);

        assertThat(world.store.all()).isEmpty();
    }

    @Test
    void a_job_is_not_unshared_and_a_share_is_not_removed() throws Exception {
        Transfer job = world.fetched(UNKNOWN);
        Transfer share = world.shared(world.folder("music", 7));

        assertThat(List.of(
                        world.refusalOf(new UnsharePath(job.id())), world.refusalOf(new RemoveJob(share.id(), true))))
                .containsOnly(ErrorCode.BAD_ARGUMENT);
    }

    private Transfer downloading() throws IOException, InterruptedException {
        return downloading(world.offered("music", 7));
    }

    private void remove(Transfer transfer, boolean withFiles) throws InterruptedException {
        world.ask(new RemoveJob(transfer.id(), withFiles));
        world.threads.runAll();
    }

    private static boolean isEmpty(Path folder) {
        String[] names = folder.toFile().list();
        return names != null && names.length == 0;
    }
}
