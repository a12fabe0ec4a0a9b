package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentRequest.PauseTransfer;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.message.TorrentRequest.ResumeTransfer;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.message.WatchEvent.FilesChanged;
import bitween.model.ErrorCode;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Shares that their user pauses. */
class WithheldTest extends TorrentFixture {
    private Path music;
    private Transfer share;

    @BeforeEach
    void a_share() throws Exception {
        music = world.folder("music", 7, 9);
        share = world.shared(music);
    }

    @Test
    void what_is_paused_is_given_to_nobody_and_keeps_whom_it_is_for() throws Exception {
        Transfer paused = world.ask(new PauseTransfer(share.id()));

        assertThat(paused.isPausedByUser()).isTrue();
        assertThat(paused.audience()).isEqualTo(share.audience());
        assertThat(world.stored(share.id())).isEqualTo(paused);
        assertThat(world.engine.holds(hash(share))).isFalse();
        assertThat(world.ask(new PauseTransfer(share.id()))).as("twice").isEqualTo(paused);
    }

    @Test
    void it_goes_on_as_it_was() throws Exception {
        world.ask(new PauseTransfer(share.id()));

        world.ask(new ResumeTransfer(share.id()));

        assertThat(world.until(share.id(), TransferState.SEEDING)).isEqualTo(share);
        assertThat(world.engine.holds(hash(share))).isTrue();
        assertThat(world.ask(new ResumeTransfer(share.id())))
                .as("what is not paused")
                .isEqualTo(share);
    }

    @Test
    void it_stays_paused_over_a_restart_and_whatever_becomes_of_its_files() throws Exception {
        world.ask(new PauseTransfer(share.id()));

        restart();
        Folders.file(music.resolve("file 0"), 7, 99);
        world.engineSays(new EngineEvent.Checked(hash(share), true));
        world.bus.publish(new FilesChanged(hash(share)));

        assertThat(world.stored(share.id()).isPausedByUser()).isTrue();
        assertThat(world.engine.holds(hash(share))).isFalse();
        assertThat(world.refusalOf(new RecheckTransfer(share.id()))).isEqualTo(ErrorCode.BAD_ARGUMENT);
    }

    @Test
    void what_was_changed_meanwhile_is_not_offered() throws Exception {
        world.ask(new PauseTransfer(share.id()));
        Folders.file(music.resolve("file 0"), 7, 99);

        world.ask(new ResumeTransfer(share.id()));

        assertThat(failureOf(world.until(share.id(), TransferState.STALE)).code())
                .isEqualTo(ErrorCode.CONTENT_CHANGED);
    }

    @Test
    void one_that_is_missing_can_rest_too_and_is_looked_at_when_it_goes_on() throws Exception {
        Path away = Files.move(music, temp.resolve("away"));
        world.bus.publish(new FilesChanged(hash(share)));
        world.until(share.id(), TransferState.MISSING);
        world.ask(new PauseTransfer(share.id()));
        Files.move(away, music);

        world.ask(new ResumeTransfer(share.id()));

        world.until(share.id(), TransferState.SEEDING);
    }

    @Test
    void a_paused_share_can_be_ended() throws Exception {
        world.ask(new PauseTransfer(share.id()));

        world.ask(new UnsharePath(share.id()));

        assertThat(world.find(share.id())).isEmpty();
    }
}
