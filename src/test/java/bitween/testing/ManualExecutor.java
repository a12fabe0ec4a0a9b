package bitween.testing;

import bitween.bus.Mailbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands for all threads of a program: each would-be thread has a lane, and {@link #runAll} runs them until quiet, in an order drawn from the seed. What a
 * test finds, the same seed finds again. Everything runs on the test's own thread; other threads may only
 * put tasks into lanes.
 */
public final class ManualExecutor {
    /** Far above what any test needs; reaching it means that tasks beget tasks for ever. */
    private static final int MAX_TASKS = 1_000_000;

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long LOOK_MS = 20;

    private final Object arrived = new Object();
    private final List<Lane> lanes = new ArrayList<>();
    private final Random random;
    private @Nullable Lane running;

    public ManualExecutor(long seed) {
        random = new Random(seed);
    }

    public Mailbox lane(String name) {
        return lane(name, Integer.MAX_VALUE);
    }

    public Mailbox lane(String name, int capacity) {
        Lane lane = new Lane(name, capacity);
        lanes.add(lane);
        return lane;
    }

    /** Runs what is queued and what that queues, until nothing is left. A task that throws fails the test. */
    public void runAll() {
        for (int i = 0; i < MAX_TASKS; i++) {
            if (!runOne()) {
                return;
            }
        }
        throw new AssertionError("still busy after " + MAX_TASKS + " tasks");
    }

    /**
     * Runs what is queued, also by real threads such as the hasher's, until {@code reached}; at most 10 s.
     *
     * @throws AssertionError when it is not reached by then
     */
    public void runUntil(BooleanSupplier reached) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        runAll();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not reached within " + LIMIT);
            }
            synchronized (arrived) {
                if (lanes.stream().allMatch(lane -> lane.tasks.isEmpty())) {
                    arrived.wait(LOOK_MS); // the condition may also change without a task
                }
            }
            runAll();
        }
    }

    /** @return whether there was something to run */
    public boolean runOne() {
        List<Lane> ready = lanes.stream().filter(lane -> !lane.tasks.isEmpty()).toList();
        if (ready.isEmpty()) {
            return false;
        }
        Lane chosen = ready.get(random.nextInt(ready.size()));
        running = chosen;
        try {
            chosen.tasks.remove().run();
        } finally {
            running = null;
        }
        return true;
    }

    private final class Lane implements Mailbox {
        private final String name;
        private final int capacity;
        private final Queue<Runnable> tasks = new LinkedBlockingQueue<>();

        private Lane(String name, int capacity) {
            this.name = name;
            this.capacity = capacity;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean isOwner() {
            return running == this;
        }

        @Override
        public void execute(Runnable task) {
            if (tasks.size() >= capacity) {
                throw new RejectedExecutionException("the mailbox '" + name + "' is full");
            }
            tasks.add(task);
            synchronized (arrived) {
                arrived.notifyAll();
            }
        }
    }
}
