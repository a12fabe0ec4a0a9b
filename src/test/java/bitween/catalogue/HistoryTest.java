package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.message.CatalogueEvent.FriendsLoaded;
import bitween.message.DeviceRequest.Document;
import bitween.message.DeviceRequest.FetchDocument;
import bitween.message.DeviceRequest.FetchFormer;
import bitween.message.DeviceRequest.FetchHistory;
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
import bitween.model.Revision;
import bitween.model.Share;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.UserException;
import bitween.store.NewTransfer;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.InfoDictionary;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a live share was: who is told, and what is believed. */
class HistoryTest {
    private static final Device ALICE = Lists.device("alice@example.org", "a");
    private static final Device BOB = Lists.device("bob@example.org", "b");
    private static final Device CAROL = Lists.device("carol@example.org", "c");
    private static final Bytes DIGESTS = Bytes.of(new byte[32]);

    @TempDir
    Path temp;

    private CatalogueWorld alice;
    private CatalogueWorld bob;
    private Transfer share;
    private FormerRevisions formers;
    private final List<Page> told = new ArrayList<>();

    @BeforeEach
    void bob_sees_alices_second_revision() {
        alice = new CatalogueWorld(temp.resolve("alice"));
        bob = new CatalogueWorld(temp.resolve("bob"));
        formers = bob.formers;
        alice.says(Lists.roster(BOB.jid(), CAROL.jid()));
        bob.reaches(ALICE, alice, BOB);
        TransferId id = alice.torrents.insert(
                NewTransfer.share("notes", Path.of("/notes"), Audience.EVERYONE, false, ShareMode.LIVE, Lists.NOW));
        share = Lists.seeding(id.value(), share(1)).with(ShareMode.LIVE).with(share(1));
        alice.torrents.update(share, info(1).encoded(), DIGESTS, DIGESTS, Lists.NOW);
        revise(2);
    }

    @AfterEach
    void close() {
        alice.close();
        bob.close();
    }

    @Test
    void a_friend_is_told_what_a_live_share_was() {
        assertThat(history(2)).isCompletedWithValue(List.of(revision(2), revision(1)));
    }

    @Test
    void a_friend_gets_the_files_of_a_former_revision_and_keeps_them() {
        assertThat(former(1, PageQuery.Kind.INFO)).isCompletedWithValue(info(1).encoded());
        assertThat(former(1, PageQuery.Kind.DIGESTS)).isCompletedWithValue(DIGESTS);

        assertThat(bob.torrents.metadata(info(1).hash())).contains(info(1).encoded());
        assertThat(bob.torrents.digests(info(1).hash())).contains(DIGESTS);
    }

    @Test
    void who_may_not_have_the_share_is_told_nothing_of_what_it_was() {
        share = share.with(Audience.parse(List.of(CAROL.jid().value())));
        alice.says(new TransferChanged(share));

        assertThat(codeOf(history(2))).isEqualTo(ErrorCode.UNKNOWN_SHARE);
        assertThat(codeOf(former(1, PageQuery.Kind.INFO))).isEqualTo(ErrorCode.UNKNOWN_SHARE);
        assertThat(codeOf(former(1, PageQuery.Kind.DIGESTS))).isEqualTo(ErrorCode.UNKNOWN_SHARE);
    }

    @Test
    void what_is_asked_for_of_a_next_revision_is_what_is_other_in_it() {
        bobHas(1, 2);

        assertThat(fetched(2, PageQuery.Kind.INFO)).isCompletedWithValue(new Document(info(2).encoded(), ALICE));
        assertThat(fetched(2, PageQuery.Kind.DIGESTS)).isCompletedWithValue(new Document(DIGESTS, ALICE));

        assertThat(bob.asked)
                .extracting(fetch -> fetch.query().held())
                .containsExactly(info(1).hash().hex(), info(1).hash().hex());
        assertThat(told).first().returns("d" + info(2).hash(), Page::revision);
    }

