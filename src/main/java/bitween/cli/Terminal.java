package bitween.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where commands print and ask. Every method makes foreign text harmless by {@link Term#safe}. Thread: one. */
public interface Terminal {
    /** Prints a line of the result. */
    void out(String line);

    /**
     * Writes what is in a file as the result, byte for byte.
     *
     * @param until where to stop
     * @return whether anybody still reads it
     * @throws java.io.EOFException when it ends before
     */
    boolean content(Path file, long from, long until) throws IOException;

    /** Prints a line beside the result: errors, progress. */
    void err(String line);

    /** Shows {@code line} in place of the one shown before, on a screen; an empty one clears it. Only when {@link #isInteractive}. */
    void progress(String line);

    /** Shows these lines, and nothing else, in place of what was shown before so. Only when {@link #isInteractive}. */
    void screen(List<String> lines);

    /** @return what is typed; null at the end of input */
    @Nullable
    String ask(String question);

    /** @return the next line of the input, whoever types it; null at its end. A person is shown the prompt */
    @Nullable
    String line(String prompt);

    /** What comes from outside, byte for byte; null where nothing can. */
    default @Nullable InputStream input() {
        return null;
    }

    /** As {@link #ask}, without showing what is typed. */
    @Nullable
    String askHidden(String question);

    /** Prints {@code line} beside the result when Ctrl-C ends this process before the answer is closed. */
    Watch whenInterrupted(String line);

    /** Until it is closed. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** In columns. */
    int width();

    /** Whether nobody takes the result any more, as after {@code | head}: then what has no end of its own ends. */
    boolean isAbandoned();

    /** Until the answer is closed: interrupts this thread when it waits for the daemon and nobody takes the result any more, where that can be seen without writing. */
    Watch interruptWhenAbandoned();

    /** Whether a person is at the other end, who can answer. */
    boolean isInteractive();
}
