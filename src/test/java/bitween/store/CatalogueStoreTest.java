package bitween.store;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Former;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Share;
import bitween.store.CatalogueStore.FriendListRow;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

class CatalogueStoreTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Jid ALICE = new Jid("alice@example.org");
    private static final Jid BOB = new Jid("bob@example.org");

    @TempDir(factory = TempDirFactory.Standard.class) // on a disk, where commits are tested
    Path temp;

    private Database database;
    private CatalogueStore store;

    @BeforeEach
    void open() {
        database = Database.open(temp.resolve("data/bitween.db"), temp.resolve("native"));
        store = new CatalogueStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void lists_are_there_after_a_restart() {
        FriendListRow alices = list(ALICE, "a", "r1", share(1), share(2), share(3));
        Share free = new Share("free", share(7).hash(), share(7).content(), 5, 1, true, 12);
        Share live = free.at(3).keeping(List.of(new Former(2, share(8).hash()), new Former(1, share(9).hash())));
        FriendListRow bobs = list(BOB, "b", "r9", live);
        store.replace(bobs);
        store.replace(alices);

        database.close();
        open();

        assertThat(store.all()).containsExactly(alices, bobs);
    }

    @Test
    void a_new_list_takes_the_place_of_the_old_one_of_that_device_only() {
        FriendListRow phone = list(ALICE, "phone", "r1", share(1), share(2));
        FriendListRow shorter = list(ALICE, "laptop", "r2", share(4));
        store.replace(phone);
        store.replace(list(ALICE, "laptop", "r1", share(1), share(2), share(3)));

        store.replace(shorter);

        assertThat(store.all()).containsExactly(shorter, phone);
    }

    @Test
    void what_is_unavailable_is_kept_as_that_until_it_is_back() {
        Share share = new Share("Film", new InfoHash("f".repeat(40)), new ContentId("e".repeat(64)), 5, 1);
        store.replace(list(ALICE, "laptop", "r1", share.withheld()));
        assertThat(store.all().get(0).shares()).containsExactly(share.withheld());

        store.replace(list(ALICE, "laptop", "r2", share));

        assertThat(store.all().get(0).shares()).containsExactly(share);
    }

    @Test
    void an_offer_is_kept_as_that() {
        Share share = new Share("Film", new InfoHash("f".repeat(40)), new ContentId("e".repeat(64)), 5, 1);
        store.replace(list(ALICE, "laptop", "r1", share));

        store.replace(list(ALICE, "laptop", "r2", share.asSent()));

        assertThat(store.all().get(0).shares()).containsExactly(share.asSent());
    }

    @Test
    void a_share_that_is_another_revision_now_is_kept_as_that() {
        Share live = new Share("notes", share(7).hash(), share(7).content(), 5, 1, false, 1);
        store.replace(list(ALICE, "laptop", "r1", live.fixed()));

        store.replace(list(ALICE, "laptop", "r2", live));

        assertThat(store.all()).containsExactly(list(ALICE, "laptop", "r2", live));
    }

    @Test
    void a_list_that_is_still_the_same_is_confirmed() {
        FriendListRow laptop = list(ALICE, "laptop", "r1", share(1), share(2));
        store.replace(laptop);
        store.replace(list(ALICE, "phone", "r1", share(3)));

        FriendListRow confirmed =
                store.confirm(laptop.device(), "desk", "a2", NOW.plusSeconds(9)).orElseThrow();

        assertThat(confirmed)
                .isEqualTo(new FriendListRow(laptop.device(), "desk", "a2", "r1", laptop.shares(), NOW.plusSeconds(9)));
        assertThat(store.all()).hasSize(2).contains(confirmed);
        assertThat(store.list(laptop.device())).contains(confirmed);
        assertThat(store.list(device(BOB, "laptop"))).isEmpty();
        assertThat(store.confirm(device(BOB, "laptop"), "desk", "a2", NOW)).isEmpty();
    }

    @Test
    void of_a_list_that_changed_only_what_is_other_is_written() {
        Share renamed = new Share("new name", share(1).hash(), share(1).content(), 3_000_000_000L, 1);
        FriendListRow before = list(ALICE, "a", "r1", share(1), share(2), share(3), share(4));
        FriendListRow after = list(ALICE, "a", "r2", renamed, share(2), share(3), share(5));
        store.replace(before);
        int changes = changes();

        store.replace(after);

        assertThat(store.all()).containsExactly(after);
        assertThat(changes() - changes).isEqualTo(4); // the list, the new name, the one that went, the one that came
    }

    @Test
    void removing_a_contact_removes_all_their_lists() {
        FriendListRow bobs = list(BOB, "b", "r1", share(1));
        store.replace(list(ALICE, "a", "r1", share(1)));
        store.replace(list(ALICE, "a2", "r1", share(2)));
        store.replace(bobs);

        store.remove(ALICE);

        assertThat(store.all()).containsExactly(bobs);
        assertThat(database.<Integer>read(
                        c -> Sql.rows(c, "select 1 from friend_share", row -> 1).size()))
                .isEqualTo(1);
    }

    @Test
    void a_contact_who_makes_up_devices_loses_the_oldest_list() {
        IntStream.rangeClosed(0, CatalogueStore.MAX_LISTS_PER_CONTACT)
                .mapToObj(i ->
                        new FriendListRow(device(ALICE, "d" + i), "laptop", "a", "r", List.of(), NOW.plusSeconds(i)))
                .forEach(store::replace);

        assertThat(store.all())
                .hasSize(CatalogueStore.MAX_LISTS_PER_CONTACT)
                .extracting(FriendListRow::device)
                .doesNotContain(device(ALICE, "d0"));
    }

    private int changes() {
        return database.transaction(c -> Sql.first(c, "select total_changes()", row -> row.getInt(1)))
                .orElseThrow();
    }

    private static FriendListRow list(Jid jid, String device, String revision, Share... shares) {
        return new FriendListRow(device(jid, device), "laptop", "of " + revision, revision, List.of(shares), NOW);
    }

    private static Device device(Jid jid, String id) {
        return new Device(jid, new DeviceId(id));
    }

    private static Share share(int number) {
        return new Share(
                "share " + number,
                new InfoHash("%040x".formatted(number)),
                new ContentId("%064x".formatted(number)),
                number * 3_000_000_000L,
                number);
    }
}
