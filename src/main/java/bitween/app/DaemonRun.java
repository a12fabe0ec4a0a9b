package bitween.app;

import bitween.cli.ExitCodes;
import bitween.cli.ExitWhen;
import bitween.config.Config;
import bitween.config.Home;
import bitween.model.UserException;
import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** A daemon's life in the foreground, from the start to the end of the stop. Thread: main waits. */
final class DaemonRun {
    private static final Logger log = LogManager.getLogger(DaemonRun.class);
    private static final int HALTED = 70;

    private DaemonRun() {}

    /**
     * @param exitWhen when it ends by itself; null: never
     * @return the exit code
     */
    static int run(Home home, Config config, @Nullable ExitWhen exitWhen) throws InterruptedException {
        logWhatNobodyCatches();
        Duration stopTimeout = config.control().stopTimeout();
        Lifecycle lifecycle =
                new Lifecycle(stopTimeout, () -> Runtime.getRuntime().halt(HALTED));
        lifecycle.start();
        Signals.handle(lifecycle);
        Unattended unattended =
                exitWhen == null ? null : new Unattended(exitWhen, lifecycle::requestShutdown, System::nanoTime);
        try {
            Daemon.start(home, config, lifecycle, unattended);
        } catch (Lifecycle.StartGivenUp e) {
            log.info("not started: {}", e.getMessage());
        } catch (UserException e) {
            log.error("cannot start: {}", e.sentence());
            lifecycle.requestShutdown("the start failed");
            lifecycle.awaitEnd();
            throw e;
        } catch (RuntimeException | Error e) {
            log.fatal("cannot start", e);
            lifecycle.requestShutdown("the start failed");
            lifecycle.awaitEnd();
            throw e;
        }
        lifecycle.awaitEnd();
        return unattended == null ? ExitCodes.OK : unattended.exitCode();
    }

    /** Without it, what ended a thread would stand without a time on a standard error that nobody reads. */
    static void logWhatNobodyCatches() {
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, e) -> log.error("the thread {} has ended", thread.getName(), e));
    }
}
