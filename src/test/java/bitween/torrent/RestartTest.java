package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentEvent.PeersWanted;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.Finding;
import bitween.model.PageQuery;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.FakeEngine;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Jobs across a stop or a crash, in each state. */
class RestartTest extends TorrentFixture {
    @Test
    void a_job_that_waited_looks_for_a_friend_again() throws Exception {
        Transfer job = world.fetched(UNKNOWN);

        restart();

        assertThat(world.stored(job.id())).isEqualTo(job);
        assertThat(world.said(PeersWanted.class)).containsExactly(new PeersWanted(UNKNOWN));
    }

    @Test
    void a_job_that_asked_for_metadata_waits_for_a_friend() throws Exception {
        world.answers(PageQuery.Kind.INFO, hash -> new CompletableFuture<>());
        Transfer job = world.wanted(UNKNOWN);
        assertThat(job.state()).isEqualTo(TransferState.METADATA);

        restart();

        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.WAITING_FOR_FRIEND);
    }

    @Test
    void a_job_that_downloaded_goes_on_from_its_resume_data() throws Exception {
        Transfer job = downloading(world.offered("music", 7));
        world.pass(Duration.ofSeconds(30));
        assertThat(world.store.resume().of(hash(job))).contains(FakeEngine.RESUME_DATA);

        restart();

        assertThat(world.engine.calls()).startsWith("add RESUME with resume data");
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.DOWNLOADING);
    }

    @Test
    void a_job_that_was_queued_has_its_turn() throws Exception {
        world.close();
        world = new TorrentWorld(temp, 1).started();
        Transfer first = downloading(world.offered("a", 7));
        Transfer second = world.begun(world.offered("b", 7));
        assertThat(second.state()).isEqualTo(TransferState.QUEUED);

        world.close();
        world = new TorrentWorld(temp, 1).started();

        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.DOWNLOADING);
        assertThat(world.stored(second.id()).state()).isEqualTo(TransferState.QUEUED);
    }

    @Test
    void a_job_that_was_verified_is_verified_again() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.holds(music);
        world.answers(PageQuery.Kind.DIGESTS, hash -> new CompletableFuture<>());
        Transfer job = world.wanted(music.info().hash());
        assertThat(job.state()).isEqualTo(TransferState.VERIFYING);

        world.close();
        world = new TorrentWorld(temp);
        world.holds(music);
        world.engine.findsComplete(torrent -> true);
        world.started();

        world.until(job.id(), TransferState.COMPLETE);
    }

    @Test
    void a_job_that_was_moved_just_before_the_crash_is_complete() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.sql("create trigger crash before update of state on transfer when new.state in ('COMPLETE', 'FAILED')"
                + " begin select raise(abort, 'crash'); end");
        Transfer job = world.begun(music);
        world.threads.runUntil(() -> Files.exists(world.downloads.resolve("music")));
        world.threads.runAll();
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.VERIFYING);
        world.sql("drop trigger crash");

        restart();

        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.COMPLETE);
        assertThat(world.row(job.id()).staging()).isNull();
        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void a_job_that_was_complete_just_before_the_crash_grows_nowhere() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));
        world.store.saveStaging(
                complete.id(), Places.staging(world.downloads, hash(complete)).resolve("music"));

        restart();

        assertThat(world.row(complete.id()).staging()).isNull();
        assertThat(TransferCheck.check(world.store, temp.resolve("home/links")))
                .noneMatch(finding -> finding.state() == Finding.State.WRONG);
        assertThat(world.stored(complete.id())).isEqualTo(complete);
    }

    @Test
    void what_stands_at_the_place_of_a_job_is_not_taken_for_its_files() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.engine.keepsQuietOn("save");
        Transfer job = world.begun(music);
        Path foreign = Folders.file(world.downloads.resolve("music/file 0"), 8, 1);
        Places.deleteTree(Places.staging(world.downloads, hash(job))); // as if it had just been moved, beside it

        restart();

        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.DOWNLOADING);
        assertThat(foreign).hasSize(8);
    }

    @Test
    void a_complete_job_that_was_being_rechecked_is_compared_again_and_not_fetched() throws Exception {
        HashedShare music = world.offered("music", 7);
        Transfer complete = world.got(music);
        world.answers(PageQuery.Kind.DIGESTS, hash -> new CompletableFuture<>());
        world.ask(new RecheckTransfer(complete.id()));
        world.store.saveDigests(music.info().hash(), music.digests(), TorrentWorld.NOW);

        restart();

        assertThat(world.until(complete.id(), TransferState.COMPLETE)).isEqualTo(complete);
        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void what_is_complete_or_failed_is_left_alone() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));
        world.answers(PageQuery.Kind.INFO, TorrentWorld.failing(ErrorCode.BAD_METADATA, "a lie"));
        Transfer failed = world.wanted(UNKNOWN);
        assertThat(failed.state()).isEqualTo(TransferState.FAILED);

        restart();
        world.peersFound(UNKNOWN);

        assertThat(world.stored(complete.id())).isEqualTo(complete);
        assertThat(world.stored(failed.id())).isEqualTo(failed);
        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void damaged_metadata_of_one_job_do_not_keep_the_others_from_starting() throws Exception {
        Transfer broken = downloading(world.offered("a", 7));
        Transfer whole = downloading(world.offered("b", 8));
        world.sql("update metadata set info = x'00' where hash = '" + broken.hash() + "'");

        restart();

        assertThat(failureOf(world.stored(broken.id())).code()).isEqualTo(ErrorCode.BAD_METADATA);
        assertThat(world.stored(whole.id()).state()).isEqualTo(TransferState.DOWNLOADING);
    }

    @Test
    void resume_data_are_saved_at_the_stop() throws Exception {
        Transfer job = downloading(world.offered("music", 7));

        CompletableFuture<Void> stopped = world.worker.stop();
        world.threads.runUntil(stopped::isDone);

        assertThat(world.store.resume().of(hash(job))).contains(FakeEngine.RESUME_DATA);
    }

    @Test
    void the_stop_waits_five_seconds_for_an_engine_that_is_silent() throws Exception {
        downloading(world.offered("music", 7));
        world.engine.keepsQuietOn("save");

        CompletableFuture<Void> stopped = world.worker.stop();
        world.threads.runAll();
        world.pass(Duration.ofMillis(4_999));
        assertThat(stopped).isNotDone();
        world.pass(Duration.ofMillis(1));

        assertThat(stopped).isCompleted();
    }

    @Test
    void the_stop_ends_although_the_store_fails() throws Exception {
        Transfer job = downloading(world.offered("music", 7));
        world.engineSays(
                new EngineEvent.Updated(List.of(new EngineEvent.State(hash(job), 1, 7, 1, 1, 1, false, List.of()))));
        world.sql("create trigger full before update on transfer begin select raise(abort, 'no room'); end");
        world.sql("create trigger full2 before insert on resume begin select raise(abort, 'no room'); end");

        CompletableFuture<Void> stopped = world.worker.stop();
        world.threads.runAll();

        assertThat(stopped).isCompleted();
    }

    @Test
    void what_the_stop_cuts_off_has_not_failed() throws Exception {
        HashedShare music = world.offered("music", 7);
        CompletableFuture<Bytes> digests = new CompletableFuture<>();
        world.holds(music);
        world.answers(PageQuery.Kind.DIGESTS, hash -> digests);
        Transfer job = world.wanted(music.info().hash());

        CompletableFuture<Void> stopped = world.worker.stop();
        world.threads.runUntil(stopped::isDone);
        world.closeHasher();
        digests.complete(music.digests());
        world.threads.runAll();

        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.VERIFYING);
    }

    @Test
    void a_queue_does_not_move_while_stopping() throws Exception {
        downloading(world.offered("a", 7));
        Transfer second = downloading(world.offered("b", 7));
        Transfer third = world.begun(world.offered("c", 7));

        CompletableFuture<Void> stopped = world.worker.stop();
        world.threads.runUntil(stopped::isDone);
        world.engineSays(new EngineEvent.Finished(hash(second)));

        assertThat(world.stored(third.id()).state()).isEqualTo(TransferState.QUEUED);
    }
}
