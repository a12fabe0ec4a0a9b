package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.message.WatchEvent.FilesChanged;
import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Revision;
import bitween.model.Share;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.Folders;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RevisingTest extends TorrentFixture {
    /** Of the worker's own clock: far more than the longest wait for the next revision. */
    private static final int MOST_SECONDS = 120;

    private Path notes;
    private Transfer first;

    @BeforeEach
    void a_live_share_of_two_files() throws Exception {
        notes = world.folder("notes", 7, 9);
        Transfer added = world.ask(new SharePath(notes, null, Audience.EVERYONE, false, ShareMode.LIVE))
                .transfer();
        first = world.until(added.id(), TransferState.SEEDING);
        world.engine.calls();
    }

    @Test
    void a_live_share_begins_with_its_first_revision() {
        assertThat(share(first).revision()).isEqualTo(1);
        assertThat(first.isLive()).isTrue();
    }

    @Test
    void a_new_file_makes_the_next_revision_under_the_same_name_while_the_last_is_offered() throws Exception {
        Folders.file(notes.resolve("file 2"), 5, 5);

        somebodySaw();
        assertThat(now()).as("before it has come to rest").isEqualTo(first);
        seconds(2);

        assertThat(now().state()).isEqualTo(TransferState.SEEDING);
        assertThat(now().name()).isEqualTo("notes");
        assertThat(share(now())).returns(2, Share::revision).returns(3, Share::files);
        assertThat(now().hash()).isNotEqualTo(first.hash());
        assertThat(world.statesOf(first.id()).stream().skip(3))
                .containsExactly(TransferState.HASHING, TransferState.SEEDING);
        assertThat(world.engine.calls()).containsExactly("remove", "add COMPLETE", "resume");
    }

    @Test
    void nobody_gets_anything_of_a_revision_of_which_a_file_has_changed() throws Exception {
        Files.writeString(notes.resolve("file 1"), "changed");

        somebodySaw();

        assertThat(world.engine.calls()).containsExactly("remove");
        assertThat(now().state()).isEqualTo(TransferState.HASHING);
        assertThat(now().hash()).as("friends see it still").isEqualTo(first.hash());
        seconds(2);
        assertThat(now().state()).isEqualTo(TransferState.SEEDING);
        assertThat(share(now()).revision()).isEqualTo(2);
    }

    @Test
    void what_it_was_is_kept_and_nothing_else_of_it() throws Exception {
        InfoHash old = hash(first);
        Files.writeString(notes.resolve("file 1"), "changed");
        revised();

        assertThat(world.store.revisions().history(first.id()))
                .containsExactly(
                        new Revision(2, hash(now()), TorrentWorld.NOW, 2, 14),
                        new Revision(1, old, TorrentWorld.NOW, 2, 16));
        assertThat(world.store.metadata(old)).isEmpty();
        assertThat(world.store.digests(old)).isEmpty();
        assertThat(world.store.stamps(old)).isEmpty();
        assertThat(world.store.files().all()).containsExactly(hash(now()));
        assertThat(info(world.store.revisions().content(old).orElseThrow().info(), old)
                        .files())
                .hasSize(2);
    }

    @Test
    @Tag("slow")
    void ten_thousand_renames_make_one_revision() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            Files.createFile(notes.resolve("many " + i));
        }
        untilRevision(2);
        for (int i = 0; i < 10_000; i++) {
            Files.move(notes.resolve("many " + i), notes.resolve("renamed " + i));
            if (i % 3_000 == 0) {
                somebodySaw();
                seconds(1);
            }
        }

        untilRevision(3);
        seconds(4);

        assertThat(share(now()).revision()).isEqualTo(3);
        assertThat(info().files()).hasSize(10_002).anyMatch(file -> file.path().equals(List.of("renamed 9999")));
    }

    @Test
    void what_was_only_touched_is_no_revision() throws Exception {
        Files.setLastModifiedTime(notes.resolve("file 0"), FileTime.fromMillis(12_345));
        somebodySaw();
        seconds(4);

        assertThat(now()).isEqualTo(first);
        somebodySaw();
        world.engine.calls();
        seconds(4);
        assertThat(world.engine.calls()).as("it is known now").isEmpty();
    }

    @Test
    void a_file_that_grows_and_grows_is_left_out_and_the_rest_is_a_revision() throws Exception {
        Folders.file(notes.resolve("ready"), 5, 5);
        Path growing = Folders.file(notes.resolve("growing"), 1, 1);
        somebodySaw();
        for (int second = 0; second < 31; second++) {
            Files.writeString(growing, "more", StandardOpenOption.APPEND);
            seconds(1);
        }

        assertThat(share(now()).revision()).isEqualTo(2);
        assertThat(paths()).containsExactly("file 0", "file 1", "ready");

        somebodySaw();
        for (int second = 0; second < 70; second++) {
            Files.writeString(growing, "more", StandardOpenOption.APPEND);
            seconds(1);
        }
        assertThat(share(now()).revision()).as("nothing else has changed").isEqualTo(2);

        seconds(5);
        assertThat(paths()).containsExactly("file 0", "file 1", "growing", "ready");
        assertThat(share(now()).revision()).isEqualTo(3);
    }

    @Test
    void who_changes_all_the_time_is_another_revision_seldom() throws Exception {
        for (int second = 0; second < 300; second++) {
            if (second % 3 == 0) {
                Folders.file(notes.resolve("file " + second), 5, second);
                somebodySaw();
            }
            seconds(1);
        }

        assertThat(share(now()).revision()).isBetween(10, 16);
    }

    @Test
    void a_folder_that_vanishes_is_missing_and_goes_on_when_it_is_back() throws Exception {
        Path away = Files.move(notes, temp.resolve("away"));
        somebodySaw();

        assertThat(now().state()).isEqualTo(TransferState.MISSING);
        assertThat(failureOf(now()).reason()).isEqualTo("there is nothing at " + notes + " any more");
        assertThat(notes).doesNotExist();

        Files.move(away, notes);
        Folders.file(notes.resolve("file 2"), 5, 5);
        revised();

        assertThat(share(now()).revision()).isEqualTo(2);
    }

    @Test
    void an_emptied_folder_is_no_revision_either() throws Exception {
        Files.delete(notes.resolve("file 0"));
        Files.delete(notes.resolve("file 1"));
        somebodySaw();
        seconds(3);

        assertThat(now().state()).isEqualTo(TransferState.MISSING);
        assertThat(failureOf(now()).reason()).isEqualTo("nothing is left in " + notes);
        assertThat(share(now()).revision()).isEqualTo(1);

        Folders.file(notes.resolve("file 2"), 5, 5);
        revised();
        assertThat(paths()).containsExactly("file 2");
    }

    @Test
    void names_that_clash_leave_the_last_revision_offered_and_say_why() throws Exception {
        Path clash = Folders.file(notes.resolve("FILE 0"), 5, 5);
        somebodySaw();
        seconds(3);

        assertThat(now().state()).isEqualTo(TransferState.SEEDING);
        assertThat(now().hash()).isEqualTo(first.hash());
        assertThat(failureOf(now()).code()).isEqualTo(ErrorCode.NAME_REFUSED);
        assertThat(failureOf(now()).reason()).contains("upper and lower case");
        assertThat(failureOf(now()).hint()).contains("rename");

        Files.delete(clash);
        somebodySaw();
        seconds(3);
        assertThat(now()).isEqualTo(first);
    }

    @Test
    void names_that_clash_beside_a_changed_file_withdraw_it_until_they_do_not() throws Exception {
        Path clash = Folders.file(notes.resolve("FILE 0"), 5, 5);
        Files.writeString(notes.resolve("file 1"), "changed");
        somebodySaw();
        seconds(3);

        assertThat(now().state()).isEqualTo(TransferState.STALE);
        assertThat(failureOf(now()).code()).isEqualTo(ErrorCode.NAME_REFUSED);

        Files.delete(clash);
        revised();
        assertThat(share(now()).revision()).isEqualTo(2);
    }

    @Test
    void what_changed_while_the_daemon_was_away_is_a_revision() throws Exception {
        Files.writeString(notes.resolve("file 1"), "changed");
        restart();

        revised();

        assertThat(share(now()).revision()).isEqualTo(2);
    }

    @Test
    void a_daemon_that_dies_while_it_reads_makes_the_revision_at_its_next_start() throws Exception {
        Files.writeString(notes.resolve("file 1"), "changed");
        somebodySaw();
        assertThat(now().state()).isEqualTo(TransferState.HASHING);

        restart();
        settled();
        seconds(3);

        assertThat(now().state()).isEqualTo(TransferState.SEEDING);
        assertThat(share(now()).revision()).isEqualTo(2);
    }

    @Test
    void what_is_shared_no_longer_is_looked_at_no_longer() throws Exception {
        Files.writeString(notes.resolve("file 1"), "changed");
        somebodySaw();

        world.ask(new UnsharePath(first.id()));
        seconds(4);

        assertThat(world.find(first.id())).isEmpty();
        assertThat(world.store.files().all()).isEmpty();
    }

    @Test
    void what_is_shared_already_becomes_live_without_being_read() throws Exception {
        Transfer music = world.shared(world.folder("music", 5));
        Transfer live = world.ask(new SharePath(music.place(), null, Audience.NOBODY, false, ShareMode.LIVE))
                .transfer();

        assertThat(live.hash()).isEqualTo(music.hash());
        assertThat(live.isLive()).isTrue();
        assertThat(share(live).revision()).isEqualTo(1);
        assertThat(live.audience()).isEqualTo(music.audience());
    }

    private static Share share(Transfer transfer) {
        return Objects.requireNonNull(transfer.share());
    }

    private InfoDictionary info() {
        return info(world.store.metadata(hash(now())).orElseThrow(), hash(now()));
    }

    private static InfoDictionary info(Bytes encoded, InfoHash hash) {
        return MetadataValidator.validate(encoded, hash);
    }

    private List<String> paths() {
        return info().files().stream()
                .map(file -> String.join("/", file.path()))
                .toList();
    }

    private Transfer now() {
        return world.stored(first.id());
    }

    /** And it has come to rest, and was read. */
    private void revised() throws Exception {
        somebodySaw();
        seconds(3);
        while (now().state() == TransferState.HASHING) {
            seconds(1);
        }
    }

    /** The longer a look took, the longer it rests. */
    private void untilRevision(int revision) throws Exception {
        somebodySaw();
        for (int second = 0; second < MOST_SECONDS && share(now()).revision() < revision; second++) {
            seconds(1);
        }
    }

    private void somebodySaw() throws InterruptedException {
        world.bus.publish(new FilesChanged(hash(now())));
        settled();
    }

    private void seconds(int count) throws InterruptedException, IOException {
        for (int second = 0; second < count; second++) {
            world.pass(Duration.ofSeconds(1));
            settled();
        }
    }

    private void settled() throws InterruptedException {
        world.threads.runAll();
        world.threads.runUntil(() -> !world.worker.isLooking());
        world.threads.runAll();
    }
}
