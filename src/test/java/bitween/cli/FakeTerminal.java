package bitween.cli;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A terminal that remembers, and answers what the test typed before. */
final class FakeTerminal implements Terminal {
    final List<String> out = new ArrayList<>();
    final List<String> err = new ArrayList<>();
    boolean reads = true;
    final ByteArrayOutputStream content = new ByteArrayOutputStream();
    final List<String> progress = new ArrayList<>();
    final List<List<String>> screens = new ArrayList<>();
    final List<String> questions = new ArrayList<>();
    final Deque<String> typed = new ArrayDeque<>();
    /** What Ctrl-C would have said, and "closed" from when on it would not. */
    final List<String> interrupted = new ArrayList<>();

    boolean interactive;

    @Nullable
    InputStream input;

    /** Of the result. */
    int abandonedAfter = Integer.MAX_VALUE;

    @Override
    public void out(String line) {
        out.add(Term.safe(line));
    }

    @Override
    public boolean content(Path file, long from, long until) throws IOException {
        byte[] all = Files.readAllBytes(file);
        if (all.length < until) {
            throw new EOFException(file + " ends after " + all.length + " bytes");
        }
        content.writeBytes(Arrays.copyOfRange(all, (int) from, (int) until));
        return reads;
    }

    @Override
    public void err(String line) {
        err.add(Term.safe(line));
    }

    @Override
    public void progress(String line) {
        progress.add(Term.safe(line));
    }

    @Override
    public void screen(List<String> lines) {
        screens.add(lines.stream().map(Term::safe).toList());
    }

    @Override
    public @Nullable String ask(String question) {
        questions.add(question);
        return typed.poll();
    }

    @Override
    public @Nullable InputStream input() {
        return input;
    }

    @Override
    public @Nullable String line(String prompt) {
        return ask(prompt);
    }

    @Override
    public @Nullable String askHidden(String question) {
        return ask(question);
    }

    @Override
    public Watch whenInterrupted(String line) {
        interrupted.add(line);
        return () -> interrupted.add("closed");
    }

    @Override
    public int width() {
        return 80;
    }

    @Override
    public boolean isAbandoned() {
        return out.size() >= abandonedAfter;
    }

    @Override
    public Watch interruptWhenAbandoned() {
        return () -> {};
    }

    @Override
    public boolean isInteractive() {
        return interactive;
    }
}
