package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentRequest.GrantShare;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.message.TorrentRequest.RevokeShare;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.Shared;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.LeftOut;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SharingTest extends TorrentFixture {
    @Test
    void a_folder_is_hashed_stored_and_then_seeded() throws Exception {
        Path music = world.folder("music", 100_000, 7);

        Transfer added =
                world.ask(new SharePath(music, null, Audience.EVERYONE)).transfer();
        Transfer seeding = world.until(added.id(), TransferState.SEEDING);

        assertThat(added.state()).isEqualTo(TransferState.HASHING);
        assertThat(world.statesOf(added.id()))
                .containsExactly(TransferState.HASHING, TransferState.HASHING, TransferState.SEEDING);
        assertThat(Objects.requireNonNull(seeding.share()).sizeBytes()).isEqualTo(100_007);
        assertThat(world.store.digests(hash(seeding))).isPresent();
        assertThat(world.engine.calls()).containsExactly("add COMPLETE", "resume");
    }

    @Test
    void nobody_is_told_of_a_hash_that_could_not_be_stored() throws Exception {
        world.sql("create trigger full before insert on metadata begin select raise(abort, 'no room'); end");

        Transfer added = world.ask(new SharePath(world.folder("music", 7), null, Audience.EVERYONE))
                .transfer();
        world.until(added.id(), TransferState.FAILED);

        assertThat(world.said(TransferChanged.class))
                .extracting(event -> event.transfer().hash())
                .containsOnlyNulls();
    }

    @Test
    void what_is_left_out_is_told() throws Exception {
        Path music = world.folder("music", 7);
        Files.createFile(music.resolve(".hidden"));

        Shared shared = world.ask(new SharePath(music, null, Audience.EVERYONE));

        assertThat(shared.leftOut())
                .isEqualTo(new LeftOut(
                        Map.of(LeftOut.Reason.HIDDEN, 1),
                        List.of(new LeftOut.Thing(".hidden", LeftOut.Reason.HIDDEN))));
    }

    @Test
    void the_same_folder_is_not_shared_twice() throws Exception {
        Path music = world.folder("music", 7);
        world.shared(music);

        assertThat(world.refusalOf(new SharePath(music, "other name", Audience.EVERYONE)))
                .isEqualTo(ErrorCode.ALREADY_SHARED);
        assertThat(world.store.all()).hasSize(1);
    }

    @Test
    void two_folders_are_not_shared_under_one_name() throws Exception {
        world.shared(world.folder("music", 7));

        assertThat(world.refusalOf(new SharePath(world.folder("films", 7), "music", Audience.EVERYONE)))
                .isEqualTo(ErrorCode.NAME_TAKEN);
    }

    @Test
    void what_is_unshared_while_it_is_hashed_is_gone() throws Exception {
        Transfer added = world.ask(new SharePath(world.folder("music", 1_000_000), null, Audience.EVERYONE))
                .transfer();

        world.ask(new UnsharePath(added.id()));
        world.shared(world.folder("films", 7));

        assertThat(world.find(added.id())).isEmpty();
        assertThat(world.statesOf(added.id())).containsOnly(TransferState.HASHING);
        assertThat(world.said(TransferRemoved.class)).hasSize(1);
    }

    @Test
    void unsharing_leaves_the_files_and_tells_the_engine() throws Exception {
        Path music = world.folder("music", 7);
        Transfer share = world.shared(music);

        world.ask(new UnsharePath(share.id()));

        assertThat(music.resolve("file 0")).exists();
        assertThat(world.engine.holds(hash(share))).isFalse();
        assertThat(temp.resolve("home/links")).isEmptyDirectory();
    }

    @Test
    void whom_a_share_is_for_is_known_with_it_and_changes_while_it_is_seeded() throws Exception {
        Audience family = Audience.parse(List.of("@family"));
        Transfer added =
                world.ask(new SharePath(world.folder("music", 7), null, family)).transfer();
        Transfer seeding = world.until(added.id(), TransferState.SEEDING);

        Transfer granted = world.ask(new GrantShare(added.id(), Audience.EVERYONE.grantees()));
        Transfer again = world.ask(new GrantShare(added.id(), Audience.EVERYONE.grantees()));
        Transfer revoked = world.ask(new RevokeShare(added.id(), family.grantees()));

        assertThat(added.audience()).isEqualTo(seeding.audience()).isEqualTo(family);
        assertThat(granted).isEqualTo(again).isEqualTo(seeding.with(Audience.parse(List.of("everyone", "@family"))));
        assertThat(revoked).isEqualTo(seeding.with(Audience.EVERYONE)).isEqualTo(world.stored(added.id()));
        assertThat(world.said(TransferChanged.class))
                .extracting(event -> event.transfer().audience().toString())
                .containsExactly("@family", "@family", "@family", "everyone, @family", "everyone");
        assertThat(world.engine.calls()).containsExactly("add COMPLETE", "resume");
    }

    @Test
    void a_grant_is_stored_before_anybody_is_told() throws Exception {
        Transfer share = world.shared(world.folder("music", 7));
        List<Audience> stored = new ArrayList<>();
        world.bus.subscribe(
                TransferChanged.class,
                world.threads.lane("witness"),
                event -> stored.add(world.stored(share.id()).audience()));
        world.threads.runAll();

        world.ask(new RevokeShare(share.id(), Audience.EVERYONE.grantees()));
        world.threads.runAll();
        restart();

        assertThat(stored).containsExactly(Audience.NOBODY);
        assertThat(world.stored(share.id()).audience()).isEqualTo(Audience.NOBODY);
    }

    @Test
    void a_download_is_granted_to_nobody() throws Exception {
        Transfer job = world.fetched(new InfoHash("a".repeat(40)));

        assertThat(job.audience()).isEqualTo(Audience.NOBODY);
        assertThat(world.refusalOf(new GrantShare(job.id(), Audience.EVERYONE.grantees())))
                .isEqualTo(ErrorCode.BAD_ARGUMENT);
    }

    @Test
    void a_share_that_failed_can_be_shared_again() throws Exception {
        Path music = world.folder("music", 7);
        Transfer share = world.shared(music);
        world.engineSays(new EngineEvent.Failed(hash(share), ErrorCode.DISK_READ, "music/file 0 cannot be read"));
        assertThat(failureOf(world.until(share.id(), TransferState.FAILED)).reason())
                .isEqualTo("music/file 0 cannot be read");

        Transfer again = world.shared(music);

        assertThat(world.store.all()).hasSize(1);
        assertThat(again.hash()).isNotEqualTo(share.hash());
    }

    @Test
    void a_share_of_nothing_never_reaches_the_engine() throws Exception {
        Transfer share = world.shared(world.folder("empty", 0, 0));

        assertThat(Objects.requireNonNull(share.share()).files()).isEqualTo(2);
        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void a_restart_hashes_what_was_being_hashed() throws Exception {
        Transfer added = world.ask(new SharePath(world.folder("music", 1_000_000), null, Audience.EVERYONE))
                .transfer();

        restart();

        assertThat(world.until(added.id(), TransferState.SEEDING).hash()).isNotNull();
    }

    @Test
    void a_stop_while_hashing_is_no_failure() throws Exception {
        Transfer added = world.ask(new SharePath(world.folder("music", 10_000_000), null, Audience.EVERYONE))
                .transfer();

        var stopped = world.worker.stop();
        world.threads.runUntil(stopped::isDone);
        world.threads.runAll();

        assertThat(world.stored(added.id()).state()).isEqualTo(TransferState.HASHING);
    }

    @Test
    void a_share_whose_metadata_cannot_be_stored_fails_with_the_reason() throws Exception {
        world.sql("create trigger full before insert on metadata begin select raise(abort, 'no room'); end");

        Transfer added = world.ask(new SharePath(world.folder("music", 7), null, Audience.EVERYONE))
                .transfer();

        assertThat(failureOf(world.until(added.id(), TransferState.FAILED)).code())
                .isEqualTo(ErrorCode.STORE_FAILED);
    }

    @Test
    void a_failure_that_cannot_be_stored_is_told_all_the_same() throws Exception {
        Transfer share = world.shared(world.folder("music", 7));
        world.sql("create trigger full before update on transfer begin select raise(abort, 'no room'); end");

        world.engineSays(new EngineEvent.Failed(hash(share), ErrorCode.DISK_READ, "broken"));

        world.threads.runUntil(() -> world.statesOf(share.id()).contains(TransferState.FAILED));
        assertThat(world.stored(share.id()).state()).isEqualTo(TransferState.SEEDING);
    }

    @Test
    void a_recheck_of_files_that_are_right_changes_nothing() throws Exception {
        Transfer share = world.shared(world.folder("music", 7));

        Transfer verifying = world.ask(new RecheckTransfer(share.id()));

        assertThat(verifying.state()).isEqualTo(TransferState.VERIFYING);
        assertThat(world.until(share.id(), TransferState.SEEDING)).isEqualTo(share);
    }

    @Test
    void a_recheck_finds_a_changed_file_and_takes_it_from_friends() throws Exception {
        Path music = world.folder("music", 7);
        Transfer share = world.shared(music);
        Folders.file(music.resolve("file 0"), 7, 99);

        world.ask(new RecheckTransfer(share.id()));

        Transfer stale = world.until(share.id(), TransferState.STALE);
        assertThat(failureOf(stale).reason())
                .isEqualTo("1 of 1 files of 'music' have changed since they were shared, first 'file 0'");
        assertThat(failureOf(stale).hint()).startsWith("put them back as they were");
        assertThat(world.engine.holds(hash(share))).isFalse();
    }

    @Test
    void a_recheck_seeds_again_what_was_brought_back() throws Exception {
        Path music = world.folder("music", 7);
        Transfer share = world.shared(music);
        world.engineSays(new EngineEvent.Failed(hash(share), ErrorCode.DISK_READ, "unplugged"));
        world.until(share.id(), TransferState.FAILED);

        world.ask(new RecheckTransfer(share.id()));

        assertThat(world.until(share.id(), TransferState.SEEDING)).isEqualTo(share);
        assertThat(world.engine.holds(hash(share))).isTrue();
    }

    @Test
    void a_recheck_without_digests_is_the_engines() throws Exception {
        Transfer share = world.shared(world.folder("music", 7));
        world.sql("delete from digests");
        world.engine.findsComplete(torrent -> true);
        world.engine.calls();

        world.ask(new RecheckTransfer(share.id()));

        assertThat(world.until(share.id(), TransferState.SEEDING)).isEqualTo(share);
        assertThat(world.engine.calls()).contains("add CHECK");
    }

    @Test
    void a_recheck_while_hashing_does_not_hash_twice() throws Exception {
        Transfer added = world.ask(new SharePath(world.folder("music", 1_000_000), null, Audience.EVERYONE))
                .transfer();

        world.ask(new RecheckTransfer(added.id()));
        world.until(added.id(), TransferState.SEEDING);

        assertThat(world.statesOf(added.id()))
                .containsExactly(TransferState.HASHING, TransferState.HASHING, TransferState.SEEDING);
    }

    @Test
    void a_stop_in_the_middle_of_a_recheck_is_no_failure() throws Exception {
        Transfer share = world.shared(world.folder("music", 10_000_000));
        world.ask(new RecheckTransfer(share.id()));

        var stopped = world.worker.stop();
        world.threads.runUntil(stopped::isDone);
        world.close();
        world.threads.runAll();

        world = new TorrentWorld(temp).started();
        assertThat(world.stored(share.id()).state()).isEqualTo(TransferState.SEEDING);
    }

    @Test
    void what_the_engine_says_late_does_not_raise_a_failed_share() throws Exception {
        Transfer share = world.shared(world.folder("music", 7));
        world.engineSays(new EngineEvent.Failed(hash(share), ErrorCode.DISK_READ, "unplugged"));
        world.until(share.id(), TransferState.FAILED);

        world.engineSays(new EngineEvent.Checked(hash(share), true));

        assertThat(world.stored(share.id()).state()).isEqualTo(TransferState.FAILED);
    }

    @Test
    void no_new_work_is_taken_while_stopping() throws Exception {
        var stopped = world.worker.stop();
        world.threads.runUntil(stopped::isDone);

        assertThat(world.refusalOf(new SharePath(world.folder("music", 7), null, Audience.EVERYONE)))
                .isEqualTo(ErrorCode.BUSY);
    }

    @Test
    void upload_totals_survive_a_restart() throws Exception {
        Transfer share = world.shared(world.folder("music", 7));
        world.engineSays(sent(hash(share), 1_000));
        world.pass(Duration.ofSeconds(30));
        assertThat(world.row(share.id()).uploadedBytes()).isEqualTo(1_000);

        restart();
        world.engineSays(sent(hash(share), 234));
        var stopped = world.worker.stop();
        world.threads.runUntil(stopped::isDone);

        assertThat(world.row(share.id()).uploadedBytes()).isEqualTo(1_234);
    }

    @Test
    void nothing_is_written_while_nothing_is_sent() throws Exception {
        Transfer share = world.shared(world.folder("music", 7));
        world.engineSays(sent(hash(share), 1_000));
        world.pass(Duration.ofSeconds(30));
        restart();
        world.sql("create table written (bytes integer)");
        world.sql("create trigger spy after update on transfer begin"
                + " insert into written values (new.uploaded_bytes); end");

        world.pass(Duration.ofSeconds(30));
        world.engineSays(sent(hash(share), 0));
        world.pass(Duration.ofSeconds(30));
        world.engineSays(sent(hash(share), 5));
        world.pass(Duration.ofSeconds(30));
        world.pass(Duration.ofSeconds(30));

        assertThat(world.numbers("select bytes from written")).containsExactly(1_005L);
    }

    @Test
    void upload_totals_survive_a_recheck_before_the_first_byte_is_sent() throws Exception {
        Transfer share = world.shared(world.folder("music", 7));
        world.engineSays(sent(hash(share), 1_000));
        world.pass(Duration.ofSeconds(30));

        restart();
        world.sql("delete from digests");
        world.sql("delete from stamps");
        world.sql("update transfer set hash = null, state = 'HASHING'");
        restart();
        world.until(share.id(), TransferState.SEEDING);
        world.pass(Duration.ofSeconds(30));

        assertThat(world.row(share.id()).uploadedBytes()).isEqualTo(1_000);
    }

    private static EngineEvent sent(InfoHash hash, long bytes) {
        return new EngineEvent.Updated(List.of(new EngineEvent.State(hash, 7, 7, 0, 0, bytes, false, List.of())));
    }
}
