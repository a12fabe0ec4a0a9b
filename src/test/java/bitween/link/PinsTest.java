package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.bus.Event;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.LinkEvent.DeviceGone;
import bitween.message.LinkEvent.DeviceHeld;
import bitween.message.LinkEvent.EndorsementsChanged;
import bitween.message.PresenceEvent.ContactConfirmed;
import bitween.message.PresenceEvent.ContactRemoved;
import bitween.message.PresenceEvent.EndpointGone;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.message.TrustRequest.TrustDevice;
import bitween.model.Announcement;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.DeviceTrust;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.RosterEntry.Subscription;
import bitween.model.SignedAnnouncement;
import bitween.model.SignedAnnouncement.Endorsement;
import bitween.model.UserException;
import bitween.testing.ExpectedErrors;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is believed to be whom; the server in between may say what it likes. */
class PinsTest extends PinsFixture {
    @Test
    void the_first_device_of_a_confirmed_contact_is_pinned_at_first_sight() {
        befriend();

        says(seen(LAPTOP_AT, signed(laptop, 1)));

        assertThat(pins.of(laptop.fingerprint())).contains(device(laptop));
        assertThat(of(DeviceAnnounced.class)).containsExactly(new DeviceAnnounced(device(laptop), announcement("r1")));
    }

