package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.CatalogueEvent.FriendListFailed;
import bitween.message.DeviceRequest.FetchPage;
import bitween.message.DeviceRequest.ServePage;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentEvent.TransfersLoaded;
import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.Share;
import bitween.testing.ManualExecutor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alice's long list on its way to Bob: whole once, and from then on what is other. */
class DifferencesTest {
    private static final Device ALICE = Lists.device("alice@example.org", "laptop");
    private static final Device BOB = Lists.device("bob@example.org", "phone");
    private static final Device BOBS_OTHER = Lists.device("bob@example.org", "tower");
    private static final Device CAROL = Lists.device("carol@example.org", "desk");
    private static final int MANY = 1_000;
    private static final Share DIARY = Lists.share("diary", 'd');
    /** One share is about 150 bytes. */
    private static final int LITTLE = 400;

    @TempDir
    Path temp;

    private final ManualExecutor threads = new ManualExecutor(1);
    private final List<Page> pages = new ArrayList<>();
    private CatalogueWorld alice;
    private CatalogueWorld bob;

    @BeforeEach
    void bob_has_the_whole_list() {
        alice = alice();
        bob = new CatalogueWorld(temp.resolve("bob"), threads);
        bob.says(Lists.roster(ALICE.jid()));
        answer();
        bobLooks();
        assertThat(pages).hasSizeGreaterThan(5);
        pages.clear();
    }

    @AfterEach
    void close() {
        bob.close();
        alice.close();
    }

    @Test
    void of_a_share_that_comes_only_that_is_sent() {
        alice.says(new TransferChanged(Lists.seeding(MANY, DIARY)));

        bobLooks();

        assertBobHasWhatIsForHim();
        assertThat(pages)
                .singleElement()
                .satisfies(page -> assertThat(page.totalBytes()).isLessThan(LITTLE));
    }

    @Test
    void of_a_share_with_a_new_name_only_that_is_sent() {
        Share one = Lists.share(7);
        alice.says(new TransferChanged(
                Lists.seeding(7, new Share("seven", one.hash(), one.content(), one.sizeBytes(), one.files()))));

        bobLooks();

        assertBobHasWhatIsForHim();
        assertThat(pages)
                .singleElement()
                .satisfies(page -> assertThat(page.totalBytes()).isLessThan(LITTLE));
    }

    @Test
    void a_share_that_is_revoked_vanishes() {
        alice.says(new TransferChanged(Lists.seeding(7, Lists.share(7)).with(Audience.NOBODY)));

        bobLooks();

        assertBobHasWhatIsForHim();
        assertThat(pages)
                .singleElement()
                .satisfies(page -> assertThat(page.totalBytes()).isLessThan(LITTLE));
        assertThat(bob.keeper.current().holders(Lists.share(7).hash())).isEmpty();
        assertThat(bob.lists.list(ALICE).orElseThrow().shares())
                .hasSize(MANY - 1)
                .doesNotContain(Lists.share(7));
    }

    @Test
    void one_difference_follows_the_other() {
        for (int i = 0; i < 5; i++) {
            alice.says(new TransferChanged(Lists.seeding(MANY + i, Lists.share(MANY + i))));
            alice.says(new TransferRemoved(Lists.seeding(i, Lists.share(i))));
            bobLooks();
            assertBobHasWhatIsForHim();
        }

        assertThat(pages)
                .hasSize(5)
                .allSatisfy(page -> assertThat(page.totalBytes()).isLessThan(LITTLE));
        assertThat(bob.fetcher.refused()).isZero();
    }

    @Test
    void when_nearly_all_is_other_the_whole_is_sent() {
        IntStream.range(2, MANY).forEach(i -> alice.says(new TransferRemoved(Lists.seeding(i, Lists.share(i)))));

        bobLooks();

        assertBobHasWhatIsForHim();
        assertThat(pages)
                .singleElement()
                .satisfies(page -> assertThat(page.totalBytes()).isLessThan(LITTLE));
    }

