package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One command: takes its arguments from picocli, asks the daemon, prints. Used once. */
abstract class Command implements Callable<Integer> {
    protected final Session session;

    Command(Session session) {
        this.session = session;
    }

    /**
     * @return an {@link ExitCodes exit code}
     * @throws UserException printed in two lines, its code decides the exit code
     */
    @Override
    public abstract Integer call() throws InterruptedException;

    /** One call of the daemon. */
    protected Answer ask(String method, Map<String, ? extends @Nullable Object> params) throws InterruptedException {
        try (ControlClient daemon = session.daemon()) {
            return daemon.call(method, params);
        }
    }

    protected void out(String line) {
        session.out(line);
    }

    /** A line of our own words, with commands in it that a person may type as they stand. */
    protected void advise(String line) {
        session.out(session.command(line));
    }

    /** A name and its value, aligned with its neighbours. */
    protected void out(String name, String value) {
        session.out(String.format("%-10s %s", name, value));
    }

    protected Clock clock() {
        return session.clock();
    }

    /** What went wrong with a transfer, in the daemon's words. */
    protected static UserException failureOf(Answer transfer) {
        Answer error = transfer.view("error");
        ErrorCode code;
        try {
            code = ErrorCode.valueOf(error.text("code"));
        } catch (IllegalArgumentException e) {
            code = ErrorCode.INTERNAL; // of a later daemon
        }
        return new UserException(code, transfer.text("name") + ": " + error.text("message"), error.text("hint"));
    }
}
