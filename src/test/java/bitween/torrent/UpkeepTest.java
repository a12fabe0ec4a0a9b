package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.message.WatchEvent.FilesChanged;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.testing.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UpkeepTest extends TorrentFixture {
    private static final Audience FOR_BOB = Audience.parse(List.of("bob@example.org"));

    private Path music;
    private Transfer share;

    @BeforeEach
    void a_share_of_two_files() throws Exception {
        music = world.folder("music", 7, 9);
        share = world.shared(music);
        world.engine.calls();
    }

    @Test
    void files_as_they_were_are_offered_as_they_were() throws Exception {
        somebodySaw();

        assertThat(world.engine.calls()).isEmpty();
        assertThat(world.stored(share.id())).isEqualTo(share);
    }

    @Test
    void a_file_of_another_size_takes_the_share_from_friends() throws Exception {
        Files.writeString(music.resolve("file 1"), "shorter");

        Transfer stale = becomes(TransferState.STALE);

        assertThat(failureOf(stale).code()).isEqualTo(ErrorCode.CONTENT_CHANGED);
        assertThat(failureOf(stale).reason())
                .isEqualTo("1 of 2 files of 'music' have changed since they were shared, first 'file 1'");
        assertThat(failureOf(stale).hint()).endsWith("bitween share '" + music + "'");
        assertThat(world.engine.calls()).containsExactly("remove");
    }

    @Test
    void a_file_that_is_gone_makes_the_share_missing_until_it_is_back() throws Exception {
        Path away = Files.move(music.resolve("file 0"), temp.resolve("away"));
        Transfer missing = becomes(TransferState.MISSING);
        assertThat(failureOf(missing).reason()).isEqualTo("1 of 2 files of 'music' are gone, first 'file 0'");

        Files.move(away, music.resolve("file 0"));

        assertThat(becomes(TransferState.SEEDING)).isEqualTo(share);
        assertThat(world.statesOf(share.id())).as("without reading").doesNotContain(TransferState.VERIFYING);
        assertThat(world.engine.calls()).containsExactly("remove", "add COMPLETE", "resume");
    }

    @Test
    void a_disk_that_is_not_there_is_missing_and_nothing_is_made_in_its_place() throws Exception {
        Files.move(music, temp.resolve("unplugged"));

        assertThat(failureOf(becomes(TransferState.MISSING)).reason())
                .isEqualTo("there is nothing at " + music + " any more");
        assertThat(music).doesNotExist();
    }

    @Test
    void what_is_touched_is_read_while_nobody_gets_it_and_then_offered_again() throws Exception {
        touch("file 0");

        somebodySaw();
        assertThat(world.until(share.id(), TransferState.SEEDING)).isEqualTo(share);

        assertThat(world.statesOf(share.id())).endsWith(TransferState.VERIFYING, TransferState.SEEDING);
        assertThat(world.engine.calls()).containsExactly("remove", "add COMPLETE", "resume");
        somebodySaw();
        assertThat(world.engine.calls()).as("it is known now").isEmpty();
    }

    @Test
    void another_content_of_the_same_size_is_found_and_read_once() throws Exception {
        Folders.file(music.resolve("file 1"), 9, 99);
        Transfer stale = becomes(TransferState.STALE);
        assertThat(failureOf(stale).reason()).contains("first 'file 1'");
        int changes = world.statesOf(share.id()).size();

        somebodySaw();
        assertThat(world.statesOf(share.id())).as("without a second reading").hasSize(changes);
        restart();
        somebodySaw();

        assertThat(world.stored(share.id())).isEqualTo(stale);
        assertThat(world.statesOf(share.id())).isEmpty();
        assertThat(world.engine.calls()).isEmpty();
    }

    @Test
    void changed_files_that_are_put_back_as_they_were_are_offered_again() throws Exception {
        Folders.file(music.resolve("file 1"), 9, 99);
        becomes(TransferState.STALE);

        Folders.file(music.resolve("file 1"), 9, 1);

        assertThat(becomes(TransferState.SEEDING)).isEqualTo(share);
    }

    @Test
    void what_is_frozen_stays_withdrawn_until_its_user_says_otherwise() throws Exception {
        Transfer frozen = world.ask(new SharePath(music, null, Audience.EVERYONE, false, ShareMode.FROZEN))
                .transfer();
        assertThat(frozen.hash()).as("without reading").isEqualTo(share.hash());
        Folders.file(music.resolve("file 1"), 9, 99);
        Transfer stale = becomes(TransferState.STALE);
        assertThat(failureOf(stale).code()).isEqualTo(ErrorCode.FILES_CHANGED);
        assertThat(failureOf(stale).hint()).contains("bitween recheck");

        Folders.file(music.resolve("file 1"), 9, 1);
        somebodySaw();
        assertThat(world.stored(share.id())).isEqualTo(stale);
        restart();
        assertThat(world.stored(share.id())).isEqualTo(stale);

        world.ask(new RecheckTransfer(share.id()));
        assertThat(becomes(TransferState.SEEDING).failure()).isNull();
    }

    @Test
    void what_is_sent_and_changed_says_how_to_send_it_as_it_is() throws Exception {
        Path film = world.folder("film", 7);
        share = world.until(sent(film), TransferState.SEEDING);
        restart();
        Files.writeString(film.resolve("file 0"), "changed");

        Transfer stale = becomes(TransferState.STALE);

        assertThat(failureOf(stale).hint())
                .endsWith("; or send it as it is now: bitween unshare '" + share.id() + "', then bitween send '" + film
                        + "' bob@example.org");
        world.ask(new UnsharePath(share.id()));
        world.until(sent(film), TransferState.SEEDING);
    }

    private TransferId sent(Path path) throws InterruptedException {
        return world.ask(new SharePath(path, null, FOR_BOB, false, ShareMode.USUAL, null, null, true))
                .transfer()
                .id();
    }

    @Test
    void what_happened_to_withdrawn_files_while_the_daemon_was_away_is_seen_at_the_start() throws Exception {
        Path away = Files.move(music.resolve("file 0"), temp.resolve("away"));
        becomes(TransferState.MISSING);
        world.close();
        Files.move(away, music.resolve("file 0"));

        start();

        assertThat(world.until(share.id(), TransferState.SEEDING)).isEqualTo(share);
    }

    @Test
    void what_an_older_version_shared_is_believed_as_it_is_found() throws Exception {
        world.sql("delete from stamps");

        somebodySaw();
        touch("file 0");
        somebodySaw();

        assertThat(world.until(share.id(), TransferState.SEEDING)).isEqualTo(share);
        assertThat(world.statesOf(share.id())).contains(TransferState.VERIFYING);
    }

    @Test
    void without_digests_the_engine_reads_what_was_touched() throws Exception {
        world.sql("delete from digests");
        world.engine.findsComplete(torrent -> true);
        touch("file 0");

        somebodySaw();

        assertThat(world.until(share.id(), TransferState.SEEDING)).isEqualTo(share);
        assertThat(world.engine.calls()).containsExactly("remove", "add CHECK", "resume");
        somebodySaw();
        assertThat(world.engine.calls()).as("it is known now").isEmpty();
    }

    @Test
    void a_file_that_was_replaced_while_the_engine_read_it_is_read_and_not_called_a_failure() throws Exception {
        Folders.file(music.resolve("file 1"), 9, 99);

        world.engineSays(new EngineEvent.Failed(hash(share), ErrorCode.DISK_READ, "cannot read 'music/file 1'"));

        assertThat(failureOf(world.until(share.id(), TransferState.STALE)).code())
                .isEqualTo(ErrorCode.CONTENT_CHANGED);
        assertThat(world.statesOf(share.id())).doesNotContain(TransferState.FAILED);
        assertThat(world.engine.calls()).containsExactly("remove");
    }

    @Test
    void a_recheck_reads_what_looks_as_it_did() throws Exception {
        FileTime before = Files.getLastModifiedTime(music.resolve("file 1"));
        Folders.file(music.resolve("file 1"), 9, 99);
        Files.setLastModifiedTime(music.resolve("file 1"), before);

        world.ask(new RecheckTransfer(share.id()));

        world.until(share.id(), TransferState.STALE);
        somebodySaw();
        assertThat(world.stored(share.id()).state()).as("a look proves nothing").isEqualTo(TransferState.STALE);
    }

    @Test
    void a_stale_folder_is_shared_anew_as_it_is() throws Exception {
        Folders.file(music.resolve("file 1"), 9, 99);
        becomes(TransferState.STALE);

        Transfer anew = world.shared(music);

        assertThat(anew.hash()).isNotEqualTo(share.hash());
        assertThat(world.find(share.id())).isEmpty();
    }

    private void touch(String name) throws Exception {
        Files.setLastModifiedTime(music.resolve(name), FileTime.from(TorrentWorld.NOW));
    }

    /** As it is said when anything looks otherwise than it did. */
    private void somebodySaw() throws InterruptedException {
        world.bus.publish(new FilesChanged(hash(share)));
        world.threads.runUntil(() -> !world.worker.isLooking());
        world.threads.runAll();
    }

    private Transfer becomes(TransferState state) throws InterruptedException {
        world.bus.publish(new FilesChanged(hash(share)));
        return world.until(share.id(), state);
    }
}
