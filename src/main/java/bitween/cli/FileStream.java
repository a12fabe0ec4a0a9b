package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Writes a file of a job to the standard output, in order, while it comes. What the daemon has not verified is not written. */
final class FileStream {
    private final Session session;
    private final ControlClient daemon;
    private final String path;
    private final int limitSeconds;
    private final String goesOn;
    private final long begunMs;

    private Answer job;
    private long offset;
    /** How often in a row a file was not where it was said to be: once while it takes its place. */
    private int missed;

    /**
     * @param path of the file below the job's place; empty: it is the job's
     * @param limitSeconds 0: however long it takes
     * @param goesOn what becomes of the job when nobody waits for it any more
     */
    FileStream(Session session, ControlClient daemon, Answer job, String path, int limitSeconds, String goesOn) {
        this.session = session;
        this.daemon = daemon;
        this.job = job;
        this.path = path;
        this.limitSeconds = limitSeconds;
        this.goesOn = goesOn;
        begunMs = session.clock().millis();
    }

    /**
     * Writes all of it.
     *
     * @return OK; NOT_READ when nobody reads it any more
     * @throws UserException the job's failure; TIMED_OUT
     */
    int write() throws InterruptedException {
        ProgressLine progress = new ProgressLine(session.terminal(), session.clock(), false);
        Terminal.Watch interruption = session.terminal().whenInterrupted(session.command(goesOn));
        try {
            while (true) {
                Answer more = daemon.call("job.read", Map.of("id", job.number("id"), "path", path, "offset", offset));
                job = more.has("transfer") ? more.view("transfer") : job;
                progress.clear();
                if (more.has("file") && !copy(more)) {
                    return ExitCodes.NOT_READ;
                }
                if (more.has("sizeBytes") && more.number("sizeBytes") == offset) {
                    return ExitCodes.OK;
                }
                if (!more.has("file")) {
                    failUnlessUnderWay();
                }
                if (!Transfers.isHere(job)) {
                    progress.update(Transfers.line(job));
                }
            }
        } finally {
            interruption.close();
            progress.clear();
        }
    }

    private boolean copy(Answer more) {
        Path file = Path.of(more.text("file"));
        long until = more.number("until");
        try {
            boolean read = session.terminal().content(file, offset, until);
            offset = until;
            missed = 0;
            return read;
        } catch (NoSuchFileException e) {
            if (++missed > 1) {
                throw new UserException(
                        ErrorCode.PATH_MISSING,
                        file + " is not there any more",
                        "bitween info says where it is to be",
                        e);
            }
            return true;
        } catch (EOFException e) {
            throw new UserException(
                    ErrorCode.CONTENT_CHANGED,
                    file + " was cut off here while it was read",
                    "bitween recheck '#" + job.text("id") + "' brings back what the friend has",
                    e);
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.PATH_UNREADABLE, file + " cannot be read: " + e.getMessage(), "see to its rights", e);
        }
    }

    private void failUnlessUnderWay() {
        if (Transfers.isSettled(job) && !Transfers.isHere(job)) {
            throw Command.failureOf(job);
        }
        boolean late = limitSeconds > 0 && session.clock().millis() - begunMs >= limitSeconds * 1_000L;
        if (late) {
            throw new UserException(
                    ErrorCode.TIMED_OUT,
                    job.text("name") + " is not here after " + limitSeconds + " s: " + Transfers.state(job),
                    goesOn);
        }
    }
}
