package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.PageQuery;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Jobs from the last byte on: what is compared with what, and where files end. */
class CompletingTest extends TorrentFixture {
    @Test
    void content_that_is_wrong_once_is_looked_at_again() throws Exception {
        HashedShare music = world.offered("music", 7);
        Path first = temp.resolve("friend/music/file 0");
        byte[] right = Files.readAllBytes(first);
        Folders.file(first, 7, 99);
        world.engine.findsComplete(torrent -> {
            if (torrent.start() == TorrentEngine.Torrent.Start.CHECK) {
                putBack(first, right);
            }
            return false;
        });

        Transfer complete = world.got(music);

        assertThat(world.engine.calls())
                .containsSubsequence("add RESUME", "save", "remove", "add CHECK", "save", "remove");
        assertThat(complete.place().resolve("file 0")).hasBinaryContent(right);
    }

    @Test
    void content_that_is_wrong_twice_is_a_failure() throws Exception {
        HashedShare music = world.offered("music", 7);
        Folders.file(temp.resolve("friend/music/file 0"), 7, 99);
        Transfer job = world.begun(music);

        Failure failure = failureOf(world.until(job.id(), TransferState.FAILED));
        assertThat(failure.code()).isEqualTo(ErrorCode.CONTENT_CHANGED);
        assertThat(failure.reason()).contains("'file 0'");
        assertThat(world.downloads.resolve("music")).doesNotExist();
    }

    @Test
    void without_digests_the_pieces_are_proof_enough() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.holds(music);
        world.answers(PageQuery.Kind.DIGESTS, TorrentWorld.nobody());

        Transfer job = world.wanted(music.info().hash());

        world.until(job.id(), TransferState.COMPLETE);
    }

    @Test
    void digests_of_another_length_are_no_digests() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.holds(music);
        world.answers(PageQuery.Kind.DIGESTS, hash -> CompletableFuture.completedFuture(Bytes.of(new byte[31])));

        Transfer job = world.wanted(music.info().hash());

        world.until(job.id(), TransferState.COMPLETE);
    }

    @Test
    void what_stands_at_the_goal_is_left_alone() throws Exception {
        Files.createDirectories(world.downloads.resolve("music"));

        Transfer complete = world.got(world.offered("music", 7));

        assertThat(complete.name()).isEqualTo("music (2)");
        assertThat(world.downloads.resolve("music")).isEmptyDirectory();
    }

    @Test
    void what_appears_at_the_goal_meanwhile_is_left_alone_too() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.engine.keepsQuietOn("save");
        Transfer job = world.begun(music);
        Files.createDirectories(world.downloads.resolve("music"));

        world.engineSays(new EngineEvent.ResumeUnchanged(music.info().hash()));

        assertThat(world.until(job.id(), TransferState.COMPLETE).place())
                .isEqualTo(world.downloads.resolve("music (2)"));
    }

    @Test
    void a_failure_that_comes_while_the_engine_leaves_does_not_matter() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.engine.keepsQuietOn("remove");
        Transfer job = world.begun(music);

        world.engineSays(new EngineEvent.Failed(music.info().hash(), ErrorCode.DISK_READ, "late"));
        world.engineSays(new EngineEvent.Removed(music.info().hash()));

        world.until(job.id(), TransferState.COMPLETE);
    }

    @Test
    void what_is_finished_twice_is_finished_once() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.engine.keepsQuietOn("save");
        Transfer job = world.begun(music);

        world.engineSays(new EngineEvent.Finished(music.info().hash()));
        world.engineSays(new EngineEvent.ResumeUnchanged(music.info().hash()));
        world.engineSays(new EngineEvent.Finished(music.info().hash()));
        world.until(job.id(), TransferState.COMPLETE);

        assertThat(world.engine.calls()).containsOnlyOnce("save", "remove");
        assertThat(world.statesOf(job.id())).containsOnlyOnce(TransferState.COMPLETE);
    }

    @Test
    void a_store_that_cannot_keep_resume_data_does_not_hold_up_the_end() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.sql("create trigger full before insert on resume begin select raise(abort, 'no room'); end");

        world.got(music);
    }

    @Test
    void files_that_cannot_be_moved_into_place_fail_the_job_with_the_reason() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.engine.keepsQuietOn("remove");
        Transfer job = world.begun(music);
        Places.deleteTree(world.downloads);

        world.answers(PageQuery.Kind.DIGESTS, TorrentWorld.nobody());
        world.engineSays(new EngineEvent.Removed(music.info().hash()));

        assertThat(failureOf(world.until(job.id(), TransferState.FAILED)).code())
                .isEqualTo(ErrorCode.DISK_WRITE);
    }

    private static void putBack(Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