    @Test
    void what_is_for_others_comes_and_goes_and_he_is_sent_nothing() {
        Audience carol = Audience.parse(List.of(CAROL.jid().value()));
        alice.says(new TransferChanged(Lists.seeding(MANY, DIARY).with(carol)));
        bobLooks();
        alice.says(new TransferRemoved(Lists.seeding(MANY, DIARY)));
        bobLooks();

        assertThat(pages)
                .hasSize(2)
                .allSatisfy(page -> assertThat(page.content()).isEqualTo(Bytes.EMPTY));
    }

    @Test
    void who_names_a_list_that_was_anothers_learns_nothing_of_it() {
        alice.says(new TransferChanged(Lists.seeding(MANY, DIARY)
                .with(Audience.parse(List.of(CAROL.jid().value())))));
        String carols = served(CAROL, "", 0).revision();
        assertThat(document(CAROL, "").changed()).contains(DIARY);

        ListDifference difference = document(BOB, carols);

        assertThat(difference.isWhole()).isTrue();
        assertThat(difference.removed()).isEmpty();
        assertThat(difference.changed()).extracting(Share::hash).doesNotContain(DIARY.hash());
    }

    @Test
    void a_device_that_was_not_sent_a_list_hears_of_nothing_that_was_in_it() {
        alice.says(new TransferChanged(Lists.seeding(MANY, DIARY)));
        bobLooks();
        String both = bobsRevision();
        alice.says(new TransferRemoved(Lists.seeding(MANY, DIARY)));

        assertThat(document(BOB, both).removed()).containsExactly(DIARY.hash());
        assertThat(document(BOBS_OTHER, both).removed()).isEmpty();
        assertThat(document(BOBS_OTHER, both).isWhole()).isTrue();
    }

    @Test
    void after_a_restart_the_whole_is_sent_once() {
        alice.close();
        alice = alice();
        alice.says(new TransferChanged(Lists.seeding(MANY, DIARY)));
        bobLooks();
        assertBobHasWhatIsForHim();
        assertThat(pages).hasSizeGreaterThan(5);
        pages.clear();

        alice.says(new TransferRemoved(Lists.seeding(MANY, DIARY)));
        bobLooks();

        assertBobHasWhatIsForHim();
        assertThat(pages).hasSize(1);
    }

    @Test
    void a_difference_that_bob_did_not_get_is_made_anew_to_what_he_has() {
        bob.answers(
                ALICE,
                fetch -> alice.bus
                        .ask(new ServePage(BOB, fetch.query()))
                        .thenCompose(page -> CatalogueWorld.failure(ErrorCode.TIMED_OUT, "it is lost")));
        alice.says(new TransferChanged(Lists.seeding(MANY, DIARY)));
        bobLooks();
        answer();
        alice.says(new TransferRemoved(Lists.seeding(3, Lists.share(3))));

        bobLooks();

        assertBobHasWhatIsForHim();
        assertThat(pages).hasSize(1);
    }

    @Test
    void when_what_is_other_does_not_fit_the_whole_is_asked_for_at_once() {
        Bytes digest = ListDifference.whole(List.of()).digest();
        List<UnaryOperator<ListDifference>> wrong = List.of(
                right -> new ListDifference("another", right.changed(), right.removed(), right.digest()),
                right -> new ListDifference(right.base(), right.changed(), right.removed(), digest),
                right -> new ListDifference(right.base(), List.of(), right.removed(), right.digest()),
                right -> new ListDifference(right.base(), right.changed(), List.of(DIARY.hash()), right.digest()),
                right -> new ListDifference(right.base(), List.of(DIARY, DIARY), List.of(), right.digest()));
        for (int i = 0; i < wrong.size(); i++) {
            int asked = bob.asked.size();
            List<Share> before = bob.lists.list(ALICE).orElseThrow().shares();
            alice.says(new TransferChanged(Lists.seeding(MANY + i, Lists.share(MANY + i))));
            List<Share> after = alice.keeper.current().sharesFor(BOB.jid());
            ListDifference right = ListDifference.between(bobsRevision(), before, after);
            answersHeld(CatalogueDocument.encode(wrong.get(i).apply(right)));

            bobLooks();

            assertBobHasWhatIsForHim();
            assertThat(bob.asked.size() - asked).isGreaterThan(5);
        }
        assertThat(bob.fetcher.refused()).isEqualTo(wrong.size());
        assertThat(bob.said(FriendListFailed.class)).isEmpty();
    }

