package bitween.torrent.format;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that read content, and how jobs take turns on them: each job stands in the queue once per thread, does
 * one step, and goes to the queue's end. So a finished download is verified while a terabyte is being hashed.
 */
final class HashThreads implements Executor, AutoCloseable {
    /** More than a disk or four SHA-1 units in a row can feed. */
    private static final int MAX_THREADS = 4;

    /** The time of the longest step with a slow disk. */
    private static final long CLOSE_SECONDS = 5;

    private final int count = Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS);
    private final Set<Runnable> cancellations = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor pool;

    /** A part of a job that takes some milliseconds. */
    interface Step {
        /** @return the step that can only follow this one; null if there is none */
        @Nullable
        Step run();
    }

    HashThreads() {
        AtomicInteger number = new AtomicInteger();
        // what is thrown away belongs to jobs that close() has cancelled
        pool = new ThreadPoolExecutor(
                count,
                count,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> new Thread(task, "hash-" + number.incrementAndGet()),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /**
     * Runs steps in parallel until there are no more.
     *
     * @param job ends when it is done; once it is cancelled or failed, no step is begun
     * @param next gives the steps, in order, and null when there are no more; called by several threads
     * @param last makes the result after all steps have ended
     */
    <T> void run(CompletableFuture<T> job, Supplier<@Nullable Step> next, Supplier<T> last) {
        Runnable cancellation = () -> job.cancel(false);
        cancellations.add(cancellation);
        CompletableFuture<T> unused = job.whenComplete((result, failure) -> cancellations.remove(cancellation));
        if (pool.isShutdown()) {
            job.cancel(false);
            return;
        }
        AtomicInteger lanes = new AtomicInteger(count);
        for (int i = 0; i < count; i++) {
            pool.execute(() -> turn(job, null, next, last, lanes));
        }
    }

    /** A part of something that nobody waits for; thrown away after {@link #close}. */
    @Override
    public void execute(Runnable part) {
        pool.execute(part);
    }

    private <T> void turn(
            CompletableFuture<T> job,
            @Nullable Step pending,
            Supplier<@Nullable Step> next,
            Supplier<T> last,
            AtomicInteger lanes) {
        try {
            Step step = job.isDone() ? null : pending != null ? pending : next.get();
            if (step != null) {
                Step following = step.run();
                pool.execute(() -> turn(job, following, next, last, lanes));
            } else if (lanes.decrementAndGet() == 0 && !job.isDone()) {
                job.complete(last.get());
            }
        } catch (RuntimeException | Error e) {
            // the job tells whoever waits for it
            job.completeExceptionally(e);
        }
    }

    /** Cancels what runs. Idempotent. Waits for steps that have begun. */
    @Override
    public void close() {
        pool.shutdown();
        cancellations.forEach(Runnable::run);
        try {
            pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
