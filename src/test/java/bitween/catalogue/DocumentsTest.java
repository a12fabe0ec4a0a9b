package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.message.CatalogueEvent.FriendsLoaded;
import bitween.message.DeviceRequest.Document;
import bitween.message.DeviceRequest.FetchDocument;
import bitween.message.DeviceRequest.ServePage;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.Share;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Info dictionaries and digests: what is served, and from whom it is taken. */
class DocumentsTest {
    private static final Device LIAR = Lists.device("bob@example.org", "a");
    private static final Device HONEST = Lists.device("bob@example.org", "b");
    private static final Device STRANGER = Lists.device("carol@example.org", "c");
    private static final InfoDictionary INFO = new InfoDictionary(
            "music",
            256 << 10,
            Bytes.of(new byte[20]),
            true,
            List.of(new FileEntry(List.of("a"), 1)),
            List.of(),
            Bytes.of(new byte[16]));
    private static final InfoHash HASH = INFO.hash();
    private static final Share SHARE = new Share("music", HASH, INFO.contentId(), 1, 1);

    @TempDir
    Path temp;

    private CatalogueWorld world;

    @BeforeEach
    void open() {
        world = new CatalogueWorld(temp);
        world.says(Lists.roster(HONEST.jid(), STRANGER.jid()));
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void a_friend_who_asks_over_and_over_for_what_takes_long_waits_and_no_other_does() {
        world.workNs = Duration.ofMillis(400).toNanos();
        PageQuery list = new PageQuery(PageQuery.Kind.CATALOGUE, null, 0);
        List<CompletableFuture<Page>> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            answers.add(world.bus.ask(new ServePage(HONEST, list)));
        }
        CompletableFuture<Page> others = world.bus.ask(new ServePage(STRANGER, list));
        world.threads.runAll();

        assertThat(answers).filteredOn(CompletableFuture::isDone).hasSizeBetween(1, 4);
        assertThat(others).isCompleted();
        world.workNs = 0;
        world.timers.advance(Duration.ofMinutes(1));
        world.threads.runAll();
    }

    @Test
    void what_is_stored_is_not_fetched() {
        world.torrents.saveMetadata(HASH, INFO.encoded(), Lists.NOW);

        assertThat(fetched(PageQuery.Kind.INFO)).isCompletedWithValue(new Document(INFO.encoded(), null));
        assertThat(world.asked).isEmpty();
    }

    @Test
    void after_a_liar_the_next_who_holds_it_is_asked() {
        online(LIAR, HONEST);
        gives(LIAR, Bytes.of(new byte[] {'d', 'e'}));
        gives(HONEST, INFO.encoded());

        assertThat(fetched(PageQuery.Kind.INFO)).isCompletedWithValue(new Document(INFO.encoded(), HONEST));
        assertThat(world.asked).extracting(fetch -> fetch.device()).containsExactly(LIAR, HONEST);
        assertThat(world.torrents.metadata(HASH)).contains(INFO.encoded());
    }

    @Test
    void a_bomb_is_refused_and_counted_and_the_next_who_holds_it_is_asked() {
        online(LIAR, HONEST);
        Bytes bomb = Compressed.deflate(Bytes.of(new byte[Compressed.MAX_DOCUMENT_BYTES + 1]));
        world.answers(
                LIAR,
                fetch -> CompletableFuture.completedFuture(new Page(
                        "",
                        bomb.size(),
                        fetch.query().offset(),
                        bomb.slice(fetch.query().offset(), Page.MAX_BYTES))));
        gives(HONEST, INFO.encoded());

        assertThat(fetched(PageQuery.Kind.INFO)).isCompletedWithValue(new Document(INFO.encoded(), HONEST));
        assertThat(bomb.size()).isLessThan(Compressed.MAX_DOCUMENT_BYTES / 100);
        assertThat(world.documents.refused()).isEqualTo(1);
    }

    @Test
    void digests_of_another_number_of_files_are_not_taken() {
        online(LIAR, HONEST);
        world.torrents.saveMetadata(HASH, INFO.encoded(), Lists.NOW);
        gives(LIAR, Bytes.of(new byte[31]));
        gives(HONEST, Bytes.of(new byte[32]));

        assertThat(fetched(PageQuery.Kind.DIGESTS)).isCompletedWithValue(new Document(Bytes.of(new byte[32]), HONEST));
    }

