package bitween.cli;

import bitween.config.Home;
import bitween.model.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Starts daemons, and sees them end. */
public interface DaemonStarter {
    /**
     * Starts a daemon that outlives this process, and returns when it is ready.
     *
     * @param exitWhen when it ends by itself; null: never
     * @return its process id
     * @throws bitween.model.UserException ALREADY_RUNNING, NOT_CONFIGURED, BAD_CONFIG and whatever else keeps it from starting
     */
    long startInBackground(Home home, @Nullable ExitWhen exitWhen) throws InterruptedException;

    /**
     * Is the daemon, until it is stopped.
     *
     * @param exitWhen when it ends by itself; null: never
     * @return the exit code
     * @throws bitween.model.UserException as above
     */
    int runInForeground(Home home, @Nullable ExitWhen exitWhen) throws InterruptedException;

    /**
     * Looks at a home for which no daemon runs.
     *
     * @throws bitween.model.UserException ALREADY_RUNNING; what keeps a daemon from starting, too
     */
    List<Finding> check(Home home);

    /** What keeps a daemon from starting on a home, or from getting anything: looks, and changes nothing. */
    List<Finding> examine(Home home);

    /** @return whether the process {@code pid} is gone, after {@code limit} at most */
    default boolean awaitExit(long pid, Duration limit) throws InterruptedException {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isEmpty()) {
            return true;
        }
        try {
            process.get().onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("process " + pid + " cannot be watched", e);
        }
    }
}
