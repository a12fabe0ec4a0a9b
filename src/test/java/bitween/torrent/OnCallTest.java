package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentEvent.TransfersProgressed;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.MoveTransfer;
import bitween.message.TorrentRequest.PauseTransfer;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.message.TorrentRequest.ServeShare;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.message.WatchEvent.FilesChanged;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.Progress;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Shares after a restart, which the engine is given when a friend comes for them. */
class OnCallTest extends TorrentFixture {
    @Test
    void a_restart_offers_without_a_word_to_the_engine_and_gives_it_what_somebody_comes_for() throws Exception {
        Transfer share = world.shared(world.folder("music", 7));
        restart();
        assertThat(world.stored(share.id())).isEqualTo(share);
        assertThat(world.engine.calls()).isEmpty();

        world.ask(new ServeShare(hash(share)));

        assertThat(world.engine.calls()).containsExactly("add COMPLETE", "resume");
        assertThat(world.stored(share.id())).isEqualTo(share);
        assertThat(world.statesOf(share.id())).isEmpty();
    }

    @Test
    void all_who_come_wait_until_the_engine_lets_them_in_and_it_is_given_once() throws Exception {
        Transfer share = world.shared(world.folder("music", 7));
        restart();
        world.engine.keepsQuietOn("add");
        CompletableFuture<Void> first = world.bus.ask(new ServeShare(hash(share)));
        CompletableFuture<Void> second = world.bus.ask(new ServeShare(hash(share)));
        world.threads.runAll();
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();

        world.engineSays(new EngineEvent.Checked(hash(share), true));

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        world.ask(new ServeShare(hash(share)));
        assertThat(world.engine.calls()).containsExactly("add COMPLETE", "resume");
    }

