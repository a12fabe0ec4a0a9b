package bitween.control.client;

import bitween.config.Home;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A daemon that has its socket and does not answer: who it is, and what can be done about it. */
final class HungDaemon {
    private HungDaemon() {}

    /** @return DAEMON_HANGS; names the process where the home knows it */
    static UserException of(Home home) {
        Optional<Long> pid = home.lockHolder();
        if (pid.isEmpty()) {
            return hangs("the daemon of " + home.config(), "look into its log: " + home.logFile());
        }
        String daemon = "the daemon (process " + pid.get() + ")";
        return isStopped(pid.get())
                ? new UserException(
                        ErrorCode.DAEMON_HANGS,
                        daemon + " does not answer: Ctrl-Z or a signal stopped it",
                        "let it go on with: kill -CONT " + pid.get() + "; or end it with: kill -9 " + pid.get()
                                + ", and nothing is lost")
                : hangs(daemon, "then end it with: kill " + pid.get() + ", or kill -9 where that does nothing");
    }

    private static UserException hangs(String daemon, String then) {
        return new UserException(
                ErrorCode.DAEMON_HANGS,
                daemon + " runs, but does not answer",
                "keep how it is with: bitween bugreport; " + then);
    }

    /** As Linux tells: T, or t under a debugger. */
    private static boolean isStopped(long pid) {
        try {
            String status = Files.readString(Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1);
            return status.contains("\nState:\tT") || status.contains("\nState:\tt");
        } catch (IOException e) {
            return false; // it has just ended
        }
    }
}
