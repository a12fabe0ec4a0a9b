package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.SetFilePriority;
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
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which files of a job come first. The three files of 600,000 bytes lie in pieces 0 to 2, 2 to 4 and 4 to 6. */
class RankingTest extends TorrentFixture {
    private static final int FILE = 600_000;

    private HashedShare music;

    @BeforeEach
    void three_files() throws IOException {
        music = world.offered("music", FILE, FILE, FILE);
    }

    @Test
    void a_piece_comes_as_soon_as_the_first_of_its_files() throws Exception {
        Transfer job = downloading(music);
        world.engine.calls();

        rank(job, "file 1", Priority.HIGH);
        rank(job, "file 2", Priority.LOW);

        assertThat(world.engine.calls())
                .containsExactly("want 0 1 2 high 3 high 4 high 5 6", "want 0 1 2 high 3 high 4 high 5 low 6 low");
    }

    @Test
    void what_was_said_last_holds_and_nothing_is_left_of_what_was_taken_back() throws Exception {
        Transfer job = downloading(music);

        rank(job, "file 1", Priority.HIGH);
        Transfer last = rank(job, "file *", Priority.LOW);
        world.engine.calls();
        Transfer usual = rank(job, "*", Priority.NORMAL);

        assertThat(last.filePriorities()).hasSize(2);
        assertThat(usual.filePriorities()).isEmpty();
        assertThat(world.engine.calls()).containsExactly("want 0 1 2 3 4 5 6");
    }

    @Test
    void it_is_kept_over_a_restart() throws Exception {
        Transfer job = downloading(music);
        Transfer ranked = rank(job, "file 0", Priority.HIGH);

        restart();

        assertThat(world.stored(job.id()).filePriorities()).isEqualTo(ranked.filePriorities());
        assertThat(world.engine.calls()).contains("add RESUME of pieces 0 high 1 high 2 high 3 4 5 6");
    }

    @Test
    void what_is_about_nothing_that_the_job_gets_is_refused() throws Exception {
        world.engine.keepsQuietOn("download");
        world.holds(music);
        Transfer job = world.ask(new FetchShare(
                        music.info().hash(), null, null, Audience.NOBODY, List.of(Choice.path(List.of("file 1")))))
                .transfer();
        world.threads.runAll();
        world.peersFound(music.info().hash());
        world.until(job.id(), TransferState.DOWNLOADING);

        assertThatThrownBy(() -> rank(job, "*.avi", Priority.HIGH))
                .cause()
                .isInstanceOfSatisfying(UserException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.NOTHING_FITS);
                    assertThat(e.sentence()).isEqualTo("'*.avi' fits nothing in 'music'");
                });
        assertThatThrownBy(() -> rank(job, "file 2", Priority.HIGH))
                .cause()
                .isInstanceOfSatisfying(UserException.class, e -> {
                    assertThat(e.sentence()).isEqualTo("'file 2' fits nothing in what 'music' gets");
                    assertThat(e.hint()).isEqualTo("in it are 'file 1'");
                });
        assertThat(world.stored(job.id()).filePriorities()).isEmpty();
    }

    @Test
    void no_more_is_kept_than_anybody_types() throws Exception {
        Transfer job = downloading(music);
        for (int i = 0; i < 100; i++) {
            rank(job, "f" + "*".repeat(i + 1), Priority.LOW);
        }

        assertThatThrownBy(() -> rank(job, "file*", Priority.HIGH))
                .cause()
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_ARGUMENT));
    }

    private Transfer rank(Transfer job, String pattern, Priority priority) throws InterruptedException {
        return world.ask(new SetFilePriority(job.id(), new FilePriority(Choice.glob(List.of(), pattern), priority)));
    }
}
