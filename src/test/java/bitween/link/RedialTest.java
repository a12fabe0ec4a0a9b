package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.model.Announcement;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Fingerprint;
import bitween.model.Jid;
import bitween.testing.FakeTimers;
import bitween.testing.ManualExecutor;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How long Links waits until a device that could not be reached is dialled again; this one has no address, so that each dial ends at once. */
class RedialTest {
    private static final Device BOB = new Device(
            new Jid("bob@b.test"), new DeviceId(Ends.BOB.fingerprint().hex()));
    private static final Duration STEP = Duration.ofMillis(50);

    private final ManualExecutor threads = new ManualExecutor(1);
    private final FakeTimers timers = new FakeTimers();
    private final Bus bus = new Bus(threads.lane("bus"));
    private final Mailbox mailbox = threads.lane("link");
    /** When it was asked whether Bob's device may be dialled. */
    private final List<Duration> dials = new ArrayList<>();

    private Duration now = Duration.ZERO;

    RedialTest() {
        Routes routes = new Routes();
        var unused = new Links(
                bus,
                mailbox,
                timers,
                Runnable::run,
                new Dialer(Tls.jdk(Ends.ALICE), routes, new DialLimits(System::nanoTime), timers, mailbox),
                routes,
                this::asked,
                Ends.ALICE.fingerprint(),
                link -> new NoAnswers(),
                Clock.systemUTC());
    }

    @Test
    void the_wait_doubles_from_two_seconds_to_five_minutes_each_half_as_long_to_half_as_long_again() {
        announced();

        pass(Duration.ofMinutes(40));

        assertThat(dials).hasSizeGreaterThan(12);
        List<Double> shares = new ArrayList<>();
        for (int i = 1; i < dials.size(); i++) {
            Duration wait = dials.get(i).minus(dials.get(i - 1));
            double usual = Math.min(2_000 * Math.pow(2, i - 1), 300_000);
            shares.add(wait.toMillis() / usual);
        }
        assertThat(shares).allMatch(share -> share > 0.45 && share < 1.55, "between half and one and a half");
        assertThat(shares.stream()
                        .mapToLong(share -> Math.round(share * 20))
                        .distinct()
                        .count())
                .as("those who lost somebody at the same time do not all come back at the same time")
                .isGreaterThan(3);
    }

    @Test
    void who_announces_itself_anew_is_dialled_at_once_and_soon_again() {
        announced();
        pass(Duration.ofMinutes(10));
        dials.clear();
        Duration anew = now;

        announced();
        pass(Duration.ofSeconds(4));

        assertThat(dials).hasSizeGreaterThan(1).first().isEqualTo(anew);
    }

    private Optional<Device> asked(Fingerprint key) {
        dials.add(now);
        return Optional.of(BOB);
    }

    private void announced() {
        bus.publish(new DeviceAnnounced(BOB, new Announcement("desk", List.of(), "r")));
        threads.runAll();
    }

    private void pass(Duration time) {
        for (Duration end = now.plus(time); now.compareTo(end) < 0; ) {
            now = now.plus(STEP);
            timers.advance(STEP);
            threads.runAll();
        }
    }
}
