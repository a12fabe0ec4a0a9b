package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.Json;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "shell",
        description = "Takes one command after the other, each on a line, in one process.",
        footer = {
            "",
            "At a terminal it asks for them; else it reads the standard input. A line is what follows bitween elsewhere, quoted as in a",
            "shell; # begins a comment. It ends with exit, or with the input, and with the exit code of the last command.",
            "",
            "With --json it is for programs: each line is an object with the command, and maybe an id of yours, such as",
            "{\"id\":1,\"command\":[\"get\",\"bob/My Music\"]}, and is answered by one line: {\"id\":1,\"exitCode\":0,\"result\":{...}}, where the result is",
            "what the command prints with --json. What has no end, such as events --follow, wants a process of its own.",
            "",
            "Examples:",
            "  bitween shell",
            "  bitween shell --json",
            "  echo 'pause --all' | bitween shell"
        })
final class ShellCommand extends Command {
    private static final String PROMPT = "bitween> ";
    /** Those that begin others, or end with the user alone. */
    private static final Set<String> REFUSED = Set.of("shell", "complete", "top");

    private static final Set<String> ENDLESS = Set.of("--follow", "-f", "--watch", "--foreground", "-");

    ShellCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        int exitCode = ExitCodes.OK;
        for (String line = next(); line != null && !isEnd(line); line = next()) {
            if (!line.isBlank()) {
                exitCode = session.isJson() ? answer(line) : run(line);
            }
        }
        return exitCode;
    }

    private @Nullable String next() {
        return session.terminal().line(PROMPT);
    }

    private boolean isEnd(String line) {
        return !session.isJson() && Set.of("exit", "quit").contains(line.strip());
    }

    private int run(String line) {
        try {
            List<String> words = words(line);
            if (words.isEmpty()) {
                return ExitCodes.OK;
            }
            refuse(words, Set.of());
            return run(words, session.terminal());
        } catch (UserException e) {
            return session.failed(e);
        }
    }

    private static List<String> words(String line) {
        ShellLine parsed = ShellLine.of(line.stripLeading() + " ");
        if (parsed.quote() != 0) {
            throw new UserException(ErrorCode.BAD_ARGUMENT, "a quote is not closed: " + parsed.quote(), "");
        }
        List<String> words =
                new ArrayList<>(parsed.words().subList(0, parsed.words().size() - 1));
        if (line.strip().startsWith("#")) {
            return List.of();
        }
        if (!words.isEmpty() && words.get(0).equals("bitween")) {
            words.remove(0);
        }
        return words;
    }

    private int run(List<String> words, Terminal terminal) {
        List<String> all = new ArrayList<>(session.inherited());
        all.addAll(words);
        return Cli.run(all.toArray(new String[0]), session.environment(), terminal);
    }

    private static void refuse(List<String> words, Set<String> options) {
        boolean endless = words.stream().anyMatch(options::contains);
        boolean takesInput = words.get(0).equals("send") && words.contains("-"); // which are the next commands
        if (endless || takesInput || REFUSED.contains(words.get(0))) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "'" + String.join(" ", words) + "' does not run within a shell",
                    "start it by itself: bitween " + words.get(0));
        }
    }

    /** One line in, one line out. */
    private int answer(String line) {
        Object id = null;
        int exitCode;
        Map<String, ? extends @Nullable Object> result;
        try {
            Answer request = Answer.of(Json.read(line));
            id = request.fields().get("id");
            List<String> words = request.fields().get("command") instanceof List
                    ? request.texts("command")
                    : words(request.text("command"));
            if (words.isEmpty()) {
                throw new UserException(
                        ErrorCode.BAD_ARGUMENT, "there is no command in it", "see: bitween shell --help");
            }
            refuse(words, ENDLESS);
            Frame printed = new Frame(session.terminal());
            exitCode = run(words, printed);
            result = object(printed.lines());
        } catch (Json.MalformedJson e) {
            UserException why = new UserException(
                    ErrorCode.BAD_ARGUMENT, "this is no JSON: " + e.getMessage(), "one object a line", e);
            exitCode = ExitCodes.of(why.code());
            result = Map.of("error", Session.view(why));
        } catch (UserException e) {
            exitCode = ExitCodes.of(e.code());
            result = Map.of("error", Session.view(e));
        }
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("id", id);
        answer.put("exitCode", exitCode);
        answer.put("result", result);
        session.json(answer);
        return exitCode;
    }

    /** What a command prints is one object; what is for people, such as its help, is text. */
    private static Map<String, ? extends @Nullable Object> object(List<String> lines) {
        try {
            if (lines.size() == 1 && Json.read(lines.get(0)) instanceof Map<?, ?> object) {
                return Answer.of(object).fields();
            }
        } catch (Json.MalformedJson e) {
            return Map.of("text", lines); // a line for people
        }
        return Map.of("text", lines);
    }
}
