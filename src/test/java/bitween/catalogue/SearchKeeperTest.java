package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.CatalogueEvent.TreeFetched;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.model.Bytes;
import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.store.CatalogueStore.FriendListRow;
import bitween.store.SearchIndex;
import bitween.testing.ManualExecutor;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What friends share can be found by words. */
class SearchKeeperTest {
    private static final Device BOB = Lists.device("bob@example.org", "b");
    private static final InfoDictionary MUSIC = new InfoDictionary(
            "Music",
            16 << 10,
            Bytes.of(new byte[InfoDictionary.PIECE_HASH_BYTES]),
            true,
            List.of(new FileEntry(List.of("two.flac"), 6), new FileEntry(List.of("live", "one.flac"), 5)),
            List.of(),
            Bytes.of(new byte[InfoDictionary.SALT_BYTES]));

    @TempDir
    Path temp;

    private CatalogueWorld world;
    private SearchIndex index;

    @BeforeEach
    void open() {
        ManualExecutor threads = new ManualExecutor(1);
        world = new CatalogueWorld(temp, threads);
        index = SearchIndex.open(temp.resolve("search.db"));
        new SearchKeeper(
                world.bus,
                world.busThread,
                threads.lane("search"),
                world.keeper,
                index,
                world.torrents,
                world.trees,
                () -> {});
        world.says(Lists.roster(BOB.jid()), new DeviceAnnounced(BOB, Lists.announcement("r")));
    }

    @AfterEach
    void close() {
        index.close();
        world.close();
    }

    @Test
    void a_share_by_its_name_at_once_and_by_its_files_when_they_are_known() {
        tells(share());
        assertThat(found("music")).containsExactly("");

        world.trees.save(BOB, MUSIC.hash(), Compressed.deflate(MUSIC.encoded()));
        world.says(new TreeFetched(MUSIC.hash()));

        assertThat(found("music")).containsExactly("", "two.flac", "live/one.flac");
        assertThat(found("live one")).containsExactly("live/one.flac");
    }

    @Test
    void what_we_have_got_is_known_down_to_the_file_too() {
        world.torrents.saveMetadata(MUSIC.hash(), MUSIC.encoded(), Lists.NOW);

        tells(share());

        assertThat(found("one")).containsExactly("live/one.flac");
    }

    @Test
    void what_nobody_shares_any_more_is_not_found() {
        tells(share());

        tells(new Share("Films", new InfoHash("d".repeat(40)), new ContentId("e".repeat(64)), 1, 1));

        assertThat(found("music")).isEmpty();
        assertThat(found("films")).containsExactly("");
    }

    @Test
    void an_index_that_is_gone_is_made_anew_at_the_next_start() throws Exception {
        tells(share());
        world.trees.save(BOB, MUSIC.hash(), Compressed.deflate(MUSIC.encoded()));
        close();
        Files.delete(temp.resolve("search.db"));

        open();
        world.recorder.publishStored();
        world.threads.runAll();

        assertThat(found("one")).containsExactly("live/one.flac");
    }

    private static Share share() {
        return new Share("Music", MUSIC.hash(), MUSIC.contentId(), MUSIC.totalBytes(), 2);
    }

    private void tells(Share... shares) {
        world.lists.replace(new FriendListRow(BOB, "b", "r", "r", List.of(shares), Lists.NOW));
        world.says(new FriendListFetched(Lists.list(BOB, "r", shares)));
    }

    /** Paths below the share; empty: the share itself. */
    private List<String> found(String words) {
        return index.find(words, Set.of(), hit -> true, 100).stream()
                .map(SearchIndex.Hit::path)
                .toList();
    }
}
