package bitween.catalogue;

import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.UserException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps one contact, who asks over and over for what is much work, from taking a thread for himself. What counts is the time that his questions take: half a second is
 * his at once, whatever he asks; beyond, a third of all time, while his questions wait in their order and others' do not. Thread: the mailbox's.
 */
final class Turns {
    /** The longest list there may be, or a hundred info dictionaries, in one go. */
    static final Duration AT_ONCE = Duration.ofMillis(500);
    /** One part of work to so much time. */
    static final int PARTS = 3;
    /** Four links full of questions; no program of ours asks for more at a time. */
    static final int MAX_WAITING = 256;

    private final Mailbox mailbox;
    private final Timers timers;
    private final LongSupplier nanoTime;
    /** As many as are contacts. */
    private final Map<Jid, Asker> askers = new HashMap<>();

    private static final class Asker {
        private final Deque<Runnable> waiting = new ArrayDeque<>();
        private long creditNs = AT_ONCE.toNanos();
        private long countedNs;

        private Asker(long nowNs) {
            countedNs = nowNs;
        }

        private void count(long nowNs) {
            creditNs = Math.min(AT_ONCE.toNanos(), creditNs + (nowNs - countedNs) / PARTS);
            countedNs = nowNs;
        }
    }

    /** @param nanoTime {@link System#nanoTime}, or a test's */
    Turns(Mailbox mailbox, Timers timers, LongSupplier nanoTime) {
        this.mailbox = mailbox;
        this.timers = timers;
        this.nanoTime = nanoTime;
    }

    /** @return what {@code work} returns or fails with, now or when it is the contact's turn; fails with BUSY when too much waits already */
    <R> CompletableFuture<R> take(Jid contact, Supplier<R> work) {
        long now = nanoTime.getAsLong();
        Asker asker = askers.computeIfAbsent(contact, first -> new Asker(now));
        asker.count(now);
        CompletableFuture<R> answer = new CompletableFuture<>();
        if (asker.waiting.isEmpty() && asker.creditNs > 0) {
            run(asker, () -> complete(answer, work));
        } else if (asker.waiting.size() >= MAX_WAITING) {
            answer.completeExceptionally(new UserException(
                    ErrorCode.BUSY, contact + " asks more than " + MAX_WAITING + " questions at once", ""));
        } else {
            asker.waiting.add(() -> complete(answer, work));
            if (asker.waiting.size() == 1) {
                later(asker);
            }
        }
        return answer;
    }

    private static <R> void complete(CompletableFuture<R> answer, Supplier<R> work) {
        try {
            answer.complete(work.get());
        } catch (RuntimeException | AssertionError e) {
            answer.completeExceptionally(e);
        }
    }

    private void run(Asker asker, Runnable work) {
        long begunNs = asker.countedNs;
        work.run();
        long now = nanoTime.getAsLong();
        asker.creditNs -= now - begunNs;
        asker.count(now);
    }

    private void later(Asker asker) {
        long needed = Math.max(0, 1 - asker.creditNs) * PARTS;
        timers.after(Duration.ofNanos(needed), mailbox, () -> next(asker));
    }

    /** One at a time, so that others' are in between. */
    private void next(Asker asker) {
        asker.count(nanoTime.getAsLong());
        if (asker.creditNs > 0) {
            run(asker, asker.waiting.remove());
        }
        if (!asker.waiting.isEmpty()) {
            later(asker);
        }
    }
}