    @Test
    void of_several_that_came_meanwhile_the_newest_that_is_here_is_the_base() {
        bobHas(1, 2);
        revise(3);
        formers.note(List.of(share(2)), List.of(share(3)));
        bobSees(3);

        assertThat(fetched(3, PageQuery.Kind.INFO)).isCompletedWithValue(new Document(info(3).encoded(), ALICE));
        assertThat(bob.asked)
                .extracting(fetch -> fetch.query().held())
                .containsExactly(info(1).hash().hex());
    }

    @Test
    void what_came_after_what_is_known_after_a_restart() {
        bobHas(1, 2);
        bob.close();
        bob = new CatalogueWorld(temp.resolve("bob"));
        bob.reaches(ALICE, alice, BOB);
        formers = bob.formers;
        revise(3);
        formers.note(List.of(share(2)), List.of(share(3)));
        bobSees(3);

        assertThat(fetched(3, PageQuery.Kind.INFO)).isCompletedWithValue(new Document(info(3).encoded(), ALICE));
        assertThat(bob.asked)
                .extracting(fetch -> fetch.query().held())
                .containsExactly(info(1).hash().hex());
    }

    @Test
    void a_difference_that_does_not_lead_there_is_followed_by_the_whole() {
        bobHas(1, 2);
        Bytes lie = Compressed.deflate(Bytes.of("le".getBytes(StandardCharsets.US_ASCII)));
        bob.answers(
                ALICE,
                fetch -> fetch.query().held().isEmpty()
                        ? alice.bus.ask(new ServePage(BOB, fetch.query()))
                        : CompletableFuture.completedFuture(new Page("d" + info(2).hash(), lie.size(), 0, lie)));

        assertThat(fetched(2, PageQuery.Kind.INFO)).isCompletedWithValue(new Document(info(2).encoded(), ALICE));
        assertThat(bob.asked).hasSize(2);
    }

    @Test
    void who_says_that_he_holds_what_is_not_for_him_is_given_the_whole() {
        alice.torrents.saveMetadata(secret().hash(), secret().encoded(), Lists.NOW);
        CompletableFuture<Page> reply = alice.bus.ask(new ServePage(
                BOB,
                new PageQuery(
                        PageQuery.Kind.INFO, info(2).hash(), secret().hash().hex(), 0)));
        alice.threads.runAll();
        assertThat(reply.join().revision()).isEqualTo(info(2).hash().hex());
    }

    private static InfoDictionary secret() {
        return info(77);
    }

    /** Bob knows the one of a live share that is the other now. */
    private void bobHas(int known, int current) {
        bob.torrents.saveMetadata(info(known).hash(), info(known).encoded(), Lists.NOW);
        bob.torrents.saveDigests(info(known).hash(), DIGESTS, Lists.NOW);
        formers.note(List.of(share(known)), List.of(share(current)));
        bob.answers(
                ALICE,
                fetch -> alice.bus
                        .ask(new ServePage(BOB, fetch.query()))
                        .whenComplete((page, failure) -> told.add(page)));
        bobSees(current);
    }

    private void bobSees(int current) {
        bob.says(new FriendsLoaded(List.of(Lists.list(ALICE, "", share(current))), Map.of()));
        bob.says(new DeviceAnnounced(ALICE, Lists.announcement("")));
    }

    private CompletableFuture<Document> fetched(int number, PageQuery.Kind kind) {
        CompletableFuture<Document> reply =
                bob.bus.ask(new FetchDocument(info(number).hash(), kind));
        run(reply);
        return reply;
    }

    @Test
    void with_the_share_goes_all_that_it_was() {
        alice.torrents.remove(share.id());

        assertThat(codeOf(former(1, PageQuery.Kind.INFO))).isEqualTo(ErrorCode.UNKNOWN_SHARE);
        assertThat(alice.torrents.revisions().history(share.id())).isEmpty();
    }

