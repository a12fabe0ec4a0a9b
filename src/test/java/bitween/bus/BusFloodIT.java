package bitween.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.testing.ExpectedErrors;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A listener that never comes back, between the real threads of a bus: whoever else is there hears and answers all, and what waits for it stays small. */
@ExpectedErrors("Trace: stuck lost ")
class BusFloodIT {
    private static final int MESSAGES = Boolean.getBoolean("bitween.long") ? 10_000_000 : 400_000;
    /** One in so many messages is a command for each of the two who answer. */
    private static final int COMMAND_EACH = 100;
    /** Fewer than the bus's own thread can queue: who floods that one is refused himself. */
    private static final int AHEAD = 20_000;

    private static final Duration SOON = Duration.ofSeconds(30);
    /** Two full mailboxes, and what the commands that were kept take. All messages would need 17 MB, or 400. */
    private static final long MAX_GROWTH = 8 << 20;

    record Ticked(int number) implements Event {}

    record Moved(int number) implements Snapshot {}

    record Count(int number) implements Request<Integer> {}

    record CountStuck(int number) implements Request<Integer> {}

    @Test
    void a_stuck_listener_costs_no_command_and_no_memory() throws Exception {
        CountDownLatch unstuck = new CountDownLatch(1);
        List<Integer> answeredLate = new ArrayList<>();
        List<Integer> heardMoves = new ArrayList<>();
        try (MailboxThread router = MailboxThread.start("bus");
                MailboxThread stuck = MailboxThread.start("stuck");
                MailboxThread healthy = MailboxThread.start("healthy")) {
            Bus bus = new Bus(router);
            Listener listener = new Listener();
            bus.subscribe(Ticked.class, healthy, listener::onTicked);
            bus.answer(Count.class, healthy, Count::number);
            bus.subscribe(Ticked.class, stuck, ticked -> {});
            bus.subscribe(Moved.class, stuck, moved -> heardMoves.add(moved.number()));
            bus.answer(CountStuck.class, stuck, question -> {
                answeredLate.add(question.number());
                return question.number();
            });
            stuck.execute(() -> awaitUninterruptibly(unstuck));
            long before = usedBytes();
            long begin = System.nanoTime();

            List<CompletableFuture<Integer>> kept = new ArrayList<>();
            int refused = 0;
            int answered = 0;
            for (int i = 0; i < MESSAGES; i++) {
                listener.awaitRoom();
                bus.publish(new Ticked(i));
                bus.publish(new Moved(i));
                if (i % COMMAND_EACH == 0) {
                    CompletableFuture<Integer> reply = bus.ask(new CountStuck(i));
                    assertThat(bus.ask(new Count(i)).get(SOON.toSeconds(), TimeUnit.SECONDS))
                            .isEqualTo(i); // asked later than the other, which the bus has handed on by now
                    answered++;
                    if (reply.isDone()) {
                        assertThatThrownBy(reply::join)
                                .isInstanceOf(CompletionException.class)
                                .hasCauseInstanceOf(BusyException.class);
                        refused++;
                    } else {
                        kept.add(reply);
                    }
                }
            }
            listener.awaitAll();
            double seconds = (System.nanoTime() - begin) / 1e9;
            long growth = usedBytes() - before;
            unstuck.countDown();
            CompletableFuture.allOf(kept.toArray(CompletableFuture[]::new)).get(SOON.toSeconds(), TimeUnit.SECONDS);

            System.out.printf(
                    "%,d messages in %.1f s past a stuck listener: %,d commands answered, %,d kept and answered late, %,d refused as BUSY, 0 lost;"
                            + " the heap grew by %,d KB%n",
                    2L * MESSAGES + 2L * answered, seconds, answered, kept.size(), refused, growth >> 10);
            assertThat(listener.isInOrder).isTrue();
            assertThat(answered).isEqualTo(MESSAGES / COMMAND_EACH);
            assertThat(kept.size() + refused).isEqualTo(MESSAGES / COMMAND_EACH);
            assertThat(answeredLate).hasSameSizeAs(kept).isSorted();
            assertThat(heardMoves).as("the newest alone").containsExactly(MESSAGES - 1);
            assertThat(growth).isLessThan(MAX_GROWTH);
        }
    }

    /** Hears all, in order. Thread: its mailbox; who publishes waits for it. */
    private static final class Listener {
        private final Semaphore room = new Semaphore(AHEAD);
        private int next;
        private volatile boolean isInOrder = true;

        private void onTicked(Ticked event) {
            isInOrder &= event.number() == next++;
            room.release();
        }

        private void awaitRoom() throws InterruptedException {
            assertThat(room.tryAcquire(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }

        private void awaitAll() throws InterruptedException {
            assertThat(room.tryAcquire(AHEAD, SOON.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
