package bitween.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The terminal of this process: the one place that touches its standard streams. What it prints is UTF-8, whatever the locale. */
@SuppressWarnings(
        "SystemConsoleNull") // JDK 22 and later need -Djdk.console=java.base to tell whether there is a terminal
public final class SystemTerminal implements Terminal {
    private static final int USUAL_WIDTH = 80;
    private static final int BLOCK = 1 << 18;

    private final Watched result = new Watched(new FileOutputStream(FileDescriptor.out));
    private final PrintStream out = new PrintStream(result, true, StandardCharsets.UTF_8);
    private final PrintStream err =
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    private final BufferedReader input =
            new BufferedReader(new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8));
    private final @Nullable Console console = System.console();
    private final int width;
    private int shown;
    private boolean wasScreen;

    /** @param variables of the environment: COLUMNS is the width, where the shell exports it */
    public SystemTerminal(Map<String, String> variables) {
        String columns = variables.getOrDefault("COLUMNS", "");
        width = columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : USUAL_WIDTH;
    }

    /** @return why a part of the result is lost; null when all of it was written, or nobody wants to read the rest */
    public @Nullable String lost() {
        String reason = result.failure == null ? null : String.valueOf(result.failure.getMessage());
        return "Broken pipe".equals(reason) ? null : reason; // as with: bitween ls | head
    }

    @Override
    public void out(String line) {
        out.println(Term.safe(line));
    }

    /** Until nobody reads it any more. */
    @Override
    public void content(Path file) throws IOException {
        byte[] block = new byte[BLOCK];
        try (InputStream content = Files.newInputStream(file)) {
            for (int count = content.read(block); count >= 0 && !out.checkError(); count = content.read(block)) {
                out.write(block, 0, count);
            }
        }
        out.flush();
    }

    @Override
    public void err(String line) {
        err.println(Term.safe(line));
    }

    @Override
    public void progress(String line) {
        String fitted = Term.fitted(Term.safe(line), width - 1);
        int columns = Term.width(fitted);
        // spaces rather than an escape sequence: they clear the rest of the old line on every terminal
        err.print("\r" + fitted + " ".repeat(Math.max(0, shown - columns)) + (line.isEmpty() ? "\r" : ""));
        err.flush();
        shown = columns;
    }

    /** To the upper left corner, then line by line over the old picture, and nothing below: so it does not flicker. */
    @Override
    public void screen(List<String> lines) {
        StringBuilder picture = new StringBuilder(wasScreen ? "\033[H" : "\033[2J\033[H");
        lines.forEach(
                line -> picture.append(Term.fitted(Term.safe(line), width)).append("\033[K\n"));
        out.print(picture.append("\033[J"));
        out.flush();
        wasScreen = true;
    }

    @Override
    public @Nullable String ask(String question) {
        return console == null ? null : console.readLine("%s", Term.safe(question));
    }

    @Override
    public @Nullable String line(String prompt) {
        if (console != null) {
            return console.readLine("%s", Term.safe(prompt));
        }
        try {
            return input.readLine();
        } catch (IOException e) {
            err("bitween: the input cannot be read: " + e.getMessage());
            return null;
        }
    }

    @Override
    public @Nullable String askHidden(String question) {
        char[] typed = console == null ? null : console.readPassword("%s", Term.safe(question));
        return typed == null ? null : new String(typed);
    }

    @Override
    public Watch whenInterrupted(String line) {
        Thread hook = new Thread(
                () -> {
                    err.println(); // after ^C and what of the progress stands there
                    err(line);
                },
                "interrupted");
        Runtime runtime = Runtime.getRuntime();
        runtime.addShutdownHook(hook);
        return () -> {
            try {
                runtime.removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                err(""); // it ends already, and says so
            }
        };
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public boolean isInteractive() {
        return console != null;
    }

    /** Remembers what a PrintStream hushes up. */
    private static final class Watched extends FilterOutputStream {
        private @Nullable IOException failure;

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
    }
}
