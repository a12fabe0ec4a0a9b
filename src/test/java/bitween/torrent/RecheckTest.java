package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.PageQuery;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.store.NewTransfer;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RecheckTest extends TorrentFixture {
    @Test
    void a_complete_job_that_is_right_stays_where_it_is() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));
        world.engine.calls();

        Transfer verifying = world.ask(new RecheckTransfer(complete.id()));

        assertThat(verifying.state()).isEqualTo(TransferState.VERIFYING);
        assertThat(world.until(complete.id(), TransferState.COMPLETE)).isEqualTo(complete);
        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void a_damaged_file_is_fetched_again_and_others_in_the_folder_stay() throws Exception {
        Transfer complete = world.got(world.offered("music", 7, 9));
        Folders.file(complete.place().resolve("file 0"), 7, 99);
        Path notes = Files.createFile(complete.place().resolve("my notes.txt"));
        world.engine.calls();

        world.ask(new RecheckTransfer(complete.id()));
        world.threads.runUntil(() -> !Files.exists(complete.place()));
        world.peersFound(hash(complete));

        assertThat(world.until(complete.id(), TransferState.COMPLETE)).isEqualTo(complete);
        assertThat(world.engine.calls()).startsWith("add CHECK");
        assertThat(notes).exists();
        Files.delete(notes);
        Folders.assertSame(temp.resolve("friend/music"), complete.place());
    }

    @Test
    void a_complete_job_whose_files_are_gone_is_fetched_again() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));
        Places.deleteTree(complete.place());

        world.ask(new RecheckTransfer(complete.id()));
        world.threads.runUntil(() -> world.engine.holds(hash(complete)));
        world.peersFound(hash(complete));

        assertThat(world.until(complete.id(), TransferState.COMPLETE)).isEqualTo(complete);
    }

    @Test
    void without_digests_the_engine_looks_at_files_that_were_complete() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));
        Places.deleteTree(complete.place());
        world.answers(PageQuery.Kind.DIGESTS, TorrentWorld.nobody());

        world.ask(new RecheckTransfer(complete.id()));
        world.threads.runUntil(() -> world.engine.holds(hash(complete)));
        world.peersFound(hash(complete));

        assertThat(world.until(complete.id(), TransferState.COMPLETE)).isEqualTo(complete);
        Folders.assertSame(temp.resolve("friend/music"), complete.place());
    }

    @Test
    void right_files_stay_in_sight_when_a_liar_gives_wrong_digests() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));
        world.answers(PageQuery.Kind.DIGESTS, hash -> CompletableFuture.completedFuture(Bytes.of(new byte[32])));
        world.engine.findsComplete(torrent -> true);

        world.ask(new RecheckTransfer(complete.id()));

        Transfer failed = world.until(complete.id(), TransferState.FAILED);
        assertThat(failureOf(failed).code()).isEqualTo(ErrorCode.CONTENT_CHANGED);
        assertThat(failed.place()).isEqualTo(complete.place());
        Folders.assertSame(temp.resolve("friend/music"), complete.place());
        assertThat(TorrentWorld.in(world.downloads)).containsExactly(complete.place());
    }

    @Test
    void a_complete_job_of_nothing_gets_its_empty_files_back() throws Exception {
        Transfer complete = world.got(world.offered("empty", 0, 0));
        Files.delete(complete.place().resolve("file 1"));

        world.ask(new RecheckTransfer(complete.id()));

        assertThat(world.until(complete.id(), TransferState.COMPLETE)).isEqualTo(complete);
        Folders.assertSame(temp.resolve("friend/empty"), complete.place());
        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void a_recheck_needs_no_room_for_what_is_there() throws Exception {
        InfoDictionary huge = largerThanTheDisk();
        Path place = Folders.file(world.downloads.resolve("huge"), 7, 1);
        TransferId id = world.store.insert(NewTransfer.job("huge", place, huge.hash(), null, null, TorrentWorld.NOW));
        Share share = new Share("huge", huge.hash(), huge.contentId(), huge.totalBytes(), 1);
        world.store.update(
                world.stored(id).with(share).completed(TorrentWorld.NOW),
                huge.encoded(),
                Bytes.of(new byte[32]),
                TorrentWorld.NOW);
        restart();

        world.ask(new RecheckTransfer(id)); // finds another size

        world.threads.runUntil(() -> world.engine.holds(huge.hash()));
        assertThat(Places.staging(world.downloads, huge.hash()).resolve("huge")).hasSize(7);
    }

    @Test
    void files_in_place_that_failed_are_compared_where_they_stand() throws Exception {
        HashedShare music = world.offered("music", 7);
        Transfer complete = world.got(music);
        world.sql("update transfer set state = 'FAILED', failure_code = 'DISK_READ', failure_reason = 'unplugged',"
                + " failure_hint = '', failure_since_ms = 0");
        world.store.saveDigests(music.info().hash(), music.digests(), TorrentWorld.NOW);
        restart();

        world.ask(new RecheckTransfer(complete.id()));

        assertThat(world.until(complete.id(), TransferState.COMPLETE)).isEqualTo(complete);
        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void a_job_that_cannot_be_stored_as_complete_is_found_in_place_by_a_recheck() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.sql("create trigger full before update of state on transfer when new.state = 'COMPLETE'"
                + " begin select raise(abort, 'no room'); end");
        Transfer job = world.begun(music);
        world.until(job.id(), TransferState.FAILED);
        world.sql("drop trigger full");

        world.ask(new RecheckTransfer(job.id()));

        assertThat(world.until(job.id(), TransferState.COMPLETE).place()).isEqualTo(world.downloads.resolve("music"));
    }

    @Test
    void a_running_job_is_rechecked_by_the_engine_and_goes_on() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.engine.keepsQuietOn("download");
        Transfer job = world.begun(music);

        Transfer verifying = world.ask(new RecheckTransfer(job.id()));
        world.threads.runAll();

        assertThat(verifying.state()).isEqualTo(TransferState.VERIFYING);
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.DOWNLOADING);
        assertThat(world.engine.calls()).containsSubsequence("resume", "recheck", "resume");
    }

    @Test
    void what_the_engine_says_to_have_finished_while_it_checks_waits_for_the_check() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.engine.keepsQuietOn("download", "recheck");
        Transfer job = world.begun(music);
        world.ask(new RecheckTransfer(job.id()));

        world.engineSays(new EngineEvent.Finished(music.info().hash()));

        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.VERIFYING);
        assertThat(world.engine.calls()).doesNotContain("save");
    }

    @Test
    void without_metadata_a_recheck_is_refused_and_nothing_changes() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));
        world.sql("delete from metadata");

        assertThat(world.refusalOf(new RecheckTransfer(complete.id()))).isEqualTo(ErrorCode.BAD_METADATA);
        assertThat(world.stored(complete.id())).isEqualTo(complete);
    }
}
