package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.CatalogueEvent.FriendListFailed;
import bitween.message.ConnectionRequest.ReadServerClock;
import bitween.message.DeviceRequest.FetchPage;
import bitween.message.LinkEvent.DeviceHeld;
import bitween.message.LinkEvent.DeviceRemoved;
import bitween.message.LinkEvent.LinkChanged;
import bitween.message.LinkEvent.ListenPortChanged;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.message.PresenceEvent.ContactSeen;
import bitween.message.PresenceEvent.RequestsChanged;
import bitween.message.TorrentEvent.EngineChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.model.Absence;
import bitween.model.Bytes;
import bitween.model.ConnectionState;
import bitween.model.ConnectionState.Status;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.DeviceTrust;
import bitween.model.EngineStatus;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.Finding;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.LinkPath;
import bitween.model.Page;
import bitween.model.PeerAddress;
import bitween.model.RosterEntry;
import bitween.model.RosterEntry.Subscription;
import bitween.model.StoreStatus;
import bitween.model.UserException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DoctorMethodsTest {
    private static final FullJid ME = new FullJid(new Jid("me@example.org"), "r-me");
    private static final PeerAddress LAPTOP = PeerAddress.parse("192.0.2.1:6881");

    private final World world = new World();
    private Duration ahead = Duration.ofMillis(300);

    @Nullable
    private UserException silence;

    /** All is well: alice's laptop is linked directly, and shares something with us. */
    @BeforeEach
    void all_is_well() {
        world.answer(ReadServerClock.class, request -> {
            if (ahead.isZero()) {
                throw new UserException(ErrorCode.FRIEND_REFUSED, "the server does not tell its time", "");
            }
            return ahead;
        });
        world.answer(FetchPage.class, request -> {
            if (silence != null) {
                throw silence;
            }
            return new Page("r1", 0, 0, Bytes.EMPTY);
        });
        connection(Status.ONLINE, null);
        world.bus.publish(new EngineChanged(new EngineStatus(6881, "mmap", "libjsig is preloaded", null)));
        world.bus.publish(new ListenPortChanged(6881));
        world.roster(World.friend(World.ALICE));
        world.online(World.ALICES_LAPTOP, "laptop", LAPTOP.brief());
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC);
        linked(LinkPath.direct(LAPTOP));
    }

    @Test
    void where_all_is_well_nothing_failed() {
        Map<String, @Nullable Object> report = world.call("doctor");

        assertThat(report).containsOnlyKeys("friend", "checks", "failed").containsEntry("failed", 0L);
        assertThat(World.list(report.get("checks")))
                .allSatisfy(check -> assertThat(check)
                        .containsOnlyKeys("number", "check", "state", "code", "what", "hint")
                        .containsEntry("state", "OK"))
                .extracting(check -> check.get("number") + " " + check.get("check"))
                .containsExactly(
                        "1 xmpp",
                        "2 tls",
                        "3 clock",
                        "4 device key",
                        "5 password",
                        "6 database",
                        "7 disk",
                        "8 back-end",
                        "9 addresses",
                        "10 friends");
    }

    @Test
    void of_a_friend_it_tells_what_lies_between_the_two() {
        Map<String, @Nullable Object> report = world.call("doctor", "friend", "alice");

        assertThat(report).containsEntry("friend", World.ALICE.value()).containsEntry("failed", 0L);
        assertThat(World.list(report.get("checks")))
                .extracting(check -> check.get("check"))
                .endsWith("presence", "trust", "grants", "direct link", "in-band link");
        assertThat(check("direct link").get("what")).asString().matches("laptop answers in \\d+ ms");
    }

    @Test
    void a_wrong_password_is_a_matter_of_xmpp_and_not_of_tls() {
        connection(Status.OFFLINE, ErrorCode.XMPP_AUTH);

        assertFailed("xmpp", ErrorCode.XMPP_AUTH);
        assertThat(check("tls")).containsEntry("state", "OK");
    }

    @Test
    void a_certificate_that_is_not_trusted_is_a_matter_of_tls_and_not_of_xmpp() {
        connection(Status.OFFLINE, ErrorCode.XMPP_CERTIFICATE);

        assertFailed("tls", ErrorCode.XMPP_CERTIFICATE);
        assertThat(check("xmpp")).containsEntry("state", "UNKNOWN");
    }

    @Test
    void a_server_that_is_not_there_says_nothing_of_tls() {
        connection(Status.OFFLINE, ErrorCode.XMPP_UNREACHABLE);

        assertFailed("xmpp", ErrorCode.XMPP_UNREACHABLE);
        assertThat(check("tls")).containsEntry("state", "UNKNOWN");
    }

    @Test
    void who_is_away_is_told_so() {
        world.bus.publish(new ConnectionChanged(
                new ConnectionState(Status.AWAY, ME, "example.org", null, World.NOW, null, Absence.AWAY)));

        assertFailed("xmpp", ErrorCode.XMPP_OFFLINE);
        assertThat(check("xmpp")).containsEntry("hint", "bitween back");
    }

    @Test
    void a_clock_that_is_not_the_servers_is_named_with_how_much() {
        ahead = Duration.ofHours(-3).minusSeconds(5);

        assertFailed("clock", ErrorCode.CLOCK_WRONG);
        assertThat(check("clock")).containsEntry("what", "this machine's clock is 3 hours ahead of the server's");
    }

    @Test
    void a_server_that_does_not_tell_its_time_is_no_wrong_clock() {
        ahead = Duration.ZERO;

        assertThat(check("clock"))
                .containsEntry("state", "UNKNOWN")
                .containsEntry("what", "the server does not tell its time");
    }

    @Test
    void what_this_machine_lacks_is_named_each_in_its_line() {
        world.deviceKey = Finding.wrong("device key", ErrorCode.KEY_DAMAGED, "it is no key", "restore it");
        assertFailed("device key", ErrorCode.KEY_DAMAGED);
        world.disk = Finding.wrong("disk", ErrorCode.DISK_FULL, "full", "free some");
        assertFailed("disk", ErrorCode.DISK_FULL);
        world.disk = Finding.wrong("disk", ErrorCode.DISK_WRITE, "not ours", "see to it");
        assertFailed("disk", ErrorCode.DISK_WRITE);
        world.store = new StoreStatus(
                new Failure(ErrorCode.STORE_LOCKED, "another program holds it", "end it", World.NOW),
                2,
                null,
                null,
                null);
        assertFailed("database", ErrorCode.STORE_LOCKED);
        world.bus.publish(new EngineChanged(new EngineStatus(6881, "posix", "libjsig is not preloaded", null)));
        assertFailed("back-end", ErrorCode.SLOW_BACKEND);
        world.bus.publish(new ListenPortChanged(0));
        assertFailed("addresses", ErrorCode.NO_ADDRESS);
        assertThat(world.call("doctor")).containsEntry("failed", 5L);
    }

    @Test
    void who_has_not_accepted_yet_is_named_with_what_they_type() {
        world.roster(new RosterEntry(World.ALICE, null, Subscription.NONE, true, Set.of()));

        assertFailed("presence", ErrorCode.NOT_MUTUAL);
        assertThat(check("presence"))
                .containsEntry("what", "alice@example.org has not accepted your request yet")
                .containsEntry("hint", "they accept with: bitween friend accept me@example.org");
    }

    @Test
    void who_waits_for_us_is_named_with_what_we_type() {
        world.roster(new RosterEntry(World.ALICE, null, Subscription.TO, false, Set.of()));
        world.bus.publish(new RequestsChanged(Set.of(World.ALICE)));

        assertFailed("presence", ErrorCode.NOT_MUTUAL);
        assertThat(check("presence")).containsEntry("hint", "bitween friend accept alice@example.org");
    }

    @Test
    void who_is_online_without_bitween_is_told_from_who_is_away() {
        world.roster(World.friend(World.ALICE), World.friend(World.BOB));
        assertThat(checkOf("bob", "presence").get("what")).isEqualTo("bob@example.org is not online");

        world.bus.publish(new ContactSeen(World.BOB, true));
        assertThat(checkOf("bob", "presence").get("what"))
                .isEqualTo("bob@example.org is online, but with no bitween that speaks to this one");
        assertThat(checkOf("bob", "direct link")).containsEntry("state", "UNKNOWN");

        connection(Status.OFFLINE, ErrorCode.XMPP_UNREACHABLE);
        assertThat(checkOf("bob", "presence"))
                .containsEntry("state", "UNKNOWN")
                .containsEntry("what", "there is no connection to the server, which tells who is there");
    }

    @Test
    void devices_that_wait_to_be_trusted_are_named_without_a_friend_too_ones_own_and_not_those_that_were_refused() {
        DeviceId id = new DeviceId("93efd8e3" + "00".repeat(28));
        held(new Device(World.ALICE, id), "nas", "you trust it no longer", true);
        assertThat(checkOf(null, "friends")).containsEntry("state", "OK");

        held(new Device(World.ALICE, id), "nas", "nobody vouched for it", false);
        assertThat(checkOf(null, "friends"))
                .containsEntry("code", "DEVICE_HELD")
                .containsEntry("what", "nas of alice@example.org is held: nobody vouched for it")
                .containsEntry(
                        "hint",
                        "compare what both of you see: bitween verify alice@example.org; then: bitween trust alice@example.org 93efd8e3");

        world.roster();
        held(new Device(ME.jid(), id), "tower", "first: bitween friend add me@example.org", false);
        assertThat(checkOf(null, "friends"))
                .containsEntry("what", "tower of me@example.org is held: first: bitween friend add me@example.org")
                .containsEntry("hint", "");
    }

    private void held(Device device, String name, String reason, boolean refused) {
        world.bus.publish(new DeviceHeld(device, name, DeviceTrust.WAITING, reason, refused));
    }

    @Test
    void a_device_that_the_user_refused_is_no_fault_where_another_one_is_there() {
        held(World.ALICES_PHONE, "phone", "you trust it no longer", true);
        assertThat(check("trust")).containsEntry("what", "trusted: laptop");

        world.bus.publish(new DeviceRemoved(World.ALICES_LAPTOP));
        assertFailed("trust", ErrorCode.DEVICE_HELD);
    }

    @Test
    void a_device_that_waits_to_be_trusted_is_a_matter_of_its_key() {
        held(World.ALICES_PHONE, "phone", "its key is another", false);

        assertFailed("trust", ErrorCode.DEVICE_HELD);
        assertThat(check("trust").get("what")).isEqualTo("phone of alice@example.org is held: its key is another");
    }

    @Test
    void a_password_that_others_can_read_is_told_with_what_to_do() {
        world.password = Finding.wrong("password", ErrorCode.HOME_UNSAFE, "others can read it", "chmod 600 it");

        assertFailed("password", ErrorCode.HOME_UNSAFE);
        assertThat(check("password")).containsEntry("hint", "chmod 600 it");
    }

    @Test
    void who_share_nothing_with_each_other_are_told_how() {
        world.shares(World.ALICES_LAPTOP, "laptop");

        assertFailed("grants", ErrorCode.NOTHING_GRANTED);
        world.transfer(World.own(1, World.PHOTOS));
        assertThat(check("grants"))
                .containsEntry("state", "OK")
                .containsEntry(
                        "what",
                        "for them: 1 share of yours; for you: nothing of theirs, until they type: bitween grant NAME me@example.org");
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC);
        world.bus.publish(new TransferRemoved(World.own(1, World.PHOTOS)));
        assertThat(check("grants"))
                .containsEntry("state", "OK")
                .containsEntry(
                        "what",
                        "for them: nothing of yours, until you type: bitween grant NAME alice@example.org; for you: 1 share of theirs");
    }

    @Test
    void a_list_that_is_not_here_is_told_with_what_to_do() {
        world.bus.publish(new FriendListFailed(World.ALICES_LAPTOP, "it makes no sense"));

        assertFailed("grants", ErrorCode.FRIEND_REFUSED);
        assertThat(check("grants").get("what")).isEqualTo("their list is not here: it makes no sense");
    }

    @Test
    void a_link_through_the_servers_is_none_that_is_direct() {
        linked(LinkPath.inBand());

        assertFailed("direct link", ErrorCode.NO_DIRECT_LINK);
        assertThat(check("direct link").get("what"))
                .isEqualTo("laptop answers at none of 192.0.2.1:6881, and does not reach this device");
        assertThat(check("in-band link")).containsEntry("state", "OK");
    }

    @Test
    void no_link_at_all_is_also_a_matter_of_the_servers() {
        linked(null);
        assertFailed("in-band link", ErrorCode.NO_IN_BAND_LINK);
        assertThat(check("in-band link").get("what"))
                .isEqualTo("the servers carry nothing between the two devices either");

        world.inBand = false;
        assertThat(check("in-band link").get("what")).isEqualTo("it is switched off here");
    }

    @Test
    void a_link_over_which_nothing_is_answered_is_no_good_one() {
        silence = new UserException(ErrorCode.TIMED_OUT, "no answer came", "");
        assertFailed("direct link", ErrorCode.TIMED_OUT);

        linked(LinkPath.inBand());
        assertFailed("in-band link", ErrorCode.TIMED_OUT);
    }

    @Test
    void who_has_nobody_or_lets_somebody_wait_is_told_so() {
        world.bus.publish(new RequestsChanged(Set.of(World.BOB)));
        assertThat(checkOf(null, "friends")).containsEntry("hint", "bitween friend accept bob@example.org");
        world.roster();
        assertThat(checkOf(null, "friends")).containsEntry("hint", "bitween friend accept bob@example.org");

        world.bus.publish(new RequestsChanged(Set.of()));
        world.roster();
        assertThat(checkOf(null, "friends")).containsEntry("code", "UNKNOWN_FRIEND");
    }

    @Test
    void who_is_in_the_roster_is_not_known_before_the_server_was_reached() {
        world.roster();
        connection(Status.OFFLINE, ErrorCode.XMPP_UNREACHABLE);

        assertThat(checkOf(null, "friends"))
                .containsEntry("state", "UNKNOWN")
                .containsEntry("what", "the server has not told who they are: there is no connection to it");
    }

    private void connection(Status status, @Nullable ErrorCode failure) {
        world.bus.publish(new ConnectionChanged(new ConnectionState(
                status,
                ME,
                "example.org",
                failure == null ? null : new Failure(failure, "it does not work", "do this", World.NOW),
                World.NOW,
                null)));
    }

    private void linked(@Nullable LinkPath path) {
        world.bus.publish(new LinkChanged(World.ALICES_LAPTOP, path, World.NOW));
    }

    private void assertFailed(String check, ErrorCode code) {
        Map<String, @Nullable Object> failed = checkOf("alice", check, "FAILED");
        assertThat(failed).containsEntry("code", code.name());
        assertThat((String) failed.get("hint")).as(check + " says what to do").isNotEmpty();
    }

    private Map<String, @Nullable Object> check(String name) {
        return checkOf("alice", name);
    }

    private Map<String, @Nullable Object> checkOf(String friend, String name, String state) {
        return checks(friend).stream()
                .filter(check -> name.equals(check.get("check")) && state.equals(check.get("state")))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not " + state + ": " + checks(friend)));
    }

    private Map<String, @Nullable Object> checkOf(@Nullable String friend, String name) {
        return checks(friend).stream()
                .filter(check -> name.equals(check.get("check")))
                .findFirst()
                .orElseThrow();
    }

    private List<Map<String, @Nullable Object>> checks(@Nullable String friend) {
        Map<String, @Nullable Object> report =
                friend == null ? world.call("doctor") : world.call("doctor", "friend", friend);
        return World.list(report.get("checks"));
    }
}