    @Test
    void a_bomb_is_refused_and_counted_and_the_old_list_stays() {
        Bytes bomb = Compressed.deflate(Bytes.of(new byte[Compressed.MAX_LIST_BYTES + 1]));
        assertThat(bomb.size()).isLessThan(200_000);
        bob.answers(ALICE, fetch -> completed("new", bomb, fetch));
        int asked = bob.asked.size();

        bobLooks("something else");

        assertThat(bob.said(FriendListFailed.class))
                .containsExactly(new FriendListFailed(
                        ALICE, "a friend's device sent a broken document: it is larger than 16777216 bytes"));
        assertThat(bob.fetcher.refused()).isEqualTo(2);
        assertThat(bob.asked.stream().skip(asked).map(fetch -> fetch.query().held()))
                .contains("")
                .startsWith(bobsRevision());
        assertThat(bob.lists.list(ALICE).orElseThrow().shares()).hasSize(MANY);
    }

    private CatalogueWorld alice() {
        CatalogueWorld world = new CatalogueWorld(temp.resolve("alice"), threads);
        world.says(
                Lists.roster(BOB.jid(), CAROL.jid()),
                new TransfersLoaded(IntStream.range(0, MANY)
                        .mapToObj(i -> Lists.seeding(i, Lists.share(i)))
                        .toList()));
        return world;
    }

    /** Alice answers Bob, and her pages are kept. */
    private void answer() {
        bob.answers(
                ALICE,
                fetch -> alice.bus.ask(new ServePage(BOB, fetch.query())).thenApply(page -> {
                    pages.add(page);
                    return page;
                }));
    }

    /** Who asks for what is other gets this; who asks for the whole list gets that. */
    private void answersHeld(Bytes plain) {
        bob.answers(
                ALICE,
                fetch -> fetch.query().held().isEmpty()
                        ? alice.bus.ask(new ServePage(BOB, fetch.query()))
                        : completed("wrong", Compressed.deflate(plain), fetch));
    }

    private void bobLooks() {
        bobLooks(alice.keeper.current().ownRevision());
    }

    private void bobLooks(String announced) {
        bob.says(new DeviceAnnounced(ALICE, Lists.announcement(announced)));
    }

    private String bobsRevision() {
        return bob.lists.list(ALICE).orElseThrow().revision();
    }

    private void assertBobHasWhatIsForHim() {
        List<Share> meant = alice.keeper.current().sharesFor(BOB.jid());
        assertThat(bob.lists.list(ALICE).orElseThrow().shares()).containsExactlyInAnyOrderElementsOf(meant);
        assertThat(bob.keeper.current().device(ALICE).orElseThrow().sortedShares())
                .containsExactlyInAnyOrderElementsOf(meant);
    }

    private ListDifference document(Device asker, String held) {
        List<byte[]> parts = new ArrayList<>();
        int size = 0;
        Page page;
        do {
            page = served(asker, held, size);
            parts.add(page.content().toArray());
            size += page.content().size();
        } while (size < page.totalBytes());
        byte[] all = new byte[size];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return CatalogueDocument.decode(Compressed.inflate(Bytes.of(all), Compressed.MAX_LIST_BYTES));
    }

    private Page served(Device asker, String held, int offset) {
        CompletableFuture<Page> reply =
                alice.bus.ask(new ServePage(asker, new PageQuery(PageQuery.Kind.CATALOGUE, null, held, offset)));
        threads.runAll();
        return reply.join();
    }

    private static CompletableFuture<Page> completed(String revision, Bytes document, FetchPage fetch) {
        int offset = fetch.query().offset();
        return CompletableFuture.completedFuture(
                new Page(revision, document.size(), offset, document.slice(offset, Page.MAX_BYTES)));
    }
}
