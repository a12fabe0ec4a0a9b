package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.model.ErrorCode;
import bitween.model.PageQuery;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Something stands already where a job is to go. */
class ReusingTest extends TorrentFixture {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));

    @Test
    void what_is_here_whole_is_complete_where_it_stands_and_nothing_is_touched() throws Exception {
        HashedShare music = world.offered("music", 100_000, 7);
        Path here = copied("music", "file 0", "file 1");
        Files.setLastModifiedTime(here.resolve("file 0"), LONG_AGO);

        Transfer job = world.got(music);

        assertThat(job.place()).isEqualTo(here);
        assertThat(world.engine.calls()).isEmpty();
        assertThat(Files.getLastModifiedTime(here.resolve("file 0"))).isEqualTo(LONG_AGO);
        assertThat(TorrentWorld.in(world.downloads)).containsExactly(here);
    }

    @Test
    void what_is_here_in_part_is_handed_to_the_engine_to_be_looked_at() throws Exception {
        HashedShare music = world.offered("music", 100_000, 200_000);
        Path here = copied("music", "file 0");
        world.engine.keepsQuietOn("download");

        world.begun(music);

        assertThat(world.engine.calls()).contains("add CHECK");
        Path staged = world.downloads.resolve(".bitween-" + music.info().hash().hex() + "/music");
        assertThat(staged.resolve("file 0")).hasSameBinaryContentAs(here.resolve("file 0"));
        assertThat(staged.resolve("file 1")).doesNotExist();
    }

    @Test
    void what_was_the_beginning_is_completed_where_it_stands_beside_what_is_somebody_elses() throws Exception {
        HashedShare music = world.offered("music", 100_000, 200_000);
        Path here = copied("music", "file 0");
        truncated(here.resolve("file 0"), 60_000);
        Files.writeString(here.resolve("notes.txt"), "mine");

        Transfer job = world.got(music);

        assertThat(job.place()).isEqualTo(here);
        assertThat(here.resolve("notes.txt")).hasContent("mine");
        Files.delete(here.resolve("notes.txt"));
        Folders.assertSame(temp.resolve("friend/music"), here);
        assertThat(TorrentWorld.in(world.downloads)).containsExactly(here);
    }

    @Test
    void one_file_that_was_the_beginning_is_completed_too() throws Exception {
        HashedShare music = world.offered("music", 100_000);
        Path here = copied("music", "file 0");
        truncated(here.resolve("file 0"), 1);

        assertThat(world.got(music).place()).isEqualTo(here);
        Folders.assertSame(temp.resolve("friend/music"), here);
    }

    @Test
    void what_differs_stays_and_the_share_gets_a_number() throws Exception {
        HashedShare music = world.offered("music", 100_000, 200_000);
        Path here = copied("music", "file 0", "file 1");
        Files.writeString(here.resolve("file 1"), "another");

        Transfer job = world.got(music);

        assertThat(job.name()).isEqualTo("music (2)");
        assertThat(here.resolve("file 1")).hasContent("another");
        Folders.assertSame(temp.resolve("friend/music"), job.place());
    }

    @Test
    void what_has_the_right_sizes_only_is_not_taken_for_the_share() throws Exception {
        HashedShare music = world.offered("music", 100_000);
        Path here = Folders.file(
                Files.createDirectories(world.downloads.resolve("music")).resolve("file 0"), 100_000, 9);

        Transfer job = world.got(music);

        assertThat(job.place()).isEqualTo(world.downloads.resolve("music (2)"));
        Folders.assertSame(temp.resolve("friend/music"), job.place());
        assertThat(here).hasSize(100_000);
    }

    @Test
    void a_share_of_ours_gives_what_it_has_and_is_not_written_to() throws Exception {
        HashedShare music = world.offered("music", 100_000, 200_000);
        Path here = copied("music", "file 0");
        world.shared(here);

        Transfer job = world.got(music);

        assertThat(job.place()).isEqualTo(world.downloads.resolve("music (2)"));
        assertThat(world.engine.calls()).contains("add CHECK");
        assertThat(TorrentWorld.in(here)).hasSize(1);
    }

    @Test
    void links_are_not_followed() throws Exception {
        HashedShare music = world.offered("music", 100_000);
        Path elsewhere = Folders.file(temp.resolve("elsewhere"), 50, 0);
        Path here = Files.createDirectories(world.downloads.resolve("music"));
        Files.createSymbolicLink(here.resolve("file 0"), elsewhere);

        Transfer job = world.got(music);

        assertThat(job.place()).isEqualTo(world.downloads.resolve("music (2)"));
        assertThat(world.engine.calls()).contains("add RESUME");
        assertThat(elsewhere).hasSize(50);
    }

    @Test
    void without_digests_the_engine_looks_and_the_pieces_decide() throws Exception {
        HashedShare music = world.offered("music", 100_000);
        Path here = copied("music", "file 0");
        world.holds(music);
        world.answers(PageQuery.Kind.DIGESTS, TorrentWorld.nobody());
        world.engine.findsComplete(torrent -> true);

        Transfer job = world.wanted(music.info().hash());

        assertThat(world.until(job.id(), TransferState.COMPLETE).place()).isEqualTo(here);
        assertThat(world.engine.calls()).contains("add CHECK");
    }

    @Test
    void a_copy_that_a_crash_cut_off_goes_on() throws Exception {
        HashedShare music = world.offered("music", 100_000, 200_000, 7);
        copied("music", "file 0", "file 1");
        Transfer job = downloading(music);
        Path staged = world.downloads.resolve(".bitween-" + music.info().hash().hex() + "/music");
        Files.delete(staged.resolve("file 1"));

        restart();
        world.engine.keepsQuietOn("download");
        world.begun(music);

        assertThat(staged.resolve("file 1")).hasSize(200_000);
        assertThat(world.engine.calls()).contains("add CHECK");
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.DOWNLOADING);
    }

    @Test
    void what_is_removed_leaves_what_stood_there() throws Exception {
        HashedShare music = world.offered("music", 100_000, 200_000);
        Path here = copied("music", "file 0");
        Transfer job = downloading(music);

        world.ask(new RemoveJob(job.id(), true));
        world.threads.runAll();

        assertThat(here.resolve("file 0")).hasSize(100_000);
        assertThat(TorrentWorld.in(world.downloads)).containsExactly(here);
    }

    @Test
    void what_was_got_before_and_is_gone_is_said_to_be_so() throws Exception {
        HashedShare music = world.offered("music", 7);
        Transfer job = world.got(music);
        Files.move(job.place(), temp.resolve("moved"));

        assertThat(world.refusalOf(new FetchShare(music.info().hash(), null, null)))
                .isEqualTo(ErrorCode.PATH_MISSING);
    }

    /** As a friend has them, where downloads go. */
    private Path copied(String name, String... files) throws IOException {
        Path here = Files.createDirectories(world.downloads.resolve(name));
        for (String file : files) {
            Files.copy(temp.resolve("friend").resolve(name).resolve(file), here.resolve(file));
        }
        return here;
    }

    private static void truncated(Path file, int bytes) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, bytes));
    }
}
