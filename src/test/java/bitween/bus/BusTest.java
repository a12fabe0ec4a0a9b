package bitween.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.testing.ExpectedErrors;
import bitween.testing.LogListener;
import bitween.testing.ManualExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;

class BusTest {
    private final ManualExecutor threads = new ManualExecutor(1);
    private final Bus bus = new Bus(threads.lane("bus"));
    private final Mailbox worker = threads.lane("worker");
    private final List<Object> heard = new ArrayList<>();

    sealed interface Weather extends Event {}

    record Rained(int mm) implements Weather {}

    record Snowed(int cm) implements Weather {}

    record Measured(int degrees) implements Weather, Snapshot {}

    record Add(int a, int b) implements Request<Integer> {}

    @Test
    void a_listener_hears_its_topic_and_no_other() {
        bus.subscribe(Rained.class, worker, heard::add);

        bus.publish(new Rained(3));
        bus.publish(new Snowed(9));
        threads.runAll();

        assertThat(heard).containsExactly(new Rained(3));
    }

    @Test
    void who_listens_to_an_interface_hears_all_that_implement_it() {
        bus.subscribe(Weather.class, worker, heard::add);

        bus.publish(new Rained(3));
        bus.publish(new Snowed(9));
        threads.runAll();

        assertThat(heard).containsExactly(new Rained(3), new Snowed(9));
    }

    @Test
    @ExpectedErrors("worker failed on Rained.*umbrella broken")
    void a_handler_that_throws_is_counted_and_the_others_still_hear() {
        bus.subscribe(Rained.class, worker, event -> {
            throw new IllegalStateException("umbrella broken");
        });
        bus.subscribe(Rained.class, worker, heard::add);

        bus.publish(new Rained(3));
        threads.runAll();

        assertThat(heard).containsExactly(new Rained(3));
        assertThat(bus.trace().counts().failed()).isEqualTo(1);
    }

    @Test
    void of_snapshots_a_slow_listener_sees_the_newest_only() {
        Bus direct = new Bus(new DirectMailbox());
        direct.subscribe(Weather.class, worker, heard::add);

        direct.publish(new Measured(1));
        direct.publish(new Measured(2));
        direct.publish(new Measured(3));
        threads.runAll();

        assertThat(heard).containsExactly(new Measured(3));
    }

    @Test
    void a_request_is_answered_by_its_one_answerer() {
        bus.answer(Add.class, worker, add -> add.a() + add.b());

        CompletableFuture<Integer> reply = bus.ask(new Add(2, 3));
        threads.runAll();

        assertThat(reply).isCompletedWithValue(5);
    }

    @Test
    void a_second_answerer_fails_at_start() {
        bus.answer(Add.class, worker, add -> 0);

        assertThatThrownBy(() -> bus.answer(Add.class, worker, add -> 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Add has two answerers");
    }

    @Test
    void a_request_that_nobody_answers_fails_at_once() {
        CompletableFuture<Integer> reply = bus.ask(new Add(2, 3));

        assertThat(reply).isCompletedExceptionally();
        assertThat(failureOf(reply)).hasMessage("nobody answers Add");
    }

    @Test
    void a_handler_that_throws_fails_the_reply_with_its_exception() {
        IllegalArgumentException tooLarge = new IllegalArgumentException("too large");
        bus.answer(Add.class, worker, add -> {
            throw tooLarge;
        });

        CompletableFuture<Integer> reply = bus.ask(new Add(2, 3));
        threads.runAll();

        assertThat(failureOf(reply)).isSameAs(tooLarge);
    }

    @Test
    void a_handler_that_dies_of_an_error_fails_the_reply_too() {
        NoClassDefFoundError broken = new NoClassDefFoundError("a jar is broken");
        bus.answer(Add.class, worker, add -> {
            throw broken;
        });

        CompletableFuture<Integer> reply = bus.ask(new Add(2, 3));
        threads.runAll();

        assertThat(failureOf(reply)).isSameAs(broken);
    }

    @Test
    void a_full_mailbox_refuses_a_command_with_busy() {
        Mailbox full = threads.lane("full", 0);
        bus.answer(Add.class, full, add -> 0);

        CompletableFuture<Integer> reply = bus.ask(new Add(2, 3));
        threads.runAll();

        assertThat(failureOf(reply)).isInstanceOf(BusyException.class).hasMessageContaining("'full'");
    }

    @Test
    @ExpectedErrors("^ERROR .* full lost Rained.*: its mailbox is full, for the 1. fact by now$")
    void a_fact_that_finds_no_room_is_counted() {
        bus.subscribe(Rained.class, threads.lane("full", 0), heard::add);

        bus.publish(new Rained(3));
        threads.runAll();

        assertThat(bus.trace().counts().lost()).isEqualTo(1);
    }

    @Test
    @ExpectedErrors("full lost Rained")
    void a_mailbox_that_stays_full_does_not_fill_the_log() {
        List<String> errors = new ArrayList<>();
        bus.subscribe(Rained.class, threads.lane("full", 0), heard::add);

        LogListener listener = LogListener.of("bitween.bus", event -> {
            if (event.getLevel().equals(Level.ERROR)) {
                errors.add(event.getMessage().getFormattedMessage());
            }
        });
        try {
            for (int i = 0; i < 1_000; i++) {
                bus.publish(new Rained(i));
            }
            threads.runAll();
        } finally {
            listener.close();
        }

        assertThat(errors).hasSize(10).last().asString().contains("for the 512. fact by now");
        assertThat(bus.trace().counts().lost()).isEqualTo(1_000);
    }

    @Test
    void a_fact_that_comes_after_its_listener_has_gone_is_counted_and_no_error() {
        MailboxThread gone = MailboxThread.start("gone");
        bus.subscribe(Rained.class, gone, heard::add);
        gone.close();

        bus.publish(new Rained(3));
        threads.runAll();

        assertThat(bus.trace().counts().lost()).isEqualTo(1);
        assertThat(heard).isEmpty();
    }

    @Property(tries = 200)
    void no_interleaving_reorders_what_one_listener_hears(@ForAll long seed) {
        ManualExecutor anyOrder = new ManualExecutor(seed);
        Bus shared = new Bus(anyOrder.lane("bus"));
        List<Rained> first = new ArrayList<>();
        List<Rained> second = new ArrayList<>();
        shared.subscribe(Rained.class, anyOrder.lane("first"), first::add);
        shared.subscribe(Rained.class, anyOrder.lane("second"), second::add);

        for (int mm = 0; mm < 20; mm++) {
            shared.publish(new Rained(mm));
        }
        anyOrder.runAll();

        assertThat(first).extracting(Rained::mm).isSorted().hasSize(20);
        assertThat(second).isEqualTo(first);
    }

    private static Throwable failureOf(CompletableFuture<?> reply) {
        return assertThatThrownBy(reply::join).actual() instanceof java.util.concurrent.CompletionException e
                        && e.getCause() != null
                ? e.getCause()
                : new AssertionError("no failure");
    }

    /** Routes on the caller's own thread. */
    private static final class DirectMailbox implements Mailbox {
        @Override
        public String name() {
            return "direct";
        }

        @Override
        public boolean isOwner() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }
    }
}
