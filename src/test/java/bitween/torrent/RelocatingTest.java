package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentRequest.RelocateShare;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.WatchEvent.FilesChanged;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RelocatingTest extends TorrentFixture {
    /** Three of a size, and one that is empty. */
    private static final int[] SIZES = {7, 7, 7, 9, 0};

    private Path music;
    private Path disk;
    private Transfer share;

    @BeforeEach
    void a_share_and_another_disk() throws Exception {
        music = world.folder("music", SIZES);
        disk = Files.createDirectories(temp.resolve("disk"));
        share = world.shared(music);
    }

    @Test
    void a_folder_that_was_moved_and_renamed_is_found_and_shared_there() throws Exception {
        Path now =
                Files.move(music, Files.createDirectories(disk.resolve("deep")).resolve("songs"));
        Folders.file(disk.resolve("other"), 7, 99);

        Transfer found = relocated(TransferState.SEEDING, false);

        assertThat(found.place()).isEqualTo(now);
        assertThat(found.hash()).isEqualTo(share.hash());
        assertThat(found.name()).isEqualTo("music");
        assertThat(Files.readSymbolicLink(
                        temp.resolve("home/links/" + share.hash()).resolve("music")))
                .isEqualTo(now);
        assertThat(world.engine.holds(hash(share))).isTrue();
    }

    @Test
    void a_hundred_files_that_were_moved_one_by_one_are_all_found() throws Exception {
        Path many =
                world.folder("many", IntStream.range(0, 100).map(i -> i % 10).toArray());
        share = world.shared(many);
        Path target = Files.createDirectories(disk.resolve("target"));
        for (Path file : TorrentWorld.in(many)) {
            Files.move(file, target.resolve(file.getFileName()));
        }

        assertThat(relocated(TransferState.SEEDING, false).place()).isEqualTo(target);
    }

    @Test
    void of_copies_the_one_that_is_right_is_taken() throws Exception {
        Path wrong = Files.createDirectories(disk.resolve("music")); // the likelier by its name
        Path right = Files.createDirectories(disk.resolve("b"));
        for (Path file : TorrentWorld.in(music)) {
            Files.copy(file, wrong.resolve(file.getFileName()));
            Files.move(file, right.resolve(file.getFileName()));
        }
        Folders.file(wrong.resolve("file 3"), 9, 99);

        assertThat(relocated(TransferState.SEEDING, false).place()).isEqualTo(right);
    }

    @Test
    void what_is_missing_is_listed_and_nothing_changes() throws Exception {
        Path now = Files.move(music, disk.resolve("music"));
        Files.delete(now.resolve("file 3"));

        Transfer missing = relocated(TransferState.MISSING, true);

        assertThat(why(missing).code()).isEqualTo(ErrorCode.PATH_MISSING);
        assertThat(why(missing).reason()).isEqualTo("4 of 5 files were found below " + disk + "; missing: 'file 3'");
        assertThat(missing.place()).isEqualTo(music);
    }

    @Test
    void renamed_files_are_named_and_put_in_place_only_on_demand() throws Exception {
        Path now = Files.move(music, disk.resolve("music"));
        Files.move(now.resolve("file 0"), now.resolve("nine"));
        Files.move(now.resolve("file 3"), disk.resolve("seven"));
        Files.delete(now.resolve("file 4"));

        Transfer missing = relocated(TransferState.MISSING, false);
        assertThat(why(missing).reason())
                .isEqualTo("all files were found below " + disk + ", but not where the share has them:"
                        + " 'file 0' is music/nine, 'file 3' is seven, 'file 4'");
        assertThat(why(missing).hint()).contains("--rename", now.toString());
        assertThat(now.resolve("nine")).exists();

        Transfer found = ask(TransferState.SEEDING, true);
        assertThat(found.place()).isEqualTo(now);
        assertThat(now.resolve("nine")).doesNotExist();
        assertThat(now.resolve("file 3")).hasSize(9);
        assertThat(now.resolve("file 4")).isEmptyFile();
    }

    @Test
    void nothing_is_overwritten_by_a_renaming() throws Exception {
        Path now = Files.move(music, disk.resolve("music"));
        Files.move(now.resolve("file 3"), disk.resolve("nine"));
        Files.writeString(now.resolve("file 3"), "mine");

        Transfer missing = relocated(TransferState.MISSING, true);

        assertThat(why(missing).reason()).contains("something else is at " + now.resolve("file 3"));
        assertThat(now.resolve("file 3")).hasContent("mine");
    }

    @Test
    void a_single_file_is_found_under_another_name() throws Exception {
        Path song = Folders.file(temp.resolve("mine/song.ogg"), 5_000, 3);
        share = world.shared(song);
        Path now = Files.move(song, disk.resolve("other name.ogg"));

        assertThat(relocated(TransferState.SEEDING, false).place()).isEqualTo(now);
    }

    @Test
    void what_is_where_it_was_is_not_looked_for() throws Exception {
        assertThat(world.refusalOf(new RelocateShare(share.id(), disk, false))).isEqualTo(ErrorCode.BAD_ARGUMENT);
        assertThat(world.stored(share.id())).isEqualTo(share);
    }

    @Test
    void what_nobody_has_noticed_yet_to_be_gone_is_looked_for_at_once() throws Exception {
        Path now = Files.move(music, disk.resolve("music"));

        assertThat(ask(TransferState.SEEDING, false).place()).isEqualTo(now);
    }

    @Test
    void what_nobody_has_noticed_yet_to_be_gone_and_is_not_found_is_missing() throws Exception {
        Files.delete(music.resolve("file 3"));

        assertThat(why(ask(TransferState.MISSING, false)).code()).isEqualTo(ErrorCode.PATH_MISSING);
    }

    @Test
    void of_a_live_share_a_removed_file_is_its_next_revision_and_nothing_to_look_for() throws Exception {
        Path notes = world.folder("notes", SIZES);
        Transfer added = world.ask(new SharePath(notes, null, Audience.EVERYONE, false, ShareMode.LIVE))
                .transfer();
        world.until(added.id(), TransferState.SEEDING);
        Files.delete(notes.resolve("file 3"));

        assertThat(world.refusalOf(new RelocateShare(added.id(), disk, false))).isEqualTo(ErrorCode.BAD_ARGUMENT);
    }

    @Test
    void a_folder_that_is_not_there_is_said() throws Exception {
        Files.move(music, temp.resolve("away"));
        Files.delete(disk);

        assertThat(why(relocated(TransferState.MISSING, false)).reason()).isEqualTo("there is no folder " + disk);
    }

    @Test
    void what_another_share_has_is_not_taken() throws Exception {
        Path now = Files.move(music, disk.resolve("songs"));
        withdrawn();
        Transfer other = world.shared(now);

        Transfer missing = ask(TransferState.MISSING, false);

        assertThat(why(missing).code()).isEqualTo(ErrorCode.ALREADY_SHARED);
        assertThat(world.stored(other.id())).isEqualTo(other);
    }

    private Transfer relocated(TransferState until, boolean rename) throws InterruptedException {
        withdrawn();
        return ask(until, rename);
    }

    private void withdrawn() throws InterruptedException {
        world.bus.publish(new FilesChanged(hash(share)));
        world.until(share.id(), TransferState.MISSING);
    }

    private Transfer ask(TransferState until, boolean rename) throws InterruptedException {
        Transfer begun = world.ask(new RelocateShare(share.id(), disk, rename));
        assertThat(begun.state()).isEqualTo(TransferState.VERIFYING);
        return world.until(share.id(), until);
    }

    private static Failure why(Transfer transfer) {
        return failureOf(transfer);
    }
}
