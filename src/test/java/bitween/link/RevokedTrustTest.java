package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.message.LinkEvent.DeviceGone;
import bitween.message.LinkEvent.DeviceHeld;
import bitween.message.LinkEvent.DeviceRemoved;
import bitween.message.LinkEvent.EndorsementsChanged;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.message.TrustRequest;
import bitween.message.TrustRequest.RevokeTrust;
import bitween.message.TrustRequest.TrustDevice;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.FullJid;
import bitween.model.RosterEntry.Subscription;
import bitween.model.SignedAnnouncement.Endorsement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Devices that the user trusts no longer. */
class RevokedTrustTest extends PinsFixture {
    @Test
    void a_device_that_is_trusted_no_longer_is_held_whoever_vouches_for_it_until_the_user_trusts_it_again() {
        befriend();
        Endorsement word = Announcements.endorse(laptop, ALICE, phone.fingerprint());
        says(seen(LAPTOP_AT, signed(laptop, 1, word)), seen(PHONE_AT, signed(phone, 1)));
        said.clear();

        user(new RevokeTrust(device(phone)));

        assertThat(pins.of(phone.fingerprint())).isEmpty();
        assertThat(said).contains(new DeviceGone(device(phone)), new DeviceRemoved(device(phone)));
        assertThat(of(DeviceHeld.class))
                .singleElement()
                .satisfies(held -> assertThat(held.reason())
                        .startsWith("you trust it no longer; when you do again: bitween trust alice@b.test "));
        close();
        open();
        says(roster(Subscription.BOTH), seen(LAPTOP_AT, signed(laptop, 2, word)), seen(PHONE_AT, signed(phone, 2)));
        assertThat(pins.of(phone.fingerprint())).isEmpty();
        user(new TrustDevice(device(phone)));
        assertThat(pins.of(phone.fingerprint())).contains(device(phone));
    }

    @Test
    void who_keeps_lists_hears_of_it_again_at_each_start_as_a_crash_may_have_come_between() {
        befriend();
        says(seen(LAPTOP_AT, signed(laptop, 1)));
        user(new RevokeTrust(device(laptop)));
        said.clear();

        close();
        open();
        pins.publishStored();
        threads.runAll();

        assertThat(of(DeviceRemoved.class)).containsExactly(new DeviceRemoved(device(laptop)));
    }

    @Test
    void whose_only_device_is_trusted_no_longer_has_no_first_one_any_more() {
        befriend();
        says(seen(LAPTOP_AT, signed(laptop, 1)));
        user(new RevokeTrust(device(laptop)));

        says(seen(PHONE_AT, signed(phone, 1)), roster(Subscription.BOTH));

        assertThat(pins.of(phone.fingerprint())).isEmpty();
        close();
        open();
        befriend();
        says(seen(PHONE_AT, signed(phone, 2)), seen(LAPTOP_AT, signed(laptop, 2)));
        assertThat(pins.of(phone.fingerprint())).isEmpty();
        assertThat(pins.of(laptop.fingerprint())).isEmpty();
    }

    @Test
    void a_device_that_was_never_seen_can_be_refused_before_another_one_vouches_for_it() {
        befriend();
        user(new RevokeTrust(device(phone)));

        says(seen(LAPTOP_AT, signed(laptop, 1)));
        user(new TrustDevice(device(laptop)));
        says(seen(LAPTOP_AT, signed(laptop, 2, Announcements.endorse(laptop, ALICE, phone.fingerprint()))));

        assertThat(pins.of(laptop.fingerprint())).contains(device(laptop));
        assertThat(pins.of(phone.fingerprint())).isEmpty();
    }

    @Test
    void for_ones_own_device_that_is_trusted_no_longer_nobody_vouches() {
        Device other = new Device(ME, new DeviceId(phone.fingerprint().hex()));
        says(
                new RosterChanged(List.of()),
                seen(
                        new FullJid(ME, "bitween-3"),
                        Announcements.sign(phone, ME, announcement("r1"), 1, NOW, List.of())));
        user(new TrustDevice(other));

        user(new RevokeTrust(other));
        CompletableFuture<Device> itself = bus.ask(
                new RevokeTrust(new Device(ME, new DeviceId(own.fingerprint().hex()))));
        threads.runAll();

        assertThat(pins.of(phone.fingerprint())).isEmpty();
        assertThat(store.endorsements(ME)).isEmpty();
        assertThat(of(EndorsementsChanged.class)).hasSize(2);
        assertThatThrownBy(itself::join).hasMessageContaining("that is this device itself");
    }

    private void user(TrustRequest<Device> wants) {
        CompletableFuture<Device> answer = bus.ask(wants);
        threads.runAll();
        assertThat(answer.join()).isNotNull();
    }
}
