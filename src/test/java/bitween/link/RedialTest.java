package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.model.Announcement;
import bitween.model.BytePipe;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Fingerprint;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.PipeDoor;
import bitween.testing.FakeTimers;
import bitween.testing.ManualExecutor;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
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
        var unused = links(bus, mailbox, Runnable::run);
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

    @Test
    void a_dial_that_ends_after_we_have_closed_is_no_error() {
        List<Runnable> dialling = new ArrayList<>();
        Bus own = new Bus(threads.lane("own bus"));
        ClosableMailbox closing = new ClosableMailbox(threads.lane("closing link"));
        Dialer dialer = links(own, closing, dialling::add);
        dialer.alsoInBand(new NobodyThere(), device -> Optional.of(new FullJid(device.jid(), "desk")));
        own.publish(new DeviceAnnounced(BOB, new Announcement("desk", List.of(), "r")));
        threads.runAll();
        pass(Dialer.HEAD_START.plus(STEP));

        closing.closed = true;

        assertThat(dialling)
                .as("by TCP, and through the XMPP servers")
                .hasSize(2)
                .allSatisfy(dial -> assertThatNoException().isThrownBy(dial::run));
    }

    private static final class NobodyThere implements PipeDoor {
        @Override
        public BytePipe open(FullJid to) throws IOException {
            throw new IOException("nobody is there");
        }

        @Override
        public void welcome(Guests guests) {}
    }

    /** Takes nothing once it is closed, as that of a daemon which stops. */
    private static final class ClosableMailbox implements Mailbox {
        private final Mailbox open;
        private boolean closed;

        private ClosableMailbox(Mailbox open) {
            this.open = open;
        }

        @Override
        public String name() {
            return open.name();
        }

        @Override
        public boolean isOwner() {
            return open.isOwner();
        }

        @Override
        public void execute(Runnable task) {
            if (closed) {
                throw new RejectedExecutionException("closed");
            }
            open.execute(task);
        }
    }

    private Dialer links(Bus onBus, Mailbox onMailbox, Executor dialling) {
        Routes routes = new Routes();
        Dialer dialer = new Dialer(Tls.jdk(Ends.ALICE), routes, new DialLimits(System::nanoTime), timers, onMailbox);
        var unused = new Links(
                onBus,
                onMailbox,
                timers,
                dialling,
                dialer,
                routes,
                this::asked,
                Ends.ALICE.fingerprint(),
                link -> new NoAnswers(),
                Clock.systemUTC());
        return dialer;
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
