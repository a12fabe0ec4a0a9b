package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.COLLECTION;

import bitween.message.DeviceRequest.FetchDocument;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.message.TorrentRequest.SetPriority;
import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.Jid;
import bitween.model.PageQuery;
import bitween.model.Priority;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Jobs from the last byte on: what is compared with what, and where files end. */
class CompletingTest extends TorrentFixture {
    private static final Bytes LIE = Bytes.of(new byte[32]);
    private static final Device HONEST = device("honest");

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
    void digests_that_do_not_fit_right_pieces_are_those_of_a_liar_and_another_friend_is_asked() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.holds(music);
        world.answers(PageQuery.Kind.DIGESTS, hash -> CompletableFuture.completedFuture(LIE));
        world.alsoHolds(HONEST, music.digests());

        Transfer job = world.wanted(music.info().hash());

        Transfer complete = world.until(job.id(), TransferState.COMPLETE);
        Folders.assertSame(temp.resolve("friend/music"), complete.place());
        assertThat(world.asked).last().extracting(FetchDocument::except).isEqualTo(Set.of(TorrentWorld.FRIEND));
    }

    @Test
    void a_lie_that_is_stored_is_dropped() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.store.saveDigests(music.info().hash(), LIE, TorrentWorld.NOW);

        world.got(music);

        assertThat(world.store.digests(music.info().hash())).isEmpty();
    }

    @Test
    void when_nobody_but_a_liar_is_there_the_job_fails_until_an_honest_friend_comes() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.store.saveDigests(music.info().hash(), LIE, TorrentWorld.NOW);
        world.holds(music);
        world.answers(PageQuery.Kind.DIGESTS, hash -> CompletableFuture.completedFuture(LIE));
        Transfer job = world.wanted(music.info().hash());
        Failure failure = failureOf(world.until(job.id(), TransferState.FAILED));
        assertThat(failure.code()).isEqualTo(ErrorCode.CONTENT_CHANGED);
        assertThat(failure.reason()).endsWith("first 'file 0', though every piece of them is right");

        world.alsoHolds(HONEST, music.digests());
        world.engine.findsComplete(torrent -> true);
        world.ask(new RecheckTransfer(job.id()));

        world.until(job.id(), TransferState.COMPLETE);
    }

    @Test
    void what_is_said_of_it_while_it_is_compared_holds() throws Exception {
        HashedShare music = world.offered("music", 7);
        CompletableFuture<Bytes> digests = new CompletableFuture<>();
        world.holds(music);
        world.answers(PageQuery.Kind.DIGESTS, hash -> digests);
        Transfer job = world.wanted(music.info().hash());
        assertThat(job.state()).isEqualTo(TransferState.VERIFYING);
        Audience carol = Audience.parse(List.of("carol@example.net"));

        world.ask(new FetchShare(music.info().hash(), null, null, carol));
        world.ask(new SetPriority(job.id(), Priority.HIGH));
        digests.complete(music.digests());
        Transfer share = world.until(job.id(), TransferState.SEEDING);

        assertThat(share.audience()).isEqualTo(carol);
        assertThat(share.priority()).isEqualTo(Priority.HIGH);
    }

    @Test
    void liars_of_any_number_cost_one_look_each() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.holds(music);
        world.answers(PageQuery.Kind.DIGESTS, hash -> CompletableFuture.completedFuture(LIE));
        for (int liar = 0; liar < 5; liar++) {
            byte[] lie = new byte[32];
            lie[0] = (byte) liar;
            world.alsoHolds(device("liar " + liar), Bytes.of(lie));
        }
        world.alsoHolds(HONEST, music.digests());

        world.until(world.wanted(music.info().hash()).id(), TransferState.COMPLETE);

        assertThat(world.asked)
                .last()
                .extracting(FetchDocument::except)
                .asInstanceOf(COLLECTION)
                .hasSize(6);
        assertThat(world.engine.calls()).containsOnlyOnce("add CHECK");
    }

    @Test
    void what_an_earlier_run_wrote_is_hashed_again_when_there_are_no_digests() throws Exception {
        HashedShare music = world.offered("music", 7);
        downloading(music);
        world.pass(Duration.ofSeconds(30));
        restart();
        world.offered("music", 7); // what peers give
        world.answers(PageQuery.Kind.DIGESTS, TorrentWorld.nobody());

        world.peersFound(music.info().hash());

        world.threads.runUntil(() -> Files.exists(world.downloads.resolve("music"))); // the fake finds nothing wrong
        assertThat(world.engine.calls())
                .containsSubsequence("add RESUME with resume data", "remove", "add CHECK", "remove");
    }

    @Test
    void resume_data_are_not_believed_after_what_they_tell_of_was_in_doubt() throws Exception {
        HashedShare music = world.offered("music", 7);
        Transfer complete = world.got(music);
        assertThat(world.row(complete.id()).hasResume()).isTrue();
        Folders.file(complete.place().resolve("file 0"), 7, 99);
        world.engine.keepsQuietOn("add");
        world.ask(new RecheckTransfer(complete.id()));
        world.threads.runUntil(() -> world.engine.holds(music.info().hash()));

        restart();

        assertThat(world.engine.calls()).startsWith("add RESUME").doesNotContain("add RESUME with resume data");
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
    void a_file_that_is_not_there_in_the_end_completes_nothing_also_without_digests() throws Exception {
        HashedShare music = world.offered("music", 7, 9);
        Transfer job = downloading(music);
        world.answers(PageQuery.Kind.DIGESTS, TorrentWorld.nobody());

        world.engineSays(new EngineEvent.Finished(music.info().hash()));

        Failure failure = failureOf(world.until(job.id(), TransferState.PAUSED));
        assertThat(failure.reason()).startsWith("cannot write ").endsWith(": it does not exist");
        assertThat(world.downloads.resolve("music")).doesNotExist();
    }

    @Test
    void what_a_friend_calls_by_a_hidden_name_is_seen() throws Exception {
        Transfer complete = world.got(world.offered(".profile", 7));

        assertThat(complete.place()).isEqualTo(world.downloads.resolve("profile"));
        Folders.assertSame(temp.resolve("friend/.profile"), complete.place());
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
    void files_that_cannot_be_moved_into_place_let_the_job_pause_with_the_reason() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.engine.keepsQuietOn("remove");
        Transfer job = world.begun(music);
        Places.deleteTree(world.downloads);

        world.answers(PageQuery.Kind.DIGESTS, TorrentWorld.nobody());
        world.engineSays(new EngineEvent.Removed(music.info().hash()));

        assertThat(failureOf(world.until(job.id(), TransferState.PAUSED)).code())
                .isEqualTo(ErrorCode.PATH_MISSING);
        assertThat(world.downloads).as("it may be where a disk was mounted").doesNotExist();
    }

    private static Device device(String name) {
        return new Device(new Jid("carol@example.org"), new DeviceId(name));
    }

    private static void putBack(Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
