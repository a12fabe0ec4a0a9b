package bitween.cli;

import bitween.config.Setting;
import bitween.control.client.ControlClient;
import bitween.model.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/**
 * What the scripts of {@code bitween completion} ask at each Tab: {@code complete bash -- LINE WORD}, the line up to the cursor and what of it is going to
 * be replaced; {@code complete zsh -- WORD...}, unquoted. The first line that it prints is {@code files}, {@code folders} or {@code names}; the
 * last is followed by the names. It starts no daemon, waits for none, and says nothing of what is wrong.
 */
@CommandLine.Command(
        name = "complete",
        hidden = true,
        description = "Tells a shell how a command line may go on.",
        footer = {"", "Examples:", "  bitween complete bash -- 'bitween get bob/Mu' bob/Mu"})
final class CompleteCommand extends Command {
    /** Whoever has pressed Tab looks at a line that does not move. */
    private static final int DEADLINE_MS = 2_000;

    @Parameters(index = "0", paramLabel = "SHELL", description = "bash or zsh")
    private String shell = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "WORD", description = "what is typed")
    private List<String> typed = List.of();

    CompleteCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (typed.isEmpty()) {
            return ExitCodes.USAGE;
        }
        boolean bash = shell.equals("bash");
        ShellLine line = bash ? ShellLine.of(typed.get(0)) : new ShellLine(typed, (char) 0);
        String replaced = bash && typed.size() > 1 ? typed.get(1) : "";
        List<String> words = bash ? afterProgram(line.words()) : line.words();
        TypedCommand command =
                new TypedCommand(Cli.commandLine(session, Cli.needed(words.toArray(new String[0]))), words);
        if (command.home() != null) {
            session.useHome(expanded(command.home()));
        }
        TypedCommand.Next next = command.next(line.last());
        String begun = line.last().substring(next.head().length());
        switch (next.expected().kind()) {
            case FILE -> out("files");
            case FOLDER -> out("folders");
            default -> {
                out("names");
                for (String name : names(next.expected(), begun)) {
                    String whole = next.head() + name;
                    String written = bash ? written(line, replaced, whole) : whole;
                    if (written != null) {
                        out(written);
                    }
                }
            }
        }
        return ExitCodes.OK;
    }

    private static List<String> afterProgram(List<String> words) {
        int program = 0;
        while (program < words.size() - 1 && words.get(program).matches("[A-Za-z_]\\w*=.*")) {
            program++; // variables for this command alone stand before it
        }
        return words.size() - program < 2 ? List.of("") : words.subList(program + 1, words.size());
    }

    private String expanded(String home) {
        String own = session.environment().variables().getOrDefault("HOME", "~");
        return home.equals("~") || home.startsWith("~/") ? own + home.substring(1) : home;
    }

    /**
     * What bash puts in place of {@code replaced}, which is the end of the word as it is typed: it stays, and the rest follows, quoted as the word is. A name
     * that is otherwise spelt can only replace a word as a whole.
     *
     * @return null when it cannot be written so
     */
    private static @Nullable String written(ShellLine line, String replaced, String name) {
        if (name.startsWith(line.last())) {
            return replaced + line.quoted(name.substring(line.last().length()));
        }
        return line.last().equals(replaced) ? new ShellLine(List.of(""), line.quote()).quoted(name) : null;
    }

    private List<String> names(Expected expected, String begun) throws InterruptedException {
        Stream<String> all = switch (expected.kind()) {
            case CHOICE -> expected.choices().stream().filter(choice -> choice.startsWith(begun));
            case KEY -> keys().filter(key -> key.startsWith(begun));
            default -> expected.isKnownToDaemon() ? fromDaemon(expected.kind(), begun).stream() : Stream.of();
        };
        return all.filter(name -> Term.safe(name).equals(name)).toList(); // what cannot be shown cannot be typed
    }

    private Stream<String> keys() {
        try {
            return session.environment().setup().settings(session.home()).stream()
                    .map(Setting::key);
        } catch (UserException e) {
            return Stream.of(); // no configuration, no keys
        }
    }

    private List<String> fromDaemon(Expected.Kind kind, String begun) throws InterruptedException {
        CompletableFuture<List<String>> answer = new CompletableFuture<>();
        Thread asking = new Thread(
                () -> {
                    try (ControlClient daemon = session.runningDaemon()) {
                        answer.complete(daemon.call("complete", Map.of("kind", kind.name(), "text", begun))
                                .texts("candidates"));
                    } catch (UserException | InterruptedException e) {
                        answer.completeExceptionally(e);
                    }
                },
                "complete");
        asking.setDaemon(true); // one that hangs ends with this process
        asking.start();
        try {
            return new ArrayList<>(answer.get(DEADLINE_MS, TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return List.of(); // nobody runs, or answers in time: nothing to offer
        }
    }
}
