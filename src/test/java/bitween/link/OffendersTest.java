package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.message.LinkEvent.OffenceSeen;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Offence;
import bitween.testing.FakeTimers;
import bitween.testing.KeptWarnings;
import bitween.testing.ManualExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OffendersTest {
    private static final InfoHash FILM = new InfoHash("a".repeat(40));
    private static final Device MALLORY = new Device(new Jid("mallory@example.org"), new DeviceId("m"));
    private static final Device EVE = new Device(new Jid("eve@example.org"), new DeviceId("e"));

    private final ManualExecutor threads = new ManualExecutor(1);
    private final Bus bus = new Bus(threads.lane("bus"));
    private final FakeTimers timers = new FakeTimers();
    private final Offenders offenders = new Offenders(bus, threads.lane("link"), timers);
    private final List<OffenceSeen> told = new ArrayList<>();

    OffendersTest() {
        bus.subscribe(OffenceSeen.class, threads.lane("test"), told::add);
    }

    @Test
    void the_first_deed_is_told_at_once_and_a_flood_of_them_once_a_second() {
        offenders.seen(MALLORY, Offence.CHURN, FILM, "");
        threads.runAll();
        assertThat(told).containsExactly(new OffenceSeen(MALLORY, Offence.CHURN, FILM, 1));

        for (int i = 0; i < 1_000; i++) {
            offenders.seen(MALLORY, Offence.CHURN, FILM, "");
        }
        offenders.seen(MALLORY, Offence.CHURN, null, "");
        pass();
        pass();
        offenders.seen(MALLORY, Offence.CHURN, FILM, "");
        threads.runAll();

        assertThat(told.subList(1, told.size()))
                .containsExactly(
                        new OffenceSeen(MALLORY, Offence.CHURN, null, 1),
                        new OffenceSeen(MALLORY, Offence.CHURN, FILM, 1_000),
                        new OffenceSeen(MALLORY, Offence.CHURN, FILM, 1));
    }

    @Test
    void the_log_names_each_device_once_for_each_kind() {
        try (KeptWarnings log = new KeptWarnings()) {
            for (Device device : List.of(MALLORY, EVE)) {
                offenders.seen(device, Offence.CHURN, FILM, "");
                offenders.seen(device, Offence.CHURN, null, "");
                offenders.seen(device, Offence.REQUEST_FLOOD, FILM, "more than 2000 at once");
            }

            assertThat(log.lines())
                    .hasSize(4)
                    .contains(
                            MALLORY + " asks for more at once than any bitween, of " + FILM
                                    + ": more than 2000 at once",
                            EVE + " connects again and again, of " + FILM);
        }
    }

    @Test
    void coming_back_once_a_second_is_honest_and_fifty_times_in_ten_seconds_is_not() {
        AtomicLong nanos = new AtomicLong();
        Churn churn = new Churn(nanos::get);
        for (int second = 0; second < 100; second++) {
            nanos.addAndGet(1_000_000_000L);
            assertThat(churn.isTooOften(MALLORY, FILM)).isFalse();
        }
        nanos.addAndGet(Churn.WINDOW.toNanos() + 1);

        List<Boolean> often = new ArrayList<>();
        for (int i = 0; i <= 2 * Churn.MAX; i++) {
            often.add(churn.isTooOften(MALLORY, FILM));
        }

        assertThat(often.indexOf(true)).isEqualTo(Churn.MAX);
        assertThat(often.lastIndexOf(true)).isEqualTo(Churn.MAX); // told once
        assertThat(churn.isTooOften(EVE, FILM)).isFalse();
    }

    private void pass() {
        timers.advance(Offenders.PAUSE.plusMillis(1));
        threads.runAll();
    }
}
