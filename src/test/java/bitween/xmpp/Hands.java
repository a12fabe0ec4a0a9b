package bitween.xmpp;

import bitween.bus.Mailbox;
import bitween.bus.Timers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;

/** A mailbox and a clock that a test moves by hand, in its own thread. */
final class Hands implements Mailbox, Timers {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Due> due = new ArrayList<>();
    private long nowMillis;
    /** Whether it refuses what is put into it. */
    boolean isFull;

    @Override
    public String name() {
        return "hands";
    }

    @Override
    public boolean isOwner() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        if (isFull) {
            throw new RejectedExecutionException("the hands are full");
        }
        tasks.add(task);
    }

    void runAll() {
        for (Runnable task; (task = tasks.poll()) != null; ) {
            task.run();
        }
    }

    /** Lets time pass, and runs what falls due. */
    void pass(Duration time) {
        long end = nowMillis + time.toMillis();
        runAll();
        while (true) {
            Due next = due.stream().min(Comparator.comparingLong(Due::at)).orElse(null);
            if (next == null || next.at > end) {
                break;
            }
            due.remove(next);
            nowMillis = next.at;
            next.task.run();
            runAll();
        }
        nowMillis = end;
    }

    @Override
    public Timer after(Duration delay, Mailbox mailbox, Runnable task) {
        var timer = new Due(nowMillis + delay.toMillis(), () -> mailbox.execute(task));
        due.add(timer);
        return () -> due.remove(timer);
    }

    @Override
    public Timer every(Duration period, Mailbox mailbox, Runnable task) {
        throw new UnsupportedOperationException("nothing here repeats");
    }

    private record Due(long at, Runnable task) {}
}