    @Test
    void who_gave_what_was_wrong_is_not_asked_again() {
        online(LIAR, HONEST);
        gives(LIAR, Bytes.of(new byte[64]));
        gives(HONEST, Bytes.of(new byte[32]));

        CompletableFuture<Document> reply =
                world.bus.ask(new FetchDocument(HASH, PageQuery.Kind.DIGESTS, Set.of(LIAR)));
        world.threads.runAll();

        assertThat(reply).isCompletedWithValue(new Document(Bytes.of(new byte[32]), HONEST));
        assertThat(world.asked).extracting(fetch -> fetch.device()).containsExactly(HONEST);
    }

    @Test
    void when_all_lie_nothing_is_said_of_the_share_itself() {
        online(LIAR, HONEST);
        gives(LIAR, Bytes.of(new byte[] {'d', 'e'}));
        world.answers(HONEST, fetch -> CompletableFuture.completedFuture(new Page("", 3, 0, Bytes.of(new byte[3]))));

        assertThat(codeOf(fetched(PageQuery.Kind.INFO))).isEqualTo(ErrorCode.CONTENT_CHANGED);
    }

    @Test
    void metadata_that_are_the_right_ones_and_break_the_rules_are_refused_once_and_for_all() throws Exception {
        Bytes nothing = Bytes.of(new byte[] {'d', 'e'});
        InfoHash hash = InfoHash.of(MessageDigest.getInstance("SHA-1").digest(nothing.toArray()));
        Share share = new Share("nothing", hash, INFO.contentId(), 1, 1);
        online(share, LIAR, HONEST);
        gives(LIAR, nothing);
        gives(HONEST, nothing);

        CompletableFuture<Document> reply = world.bus.ask(new FetchDocument(hash, PageQuery.Kind.INFO));
        world.threads.runAll();

        assertThat(codeOf(reply)).isEqualTo(ErrorCode.BAD_METADATA);
        assertThat(world.asked).hasSize(1);
        assertThat(world.torrents.metadata(hash)).isEmpty();
    }

    @Test
    void when_nobody_is_online_it_says_so() {
        assertThat(codeOf(fetched(PageQuery.Kind.INFO))).isEqualTo(ErrorCode.FRIEND_OFFLINE);
    }

    @Test
    void a_shares_info_dictionary_is_served() {
        world.torrents.saveMetadata(HASH, INFO.encoded(), Lists.NOW);
        world.says(new TransferChanged(Lists.seeding(1, SHARE)));

        Page page = served(new PageQuery(PageQuery.Kind.INFO, HASH, 0)).join();

        assertThat(Compressed.inflate(page.content(), 1_000)).isEqualTo(INFO.encoded());
        assertThat(page.revision()).isEqualTo(HASH.hex());
    }

    @Test
    void what_is_only_fetched_or_no_longer_shared_is_not_served() {
        world.torrents.saveMetadata(HASH, INFO.encoded(), Lists.NOW);
        assertThat(codeOf(served(new PageQuery(PageQuery.Kind.INFO, HASH, 0)))).isEqualTo(ErrorCode.UNKNOWN_SHARE);

        world.says(new TransferChanged(Lists.job(1, SHARE).completed(Lists.NOW)));
        assertThat(codeOf(served(new PageQuery(PageQuery.Kind.INFO, HASH, 0)))).isEqualTo(ErrorCode.UNKNOWN_SHARE);

        world.says(new TransferChanged(Lists.seeding(1, SHARE)));
        served(new PageQuery(PageQuery.Kind.INFO, HASH, 0)).join();
        world.says(new TransferChanged(Lists.seeding(1, SHARE).with(TransferState.VERIFYING)));
        assertThat(codeOf(served(new PageQuery(PageQuery.Kind.INFO, HASH, 0)))).isEqualTo(ErrorCode.UNKNOWN_SHARE);
    }

    @Test
    void what_is_not_granted_and_what_there_is_not_get_the_same_answer() {
        InfoHash nothing = new InfoHash("9".repeat(40));
        world.torrents.saveMetadata(HASH, INFO.encoded(), Lists.NOW);
        world.torrents.saveDigests(HASH, Bytes.of(new byte[32]), Lists.NOW);
        world.says(new TransferChanged(
                Lists.seeding(1, SHARE).with(Audience.parse(List.of(HONEST.jid().value())))));

        for (PageQuery.Kind kind : List.of(PageQuery.Kind.INFO, PageQuery.Kind.DIGESTS)) {
            served(new PageQuery(kind, HASH, 0)).join();
            UserException refused = refusal(served(STRANGER, new PageQuery(kind, HASH, 0)));
            UserException unknown = refusal(served(STRANGER, new PageQuery(kind, nothing, 0)));

            assertThat(refused.code()).isEqualTo(unknown.code()).isEqualTo(ErrorCode.UNKNOWN_SHARE);
            assertThat(refused.sentence().replace(HASH.hex(), "H"))
                    .isEqualTo(unknown.sentence().replace(nothing.hex(), "H"));
            assertThat(refused.hint()).isEqualTo(unknown.hint());
        }
    }

