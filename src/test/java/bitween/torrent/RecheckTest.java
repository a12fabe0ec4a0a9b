package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.model.ErrorCode;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void files_in_place_that_failed_are_compared_where_they_stand() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));
        world.sql("update transfer set state = 'FAILED', failure_code = 'DISK_READ', failure_reason = 'unplugged',"
                + " failure_hint = '', failure_since_ms = 0");
        world.close();
        world = new TorrentWorld(temp).started();

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
