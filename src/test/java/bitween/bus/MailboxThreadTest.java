package bitween.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.testing.ExpectedErrors;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A mailbox on its thread, and the timers that fill it. */
class MailboxThreadTest {
    private final List<Integer> ran = new CopyOnWriteArrayList<>();

    @Test
    void tasks_run_in_order_and_a_close_waits_for_them() {
        MailboxThread mailbox = MailboxThread.start("test");
        for (int i = 0; i < 100; i++) {
            int number = i;
            mailbox.execute(() -> ran.add(number));
        }

        mailbox.close();

        assertThat(ran).isSorted().hasSize(100);
        assertThatThrownBy(() -> mailbox.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("the mailbox 'test' is closed");
    }

    @Test
    void what_it_gives_itself_at_the_end_is_run_too() throws Exception {
        MailboxThread mailbox = MailboxThread.start("test");
        CountDownLatch closing = new CountDownLatch(1);
        mailbox.execute(() -> {
            await(closing);
            mailbox.execute(() -> ran.add(1));
        });
        CompletableFuture<Void> closed = CompletableFuture.runAsync(mailbox::close);
        assertThatThrownBy(() -> {
                    while (true) {
                        mailbox.execute(() -> {});
                        Thread.onSpinWait();
                    }
                })
                .hasMessage("the mailbox 'test' is closed");

        closing.countDown();

        closed.get(5, TimeUnit.SECONDS);
        assertThat(ran).containsExactly(1);
    }

    @Test
    @ExpectedErrors("test: a task failed: .*broken")
    void a_task_that_throws_does_not_end_the_thread() {
        MailboxThread mailbox = MailboxThread.start("test");
        mailbox.execute(() -> {
            throw new IllegalStateException("broken");
        });
        mailbox.execute(() -> ran.add(1));

        mailbox.close();

        assertThat(ran).containsExactly(1);
    }

    @Test
    @ExpectedErrors("test: a task failed: .*a jar is broken")
    void an_error_does_not_end_the_thread_either() {
        MailboxThread mailbox = MailboxThread.start("test");
        mailbox.execute(() -> {
            throw new NoClassDefFoundError("a jar is broken");
        });
        mailbox.execute(() -> ran.add(1));

        mailbox.close();

        assertThat(ran).containsExactly(1);
    }

    @Test
    @Tag("slow")
    void what_is_taken_is_run_also_in_the_moment_of_the_end() throws Exception {
        for (int attempt = 0; attempt < 2_000; attempt++) {
            MailboxThread mailbox = MailboxThread.start("test");
            AtomicInteger taken = new AtomicInteger();
            AtomicInteger done = new AtomicInteger();
            Thread giver = new Thread(() -> {
                try {
                    while (true) {
                        mailbox.execute(done::incrementAndGet);
                        taken.incrementAndGet();
                    }
                } catch (RejectedExecutionException e) {
                    Thread.currentThread().interrupt(); // it is closed
                }
            });
            giver.start();

            mailbox.close();
            giver.join();

            assertThat(done).hasValue(taken.get());
        }
    }

    @Test
    void a_full_mailbox_refuses() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        try (MailboxThread mailbox = MailboxThread.start("test", 1)) {
            mailbox.execute(() -> {
                busy.countDown();
                await(free);
            });
            busy.await();
            mailbox.execute(() -> ran.add(1));

            assertThatThrownBy(() -> mailbox.execute(() -> ran.add(2))).hasMessage("the mailbox 'test' is full");
            free.countDown();
        }
        assertThat(ran).containsExactly(1);
    }

    @Test
    void it_knows_its_own_thread() throws Exception {
        try (MailboxThread mailbox = MailboxThread.start("test")) {
            CompletableFuture<Boolean> inside = CompletableFuture.supplyAsync(mailbox::isOwner, mailbox);

            assertThat(inside.get(5, TimeUnit.SECONDS)).isTrue();
            assertThat(mailbox.isOwner()).isFalse();
        }
    }

    @Test
    void a_timer_runs_on_the_mailbox_once_or_again_and_again_until_cancelled() throws Exception {
        CompletableFuture<Boolean> once = new CompletableFuture<>();
        CountDownLatch thrice = new CountDownLatch(3);
        try (MailboxThread mailbox = MailboxThread.start("test");
                TimerThread timers = new TimerThread()) {
            timers.after(Duration.ofMillis(1), mailbox, () -> once.complete(mailbox.isOwner()));
            timers.after(Duration.ofDays(1), mailbox, () -> ran.add(1)).cancel();
            timers.every(Duration.ofMillis(1), mailbox, thrice::countDown);

            assertThat(once.get(5, TimeUnit.SECONDS)).isTrue();
            assertThat(thrice.await(5, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(ran).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
