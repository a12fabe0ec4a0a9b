package bitween.testing;

import bitween.control.client.ControlClient;
import bitween.model.UserException;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When and how one run of a daemon is killed. Two of the same seed are the same.
 *
 * @param call the system call at which it dies; null: it dies when its time is up
 * @param nth in one of its threads
 * @param afterMs latest: after it began, or, where that was survived, after it was ready
 * @param workload the seed of what it is asked for
 */
public record KillPlan(Moment moment, @Nullable String call, int nth, int afterMs, long workload) {
    /** What a process can do to a file system. */
    private static final List<String> CALLS = List.of(
            "write",
            "pwrite64",
            "pwritev",
            "fsync",
            "fdatasync",
            "rename",
            "renameat",
            "unlink",
            "unlinkat",
            "rmdir",
            "ftruncate",
            "mkdir",
            "symlink",
            "openat");

    /** Most daemons die young, and some live long enough to get something from a friend. */
    private static final int LATEST_MS = 700;

    private static final int OLD_MS = 4_000;
    private static final int OLD_OF = 8;
    private static final int MAX_NTH_BITS = 7;

    /** In what it dies. */
    public enum Moment {
        START,
        WORK,
        STOP
    }

    public static KillPlan of(long seed) {
        Random random = new Random(seed);
        int kind = random.nextInt(10);
        Moment moment = kind < 3 ? Moment.START : kind < 9 ? Moment.WORK : Moment.STOP;
        String call = random.nextInt(3) > 0 ? CALLS.get(random.nextInt(CALLS.size())) : null;
        int nth = 1 + random.nextInt(1 << random.nextInt(MAX_NTH_BITS));
        int afterMs = random.nextInt(random.nextInt(OLD_OF) == 0 ? OLD_MS : LATEST_MS);
        return new KillPlan(moment, call, nth, afterMs, random.nextLong());
    }

    /** The seed of what follows. */
    public static long next(long seed) {
        return new Random(seed ^ 0x5DEECE66DL).nextLong() >>> 24;
    }

    /** It was started. */
    public void begin(ChildDaemon daemon, ScheduledExecutorService killer) throws InterruptedException, IOException {
        if (moment == Moment.START && call == null) {
            killLater(daemon, killer);
        } else if (moment == Moment.START && daemon.awaitBegun()) {
            attach(daemon);
        }
    }

    /** It is ready. */
    public void ready(ChildDaemon daemon, ControlClient client, ScheduledExecutorService killer)
            throws InterruptedException, IOException {
        if (call != null && moment != Moment.START) {
            attach(daemon);
        }
        killLater(daemon, killer);
        if (moment == Moment.STOP) {
            try {
                client.call("daemon.stop");
            } catch (UserException e) {
                daemon.kill(); // it was faster
            }
        }
    }

    private void killLater(ChildDaemon daemon, ScheduledExecutorService killer) {
        var unused = killer.schedule(daemon::kill, afterMs, TimeUnit.MILLISECONDS);
    }

    /** Not with {@code --seccomp-bpf}, which is faster: with it strace 6.1 sends the signal at the first call or never. */
    private void attach(ChildDaemon daemon) throws IOException {
        new ProcessBuilder(
                        "strace",
                        "-f",
                        "-q",
                        "-o",
                        "/dev/null",
                        "-e",
                        "trace=" + call,
                        "-e",
                        "inject=" + call + ":signal=KILL:when=" + nth,
                        "-p",
                        Long.toString(daemon.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
