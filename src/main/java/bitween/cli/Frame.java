package bitween.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command prints, kept: as one picture of a live view, or for the answer to a program. Nobody is asked anything. */
final class Frame implements Terminal {
    private final Terminal screen;
    private final List<String> lines = new ArrayList<>();

    Frame(Terminal screen) {
        this.screen = screen;
    }

    List<String> lines() {
        return lines;
    }

    @Override
    public void out(String line) {
        lines.add(line);
    }

    /** A picture is for people. */
    @Override
    public boolean content(Path file, long from, long until) {
        throw new UnsupportedOperationException("no command with a live view writes files: " + file);
    }

    @Override
    public void err(String line) {
        lines.add(line);
    }

    @Override
    public void progress(String line) {}

    @Override
    public void screen(List<String> picture) {
        lines.addAll(picture);
    }

    @Override
    public @Nullable String ask(String question) {
        return null;
    }

    @Override
    public @Nullable String line(String prompt) {
        return null;
    }

    @Override
    public @Nullable String askHidden(String question) {
        return null;
    }

    @Override
    public Watch whenInterrupted(String line) {
        return screen.whenInterrupted(line);
    }

    @Override
    public int width() {
        return screen.width();
    }

    @Override
    public boolean isAbandoned() {
        return screen.isAbandoned();
    }

    @Override
    public Watch interruptWhenAbandoned() {
        return screen.interruptWhenAbandoned();
    }

    @Override
    public boolean isInteractive() {
        return false;
    }
}
