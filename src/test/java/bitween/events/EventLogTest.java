package bitween.events;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.events.Happening.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class EventLogTest {
    private final EventLog log = new EventLog(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), 3);

    @Test
    void a_reader_gets_what_happened_from_its_number_on_and_where_to_go_on() throws InterruptedException {
        add(3);

        EventLog.Page first = log.from(1, 2, Duration.ZERO);
        EventLog.Page second = log.from(first.next(), 2, Duration.ZERO);
        EventLog.Page none = log.from(second.next(), 2, Duration.ZERO);

        assertThat(first.happenings()).extracting(Happening::number).containsExactly(1L, 2L);
        assertThat(second.happenings()).extracting(Happening::number).containsExactly(3L);
        assertThat(none).isEqualTo(new EventLog.Page(List.of(), 4, 0));
    }

    @Test
    void who_reads_too_slowly_is_told_how_many_are_gone() throws InterruptedException {
        add(10);

        EventLog.Page page = log.from(2, 10, Duration.ZERO);

        assertThat(page.missed()).isEqualTo(6);
        assertThat(page.happenings()).extracting(Happening::number).containsExactly(8L, 9L, 10L);
    }

    @Test
    void a_number_that_has_not_been_yet_is_what_happens_next() throws InterruptedException {
        add(1);

        assertThat(log.from(Long.MAX_VALUE, 10, Duration.ZERO).next()).isEqualTo(2);
    }

    @Test
    void a_reader_waits_for_what_happens_next() throws InterruptedException {
        BlockingQueue<EventLog.Page> read = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> {
            try {
                read.add(log.from(1, 10, Duration.ofMinutes(1)));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        reader.start();
        Awaitility.await().until(() -> reader.getState() == Thread.State.TIMED_WAITING);

        add(1);

        EventLog.Page page = read.poll(10, TimeUnit.SECONDS);
        assertThat(page).isNotNull();
        assertThat(page.happenings()).hasSize(1);
    }

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            Happening unused = log.add(Kind.CONNECTION, Map.of());
        }
    }
}
