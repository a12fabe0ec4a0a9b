package bitween.store;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Absence;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Jid;
import bitween.store.FriendStore.SeenDevice;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

class FriendStoreTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Jid ALICE = new Jid("alice@example.org");
    private static final Jid BOB = new Jid("bob@example.org");

    @TempDir(factory = TempDirFactory.Standard.class) // on a disk, where commits are tested
    Path temp;

    private Database database;
    private FriendStore store;

    @BeforeEach
    void open() {
        database = Database.open(temp.resolve("data/bitween.db"), temp.resolve("native"));
        store = new FriendStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void an_account_keeps_its_resource_and_shares_it_with_no_other() {
        String resource = store.resource(ALICE);
        database.close();
        open();

        assertThat(resource).matches("bitween-[0-9a-f]{16}");
        assertThat(store.resource(ALICE)).isEqualTo(resource);
        assertThat(store.resource(BOB)).isNotEqualTo(resource);
    }

    @Test
    void who_is_away_stays_so() {
        store.resource(ALICE);
        assertThat(store.absence(ALICE)).isEqualTo(Absence.PRESENT);

        store.saveAbsence(ALICE, Absence.SILENT);
        database.close();
        open();

        assertThat(store.absence(ALICE)).isEqualTo(Absence.SILENT);
        assertThat(store.absence(BOB)).isEqualTo(Absence.PRESENT);
    }

    @Test
    void who_is_blocked_stays_so_and_whether_they_were_told() {
        store.saveBlocked(BOB, false, NOW);
        store.saveBlocked(ALICE, false, NOW);
        store.saveBlocked(BOB, true, NOW.plusSeconds(1));
        database.close();
        open();

        assertThat(store.blocked()).containsExactly(Map.entry(ALICE, false), Map.entry(BOB, true));
        store.removeBlocked(BOB);
        assertThat(store.blocked()).containsOnlyKeys(ALICE);
    }

    @Test
    void who_was_removed_is_remembered_until_the_server_has_done_it() {
        store.saveRemoved(BOB, NOW);
        store.saveRemoved(BOB, NOW.plusSeconds(1));
        store.saveRemoved(ALICE, NOW);
        store.forgetRemoved(ALICE);
        database.close();
        open();

        assertThat(store.removed()).containsExactly(BOB);
    }

    @Test
    void seeing_a_device_is_seeing_its_contact() {
        store.saveSeen(BOB, NOW);
        store.saveSeen(device(ALICE, "old"), "desktop", NOW);
        store.saveSeen(device(ALICE, "new"), "lap", NOW.plusSeconds(1));
        store.saveSeen(device(ALICE, "new"), "laptop", NOW.plusSeconds(2));

        assertThat(store.seenContacts()).isEqualTo(Map.of(ALICE, NOW.plusSeconds(2), BOB, NOW));
        assertThat(store.seenDevices())
                .containsExactly(
                        new SeenDevice(device(ALICE, "new"), "laptop", NOW.plusSeconds(2)),
                        new SeenDevice(device(ALICE, "old"), "desktop", NOW));
    }

    @Test
    void a_contact_who_makes_up_devices_loses_the_oldest() {
        store.saveSeen(device(BOB, "his"), "laptop", NOW.minusSeconds(1));
        for (int i = 0; i <= FriendStore.MAX_DEVICES_PER_CONTACT; i++) {
            store.saveSeen(device(ALICE, "d" + i), "laptop", NOW.plusSeconds(i));
        }

        List<Device> devices =
                store.seenDevices().stream().map(SeenDevice::device).toList();

        assertThat(devices)
                .hasSize(FriendStore.MAX_DEVICES_PER_CONTACT + 1)
                .contains(device(BOB, "his"), device(ALICE, "d1"))
                .doesNotContain(device(ALICE, "d0"));
    }

    @Test
    void a_request_waits_since_it_first_came() {
        assertThat(store.saveRequest(BOB, NOW)).isTrue();
        assertThat(store.saveRequest(ALICE, NOW.plusSeconds(1))).isTrue();
        assertThat(store.saveRequest(BOB, NOW.plusSeconds(2))).isTrue();

        assertThat(store.requests()).containsExactly(Map.entry(BOB, NOW), Map.entry(ALICE, NOW.plusSeconds(1)));

        store.removeRequest(BOB);
        assertThat(store.requests()).containsOnlyKeys(ALICE);
    }

    @Test
    void a_flood_of_requests_stops_at_the_limit() {
        database.change(connection -> {
            for (int i = 0; i < FriendStore.MAX_REQUESTS; i++) {
                Sql.update(connection, "insert into friend_request values (?, ?)", "flood" + i + "@example.org", i);
            }
        });

        assertThat(store.saveRequest(ALICE, NOW)).isFalse();
        assertThat(store.saveRequest(new Jid("flood7@example.org"), NOW)).isTrue();
        assertThat(store.requests()).hasSize(FriendStore.MAX_REQUESTS);
    }

    @Test
    void nothing_is_left_of_a_contact_who_was_removed() {
        store.saveSeen(device(ALICE, "a"), "laptop", NOW);
        store.saveRequest(ALICE, NOW);
        store.saveSeen(device(BOB, "b"), "phone", NOW);

        store.remove(ALICE);

        assertThat(store.seenContacts()).containsOnlyKeys(BOB);
        assertThat(store.seenDevices()).extracting(SeenDevice::device).containsExactly(device(BOB, "b"));
        assertThat(store.requests()).isEmpty();
    }

    private static Device device(Jid jid, String id) {
        return new Device(jid, new DeviceId(id));
    }
}
