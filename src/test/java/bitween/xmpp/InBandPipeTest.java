package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import bitween.link.Blocked;
import bitween.model.Bytes;
import bitween.xmpp.InBandPipe.Verdict;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One end of a stream, with the stanzas in the test's hands. */
@Timeout(30)
class InBandPipeTest {
    private static final int BLOCK = 4_096;

    private final AtomicLong nanos = new AtomicLong();
    private final Stanzas wire = new Stanzas();
    private final InBandPipe pipe =
            new InBandPipe(wire, new Outflow(0, nanos::get), nanos::get, "in-band bob@b.test/desk");
    private final AtomicInteger acknowledged = new AtomicInteger();

    @Test
    void a_block_is_acknowledged_only_once_all_of_it_is_read() throws IOException {
        arrives(0, "first");
        arrives(1, "second");

        assertThat(read(3)).isEqualTo("fir");
        assertThat(acknowledged).hasValue(0);
        assertThat(read(100)).isEqualTo("st");
        assertThat(acknowledged).hasValue(1);
        assertThat(read(100)).isEqualTo("second");
        assertThat(acknowledged).hasValue(2);
    }

    @Test
    void what_came_before_the_end_is_read_and_then_comes_the_end() throws IOException {
        arrives(0, "last");
        pipe.write(ByteBuffer.allocate(1));

        pipe.endedThere();
        wire.sent.get(0).answered.accept("the stream is over");

        assertThat(read(100)).isEqualTo("last");
        assertThat(pipe.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThatThrownBy(() -> pipe.write(ByteBuffer.allocate(1))).isInstanceOf(EOFException.class);
        assertThat(arrives(1, "more")).isEqualTo(Verdict.LATE);
        assertThat(wire.told).startsWith(false);
    }

    @Test
    void a_block_that_is_missing_breaks_the_stream() throws IOException {
        arrives(0, "one");

        assertThat(arrives(2, "three")).isEqualTo(Verdict.OUT_OF_ORDER);

        assertThat(arrives(1, "two")).isEqualTo(Verdict.LATE);
        assertThat(read(100)).isEqualTo("one");
        assertThatThrownBy(() -> read(1)).isInstanceOf(IOException.class).hasMessageContaining("a block is missing");
        assertThat(wire.told).containsExactly(true);
    }

    @Test
    void a_block_that_comes_twice_breaks_the_stream() {
        arrives(0, "one");

        assertThat(arrives(0, "one")).isEqualTo(Verdict.OUT_OF_ORDER);
    }

    @Test
    void a_block_without_content_or_with_too_much_breaks_the_stream() {
        assertThat(arrives(0, "")).isEqualTo(Verdict.MALFORMED);

        var other = new InBandPipe(wire, new Outflow(0, nanos::get), nanos::get, "in-band");
        assertThat(other.arrived(0, Bytes.of(new byte[BLOCK + 1]), () -> {})).isEqualTo(Verdict.MALFORMED);
    }

    @Test
    void who_sends_on_without_our_acknowledgement_is_cut_off() {
        for (int sequence = 0; sequence < InBandPipe.MAX_WINDOW; sequence++) {
            assertThat(arrives(sequence, "unread")).isEqualTo(Verdict.TAKEN);
        }

        assertThat(arrives(InBandPipe.MAX_WINDOW, "one more")).isEqualTo(Verdict.TOO_MUCH);
        assertThat(acknowledged).hasValue(0);
    }

    @Test
    void what_is_written_goes_out_in_numbered_blocks() throws IOException {
        wire.answersAtOnce = true;

        pipe.write(ByteBuffer.allocate(2 * BLOCK + 5));

        assertThat(wire.sent).extracting(Sent::sequence).containsExactly(0, 1, 2);
        assertThat(wire.sent).extracting(sent -> sent.block.size()).containsExactly(BLOCK, BLOCK, 5);
    }

    @Test
    @Tag("slow")
    void numbers_begin_again_after_65_535_both_ways() throws IOException {
        wire.answersAtOnce = true;

        for (int sequence = 0; sequence <= 65_536; sequence++) {
            pipe.write(ByteBuffer.allocate(1));
            assertThat(pipe.arrived(sequence % 65_536, Bytes.of(new byte[1]), () -> {}))
                    .isEqualTo(Verdict.TAKEN);
            pipe.read(ByteBuffer.allocate(1));
        }

        assertThat(wire.sent.get(65_535).sequence).isEqualTo(65_535);
        assertThat(wire.sent.get(65_536).sequence).isZero();
    }

    @Test
    void writing_waits_for_acknowledgements_and_for_more_of_them_once_they_come_quickly() throws IOException {
        Blocked writer = Blocked.in(() -> pipe.write(ByteBuffer.allocate(1_000 * BLOCK)));
        assertThat(wire.sent).hasSize(2);

        List<Integer> onTheWay = new ArrayList<>();
        for (int answered = 0; answered < 20; answered++) {
            wire.sent.get(answered).answered.accept(null);
            int expected = Math.min(3 + answered, InBandPipe.MAX_WINDOW) + answered + 1;
            wire.awaitSent(expected);
            onTheWay.add(wire.sent.size() - answered - 1);
        }

        assertThat(onTheWay).startsWith(3, 4, 5, 6, 7, 8, 8).endsWith(8);
        pipe.close();
        assertThat(writer.failure()).isInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void where_acknowledgements_take_long_one_block_is_on_its_way_at_a_time() throws IOException {
        Blocked writer = Blocked.in(() -> pipe.write(ByteBuffer.allocate(1_000 * BLOCK)));
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());

        wire.sent.get(0).answered.accept(null);
        wire.sent.get(1).answered.accept(null);
        wire.awaitSent(3);
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        wire.sent.get(2).answered.accept(null);
        wire.awaitSent(4);

        assertThat(wire.sent).hasSize(4);
        pipe.close();
        assertThat(writer.failure()).isInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void a_block_waits_for_its_turn_among_all_streams_and_for_none_once_the_stream_is_over() throws IOException {
        wire.answersAtOnce = true;
        Outflow outflow = new Outflow(BLOCK, nanos::get);
        var slow = new InBandPipe(wire, outflow, nanos::get, "in-band");
        slow.write(ByteBuffer.allocate(BLOCK));
        assertThat(outflow.take(BLOCK)).isEqualTo(Duration.ofSeconds(1).toNanos()); // another stream's

        CompletableFuture<Throwable> written =
                CompletableFuture.supplyAsync(() -> catchThrowable(() -> slow.write(ByteBuffer.allocate(BLOCK))));
        while (outflow.take(0) < Duration.ofSeconds(3).toNanos()) {
            Thread.onSpinWait(); // until it stands in the row
        }
        assertThat(wire.sent).hasSize(1);
        slow.close();

        assertThat(written.orTimeout(10, TimeUnit.SECONDS).join()).isInstanceOf(AsynchronousCloseException.class);
        assertThat(wire.sent).hasSize(1);
    }

    @Test
    void a_block_that_is_refused_breaks_the_stream_for_both_directions() throws IOException {
        pipe.write(ByteBuffer.allocate(1));

        wire.sent.get(0).answered.accept("item-not-found");

        assertThatThrownBy(() -> pipe.write(ByteBuffer.allocate(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("item-not-found");
        assertThatThrownBy(() -> read(1)).isInstanceOf(IOException.class);
        assertThat(arrives(0, "late")).isEqualTo(Verdict.LATE);
    }

    @Test
    void closing_wakes_who_reads_and_tells_the_other_end() {
        Blocked reader = Blocked.in(() -> read(1));

        pipe.close();
        pipe.close();

        assertThat(reader.failure()).isInstanceOf(AsynchronousCloseException.class);
        assertThat(arrives(0, "late")).isEqualTo(Verdict.LATE);
        assertThat(wire.told).containsOnly(true);
    }

    @Test
    void it_is_idle_since_something_moved_last() throws IOException {
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        assertThat(pipe.idle()).isEqualTo(Duration.ofMinutes(5));

        arrives(0, "something");
        assertThat(pipe.idle()).isZero();
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        wire.answersAtOnce = true;
        pipe.write(ByteBuffer.allocate(1));
        assertThat(pipe.idle()).isZero();
    }

    @Test
    void an_answer_is_owed_since_the_last_one_came_or_the_first_block_went() throws IOException {
        pass(Duration.ofMinutes(5));
        assertThat(pipe.owed()).isZero();

        pipe.write(ByteBuffer.allocate(2 * BLOCK));
        pass(Duration.ofMinutes(1));
        assertThat(pipe.owed()).isEqualTo(Duration.ofMinutes(1));
        arrives(0, "something else");
        assertThat(pipe.owed()).isEqualTo(Duration.ofMinutes(1));
        wire.sent.get(0).answered.accept(null);
        pass(Duration.ofSeconds(1));
        assertThat(pipe.owed()).isEqualTo(Duration.ofSeconds(1));
        wire.sent.get(1).answered.accept(null);
        assertThat(pipe.owed()).isZero();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private Verdict arrives(int sequence, String text) {
        return pipe.arrived(
                sequence, Bytes.of(text.getBytes(StandardCharsets.US_ASCII)), acknowledged::incrementAndGet);
    }

    private String read(int most) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(most);
        pipe.read(into);
        return new String(into.array(), 0, into.position(), StandardCharsets.US_ASCII);
    }

    private record Sent(int sequence, Bytes block, Consumer<@Nullable String> answered) {}

    private static final class Stanzas implements InBandPipe.Wire {
        private final List<Sent> sent = new CopyOnWriteArrayList<>();
        private final List<Boolean> told = new CopyOnWriteArrayList<>();
        private boolean answersAtOnce;

        @Override
        public void send(int sequence, Bytes block, Consumer<@Nullable String> answered) {
            sent.add(new Sent(sequence, block, answered));
            if (answersAtOnce) {
                answered.accept(null);
            }
        }

        @Override
        public void over(boolean tell) {
            told.add(tell);
        }

        private void awaitSent(int count) {
            while (sent.size() < count) {
                Thread.onSpinWait(); // until the test's time is over
            }
        }
    }
}
