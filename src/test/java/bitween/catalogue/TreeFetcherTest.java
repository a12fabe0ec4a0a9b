package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.DeviceRequest.Document;
import bitween.message.DeviceRequest.FetchDocument;
import bitween.message.DeviceRequest.FetchPage;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.LinkEvent.LinkChanged;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.LinkPath;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.Share;
import bitween.store.CatalogueStore.FriendListRow;
import bitween.store.TreeStore;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in friends' shares is here before anybody asks, within limits. */
class TreeFetcherTest {
    private static final Device BOB = Lists.device("bob@example.org", "b");
    private static final Device CAROL = Lists.device("carol@example.org", "c");

    @TempDir
    Path temp;

    private final Map<InfoHash, Bytes> given = new HashMap<>();
    private CatalogueWorld world;

    @BeforeEach
    void open() {
        world = new CatalogueWorld(temp);
        world.says(Lists.roster(BOB.jid(), CAROL.jid()));
        world.answers(BOB, this::page);
        world.answers(CAROL, this::page);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void a_friend_who_is_away_can_be_browsed_whole() {
        Share music = share("music", 3);
        Share films = share("films", 5);
        linked(BOB, LinkPath.direct(Lists.ADDRESS));
        tells(BOB, music, films);

        pass();
        world.says(new LinkChanged(BOB, null, Lists.NOW));
        world.answers(BOB, fetch -> CatalogueWorld.failure(ErrorCode.FRIEND_OFFLINE, "it is away"));

        assertThat(browsed(music.hash())).isCompletedWithValueMatching(document -> document.from() == null);
        assertThat(browsed(films.hash())).isCompleted();
    }

    @Test
    void what_is_here_is_not_fetched_again_and_what_is_new_is() {
        Share music = share("music", 3);
        Share films = share("films", 5);
        linked(BOB, LinkPath.direct(Lists.ADDRESS));
        tells(BOB, music);
        pass();

        linked(BOB, LinkPath.direct(Lists.ADDRESS));
        tells(BOB, music, films);
        pass();

        assertThat(hashesAsked()).containsExactly(music.hash(), films.hash());
    }

    @Test
    void own_transfers_are_known_already() {
        Share music = share("music", 3);
        world.says(new TransferChanged(Lists.job(1, music)));
        linked(BOB, LinkPath.direct(Lists.ADDRESS));

        tells(BOB, music);
        pass();

        assertThat(world.asked).isEmpty();
    }

    @Test
    void one_at_a_time_with_a_pause_the_devices_in_turn_and_small_ones_first() {
        Share small = share("small", 1);
        Share large = share("large", 9);
        Share hers = share("hers", 5);
        linked(BOB, LinkPath.direct(Lists.ADDRESS));
        linked(CAROL, LinkPath.direct(Lists.ADDRESS));
        tells(BOB, large, small);
        tells(CAROL, hers);
        assertThat(world.asked).isEmpty();

        world.timers.advance(TreeFetcher.PAUSE);
        world.threads.runAll();
        assertThat(hashesAsked()).containsExactly(small.hash());

        pass();
        assertThat(hashesAsked()).containsExactly(small.hash(), hers.hash(), large.hash());
    }

    @Test
    void in_band_only_small_ones_come_and_the_rest_over_a_better_path() {
        Share small = share("small", 3);
        Share large = share("large", 2_000);
        linked(BOB, LinkPath.inBand());
        tells(BOB, small, large);
        pass();
        assertThat(hashesAsked()).containsExactly(small.hash());

        linked(BOB, LinkPath.direct(Lists.ADDRESS));
        pass();
        assertThat(hashesAsked()).contains(large.hash());
    }

    @Test
    void what_says_to_be_small_and_is_not_is_given_up_before_it_is_read() {
        Share liar = share("liar", 3);
        given.put(liar.hash(), Bytes.of(new byte[TreeFetcher.MAX_BYTES + 1]));
        linked(BOB, LinkPath.direct(Lists.ADDRESS));

        tells(BOB, liar);
        pass();
        tells(BOB, liar, share("music", 2));
        pass();

        assertThat(hashesAsked()).filteredOn(liar.hash()::equals).hasSize(1);
        assertThat(world.trees.hashes()).hasSize(1).doesNotContain(liar.hash());
    }

    @Test
    void what_is_not_what_it_should_be_is_not_kept() {
        Share liar = share("liar", 3);
        given.put(liar.hash(), Compressed.deflate(Bytes.of(new byte[] {'d', 'e'})));
        linked(BOB, LinkPath.direct(Lists.ADDRESS));

        tells(BOB, liar);
        pass();

        assertThat(hashesAsked()).containsExactly(liar.hash());
        assertThat(world.trees.hashes()).isEmpty();
    }

    @Test
    @Tag("slow")
    void a_friend_cannot_fill_the_disk() {
        List<Share> many = IntStream.range(0, 6).mapToObj(i -> fat("fat " + i)).toList();
        linked(BOB, LinkPath.direct(Lists.ADDRESS));

        tells(BOB, many.toArray(Share[]::new));
        pass();

        long kept = many.stream()
                .flatMap(share -> world.trees.tree(share.hash()).stream())
                .mapToLong(Bytes::size)
                .sum();
        assertThat(kept).isPositive().isLessThanOrEqualTo(TreeStore.FRIEND_LIMIT_BYTES);
        assertThat(world.asked).hasSizeLessThan(6 * (3 << 20) / Page.MAX_BYTES);
    }

    /** Whose info dictionary cannot be compressed below 2 MiB, because it is one of many pieces. */
    private Share fat(String name) {
        byte[] pieces = new byte[20 * 104_858];
        new Random(name.hashCode()).nextBytes(pieces);
        InfoDictionary info = new InfoDictionary(
                name,
                16 << 10,
                Bytes.of(pieces),
                false,
                List.of(new FileEntry(List.of(name), (16L << 10) * 104_858)),
                List.of(),
                Bytes.of(new byte[16]));
        given.put(info.hash(), Compressed.deflate(info.encoded()));
        return new Share(name, info.hash(), info.contentId(), info.totalBytes(), 1);
    }

    private Share share(String name, int files) {
        InfoDictionary info = new InfoDictionary(
                name,
                256 << 10,
                Bytes.of(new byte[20]),
                true,
                IntStream.range(0, files)
                        .mapToObj(i -> new FileEntry(List.of(String.format("%05d", i)), 1))
                        .toList(),
                List.of(),
                Bytes.of(new byte[16]));
        given.put(info.hash(), Compressed.deflate(info.encoded()));
        return new Share(name, info.hash(), info.contentId(), info.totalBytes(), files);
    }

    private void linked(Device device, LinkPath path) {
        world.says(new DeviceAnnounced(device, Lists.announcement("")), new LinkChanged(device, path, Lists.NOW));
    }

    /** As the list's fetcher does it. */
    private void tells(Device device, Share... shares) {
        world.lists.replace(new FriendListRow(device, "laptop", "r", "r", List.of(shares), Lists.NOW));
        world.says(new FriendListFetched(Lists.list(device, "r", shares)));
    }

    private void pass() {
        for (int i = 0; i < 20; i++) {
            world.timers.advance(TreeFetcher.PAUSE);
            world.threads.runAll();
        }
    }

    private List<InfoHash> hashesAsked() {
        return world.asked.stream()
                .filter(fetch -> fetch.query().offset() == 0)
                .map(fetch -> fetch.query().hash())
                .toList();
    }

    private CompletableFuture<Page> page(FetchPage fetch) {
        Bytes document = given.get(fetch.query().hash());
        int offset = fetch.query().offset();
        return document == null
                ? CatalogueWorld.failure(ErrorCode.UNKNOWN_SHARE, "there is none")
                : CompletableFuture.completedFuture(
                        new Page("r", document.size(), offset, document.slice(offset, Page.MAX_BYTES)));
    }

    private CompletableFuture<Document> browsed(InfoHash hash) {
        CompletableFuture<Document> reply = world.bus.ask(new FetchDocument(hash, PageQuery.Kind.INFO));
        world.threads.runAll();
        return reply;
    }
}