    @Test
    void nobody_waits_for_what_is_no_share_of_ours() throws Exception {
        world.ask(new ServeShare(UNKNOWN));

        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void files_that_are_missing_when_somebody_comes_are_said_and_nobody_waits() throws Exception {
        Path music = world.folder("music", 7);
        Transfer share = world.shared(music);
        restart();
        Files.delete(music.resolve("file 0"));
        world.engine.findsComplete(torrent -> false);

        world.ask(new ServeShare(hash(share)));

        assertThat(failureOf(world.until(share.id(), TransferState.MISSING)).code())
                .isEqualTo(ErrorCode.PATH_MISSING);
        assertThat(world.engine.holds(hash(share))).isFalse();
    }

    @Test
    void files_that_the_watch_misses_are_not_offered_and_the_engine_never_hears_of_them() throws Exception {
        Path music = world.folder("music", 7);
        Transfer share = world.shared(music);
        restart();
        Files.delete(music.resolve("file 0"));

        world.bus.publish(new FilesChanged(hash(share)));
        world.until(share.id(), TransferState.MISSING);
        world.ask(new ServeShare(hash(share)));

        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void files_that_are_back_are_offered_again() throws Exception {
        Path music = world.folder("music", 7);
        Transfer share = world.shared(music);
        Files.move(music, music.resolveSibling("elsewhere"));
        restart();
        world.bus.publish(new FilesChanged(hash(share)));
        world.until(share.id(), TransferState.MISSING);

        Files.move(music.resolveSibling("elsewhere"), music);
        world.bus.publish(new FilesChanged(hash(share)));
        world.until(share.id(), TransferState.SEEDING);
        world.ask(new ServeShare(hash(share)));

        assertThat(world.engine.holds(hash(share))).isTrue();
    }

    @Test
    void a_touched_file_is_read_before_anybody_gets_it() throws Exception {
        Path music = world.folder("music", 7);
        Transfer share = world.shared(music);
        restart();
        Folders.file(music.resolve("file 0"), 7, 99);

        world.bus.publish(new FilesChanged(hash(share)));
        world.until(share.id(), TransferState.STALE);
        world.ask(new ServeShare(hash(share)));

        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void what_is_unshared_or_paused_meanwhile_is_given_to_nobody() throws Exception {
        Transfer music = world.shared(world.folder("music", 7));
        Transfer films = world.shared(world.folder("films", 8));
        restart();

        world.ask(new UnsharePath(music.id()));
        world.ask(new PauseTransfer(films.id()));
        world.ask(new ServeShare(hash(music)));
        world.ask(new ServeShare(hash(films)));

        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void what_was_got_and_is_forgotten_meanwhile_is_given_to_nobody_also_while_it_comes_again() throws Exception {
        HashedShare music = world.offered("music", 7);
        Transfer job = world.ask(new FetchShare(music.info().hash(), null, null, Audience.parse(List.of("@family"))))
                .transfer();
        world.holds(music);
        world.peersFound(music.info().hash());
        world.until(job.id(), TransferState.SEEDING);
        restart();
        world.ask(new RemoveJob(job.id(), true));
        world.offered("music", 7);
        downloading(music);
        world.engine.calls();

        world.ask(new ServeShare(music.info().hash()));

        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void what_is_moved_or_compared_first_is_there_for_whoever_comes_afterwards() throws Exception {
        Transfer music = world.shared(world.folder("music", 7));
        Transfer films = world.shared(world.folder("films", 8));
        restart();
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));

        world.ask(new MoveTransfer(music.id(), elsewhere));
        world.threads.runUntil(() -> world.stored(music.id()).place().startsWith(elsewhere));
        world.until(music.id(), TransferState.SEEDING);
        world.ask(new RecheckTransfer(films.id()));
        world.until(films.id(), TransferState.SEEDING);
        world.ask(new ServeShare(hash(music)));
        world.ask(new ServeShare(hash(films)));

        assertThat(world.engine.holds(hash(music))).isTrue();
        assertThat(world.engine.holds(hash(films))).isTrue();
    }

    @Test
    void what_is_compared_while_the_engine_takes_it_is_offered_once_that_is_over_and_not_before() throws Exception {
        Path music = world.folder("music", 7);
        Transfer share = world.shared(music);
        restart();
        world.engine.keepsQuietOn("add");
        CompletableFuture<Void> friend = world.bus.ask(new ServeShare(hash(share)));
        world.threads.runAll();
        FileTime before = Files.getLastModifiedTime(music.resolve("file 0"));
        Folders.file(music.resolve("file 0"), 7, 99);
        Files.setLastModifiedTime(music.resolve("file 0"), before);
        var unused = world.bus.ask(new RecheckTransfer(share.id()));
        while (world.stored(share.id()).state() != TransferState.VERIFYING) {
            assertThat(world.threads.runOne()).isTrue();
        }

        world.engineSays(new EngineEvent.Checked(hash(share), true));

        assertThat(friend).isCompleted();
        world.until(share.id(), TransferState.STALE);
        assertThat(world.statesOf(share.id())).doesNotContain(TransferState.SEEDING);
    }

    @Test
    void what_is_on_call_is_all_there() throws Exception {
        Transfer share = world.shared(world.folder("music", 7));

        restart();

        assertThat(world.said(TransfersProgressed.class))
                .extracting(event -> event.progress().get(share.id()))
                .containsExactly(new Progress(7, 7, 0, 0, 0, List.of()));
    }

    @Test
    void damaged_metadata_are_said_when_the_watch_reads_them_and_keep_no_other_share_from_its_friends()
            throws Exception {
        Transfer broken = world.shared(world.folder("music", 7));
        Transfer whole = world.shared(world.folder("films", 8));
        world.sql("update metadata set info = x'00' where hash = '" + broken.hash() + "'");
        restart();

        world.bus.publish(new FilesChanged(hash(broken)));
        world.threads.runAll();
        world.ask(new ServeShare(hash(whole)));

        assertThat(failureOf(world.stored(broken.id())).code()).isEqualTo(ErrorCode.BAD_METADATA);
        assertThat(world.engine.holds(hash(whole))).isTrue();
    }

    @Test
    void metadata_that_are_damaged_when_somebody_comes_are_said_and_nobody_waits() throws Exception {
        Transfer broken = world.shared(world.folder("music", 7));
        restart();
        world.sql("update metadata set info = x'00' where hash = '" + broken.hash() + "'");

        world.ask(new ServeShare(hash(broken)));

        assertThat(failureOf(world.stored(broken.id())).code()).isEqualTo(ErrorCode.BAD_METADATA);
    }
}