    @Test
    void the_newest_hundred_are_known() {
        IntStream.rangeClosed(3, 120).forEach(this::revise);

        assertThat(alice.torrents.revisions().history(share.id()))
                .hasSize(Revision.MAX_KEPT)
                .startsWith(revision(120), revision(119))
                .endsWith(revision(21));
    }

    @Test
    void lies_are_refused() {
        refused("le", null);
        refused("not bencode", "");
        refused("lde", "");
        refused("li1ee", "");
        refused("ld5:filesi1e4:hash3:abc4:madei1e6:numberi1e4:sizei1eee", "20 bytes");
        refused(entry(1, 0), "no revision: @0");
        refused(entry(-1, 1), "no revision");
        refused(entry(1L << 40, 1), "overflow");
        refused(entry(1, 1L << 40), "overflow");
        Revision first = revision(1);
        assertThatThrownBy(() -> HistoryDocument.decode(HistoryDocument.encode(List.of(first, first))))
                .hasMessageContaining("not in order");
        List<Revision> many = IntStream.rangeClosed(1, Revision.MAX_KEPT + 1)
                .mapToObj(number -> new Revision(200 - number, first.hash(), Instant.EPOCH, 1, 1))
                .toList();
        assertThatThrownBy(() -> HistoryDocument.decode(HistoryDocument.encode(many)))
                .hasMessageContaining("too many");
    }

    private static String entry(long files, long number) {
        return "ld5:filesi" + files + "e4:hash20:aaaaaaaaaaaaaaaaaaaa4:madei1e6:numberi" + number + "e4:sizei1eee";
    }

    private static void refused(String document, @org.jspecify.annotations.Nullable String why) {
        Bytes bytes = Bytes.of(document.getBytes(StandardCharsets.US_ASCII));
        if (why == null) {
            assertThat(HistoryDocument.decode(bytes)).isEmpty();
            return;
        }
        assertThatThrownBy(() -> HistoryDocument.decode(bytes))
                .hasMessageContaining("broken history")
                .hasMessageContaining(why)
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.BAD_METADATA, UserException::code);
    }

    private void revise(int number) {
        Transfer next = share.with(share(number));
        assertThat(alice.torrents
                        .revisions()
                        .revise(next, info(number - 1).hash(), info(number).encoded(), DIGESTS, DIGESTS, Lists.NOW))
                .isTrue();
        share = next;
        alice.says(new TransferChanged(next));
    }

    private CompletableFuture<List<Revision>> history(int current) {
        CompletableFuture<List<Revision>> reply =
                bob.bus.ask(new FetchHistory(info(current).hash(), List.of(ALICE)));
        run(reply);
        return reply;
    }

    private CompletableFuture<Bytes> former(int number, PageQuery.Kind kind) {
        CompletableFuture<Bytes> reply =
                bob.bus.ask(new FetchFormer(info(number).hash(), kind, List.of(ALICE)));
        run(reply);
        return reply;
    }

    private void run(CompletableFuture<?> reply) {
        for (int i = 0; i < 20 && !reply.isDone(); i++) {
            bob.threads.runAll();
            alice.threads.runAll();
        }
    }

    private static InfoDictionary info(int number) {
        return new InfoDictionary(
                "notes",
                256 << 10,
                Bytes.of(new byte[20]),
                true,
                List.of(new FileEntry(
                        List.of("a file with a long name, which is the same each time, and so on, and so on"), number)),
                List.of(),
                Bytes.of(new byte[16]));
    }

    private static Share share(int number) {
        InfoDictionary info = info(number);
        return new Share("notes", info.hash(), info.contentId(), number, 1, false, number);
    }

    private static Revision revision(int number) {
        InfoHash hash = info(number).hash();
        return new Revision(number, hash, Lists.NOW, 1, number);
    }

    private static ErrorCode codeOf(CompletableFuture<?> reply) {
        return assertThatThrownBy(reply::join)
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .actual()
                .code();
    }
}
