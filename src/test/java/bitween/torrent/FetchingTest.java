package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.LinkEvent.LabelsChanged;
import bitween.message.TorrentEvent.DamageFound;
import bitween.message.TorrentEvent.PeersWanted;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.PageQuery;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import bitween.torrent.format.InfoDictionary;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FetchingTest extends TorrentFixture {
    @Test
    void libtorrent_lets_in_the_labels_in_use_and_nobody_else() throws Exception {
        InetAddress label = InetAddress.getByName("127.77.1.0");
        Device device = new Device(new Jid("bob@b.test"), new DeviceId("f".repeat(64)));

        world.bus.publish(new LabelsChanged(Map.of(label, device)));
        world.threads.runAll();

        assertThat(world.engine.calls()).contains("admit [127.77.1.0]");
    }

    @Test
    void what_nobody_has_waits_for_a_friend() throws Exception {
        Transfer job = world.fetched(UNKNOWN);

        assertThat(job.state()).isEqualTo(TransferState.WAITING_FOR_FRIEND);
        assertThat(world.said(PeersWanted.class)).containsExactly(new PeersWanted(UNKNOWN));
        assertThat(world.asked).isEmpty();
    }

    @Test
    void a_job_goes_from_the_wish_to_verified_files_in_place() throws Exception {
        HashedShare music = world.offered("music", 100_000, 0, 7);

        Transfer complete = world.got(music);

        assertThat(world.statesOf(complete.id()))
                .containsExactly(
                        TransferState.WAITING_FOR_FRIEND,
                        TransferState.METADATA,
                        TransferState.METADATA,
                        TransferState.QUEUED,
                        TransferState.DOWNLOADING,
                        TransferState.VERIFYING,
                        TransferState.COMPLETE);
        assertThat(world.engine.calls())
                .containsExactly("add RESUME", "connect " + TorrentWorld.PEER, "resume", "save", "remove");
        assertThat(world.row(complete.id()).hasResume()).isTrue();
        assertThat(complete.place()).isEqualTo(world.downloads.resolve("music"));
        Folders.assertSame(temp.resolve("friend/music"), complete.place());
        assertThat(TorrentWorld.in(world.downloads)).containsExactly(complete.place());
        assertThat(temp.resolve("home/links")).isEmptyDirectory();
    }

    @Test
    void a_job_of_nothing_never_reaches_the_engine() throws Exception {
        HashedShare empty = world.offered("empty", 0, 0);

        Transfer complete = world.got(empty);

        Folders.assertSame(temp.resolve("friend/empty"), complete.place());
        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void metadata_that_break_the_rules_are_a_failure() throws Exception {
        world.answers(PageQuery.Kind.INFO, hash -> CompletableFuture.completedFuture(Bytes.of(new byte[] {'d', 'e'})));

        Transfer job = world.wanted(UNKNOWN);

        assertThat(failureOf(job).code()).isEqualTo(ErrorCode.BAD_METADATA);
    }

    @Test
    void metadata_that_do_not_come_are_asked_for_again_when_a_friend_is_seen() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.answers(PageQuery.Kind.INFO, TorrentWorld.failing(ErrorCode.TIMED_OUT, "no answer"));
        Transfer job = world.wanted(music.info().hash());
        assertThat(job.state()).isEqualTo(TransferState.WAITING_FOR_FRIEND);

        world.holds(music);
        world.peersFound(music.info().hash());

        world.until(job.id(), TransferState.COMPLETE);
    }

    @Test
    void why_metadata_do_not_come_is_told_with_since_when_and_when_they_are_asked_for_again() throws Exception {
        world.answers(PageQuery.Kind.INFO, TorrentWorld.failing(ErrorCode.TIMED_OUT, "no answer"));
        Transfer job = world.wanted(UNKNOWN);
        Failure first = Objects.requireNonNull(lastSaidOf(job).failure());
        assertThat(first.code()).isEqualTo(ErrorCode.TIMED_OUT);
        assertThat(first.reason()).isEqualTo("no answer");
        assertThat(first.retryAt()).isEqualTo(first.since().plusSeconds(60));

        world.answers(PageQuery.Kind.INFO, TorrentWorld.failing(ErrorCode.FRIEND_OFFLINE, "nobody is there"));
        world.peersFound(UNKNOWN);

        assertThat(lastSaidOf(job).failure()).as("that is what the state says").isNull();
    }

    private Transfer lastSaidOf(Transfer job) {
        return world.said(TransferChanged.class).stream()
                .map(TransferChanged::transfer)
                .filter(transfer -> transfer.id().equals(job.id()))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    @Test
    void a_liar_with_metadata_of_something_else_does_not_end_a_job() throws Exception {
        world.answers(PageQuery.Kind.INFO, TorrentWorld.failing(ErrorCode.CONTENT_CHANGED, "made up"));

        Transfer job = world.wanted(UNKNOWN);

        assertThat(job.state()).isEqualTo(TransferState.WAITING_FOR_FRIEND);
    }

    @Test
    void a_friend_who_did_not_give_the_metadata_is_looked_for_again_after_a_minute() throws Exception {
        world.answers(PageQuery.Kind.INFO, TorrentWorld.failing(ErrorCode.TIMED_OUT, "no answer"));
        world.wanted(UNKNOWN);
        world.said.clear();

        for (int second = 0; second < 60; second++) {
            world.pass(Duration.ofSeconds(1));
        }

        assertThat(world.said(PeersWanted.class)).containsExactly(new PeersWanted(UNKNOWN));
    }

    @Test
    void peers_that_are_found_while_the_metadata_are_asked_for_ask_no_second_time() throws Exception {
        world.answers(PageQuery.Kind.INFO, hash -> new CompletableFuture<>());
        world.wanted(UNKNOWN);

        world.peersFound(UNKNOWN);

        assertThat(world.asked).hasSize(1);
    }

    @Test
    void a_folder_that_cannot_be_written_is_refused_and_nothing_is_stored() throws Exception {
        Path file = Files.createFile(temp.resolve("a file"));

        assertThat(world.refusalOf(new FetchShare(UNKNOWN, null, file.resolve("below"))))
                .isEqualTo(ErrorCode.DISK_WRITE);
        assertThat(world.store.all()).isEmpty();
    }

    @Test
    void a_folder_that_is_gone_is_not_made_anew_because_a_disk_may_be_missing_there() throws Exception {
        HashedShare music = world.offered("music", 7);
        Transfer job = world.fetched(music.info().hash());
        Files.delete(world.downloads);
        world.holds(music);

        world.peersFound(music.info().hash());

        Failure failure = failureOf(world.stored(job.id()));
        assertThat(failure.code()).isEqualTo(ErrorCode.PATH_MISSING);
        assertThat(failure.reason()).isEqualTo("the folder " + world.downloads + " is gone");
        assertThat(world.downloads).doesNotExist();
    }

    @Test
    void a_link_that_somebody_put_in_the_way_is_not_followed() throws Exception {
        HashedShare music = world.offered("music", 7);
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
        Files.createDirectories(world.downloads);
        Files.createSymbolicLink(Places.staging(world.downloads, music.info().hash()), elsewhere);

        Transfer job = world.begun(music);

        assertThat(failureOf(job).code()).isEqualTo(ErrorCode.DISK_WRITE);
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void only_this_user_may_enter_where_a_job_grows() throws Exception {
        HashedShare music = world.offered("music", 7);

        downloading(music);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                        Places.staging(world.downloads, music.info().hash()))))
                .isEqualTo("rwx------");
    }

    @Test
    void what_failed_in_one_folder_can_be_had_in_another() throws Exception {
        HashedShare music = world.offered("music", 7);
        Transfer job = downloading(music);
        world.engineSays(new EngineEvent.Failed(music.info().hash(), ErrorCode.INTERNAL, "odd"));

        Fetched again = world.ask(new FetchShare(music.info().hash(), null, temp.resolve("elsewhere")));
        world.threads.runAll();
        world.peersFound(music.info().hash());

        assertThat(again.known()).isFalse();
        assertThat(world.find(job.id())).isEmpty();
        assertThat(world.stored(again.transfer().id()).place()).isEqualTo(temp.resolve("elsewhere/music"));
        assertThat(world.stored(again.transfer().id()).state()).isEqualTo(TransferState.DOWNLOADING);
        assertThat(world.downloads).isEmptyDirectory();
    }

    @Test
    void what_does_not_fit_on_the_disk_pauses_before_it_begins() throws Exception {
        InfoDictionary huge = largerThanTheDisk();
        world.answers(PageQuery.Kind.INFO, hash -> CompletableFuture.completedFuture(huge.encoded()));
        world.space = new Disks.Space(huge.totalBytes() - 1, 0);

        Transfer job = world.wanted(huge.hash());

        assertThat(job.state()).isEqualTo(TransferState.PAUSED);
        assertThat(failureOf(job).code()).isEqualTo(ErrorCode.DISK_FULL);
        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void a_disk_that_fails_is_told_and_a_recheck_goes_on() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.engine.keepsQuietOn("add");
        Transfer job = world.begun(music);
        world.engineSays(new EngineEvent.Failed(music.info().hash(), ErrorCode.DISK_WRITE, "music/file 0: broken"));
        assertThat(failureOf(world.stored(job.id())).reason()).isEqualTo("music/file 0: broken");

        world.ask(new RecheckTransfer(job.id()));
        world.peersFound(music.info().hash());
        world.engineSays(new EngineEvent.Checked(music.info().hash(), false));

        world.until(job.id(), TransferState.COMPLETE);
    }

    @Test
    void what_the_engine_refuses_fails_and_a_recheck_gives_it_again() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.engine.refuses(new UserException(ErrorCode.BAD_METADATA, "not for me", ""));
        world.engine.keepsQuietOn("remove"); // it was never there
        Transfer job = world.begun(music);
        assertThat(failureOf(world.stored(job.id())).reason()).isEqualTo("not for me");

        world.engine.refuses(null);
        world.ask(new RecheckTransfer(job.id()));

        assertThat(world.engine.holds(music.info().hash())).isTrue();
    }

    @Test
    void a_damaged_piece_is_told_with_how_many_blocks_it_has() throws Exception {
        HashedShare music = world.offered("music", 40_000); // in one piece
        world.engine.keepsQuietOn("download");
        world.until(world.begun(music).id(), TransferState.DOWNLOADING);
        InfoHash hash = music.info().hash();

        world.engineSays(new EngineEvent.PieceRefused(hash, 0));

        assertThat(world.said).contains(new DamageFound(hash, 0, 3));
        assertThat(music.info().blocks(1)).isZero();
    }

    @Test
    void nobody_minds_what_the_engine_says_of_unknown_torrents() {
        world.engineSays(new EngineEvent.Removed(UNKNOWN));
        world.engineSays(new EngineEvent.Checked(UNKNOWN, true));
        world.engineSays(new EngineEvent.Finished(UNKNOWN));
        world.engineSays(new EngineEvent.Failed(UNKNOWN, ErrorCode.DISK_READ, "late"));
        world.engineSays(new EngineEvent.ResumeData(UNKNOWN, Bytes.EMPTY));
        world.engineSays(new EngineEvent.PieceRefused(UNKNOWN, 3));

        assertThat(world.store.all()).isEmpty();
        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void a_store_that_fails_while_the_metadata_arrive_fails_the_job_with_the_reason() throws Exception {
        HashedShare music = world.offered("music", 7);
        world.holds(music);
        Transfer job = world.fetched(music.info().hash());
        world.sql("create trigger full before update of share_name on transfer when new.share_name is not null"
                + " begin select raise(abort, 'no room'); end");

        world.peersFound(music.info().hash());

        assertThat(failureOf(world.stored(job.id())).code()).isEqualTo(ErrorCode.STORE_FAILED);
    }

    @Test
    void ones_own_share_is_not_fetched() throws Exception {
        Transfer share = world.shared(world.folder("music", 7));

        Fetched fetched = world.ask(new FetchShare(hash(share), null, null));

        assertThat(fetched).isEqualTo(new Fetched(share, true));
    }

    @Test
    void what_is_complete_is_not_fetched_again() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));

        Fetched fetched = world.ask(new FetchShare(hash(complete), null, null));

        assertThat(fetched).isEqualTo(new Fetched(complete, true));
    }

    @Test
    void wanting_what_failed_tries_again() throws Exception {
        world.answers(PageQuery.Kind.INFO, TorrentWorld.failing(ErrorCode.BAD_METADATA, "a lie"));
        Transfer job = world.wanted(UNKNOWN);

        Fetched again = world.ask(new FetchShare(UNKNOWN, null, null));

        assertThat(again.known()).isTrue();
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.WAITING_FOR_FRIEND);
        assertThat(world.stored(job.id()).failure()).isNull();
    }
}
