package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.CatalogueEvent.FriendList;
import bitween.message.CatalogueEvent.FriendListFailed;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.LinkEvent.DeviceGone;
import bitween.model.Announcement;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Page;
import bitween.model.PeerAddress;
import bitween.model.Share;
import bitween.store.CatalogueStore.FriendListRow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListFetcherTest {
    private static final Device LAPTOP = Lists.device("alice@example.org", "laptop");
    private static final Share MUSIC = Lists.share("music", 'a');
    private static final Share FILMS = Lists.share("films", 'b');

    @TempDir
    Path temp;

    private CatalogueWorld world;

    @BeforeEach
    void open() {
        world = new CatalogueWorld(temp);
        world.says(Lists.roster(LAPTOP.jid()));
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void a_new_revision_is_asked_for_once_and_kept() {
        shares("r1", MUSIC);

        announce("r1");
        announceElsewhere("r1");

        assertThat(world.asked).hasSize(1);
        assertThat(world.said(FriendListFetched.class))
                .containsExactly(new FriendListFetched(Lists.list(LAPTOP, "r1", MUSIC)));
        assertThat(world.lists.all()).hasSize(1);
    }

    @Test
    void what_is_announced_again_in_the_same_words_is_asked_for_again() {
        shares("between", MUSIC);
        announce("r1");
        shares("r1", FILMS);

        announce("r1");

        assertThat(world.asked).hasSize(2);
        assertThat(world.lists.all())
                .singleElement()
                .returns(List.of(FILMS), FriendListRow::shares)
                .returns("r1", FriendListRow::announced);
    }

    @Test
    @Tag("slow")
    void the_devices_of_one_contact_share_no_more_than_one_may() {
        Device desk = new Device(LAPTOP.jid(), new DeviceId("cd".repeat(32)));
        List<Share> most = IntStream.range(0, ListDifference.MAX_SHARES)
                .mapToObj(Lists::share)
                .toList();
        world.lists.replace(new FriendListRow(desk, "desk", "r1", "r1", most, Instant.EPOCH));
        shares("r1", MUSIC);

        announce("r1");

        assertThat(world.said(FriendListFetched.class)).isEmpty();
        assertThat(world.said(FriendListFailed.class)).hasSize(1);
        assertThat(world.lists.all()).hasSize(1);
    }

    @Test
    void what_was_kept_is_not_asked_for_after_a_restart() {
        shares("r1", MUSIC);
        announce("r1");
        world.close();
        world = new CatalogueWorld(temp);

        announce("r1");

        assertThat(world.asked).isEmpty();
    }

    @Test
    @Tag("slow")
    void a_change_that_is_none_for_us_costs_one_page_and_nothing_is_read_again() {
        Share[] many = IntStream.range(0, 2_000).mapToObj(Lists::share).toArray(Share[]::new);
        shares("view 1", many);
        announce("all 1");
        int whole = world.asked.size();

        announce("all 2");
        announceElsewhere("all 2");

        assertThat(whole).isGreaterThan(3);
        assertThat(world.asked).hasSize(whole + 1);
        assertThat(world.said(FriendListFetched.class))
                .hasSize(2)
                .allSatisfy(fetched -> assertThat(fetched.list().shares()).containsExactlyInAnyOrder(many));
        assertThat(world.lists.all())
                .singleElement()
                .returns("all 2", FriendListRow::announced)
                .returns("view 1", FriendListRow::revision);
    }

    @Test
    void after_a_restart_a_list_that_is_still_the_same_is_not_read_again() {
        shares("view 1", MUSIC);
        announce("all 1");
        world.close();
        world = new CatalogueWorld(temp);
        shares("view 1", FILMS);

        announce("all 1");
        assertThat(world.asked).isEmpty();
        announce("all 2");
        assertThat(world.asked).hasSize(1);

        assertThat(world.lists.all().get(0).shares()).containsExactly(MUSIC);
    }

    @Test
    void a_list_of_which_the_store_lost_hold_is_read_again_whole_at_once() {
        shares("view 1", MUSIC);
        announce("all 1");
        world.lists.remove(LAPTOP.jid());

        announce("all 2");

        assertThat(world.asked).extracting(fetch -> fetch.query().held()).containsExactly("", "view 1", "");
        assertThat(world.said(FriendListFailed.class)).isEmpty();
        assertThat(world.lists.all().get(0).shares()).containsExactly(MUSIC);
    }

    @Test
    void what_is_announced_while_it_answers_is_asked_for_next() {
        CompletableFuture<Page> open = new CompletableFuture<>();
        world.answers(LAPTOP, fetch -> open);
        announce("r1");
        announce("r2");
        assertThat(world.asked).hasSize(1);

        shares("r2", MUSIC, FILMS);
        open.complete(page("r1", MUSIC));
        world.threads.runAll();

        assertThat(world.asked).hasSize(2);
        assertThat(world.keeper.current().device(LAPTOP).orElseThrow().list())
                .extracting(FriendList::revision)
                .isEqualTo("r2");
    }

    @Test
    void what_failed_is_asked_for_again_after_half_a_minute() {
        announce("r1");
        assertThat(world.said(FriendListFailed.class)).containsExactly(new FriendListFailed(LAPTOP, "it is away"));

        shares("r1", MUSIC);
        pass(29);
        assertThat(world.asked).hasSize(1);
        pass(1);

        assertThat(world.said(FriendListFetched.class)).hasSize(1);
    }

    @Test
    void a_device_that_went_away_is_not_asked_again() {
        announce("r1");
        world.says(new DeviceGone(LAPTOP));

        pass(300);

        assertThat(world.asked).hasSize(1);
    }

    @Test
    void announcements_of_a_device_that_does_not_answer_do_not_pile_up_questions() {
        for (int i = 0; i < 10; i++) {
            announce("r" + i);
        }
        world.asked.clear();
        world.says(new DeviceGone(LAPTOP));
        announce("r");

        pass(60);

        assertThat(world.asked).hasSize(2);
    }

    @Test
    void who_never_answers_is_asked_ever_more_rarely_and_still_each_half_an_hour() {
        announce("r1");

        pass(Duration.ofHours(4));
        assertThat(world.asked).hasSizeBetween(12, 14);

        world.asked.clear();
        pass(Duration.ofMinutes(33));
        assertThat(world.asked).hasSize(1);
    }

    @Test
    void a_device_that_comes_back_is_not_made_to_wait() {
        announce("r1");
        pass(Duration.ofHours(4));
        world.says(new DeviceGone(LAPTOP));
        world.asked.clear();

        announce("r1");
        pass(30);

        assertThat(world.asked).hasSize(2);
    }

    @Test
    void a_broken_list_is_a_failure_and_the_old_one_stays() {
        shares("r1", MUSIC);
        announce("r1");

        world.answers(LAPTOP, fetch -> CompletableFuture.completedFuture(new Page("r2", 3, 0, Bytes.of(new byte[3]))));
        announce("r2");

        assertThat(world.said(FriendListFailed.class)).hasSize(1);
        assertThat(world.keeper.current().holders(MUSIC.hash())).hasSize(1);
    }

    @Test
    void who_left_the_roster_and_came_back_is_asked_again() {
        shares("r1", MUSIC);
        announce("r1");
        world.says(Lists.roster());

        world.says(Lists.roster(LAPTOP.jid()));
        announce("r1");

        assertThat(world.keeper.current().holders(MUSIC.hash())).hasSize(1);
    }

    @Test
    void an_answer_of_who_left_meanwhile_is_not_kept() {
        CompletableFuture<Page> open = new CompletableFuture<>();
        world.answers(LAPTOP, fetch -> open);
        announce("r1");
        world.says(Lists.roster());

        open.complete(page("r1", MUSIC));
        world.threads.runAll();

        assertThat(world.lists.all()).isEmpty();
        assertThat(world.keeper.current().friends()).isEmpty();
    }

    private void announce(String revision) {
        world.says(new DeviceAnnounced(LAPTOP, Lists.announcement(revision)));
    }

    /** The device has moved, and shares the same. */
    private void announceElsewhere(String revision) {
        world.says(new DeviceAnnounced(
                LAPTOP, new Announcement("laptop", List.of(PeerAddress.parse("192.0.2.7:4711")), revision)));
    }

    private void shares(String revision, Share... shares) {
        world.answers(
                LAPTOP,
                fetch -> CompletableFuture.completedFuture(
                        page(revision, fetch.query().offset(), shares)));
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            world.timers.advance(Duration.ofSeconds(1));
            world.threads.runAll();
        }
    }

    private void pass(Duration time) {
        pass((int) time.toSeconds());
    }

    private static Page page(String revision, Share... shares) {
        return page(revision, 0, shares);
    }

    private static Page page(String revision, int offset, Share... shares) {
        Bytes document = Compressed.deflate(Lists.document(shares));
        return new Page(revision, document.size(), offset, document.slice(offset, Page.MAX_BYTES));
    }
}
