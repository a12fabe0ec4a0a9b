package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.message.FriendRequest.AcceptFriend;
import bitween.message.FriendRequest.AddFriend;
import bitween.message.FriendRequest.BlockFriend;
import bitween.message.FriendRequest.RemoveFriend;
import bitween.message.FriendRequest.UnblockFriend;
import bitween.message.LinkEvent.DeviceHeld;
import bitween.message.PresenceEvent.BlockedChanged;
import bitween.message.PresenceEvent.RequestsChanged;
import bitween.message.TorrentRequest.RevokeShare;
import bitween.message.TrustRequest.RevokeTrust;
import bitween.message.TrustRequest.TrustDevice;
import bitween.model.Audience;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.DeviceTrust;
import bitween.model.ErrorCode;
import bitween.model.Fingerprint;
import bitween.model.Grantee;
import bitween.model.Jid;
import bitween.model.RosterEntry;
import bitween.model.RosterEntry.Subscription;
import bitween.model.SafetyWords;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.UserException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FriendMethodsTest {
    private static final Jid DORA = new Jid("dora@example.org");
    private final World world = new World();

    @BeforeEach
    void roster() {
        world.answer(AddFriend.class, request -> entry(request.jid(), Subscription.NONE, true));
        world.answer(AcceptFriend.class, request -> entry(request.jid(), Subscription.BOTH, false));
        world.answer(BlockFriend.class, request -> entry(request.jid(), Subscription.BOTH, false));
        world.answer(UnblockFriend.class, request -> entry(request.jid(), Subscription.NONE, false));
        world.answer(RemoveFriend.class, request -> entry(request.jid(), Subscription.NONE, false));
        world.roster(World.friend(World.ALICE, "Ally"), entry(World.BOB, Subscription.NONE, true));
        world.bus.publish(new RequestsChanged(Set.of(DORA)));
    }

    @Test
    void friends_come_with_devices_requests_and_whom_we_asked() {
        world.online(World.ALICES_LAPTOP, "laptop", "192.0.2.1:6881");
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC);
        world.shares(World.ALICES_PHONE, "phone", World.MUSIC, World.PHOTOS);

        Map<String, @Nullable Object> answer = world.call("friends");

        assertThat(answer)
                .containsOnlyKeys("friends", "pending", "blocked", "asked")
                .containsEntry("pending", List.of("dora@example.org"))
                .containsEntry("asked", List.of("bob@example.org"));
        assertThat(World.list(answer.get("friends")).get(0))
                .containsOnlyKeys(
                        "jid",
                        "name",
                        "self",
                        "groups",
                        "subscription",
                        "asked",
                        "available",
                        "online",
                        "lastSeen",
                        "shares",
                        "sizeBytes",
                        "fetched",
                        "downloadBytesPerSecond",
                        "uploadBytesPerSecond",
                        "limit",
                        "paused",
                        "devices")
                .containsEntry("jid", "alice@example.org")
                .containsEntry("name", "Ally")
                .containsEntry("self", false)
                .containsEntry("subscription", "BOTH")
                .containsEntry("online", true)
                .containsEntry("shares", 2)
                .containsEntry("sizeBytes", 64_001_000L)
                .containsEntry("lastSeen", "2026-03-01T12:00:00Z")
                .containsEntry("fetched", "2026-03-01T11:00:00Z");
        assertThat(World.list(World.list(answer.get("friends")).get(0).get("devices")))
                .satisfiesExactly(
                        laptop -> assertThat(laptop)
                                .containsOnlyKeys(
                                        "id",
                                        "name",
                                        "online",
                                        "addresses",
                                        "shares",
                                        "sizeBytes",
                                        "fetched",
                                        "path",
                                        "pathSince",
                                        "held",
                                        "damagedPieces",
                                        "offences",
                                        "failure")
                                .containsEntry("id", "r-laptop")
                                .containsEntry("name", "laptop")
                                .containsEntry("online", true)
                                .containsEntry("addresses", List.of("192.0.2.1:6881")),
                        phone -> assertThat(phone)
                                .containsEntry("name", "phone")
                                .containsEntry("online", false)
                                .containsEntry("addresses", List.of()));
    }

    @Test
    void adding_takes_a_whole_address() {
        assertThat(world.call("friend.add", "jid", "Eve@Example.org"))
                .containsOnlyKeys("jid", "name", "subscription", "asked", "accepted")
                .containsEntry("jid", "eve@example.org")
                .containsEntry("asked", true);
        assertThatThrownBy(() -> world.call("friend.add", "jid", "eve"))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_ARGUMENT));
    }

    @Test
    void who_asks_may_be_accepted_or_refused_by_a_short_name() {
        world.call("friend.accept", "jid", "dora");
        world.call("friend.rm", "jid", "Dora");

        assertThat(world.asked).containsExactly(new AcceptFriend(DORA), new RemoveFriend(DORA));
    }

    @Test
    void a_friend_may_be_removed_by_a_short_name() {
        world.call("friend.rm", "jid", "ally");

        assertThat(world.asked).containsExactly(new RemoveFriend(World.ALICE));
    }

    @Test
    void how_a_name_begins_is_not_enough_to_remove_anybody() {
        assertThatThrownBy(() -> world.call("friend.rm", "jid", "ali"))
                .isInstanceOfSatisfying(UserException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_FRIEND);
                    assertThat(e.hint()).contains("did you mean 'alice'");
                });

        assertThat(world.asked).isEmpty();
    }

    @Test
    void who_is_removed_loses_what_was_granted_to_them_alone() {
        world.transfer(World.own(1, World.MUSIC).with(Audience.parse(List.of("alice@example.org", "@family"))));
        world.answer(RevokeShare.class, request -> {
            Transfer left = World.own(request.id().value(), World.MUSIC).with(Audience.parse(List.of("@family")));
            world.transfer(left);
            return left;
        });
        world.transfer(World.own(2, World.PHOTOS).with(Audience.parse(List.of("bob@example.org", "everyone"))));

        world.call("friend.rm", "jid", "alice");

        assertThat(world.asked)
                .containsExactly(
                        new RemoveFriend(World.ALICE),
                        new RevokeShare(new TransferId(1), Set.of(new Grantee.Person(World.ALICE))));
    }

    @Test
    void who_is_blocked_loses_what_was_granted_to_them_alone_and_is_listed_until_unblocked() {
        world.transfer(World.own(1, World.MUSIC).with(Audience.parse(List.of("alice@example.org", "@family"))));
        world.answer(RevokeShare.class, request -> {
            Transfer left = World.own(request.id().value(), World.MUSIC).with(Audience.parse(List.of("@family")));
            world.transfer(left);
            return left;
        });
        Jid eve = new Jid("eve@example.org");

        assertThat(world.call("block", "jid", "alice")).containsEntry("jid", "alice@example.org");
        world.bus.publish(new BlockedChanged(Set.of(eve)));
        assertThat(world.call("friends")).containsEntry("blocked", List.of("eve@example.org"));
        world.call("unblock", "jid", "eve");

        assertThat(world.asked)
                .containsExactly(
                        new BlockFriend(World.ALICE),
                        new RevokeShare(new TransferId(1), Set.of(new Grantee.Person(World.ALICE))),
                        new UnblockFriend(eve));
    }

    @Test
    void the_device_that_waits_is_trusted_and_of_several_the_one_that_is_named() {
        world.answer(TrustDevice.class, TrustDevice::device);
        Device tablet = held("c1", "tablet");

        assertThat(world.call("trust", "friend", "alice"))
                .containsEntry("device", tablet.id().value());
        Device tower = held("c2", "tower");
        assertThatThrownBy(() -> world.call("trust", "friend", "alice"))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AMBIGUOUS));
        assertThat(world.call("trust", "friend", "alice", "device", "c2c2"))
                .containsEntry("device", tower.id().value());
        assertThatThrownBy(() -> world.call("trust", "friend", "alice", "device", "watch"))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_FRIEND));

        assertThat(world.asked).containsExactly(new TrustDevice(tablet), new TrustDevice(tower));
    }

    @Test
    void a_device_is_distrusted_by_its_name_the_beginning_of_its_id_or_unseen_by_the_whole_of_it() {
        world.answer(RevokeTrust.class, RevokeTrust::device);
        Device tablet = held("c1", "tablet");
        Device unseen = new Device(World.ALICE, new DeviceId("d1".repeat(32)));

        assertThat(world.call("distrust", "friend", "alice", "device", "tablet"))
                .containsEntry("device", tablet.id().value())
                .containsEntry("name", "tablet")
                .containsEntry("self", false);
        world.call("distrust", "friend", "alice", "device", "c1c1");
        assertThat(world.call("distrust", "friend", "alice", "device", "c1c1 ".repeat(16)))
                .as("as verify shows it")
                .containsEntry("name", "tablet");
        assertThat(world.call("distrust", "friend", "alice", "device", "d1d1 ".repeat(16)))
                .containsEntry("device", unseen.id().value())
                .containsEntry("name", null);
        assertThatThrownBy(() -> world.call("distrust", "friend", "alice", "device", "d1d1"))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_FRIEND));

        assertThat(world.asked)
                .containsExactly(
                        new RevokeTrust(tablet),
                        new RevokeTrust(tablet),
                        new RevokeTrust(tablet),
                        new RevokeTrust(unseen));
    }

    @Test
    void the_words_are_those_of_both_devices() {
        Device tablet = held("c1", "tablet");

        Map<String, @Nullable Object> answer = world.call("verify", "friend", "alice");

        assertThat(World.list(answer.get("devices")))
                .filteredOn(device -> "tablet".equals(device.get("name")))
                .singleElement()
                .satisfies(device -> assertThat(device)
                        .containsEntry("trusted", false)
                        .containsEntry(
                                "words",
                                SafetyWords.of(
                                        new Fingerprint(tablet.id().value()), new Fingerprint("ab".repeat(32)))));
    }

    /** A device of Alice's that may have no links yet. */
    private Device held(String digits, String name) {
        Device device = new Device(World.ALICE, new DeviceId(digits.repeat(32)));
        world.bus.publish(new DeviceHeld(device, name, DeviceTrust.WAITING, "nobody vouched for it", false));
        return device;
    }

    @Test
    void a_short_name_of_a_friend_and_of_one_who_asks_means_the_friend() {
        world.bus.publish(new RequestsChanged(Set.of(new Jid("alice@evil.net"))));

        world.call("friend.rm", "jid", "alice");

        assertThat(world.asked).containsExactly(new RemoveFriend(World.ALICE));
    }

    private static RosterEntry entry(Jid jid, Subscription subscription, boolean asked) {
        return new RosterEntry(jid, null, subscription, asked, Set.of());
    }
}
