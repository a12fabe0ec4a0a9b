package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.control.FileLists.FileEntry;
import bitween.control.FileLists.FileList;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.message.TorrentRequest.Removed;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.Shared;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.LeftOut;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OriginalMethodsTest {
    private final World world = new World();

    @BeforeEach
    void start() {
        world.roster(World.friend(World.ALICE));
        world.online(World.ALICES_LAPTOP, "laptop", "192.0.2.1:6881", "[2001:db8::1]:6881");
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC);
        world.transfer(World.own(1, World.MUSIC));
        world.transfer(World.job(2, World.PHOTOS, TransferState.WAITING_FOR_FRIEND));
    }

    @Test
    void versions_and_exit() {
        assertThat(world.call("Api.versions"))
                .containsEntry("libtorrent", "2.0.6.0")
                .containsKey("bitween");
        assertThat(world.result("Api.exit")).isEqualTo(true);
        assertThat(world.shutdowns).hasSize(1);
    }

    @Test
    void torrents_come_with_their_files() {
        world.files.put(
                World.MUSIC.hash(),
                CompletableFuture.completedFuture(
                        new FileList(true, List.of(new FileEntry(List.of("Live", "1.flac"), 64)), List.of())));
        world.files.put(World.PHOTOS.hash(), CompletableFuture.failedFuture(new IllegalStateException("unknown")));

        assertThat(World.list(world.call("bt.get_torrents").get("torrents")))
                .satisfiesExactly(
                        music -> assertThat(music)
                                .containsExactly(
                                        Map.entry("files", List.of(Map.of("path", "Music/Live/1.flac"))),
                                        Map.entry("total_size", 64_000_000L),
                                        Map.entry("name", "Music"),
                                        Map.entry("hash", World.MUSIC.hash().hex()),
                                        Map.entry("done", 64_000_000L)),
                        photos -> assertThat(photos).containsEntry("files", List.of()));
    }

    @Test
    void a_path_is_added_by_name_or_position() {
        world.answer(SharePath.class, request -> {
            if (request.path().endsWith("refused")) {
                throw new UserException(ErrorCode.PATH_REFUSED, "no", "");
            }
            return new Shared(World.own(1, World.MUSIC), LeftOut.NOTHING);
        });

        assertThat(world.result("bt.add_path", "path", "/a")).isEqualTo(true);
        assertThat(world.resultOf("bt.add_path", List.of("/b"))).isEqualTo(true);
        assertThat(world.resultOf("bt.add_path", List.of("/refused"))).isEqualTo(false);
        assertThat(world.asked)
                .startsWith(
                        new SharePath(Path.of("/a"), null, Audience.EVERYONE),
                        new SharePath(Path.of("/b"), null, Audience.EVERYONE));
    }

    @Test
    void nothing_is_added_for_whomever_when_the_config_names_nobody() {
        world.usualAudience = Audience.NOBODY;

        assertThat(world.result("bt.add_path", "path", "/a")).isEqualTo(false);
        assertThat(world.asked).isEmpty();
    }

    @Test
    void a_hash_is_added_with_or_without_a_folder() {
        world.answer(
                FetchShare.class,
                request -> new Fetched(World.job(2, World.PHOTOS, TransferState.WAITING_FOR_FRIEND), true));

        assertThat(world.resultOf(
                        "bt.add_torrent_by_hash", List.of(World.MUSIC.hash().hex())))
                .isEqualTo(true);
        world.resultOf("bt.add_torrent_by_hash", List.of(World.hash('9').hex(), "/mnt"));

        assertThat(world.asked)
                .containsExactly(
                        new FetchShare(World.MUSIC.hash(), "Music", null),
                        new FetchShare(World.hash('9'), null, Path.of("/mnt")));
        assertThatThrownBy(() -> world.resultOf("bt.add_torrent_by_hash", List.of("zz")))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_HASH));
    }

    @Test
    void deleting_removes_a_share_or_a_job_and_keeps_files() {
        world.answer(UnsharePath.class, request -> World.own(1, World.MUSIC));
        world.answer(
                RemoveJob.class,
                request -> new Removed(World.job(2, World.PHOTOS, TransferState.WAITING_FOR_FRIEND), false));

        world.result("bt.del_torrent", "hash", World.MUSIC.hash().hex());
        world.result("bt.del_torrent", "hash", World.PHOTOS.hash().hex());

        assertThat(world.asked)
                .containsExactly(new UnsharePath(new TransferId(1)), new RemoveJob(new TransferId(2), false));
    }

    @Test
    void shares_are_told_by_contact_and_resource() {
        assertThat(world.call("xmpp.get_shares"))
                .isEqualTo(Map.of(
                        "shares",
                        Map.of(
                                "alice@example.org",
                                Map.of(
                                        "r-laptop",
                                        Map.of(
                                                "ip_v4",
                                                List.of(List.of("192.0.2.1", 6881)),
                                                "ip_v6",
                                                List.of(List.of("2001:db8:0:0:0:0:0:1", 6881)),
                                                "shares",
                                                Map.of(
                                                        World.MUSIC.hash().hex(),
                                                        Map.of(
                                                                "hash",
                                                                World.MUSIC
                                                                        .hash()
                                                                        .hex(),
                                                                "name",
                                                                "Music",
                                                                "size",
                                                                64_000_000L,
                                                                "files",
                                                                203)))))));
    }

    @Test
    void hashes_are_told_with_where_they_can_be_got() {
        world.shares(World.ALICES_PHONE, "phone", World.MUSIC);

        assertThat(world.call("xmpp.get_hashes"))
                .isEqualTo(Map.of(
                        "hashes",
                        Map.of(
                                World.MUSIC.hash().hex(),
                                List.of(List.of("192.0.2.1", 6881), List.of("2001:db8:0:0:0:0:0:1", 6881)))));
    }
}
