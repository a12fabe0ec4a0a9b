package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.CatalogueEvent.FriendList;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.CatalogueEvent.FriendsLoaded;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.LinkEvent.DeviceGone;
import bitween.message.LinkEvent.DeviceRemoved;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.message.PresenceEvent.ContactSeen;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.model.ConnectionState;
import bitween.model.Device;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.RosterEntry;
import bitween.store.CatalogueStore.FriendListRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FriendRecorderTest {
    private static final Device LAPTOP = Lists.device("alice@example.org", "laptop");
    private static final Device OWN = Lists.device("me@example.org", "desk");
    private static final Jid ALICE = LAPTOP.jid();

    @TempDir
    Path temp;

    private CatalogueWorld world;

    @BeforeEach
    void open() {
        world = new CatalogueWorld(temp);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void who_was_seen_is_told_after_a_restart() {
        world.says(Lists.roster(ALICE), new ContactSeen(ALICE, true));
        world.close();
        world = new CatalogueWorld(temp);

        world.recorder.publishStored();
        world.threads.runAll();

        assertThat(world.said(FriendsLoaded.class))
                .containsExactly(new FriendsLoaded(List.of(), Map.of(ALICE, Lists.NOW)));
    }

    @Test
    void who_left_the_roster_is_forgotten_and_stays_so() {
        world.says(
                Lists.roster(ALICE),
                new DeviceAnnounced(LAPTOP, Lists.announcement("")),
                Lists.roster(),
                new DeviceGone(LAPTOP));

        assertThat(world.friends.seenContacts()).isEmpty();
        assertThat(world.friends.seenDevices()).isEmpty();
    }

    @Test
    void what_somebody_shared_who_does_not_let_us_see_them_any_more_is_forgotten() {
        world.says(Lists.roster(ALICE), new DeviceAnnounced(LAPTOP, Lists.announcement("")));
        FriendList list = Lists.list(LAPTOP, "r1", Lists.share(1));
        world.lists.replace(
                new FriendListRow(LAPTOP, list.deviceName(), "r1", list.revision(), list.shares(), list.fetched()));
        world.says(new FriendListFetched(list));
        assertThat(world.keeper.current().holders(list.shares().get(0).hash())).hasSize(1);

        world.says(new RosterChanged(
                List.of(new RosterEntry(ALICE, null, RosterEntry.Subscription.NONE, false, Set.of()))));

        assertThat(world.lists.all()).isEmpty();
        assertThat(world.keeper.current().holders(list.shares().get(0).hash())).isEmpty();
        assertThat(world.friends.seenContacts()).containsKey(ALICE);
    }

    @Test
    void what_a_device_shared_that_is_trusted_no_longer_is_forgotten_and_of_the_others_not() {
        Device tower = Lists.device(ALICE.value(), "tower");
        world.says(Lists.roster(ALICE));
        for (Device device : List.of(LAPTOP, tower)) {
            FriendList list = Lists.list(device, "r1", Lists.share(1));
            world.says(new DeviceAnnounced(device, Lists.announcement("")));
            world.lists.replace(
                    new FriendListRow(device, list.deviceName(), "r1", list.revision(), list.shares(), list.fetched()));
            world.says(new FriendListFetched(list));
        }

        world.says(new DeviceGone(LAPTOP), new DeviceRemoved(LAPTOP));

        assertThat(world.lists.all())
                .singleElement()
                .satisfies(list -> assertThat(list.device()).isEqualTo(tower));
        assertThat(world.friends.seenDevices())
                .singleElement()
                .satisfies(seen -> assertThat(seen.device()).isEqualTo(tower));
        assertThat(world.keeper.current().holders(Lists.share(1).hash()))
                .singleElement()
                .satisfies(holder -> assertThat(holder.device()).isEqualTo(tower));
        assertThat(world.keeper.current().device(LAPTOP)).isEmpty();
    }

    @Test
    void ones_own_devices_stay_although_they_stand_in_no_roster() {
        world.says(
                new ConnectionChanged(new ConnectionState(
                        ConnectionState.Status.ONLINE,
                        new FullJid(OWN.jid(), "here"),
                        "example.org",
                        null,
                        Lists.NOW,
                        null)),
                new DeviceAnnounced(OWN, Lists.announcement("")),
                Lists.roster(ALICE));

        assertThat(world.friends.seenContacts()).containsOnlyKeys(OWN.jid());
    }
}
