package bitween.store;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Bytes;
import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.DeviceId;
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

class TreeStoreTest {
    private static final Device ALICE = new Device(new Jid("alice@example.org"), new DeviceId("a"));
    private static final Device ALICES_PHONE = new Device(new Jid("alice@example.org"), new DeviceId("p"));
    private static final Device BOB = new Device(new Jid("bob@example.org"), new DeviceId("b"));
    private static final int KIB = 1_024;

    @TempDir
    Path temp;

    private Database database;
    private CatalogueStore lists;
    private TreeStore trees;

    @BeforeEach
    void open() {
        database = Database.open(temp.resolve("bitween.db"), temp.resolve("native"));
        lists = new CatalogueStore(database);
        trees = new TreeStore(database, 10 * KIB, 15 * KIB);
        tells(ALICE, 1, 2, 3);
        tells(ALICES_PHONE, 4);
        tells(BOB, 3, 5, 6);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_tree_stays_as_long_as_its_share_is_in_the_list() {
        trees.save(ALICE, hash(1), bytes(9));
        trees.save(ALICE, hash(2), bytes(9));
        trees.save(BOB, hash(3), bytes(8));

        tells(ALICE, 2);
        assertThat(trees.hashes()).containsExactlyInAnyOrder(hash(2), hash(3));
        assertThat(trees.tree(hash(1))).isEmpty();
        assertThat(trees.tree(hash(2))).contains(bytes(9));

        lists.remove(ALICE.jid());
        assertThat(trees.hashes()).containsExactly(hash(3));
    }

    @Test
    void what_is_in_no_list_is_not_kept() {
        assertThat(trees.save(ALICE, hash(5), bytes(9))).isFalse();
        assertThat(trees.hashes()).isEmpty();
    }

    @Test
    void a_friend_takes_no_more_than_is_due_with_however_many_devices() {
        long room = trees.roomOf(ALICE.jid());
        assertThat(room).isEqualTo(10 * KIB - TreeStore.ROW_BYTES);
        assertThat(trees.save(ALICE, hash(1), bytes((int) room + 1))).isFalse();
        assertThat(trees.save(ALICE, hash(1), bytes((int) room))).isTrue();

        assertThat(trees.roomOf(ALICE.jid())).isZero();
        assertThat(trees.save(ALICES_PHONE, hash(4), bytes(1))).isFalse();
        assertThat(trees.save(BOB, hash(5), bytes(4 * KIB))).isTrue();
    }

    @Test
    void all_together_take_no_more_than_is_due() {
        assertThat(trees.save(ALICE, hash(1), bytes(9 * KIB))).isTrue();

        assertThat(trees.save(BOB, hash(5), bytes(6 * KIB))).isFalse();
        assertThat(trees.save(BOB, hash(5), bytes(4 * KIB))).isTrue();
    }

    private void tells(Device device, int... shares) {
        List<Share> list = IntStream.of(shares)
                .mapToObj(number ->
                        new Share("share " + number, hash(number), new ContentId(("" + number).repeat(64)), 1_000, 3))
                .toList();
        lists.replace(new FriendListRow(device, "laptop", "r", "r" + list.size(), list, Instant.EPOCH));
    }

    private static InfoHash hash(int number) {
        return new InfoHash(("" + number).repeat(40));
    }

    private static Bytes bytes(int size) {
        return Bytes.of(new byte[size]);
    }
}
