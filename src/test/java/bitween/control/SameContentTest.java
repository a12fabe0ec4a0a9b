package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.FileLists.FileEntry;
import bitween.control.FileLists.FileList;
import bitween.control.Finder.Found;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alice has Music, and bob a copy of his own, Tunes: the same content with another info-hash. */
class SameContentTest {
    private static final Share TUNES =
            new Share("Tunes", new InfoHash("e".repeat(40)), World.MUSIC.content(), 64_000_000, 203);

    private static final FileList FILES =
            new FileList(true, List.of(new FileEntry(List.of("music.flac"), 64_000_000)), List.of());

    @TempDir
    Path temp;

    private final World world = new World();

    @BeforeEach
    void friends() {
        world.roster(World.friend(World.ALICE), World.friend(World.BOB));
        world.online(World.ALICES_LAPTOP, "laptop", "192.0.2.1:6881");
        world.online(World.BOBS_DESKTOP, "desktop", "192.0.2.2:6881");
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC);
        world.shares(World.BOBS_DESKTOP, "desktop", TUNES, World.PHOTOS);
    }

    @Test
    void a_job_names_who_has_a_copy_beside_who_has_the_share_itself() {
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));

        Map<String, @Nullable Object> info = world.call("info", "name", "Music");

        assertThat(World.list(info.get("holders")))
                .extracting(holder -> holder.get("name") + " " + holder.get("copy"))
                .containsExactly("laptop null", "desktop Tunes");
        assertThat(World.map(info.get("transfer"))).containsEntry("holdersOnline", 2L);
    }

    @Test
    void what_is_here_or_on_its_way_under_another_name_is_not_got_again() throws IOException {
        Transfer job = World.job(2, World.MUSIC, TransferState.DOWNLOADING);
        world.transfer(job);
        Map<String, @Nullable Object> onItsWay = world.call("job.get", "ref", "bob/Tunes");
        world.transfer(
                job.named("Music", Files.createFile(temp.resolve("Music"))).with(TransferState.COMPLETE));
        Map<String, @Nullable Object> here =
                world.call("job.get", "ref", TUNES.hash().hex());

        assertThat(world.asked).isEmpty();
        assertThat(onItsWay).containsEntry("known", true).containsEntry("sameContent", true);
        assertThat(here).containsEntry("known", true).containsEntry("sameContent", true);
        assertThat(World.map(here.get("transfer"))).containsEntry("name", "Music");
        assertThat(World.map(here.get("share"))).containsEntry("name", "Tunes");
    }

    @Test
    void it_is_got_where_the_user_says_so_or_nothing_is_left_of_the_other() {
        Transfer again = World.job(3, TUNES, TransferState.DOWNLOADING);
        world.answer(FetchShare.class, request -> new Fetched(world.told(again), false));
        world.files.put(TUNES.hash(), CompletableFuture.completedFuture(FILES));
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));
        world.call("job.get", "ref", "bob/Tunes", "to", "/mnt");
        world.bus.publish(new TransferRemoved(again));
        world.call("job.get", "ref", "bob/Tunes", "only", List.of("*.flac"));
        world.bus.publish(new TransferRemoved(again));
        world.transfer(World.job(2, World.MUSIC, TransferState.COMPLETE)); // whose files are nowhere
        Map<String, @Nullable Object> got = world.call("job.get", "ref", "bob/Tunes");

        assertThat(world.asked).hasSize(3);
        assertThat(got).containsEntry("known", false).containsEntry("sameContent", false);
    }

    @Test
    void revisions_that_differ_in_names_alone_are_not_the_same() {
        Share revision = new Share("Tunes", TUNES.hash(), TUNES.content(), 64_000_000, 203, false, 2);
        world.answer(
                FetchShare.class,
                request -> new Fetched(world.told(World.job(3, revision, TransferState.DOWNLOADING)), false));
        world.shares(World.BOBS_DESKTOP, "desktop", revision);
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));

        world.call("job.get", "ref", "bob/Tunes");

        assertThat(world.asked).hasSize(1);
        assertThat(World.list(world.call("hashes").get("shares"))).hasSize(2);
    }

    @Test
    void what_friends_share_is_listed_once_with_how_each_calls_it() {
        world.transfer(World.own(1, TUNES));

        List<Map<String, @Nullable Object>> listed =
                World.list(world.call("hashes").get("shares"));
        List<Map<String, @Nullable Object>> alices =
                World.list(world.call("hashes", "friend", "alice").get("shares"));

        assertThat(listed).extracting(share -> share.get("name")).containsExactly("Photos", "Tunes");
        assertThat(listed.get(1)).containsEntry("hash", TUNES.hash().hex()).containsEntry("here", true);
        assertThat(World.list(listed.get(1).get("holders")))
                .extracting(holder -> holder.get("jid") + " " + holder.get("copy"))
                .containsExactly("alice@example.org Music", "bob@example.org null");
        assertThat(alices).hasSize(1);
    }

    @Test
    void what_is_found_is_told_once_and_marked_as_here_under_whatever_name() {
        world.names.add(new Found(World.MUSIC.hash(), "Music", "", 64_000_000));
        world.names.add(new Found(World.MUSIC.hash(), "Music", "music.flac", 7));
        world.names.add(new Found(TUNES.hash(), "Tunes", "", 64_000_000));
        world.names.add(new Found(TUNES.hash(), "Tunes", "music.flac", 7));
        world.names.add(new Found(World.PHOTOS.hash(), "Photos", "music.jpg", 70));
        world.transfer(World.own(1, new Share("Mine", new InfoHash("f".repeat(40)), TUNES.content(), 64_000_000, 203)));

        List<Map<String, @Nullable Object>> found =
                World.list(world.call("find", "words", "music").get("found"));

        assertThat(found)
                .extracting(one -> one.get("share") + "/" + one.get("path") + " " + one.get("here"))
                .containsExactly("Music/ true", "Music/music.flac true", "Photos/music.jpg false");
        assertThat(World.list(found.get(0).get("holders")))
                .extracting(holder -> holder.get("jid") + " " + holder.get("copy"))
                .containsExactly("alice@example.org null", "bob@example.org Tunes");
    }

    @Test
    void whose_copy_is_unavailable_is_named_as_that_and_not_counted_on() {
        world.shares(World.BOBS_DESKTOP, "desktop", TUNES.withheld());
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC.withheld());
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));

        Map<String, @Nullable Object> info = world.call("info", "name", "Music");

        assertThat(World.list(info.get("holders")))
                .extracting(holder -> holder.get("name") + " " + holder.get("unavailable"))
                .containsExactly("laptop true");
        assertThat(World.map(info.get("transfer"))).containsEntry("holdersOnline", 0L);
        assertThat(World.list(World.map(world.call("ls", "path", "bob")).get("shares")))
                .flatExtracting(share -> World.list(share.get("devices")))
                .extracting(device -> device.get("unavailable"))
                .containsExactly(true);
    }

    @Test
    void two_devices_of_one_person_with_a_copy_each_leave_no_doubt_what_is_meant() {
        Share again = new Share("Music", new InfoHash("d".repeat(40)), World.MUSIC.content(), 64_000_000, 203);
        world.answer(
                FetchShare.class,
                request -> new Fetched(world.told(World.job(3, again, TransferState.DOWNLOADING)), false));
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC);
        world.shares(World.ALICES_PHONE, "phone", again);

        world.call("job.get", "ref", "alice/Music");

        assertThat(world.asked)
                .extracting(request -> ((FetchShare) request).hash())
                .containsExactly(World.MUSIC.hash());
    }
}
