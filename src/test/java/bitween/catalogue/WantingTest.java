package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.CatalogueEvent.Match;
import bitween.message.CatalogueEvent.TreeFetched;
import bitween.message.CatalogueEvent.WantFound;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.message.WantRequest.AddWant;
import bitween.message.WantRequest.ListWants;
import bitween.message.WantRequest.RemoveWant;
import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.Choice;
import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.UserException;
import bitween.model.Want;
import bitween.store.CatalogueStore.FriendListRow;
import bitween.store.SearchIndex;
import bitween.store.WantStore;
import bitween.testing.ManualExecutor;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the user waits for somebody to share. */
class WantingTest {
    private static final Device BOB = Lists.device("bob@example.org", "b");
    private static final InfoDictionary FILMS = new InfoDictionary(
            "Films",
            16 << 10,
            Bytes.of(new byte[InfoDictionary.PIECE_HASH_BYTES]),
            true,
            List.of(new FileEntry(List.of("Metropolis.mkv"), 5), new FileEntry(List.of("Nosferatu.mkv"), 6)),
            List.of(),
            Bytes.of(new byte[InfoDictionary.SALT_BYTES]));
    private static final Share SHARE = new Share("Films", FILMS.hash(), new ContentId("c".repeat(64)), 11, 2);

    @TempDir
    Path temp;

    private final List<WantFound> told = new ArrayList<>();
    private final List<FetchShare> got = new ArrayList<>();
    private CatalogueWorld world;
    private SearchIndex index;
    private Wanting wanting;

    @BeforeEach
    void open() {
        ManualExecutor threads = new ManualExecutor(1);
        world = new CatalogueWorld(temp, threads);
        index = SearchIndex.open(temp.resolve("search.db"));
        wanting = new Wanting(
                world.bus,
                threads.lane("search"),
                world.keeper,
                index,
                new WantStore(world.database),
                Clock.fixed(Lists.NOW, ZoneOffset.UTC));
        new SearchKeeper(
                world.bus,
                world.busThread,
                threads.lane("search"),
                world.keeper,
                index,
                world.torrents,
                world.trees,
                wanting::look);
        world.bus.subscribe(WantFound.class, threads.lane("test"), told::add);
        world.bus.answer(FetchShare.class, threads.lane("test"), request -> {
            got.add(request);
            return new Fetched(job(), false);
        });
        world.says(Lists.roster(BOB.jid()), new DeviceAnnounced(BOB, Lists.announcement("r")));
        wanting.begin();
        world.threads.runAll();
    }

    @AfterEach
    void close() {
        index.close();
        world.close();
    }

    @Test
    void what_is_shared_later_is_told_once_as_soon_as_its_files_are_known() {
        Want want = add("nosfer", false);
        shared();
        assertThat(told).isEmpty();

        treeComes();
        treeComes();
        shared();

        assertThat(told).containsExactly(new WantFound(want, new Match(SHARE.hash(), "Films", "Nosferatu.mkv", 6)));
        assertThat(got).isEmpty();
    }

    @Test
    void what_is_shared_already_is_told_at_once_and_a_share_stands_for_what_is_in_it() {
        shared();
        treeComes();

        Want want = add("films", false);

        assertThat(told).containsExactly(new WantFound(want, new Match(SHARE.hash(), "Films", "", 11)));
    }

    @Test
    void what_is_to_be_got_is_got_and_nothing_else_of_its_share() {
        add("mkv nosferatu", true);
        shared();
        treeComes();

        assertThat(got)
                .containsExactly(new FetchShare(
                        SHARE.hash(), "Films", null, Audience.NOBODY, List.of(new Choice("Nosferatu.mkv", ""))));
    }

    @Test
    void what_is_here_or_on_its_way_is_not_waited_for() {
        shared();
        treeComes();
        world.says(new TransferChanged(job()));

        add("films", true);

        assertThat(told).isEmpty();
        assertThat(got).isEmpty();
    }

    @Test
    void what_is_waited_for_no_longer_is_not_told() {
        Want want = add("films", true);
        CompletableFuture<List<Want>> listed = world.bus.ask(new ListWants());
        CompletableFuture<Want> gone = world.bus.ask(new RemoveWant(want.id()));
        world.threads.runAll();
        shared();

        assertThat(listed).isCompletedWithValue(List.of(want));
        assertThat(gone).isCompletedWithValue(want);
        assertThat(told).isEmpty();
        assertThat(failure(world.bus.ask(new RemoveWant(want.id()))).code()).isEqualTo(ErrorCode.UNKNOWN_WANT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " - ", "…"})
    void what_has_no_word_is_refused(String words) {
        assertThat(failure(world.bus.ask(new AddWant(words, false))).code()).isEqualTo(ErrorCode.BAD_ARGUMENT);
    }

    private UserException failure(CompletableFuture<?> answer) {
        world.threads.runAll();
        assertThat(answer).isCompletedExceptionally();
        return (UserException) Bus.causeOf(answer.handle((value, e) -> e).join());
    }

    private Want add(String words, boolean auto) {
        CompletableFuture<Want> added = world.bus.ask(new AddWant(words, auto));
        world.threads.runAll();
        return added.join();
    }

    private void shared() {
        world.lists.replace(new FriendListRow(BOB, "b", "r", "r", List.of(SHARE), Lists.NOW));
        world.says(new FriendListFetched(Lists.list(BOB, "r", SHARE)));
        world.threads.runAll();
    }

    private void treeComes() {
        boolean unused = world.trees.save(BOB, SHARE.hash(), Compressed.deflate(FILMS.encoded()));
        world.says(new TreeFetched(SHARE.hash()));
        world.threads.runAll();
    }

    private static Transfer job() {
        return Lists.job(1, SHARE);
    }
}