    @Test
    @ExpectedErrors("Trouble: nothing is stored any more")
    void a_device_that_is_known_comes_also_while_nothing_can_be_stored() throws SQLException {
        befriend();
        says(seen(LAPTOP_AT, signed(laptop, 1)), new EndpointGone(LAPTOP_AT));
        database.hurry();
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("bitween.db"))) {
            try (var statement = other.createStatement()) {
                statement.execute("begin exclusive");
            }

            says(seen(LAPTOP_AT, signed(laptop, 2)), seen(LAPTOP_AT, signed(laptop, 1)));
        }

        assertThat(of(DeviceAnnounced.class)).hasSize(2);
        assertThat(pins.dropped()).isOne();
    }

    @ParameterizedTest
    @ValueSource(longs = {-40, 30})
    void who_is_first_seen_with_an_announcement_of_another_day_is_held_until_it_says_one_of_today(long hours) {
        befriend();

        says(seen(LAPTOP_AT, signed(laptop, 1, NOW.plus(Duration.ofHours(hours)))));
        says(roster(Subscription.BOTH), new ContactConfirmed(ALICE));

        assertThat(pins.of(laptop.fingerprint())).isEmpty();
        assertThat(of(DeviceAnnounced.class)).isEmpty();
        assertThat(of(DeviceHeld.class))
                .singleElement()
                .satisfies(held -> assertThat(held.reason()).contains("one of the two clocks is wrong"));
        says(seen(LAPTOP_AT, signed(laptop, 2, NOW)));
        assertThat(pins.of(laptop.fingerprint())).contains(device(laptop));
        assertThat(of(DeviceAnnounced.class)).containsExactly(new DeviceAnnounced(device(laptop), announcement("r2")));
    }

    @Test
    void who_is_held_for_its_clock_can_be_trusted_by_hand_and_is_no_first_device_for_another() throws Exception {
        befriend();
        says(seen(LAPTOP_AT, signed(laptop, 1, Instant.EPOCH)));

        says(seen(PHONE_AT, signed(phone, 1)));
        assertThat(pins.of(phone.fingerprint())).contains(device(phone));
        assertThat(pins.of(laptop.fingerprint())).isEmpty();

        CompletableFuture<Device> trusted = bus.ask(new TrustDevice(device(laptop)));
        threads.runAll();
        assertThat(trusted).isCompletedWithValue(device(laptop));
        says(seen(LAPTOP_AT, signed(laptop, 2, Instant.EPOCH)));
        assertThat(of(DeviceAnnounced.class)).contains(new DeviceAnnounced(device(laptop), announcement("r2")));
    }

    @Test
    void a_clock_that_is_a_day_wrong_is_no_reason_and_of_whom_we_know_no_clock_is_judged() {
        befriend();

        says(seen(LAPTOP_AT, signed(laptop, 1, NOW.minus(Duration.ofHours(35)))));
        says(seen(LAPTOP_AT, signed(laptop, 2, NOW.plus(Duration.ofDays(400)))));
        says(seen(LAPTOP_AT, signed(laptop, 3, Instant.EPOCH)));

        assertThat(of(DeviceAnnounced.class))
                .extracting(announced -> announced.announcement().revision())
                .containsExactly("r1", "r2", "r3");
        assertThat(of(DeviceHeld.class)).isEmpty();
    }

    @Test
    void a_contact_whom_only_the_server_put_into_the_roster_is_nobody() {
        says(roster(Subscription.BOTH), seen(LAPTOP_AT, signed(laptop, 1)));

        assertThat(pins.of(laptop.fingerprint())).isEmpty();
        assertThat(of(DeviceAnnounced.class)).isEmpty();
        assertThat(of(DeviceHeld.class))
                .singleElement()
                .satisfies(held -> assertThat(held.reason()).contains("bitween friend add alice@b.test"));
    }

    @Test
    void a_contact_who_is_confirmed_later_is_pinned_then() {
        says(roster(Subscription.BOTH), seen(LAPTOP_AT, signed(laptop, 1)), new ContactConfirmed(ALICE));

        assertThat(pins.of(laptop.fingerprint())).contains(device(laptop));
        assertThat(of(DeviceAnnounced.class)).hasSize(1);
    }

    @Test
    void one_whose_presence_we_see_but_who_may_not_see_us_has_no_link() {
        says(new ContactConfirmed(ALICE), roster(Subscription.TO), seen(LAPTOP_AT, signed(laptop, 1)));

        assertThat(pins.of(laptop.fingerprint())).isEmpty();
        says(roster(Subscription.BOTH));
        assertThat(pins.of(laptop.fingerprint())).contains(device(laptop));
        says(roster(Subscription.FROM));
        assertThat(pins.of(laptop.fingerprint())).isEmpty();
        assertThat(of(DeviceGone.class)).containsExactly(new DeviceGone(device(laptop)));
    }

    @Test
    void a_second_device_waits_until_the_user_trusts_it() throws Exception {
        befriend();
        says(seen(LAPTOP_AT, signed(laptop, 1)), seen(PHONE_AT, signed(phone, 1)));
        assertThat(pins.of(phone.fingerprint())).isEmpty();
        assertThat(of(DeviceHeld.class))
                .singleElement()
                .satisfies(held -> assertThat(held.trust()).isEqualTo(DeviceTrust.WAITING));

        CompletableFuture<Device> answer = bus.ask(new TrustDevice(device(phone)));
        threads.runAll();

        assertThat(answer.get()).isEqualTo(device(phone));
        assertThat(pins.of(phone.fingerprint())).contains(device(phone));
        assertThat(of(DeviceAnnounced.class))
                .extracting(DeviceAnnounced::device)
                .contains(device(phone));
    }

    @Test
    void a_second_device_that_a_trusted_one_vouches_for_is_trusted() {
        befriend();
        says(seen(PHONE_AT, signed(phone, 1, Announcements.endorse(phone, ALICE, phone.fingerprint()))));
        says(seen(LAPTOP_AT, signed(laptop, 1)));
        assertThat(pins.of(laptop.fingerprint())).isEmpty();

        says(seen(PHONE_AT, signed(phone, 2, Announcements.endorse(phone, ALICE, laptop.fingerprint()))));

        assertThat(pins.of(laptop.fingerprint())).contains(device(laptop));
    }

    @Test
    void nobody_vouches_for_himself_for_another_account_or_without_being_trusted() {
        befriend();
        says(seen(LAPTOP_AT, signed(laptop, 1)));

        says(seen(PHONE_AT, signed(phone, 1, Announcements.endorse(phone, ALICE, phone.fingerprint()))));
        assertThat(pins.of(phone.fingerprint())).isEmpty();

        Endorsement another = Announcements.endorse(laptop, new Jid("bob@b.test"), phone.fingerprint());
        says(seen(LAPTOP_AT, signed(laptop, 2, another)));
        assertThat(pins.of(phone.fingerprint())).isEmpty();

        Endorsement forged = new Endorsement(phone.fingerprint(), another.signature());
        says(seen(LAPTOP_AT, signed(laptop, 3, forged)));
        assertThat(pins.of(phone.fingerprint())).isEmpty();
    }

    @Test
    void another_key_where_a_trusted_device_was_is_blocked_also_when_vouched_for() {
        befriend();
        says(seen(LAPTOP_AT, signed(laptop, 1)));

        says(seen(LAPTOP_AT, signed(phone, 1)));

        assertThat(pins.of(phone.fingerprint())).isEmpty();
        assertThat(of(DeviceHeld.class))
                .singleElement()
                .satisfies(held -> assertThat(held.trust()).isEqualTo(DeviceTrust.CHANGED));
        assertThat(of(DeviceGone.class)).containsExactly(new DeviceGone(device(laptop)));
        says(seen(LAPTOP_AT, signed(laptop, 2, Announcements.endorse(laptop, ALICE, phone.fingerprint()))));
        assertThat(pins.of(phone.fingerprint())).isEmpty();
    }

    @Test
    void what_the_server_replays_strips_or_alters_is_dropped_and_counted() {
        befriend();
        SignedAnnouncement old = signed(laptop, 1);
        SignedAnnouncement newest = signed(laptop, 5);
        says(seen(LAPTOP_AT, newest));
        List<Event> before =
                of(DeviceAnnounced.class).stream().map(Event.class::cast).toList();

        says(seen(LAPTOP_AT, old));
        says(seen(LAPTOP_AT, with(newest, new Announcement("laptop", List.of(), "r5"), 5)));
        says(seen(LAPTOP_AT, with(newest, newest.announcement(), 6)));
        says(seen(new FullJid(new Jid("bob@b.test"), "x"), newest));
        says(seen(new FullJid(ALICE, "a ghost"), newest));

        assertThat(of(DeviceAnnounced.class)).hasSameSizeAs(before);
        assertThat(pins.dropped()).isEqualTo(5);
    }

    @Test
    void the_newest_may_come_again_as_servers_send_it_at_each_login() {
        befriend();

        says(seen(LAPTOP_AT, signed(laptop, 5)), new EndpointGone(LAPTOP_AT), seen(LAPTOP_AT, signed(laptop, 5)));

        assertThat(of(DeviceAnnounced.class)).hasSize(2);
        assertThat(pins.dropped()).isZero();
    }

    @Test
    void pins_counters_and_confirmations_outlive_a_restart() {
        befriend();
        says(seen(LAPTOP_AT, signed(laptop, 5)));
        close();
        said.clear();
        open();

        says(roster(Subscription.BOTH), seen(PHONE_AT, signed(phone, 1)), seen(LAPTOP_AT, signed(laptop, 4)));

        assertThat(pins.of(phone.fingerprint())).isEmpty();
        assertThat(pins.of(laptop.fingerprint())).contains(device(laptop));
        assertThat(of(DeviceAnnounced.class)).isEmpty();
        assertThat(pins.dropped()).isEqualTo(1);
    }

    @Test
    void a_server_that_empties_the_roster_does_not_make_us_forget_a_key_but_the_user_does() {
        befriend();
        says(seen(LAPTOP_AT, signed(laptop, 1)));

        says(new RosterChanged(List.of()), new EndpointGone(LAPTOP_AT));
        assertThat(pins.of(laptop.fingerprint())).isEmpty();
        says(roster(Subscription.BOTH), seen(PHONE_AT, signed(phone, 1)));
        assertThat(pins.of(phone.fingerprint())).isEmpty();

        says(new ContactRemoved(ALICE));
        befriend();
        says(seen(PHONE_AT, signed(phone, 2)));
        assertThat(pins.of(phone.fingerprint())).contains(device(phone));
    }

    @Test
    void ones_own_other_device_waits_and_is_vouched_for_once_it_is_trusted() throws Exception {
        FullJid at = new FullJid(ME, "bitween-3");
        SignedAnnouncement mine = Announcements.sign(phone, ME, announcement("r1"), 1, NOW, List.of());
        says(new RosterChanged(List.of()), seen(at, mine));
        Device other = new Device(ME, new DeviceId(phone.fingerprint().hex()));
        assertThat(pins.of(phone.fingerprint())).isEmpty();

        CompletableFuture<Device> answer = bus.ask(new TrustDevice(other));
        threads.runAll();

        assertThat(answer.get()).isEqualTo(other);
        assertThat(pins.of(phone.fingerprint())).contains(other);
        assertThat(of(EndorsementsChanged.class)).hasSize(1);
        assertThat(store.endorsements(ME))
                .singleElement()
                .satisfies(word -> assertThat(Announcements.isGenuine(ME, own.publicKey(), word))
                        .isTrue());
    }

    @Test
    void what_was_never_seen_cannot_be_trusted() {
        CompletableFuture<Device> answer = bus.ask(new TrustDevice(device(laptop)));
        threads.runAll();

        assertThatThrownBy(answer::join).hasCauseInstanceOf(UserException.class).hasMessageContaining("was ever seen");
    }

    @Test
    void a_server_that_makes_up_devices_fills_neither_disk_nor_memory() {
        befriend();
        for (int i = 0; i < Pins.MAX_PER_CONTACT + 10; i++) {
            says(seen(new FullJid(ALICE, "r" + i), signed(DeviceKey.create(), 1)));
        }

        assertThat(store.pins()).hasSize(Pins.MAX_PER_CONTACT);
        assertThat(pins.dropped()).isEqualTo(10);
    }

    @Test
    void made_up_devices_that_only_wait_do_not_keep_out_one_that_a_trusted_device_vouches_for() {
        befriend();
        says(seen(LAPTOP_AT, signed(laptop, 1)));
        for (int i = 1; i < Pins.MAX_PER_CONTACT; i++) {
            says(seen(new FullJid(ALICE, "r" + i), signed(DeviceKey.create(), 1)));
        }
        Endorsement word = Announcements.endorse(laptop, ALICE, phone.fingerprint());
        says(seen(LAPTOP_AT, signed(laptop, 2, word)));
        assertThat(pins.of(phone.fingerprint())).as("all of them are present").isEmpty();

        says(new EndpointGone(new FullJid(ALICE, "r7")), seen(LAPTOP_AT, signed(laptop, 3, word)));

        assertThat(pins.of(phone.fingerprint())).contains(device(phone));
        assertThat(store.pins()).hasSize(Pins.MAX_PER_CONTACT);
    }

    @Test
    void our_own_counter_never_goes_back() {
        long first = store.nextCounter(ME, NOW);

        assertThat(first).isEqualTo(NOW.toEpochMilli());
        assertThat(store.nextCounter(ME, NOW)).isEqualTo(first + 1);
        assertThat(store.nextCounter(ME, NOW.minusSeconds(3_600))).isEqualTo(first + 2);
        assertThat(store.nextCounter(ME, NOW.plusSeconds(1))).isEqualTo(first + 1_000);
    }
}
