package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A thread that waits in what it does; so this is for pipes within the process, as the JVM does not see a thread wait for a socket. */
public record Blocked(CompletableFuture<Throwable> end) {
    /** Something that does not come back before somebody ends it. */
    public interface Task {
        void run() throws Exception;
    }

    public static Blocked in(Task task) {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                        end.complete(new AssertionError("it came back by itself"));
                    } catch (Throwable e) {
                        end.complete(e);
                    }
                },
                "blocked");
        thread.setDaemon(true);
        thread.start();
        long limit = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (thread.getState() != Thread.State.WAITING) {
            assertThat(end).isNotDone();
            assertThat(System.nanoTime()).isLessThan(limit);
            Thread.onSpinWait();
        }
        return new Blocked(end);
    }

    /** @return what it failed with once it was ended */
    public Throwable failure() {
        return end.orTimeout(20, TimeUnit.SECONDS).join();
    }
}
