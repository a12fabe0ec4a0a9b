package bitween.cli;

import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What terminals have in common that print to two streams. What they print is UTF-8, whatever the locale. */
public abstract class StreamTerminal implements Terminal {
    private static final int USUAL_WIDTH = 80;
    private static final int BLOCK = 1 << 18;

    private final Watched result;
    private final PrintStream out;
    private final PrintStream err;
    private final int width;
    private int shown;
    private boolean wasScreen;

    /**
     * @param atOnce whether each line is written at once; else when {@link #flush} says so
     * @param variables of the environment: COLUMNS is the width, where the shell exports it
     */
    protected StreamTerminal(OutputStream out, OutputStream err, boolean atOnce, Map<String, String> variables) {
        result = new Watched(out);
        this.out = new PrintStream(result, atOnce, StandardCharsets.UTF_8);
        this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
        String columns = variables.getOrDefault("COLUMNS", "");
        width = columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : USUAL_WIDTH;
    }

    /**
     * Says so when a part of the result is lost. It is not when nobody wants to read the rest, as with {@code bitween ls | head}.
     *
     * @param exitCode what the command says
     * @return what it comes to
     */
    public final int ended(int exitCode) {
        IOException failure = result.failure;
        if (failure == null || "Broken pipe".equals(failure.getMessage())) {
            return exitCode;
        }
        err("bitween: the output is not complete: " + failure.getMessage());
        return exitCode == ExitCodes.OK || exitCode == ExitCodes.NOT_READ ? ExitCodes.FAILED : exitCode;
    }

    @Override
    public boolean isAbandoned() {
        return result.failure != null;
    }

    /** Of its streams this process only sees by writing that nobody reads them. */
    @Override
    public Watch interruptWhenAbandoned() {
        return () -> {};
    }

    /** Writes what is still kept of the result. */
    public final void flush() {
        out.flush();
    }

    @Override
    public final void out(String line) {
        out.println(Term.safe(line));
    }

    @Override
    public final boolean content(Path file, long from, long until) throws IOException {
        byte[] block = new byte[BLOCK];
        try (FileChannel content = FileChannel.open(file, StandardOpenOption.READ)) {
            long at = from;
            while (at < until && !out.checkError()) {
                int count = content.read(ByteBuffer.wrap(block, 0, (int) Math.min(block.length, until - at)), at);
                if (count < 0) {
                    throw new EOFException(file + " ends after " + at + " bytes");
                }
                out.write(block, 0, count);
                at += count;
            }
        }
        return !out.checkError(); // which also flushes
    }

    @Override
    public final void err(String line) {
        out.flush(); // what was said first stands first, where both go to one place
        err.println(Term.safe(line));
    }

    @Override
    public final void progress(String line) {
        String fitted = Term.fitted(Term.safe(line), width - 1);
        int columns = Term.width(fitted);
        // spaces rather than an escape sequence: they clear the rest of the old line on every terminal
        err.print("\r" + fitted + " ".repeat(Math.max(0, shown - columns)) + (line.isEmpty() ? "\r" : ""));
        err.flush();
        shown = columns;
    }

    /** To the upper left corner, then line by line over the old picture, and nothing below: so it does not flicker. */
    @Override
    public final void screen(List<String> lines) {
        StringBuilder picture = new StringBuilder(wasScreen ? "\033[H" : "\033[2J\033[H");
        lines.forEach(
                line -> picture.append(Term.fitted(Term.safe(line), width)).append("\033[K\n"));
        out.print(picture.append("\033[J"));
        out.flush();
        wasScreen = true;
    }

    /** What stands on the error output once Ctrl-C has ended a command that waits for something. */
    protected final void sayInterrupted(String line) {
        err.println(); // after ^C and what of the progress stands there
        err(line);
    }

    @Override
    public final int width() {
        return width;
    }

    /** Remembers what a PrintStream hushes up. */
    private static final class Watched extends FilterOutputStream {
        private volatile @Nullable IOException failure;

        private Watched(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                out.flush();
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }
}