    @Test
    void a_document_that_was_read_by_one_is_not_there_for_another() {
        world.torrents.saveMetadata(HASH, INFO.encoded(), Lists.NOW);
        Audience honest = Audience.parse(List.of(HONEST.jid().value()));
        world.says(new TransferChanged(Lists.seeding(1, SHARE).with(honest)));
        PageQuery list = new PageQuery(PageQuery.Kind.CATALOGUE, null, 0);

        assertThat(sharesIn(served(HONEST, list).join())).containsExactly(SHARE);
        assertThat(sharesIn(served(STRANGER, list).join())).isEmpty();
        assertThat(served(STRANGER, list).join().revision())
                .isNotEqualTo(served(HONEST, list).join().revision());

        world.says(new TransferChanged(Lists.seeding(1, SHARE).with(Audience.NOBODY)));

        assertThat(sharesIn(served(HONEST, list).join())).isEmpty();
        assertThat(codeOf(served(new PageQuery(PageQuery.Kind.INFO, HASH, 0)))).isEqualTo(ErrorCode.UNKNOWN_SHARE);
    }

    @Test
    void the_revision_of_a_view_does_not_depend_on_what_others_see() {
        PageQuery list = new PageQuery(PageQuery.Kind.CATALOGUE, null, 0);
        world.says(new TransferChanged(Lists.seeding(1, SHARE)));
        Page before = served(HONEST, list).join();
        String announced = world.keeper.current().ownRevision();

        world.says(new TransferChanged(Lists.seeding(2, Lists.share("films", 'b'))
                .with(Audience.parse(List.of(STRANGER.jid().value())))));

        assertThat(world.keeper.current().ownRevision()).isNotEqualTo(announced);
        assertThat(served(HONEST, list).join()).isEqualTo(before);
    }

    @Test
    void a_share_without_digests_says_so() {
        world.says(new TransferChanged(Lists.seeding(1, SHARE)));

        assertThat(codeOf(served(new PageQuery(PageQuery.Kind.DIGESTS, HASH, 0))))
                .isEqualTo(ErrorCode.UNKNOWN_SHARE);
    }

    @Test
    void a_page_begins_where_it_was_asked_for_and_at_the_end_at_most() {
        world.says(new TransferChanged(Lists.seeding(1, SHARE)));
        Page whole = served(new PageQuery(PageQuery.Kind.CATALOGUE, null, 0)).join();

        Page rest = served(new PageQuery(PageQuery.Kind.CATALOGUE, null, 5)).join();
        Page beyond =
                served(new PageQuery(PageQuery.Kind.CATALOGUE, null, 5_000)).join();

        assertThat(rest.content()).isEqualTo(whole.content().slice(5, Page.MAX_BYTES));
        assertThat(beyond).isEqualTo(new Page(whole.revision(), whole.totalBytes(), whole.totalBytes(), Bytes.EMPTY));
    }

    private void online(Device... devices) {
        online(SHARE, devices);
    }

    private void online(Share share, Device... devices) {
        world.says(new FriendsLoaded(
                List.of(devices).stream()
                        .map(device -> Lists.list(device, "", share))
                        .toList(),
                Map.of()));
        for (Device device : devices) {
            world.says(new DeviceAnnounced(device, Lists.announcement("")));
        }
    }

    private void gives(Device device, Bytes plain) {
        Bytes document = Compressed.deflate(plain);
        world.answers(device, fetch -> CompletableFuture.completedFuture(new Page("", document.size(), 0, document)));
    }

    private CompletableFuture<Document> fetched(PageQuery.Kind kind) {
        CompletableFuture<Document> reply = world.bus.ask(new FetchDocument(HASH, kind));
        world.threads.runAll();
        return reply;
    }

    private CompletableFuture<Page> served(PageQuery query) {
        return served(HONEST, query);
    }

    private CompletableFuture<Page> served(Device asker, PageQuery query) {
        CompletableFuture<Page> reply = world.bus.ask(new ServePage(asker, query));
        world.threads.runAll();
        return reply;
    }

    private static List<Share> sharesIn(Page page) {
        return Lists.sharesIn(Compressed.inflate(page.content(), Compressed.MAX_LIST_BYTES));
    }

    private static ErrorCode codeOf(CompletableFuture<?> reply) {
        return refusal(reply).code();
    }

    private static UserException refusal(CompletableFuture<?> reply) {
        return assertThatThrownBy(reply::join)
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .actual();
    }
}
