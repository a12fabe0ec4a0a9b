package bitween.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The terminal of this process: the one place that touches its standard streams. */
@SuppressWarnings(
        "SystemConsoleNull") // JDK 22 and later need -Djdk.console=java.base to tell whether there is a terminal
public final class SystemTerminal extends StreamTerminal {
    private final BufferedReader input =
            new BufferedReader(new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8));
    private final @Nullable Console console = System.console();

    /** @param variables of the environment */
    public SystemTerminal(Map<String, String> variables) {
        super(new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err), true, variables);
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
    public InputStream input() {
        return new FileInputStream(FileDescriptor.in);
    }

    @Override
    public @Nullable String askHidden(String question) {
        char[] typed = console == null ? null : console.readPassword("%s", Term.safe(question));
        return typed == null ? null : new String(typed);
    }

    @Override
    public Watch whenInterrupted(String line) {
        Thread hook = new Thread(() -> sayInterrupted(line), "interrupted");
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
    public boolean isInteractive() {
        return console != null;
    }
}
