package bitween.cli;

import bitween.config.Home;
import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.control.client.Json;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the commands of one run share: the options that all of them take, and the world around. Not thread-safe. */
final class Session {
    private final Environment environment;
    private final Terminal terminal;
    private @Nullable Path homeOption;
    private boolean json;

    Session(Environment environment, Terminal terminal) {
        this.environment = environment;
        this.terminal = terminal;
    }

    void useHome(String directory) {
        homeOption = path(directory);
    }

    void useJson(boolean wanted) {
        json = wanted;
    }

    /** The same run, that prints elsewhere. */
    Session on(Terminal other) {
        Session same = new Session(environment, other);
        same.homeOption = homeOption;
        same.json = json;
        return same;
    }

    boolean isJson() {
        return json;
    }

    Terminal terminal() {
        return terminal;
    }

    Environment environment() {
        return environment;
    }

    Clock clock() {
        return environment.clock();
    }

    Home home() {
        return environment.homes().find(homeOption);
    }

    /**
     * @return absolute, without "." and ".."
     * @throws UserException BAD_ARGUMENT, also where nothing is named, as by a variable that is not set
     */
    Path path(String text) {
        if (text.isEmpty()) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, "'' is no path", "the folder that you are in is called . (a dot)");
        }
        try {
            return environment.workingDirectory().resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new UserException(ErrorCode.BAD_ARGUMENT, "this is no path: " + e.getMessage(), "", e);
        }
    }

    /** The daemon, started if the configuration wants that. */
    ControlClient daemon() throws InterruptedException {
        Home home = home();
        try {
            return environment.clients().apply(home);
        } catch (UserException e) {
            if (e.code() != ErrorCode.DAEMON_NOT_RUNNING
                    || !environment.setup().isConfigured(home)
                    || !environment.autostart().test(home)) {
                throw helped(e, home);
            }
            long unused = environment.daemons().startInBackground(home, null);
            return environment.clients().apply(home);
        }
    }

    /** The daemon if it runs: for commands that must not start one. */
    ControlClient runningDaemon() {
        Home home = home();
        try {
            return environment.clients().apply(home);
        } catch (UserException e) {
            throw helped(e, home);
        }
    }

    /** Lets the daemon look at its configuration again. @return what came of it; nothing when none runs */
    Answer reloadConfig() throws InterruptedException {
        try (ControlClient daemon = runningDaemon()) {
            return daemon.call("config.reload");
        } catch (UserException e) {
            if (e.code() == ErrorCode.DAEMON_NOT_RUNNING) {
                return Answer.EMPTY;
            }
            throw e;
        }
    }

    private UserException helped(UserException e, Home home) {
        return e.code() == ErrorCode.DAEMON_NOT_RUNNING && !environment.setup().isConfigured(home)
                ? new UserException(e.code(), e.sentence(), "set it up first with: bitween init", e)
                : e;
    }

    /** Commands in {@code text} as they work for the home that was named, wherever they are typed: "bitween --home /tmp/a daemon". */
    String command(String text) {
        String variable = environment.variables().getOrDefault("BITWEEN_HOME", "");
        if (homeOption == null && variable.isEmpty()) {
            return text;
        }
        String home = (homeOption == null ? path(variable) : homeOption).toString();
        String quoted = home.matches("[\\w@%+=:,./-]+") ? home : "'" + home.replace("'", "'\\''") + "'";
        return Pattern.compile("\\bbitween (?=(?:" + String.join("|", Cli.NAMES) + ")\\b)")
                .matcher(text)
                .replaceAll(Matcher.quoteReplacement("bitween --home " + quoted + " "));
    }

    /** The options that all commands of this run have in common. */
    List<String> inherited() {
        List<String> options = new ArrayList<>();
        if (homeOption != null) {
            options.addAll(List.of("--home", homeOption.toString()));
        }
        if (json) {
            options.add("--json");
        }
        return options;
    }

    /** What goes on for its reader alone. */
    interface Followed {
        int follow() throws InterruptedException;
    }

    /** @return what {@code followed} returns; NOT_READ when nobody read it any more while it waited */
    int whileRead(Followed followed) throws InterruptedException {
        Terminal.Watch reader = terminal.interruptWhenAbandoned();
        try {
            return followed.follow();
        } catch (InterruptedException e) {
            if (!terminal.isAbandoned()) {
                throw e;
            }
            return ExitCodes.NOT_READ;
        } finally {
            reader.close();
        }
    }

    /** Prints the result of a command: {@code answer} as JSON, or what {@code forPeople} prints. */
    void result(Answer answer, Runnable forPeople) {
        if (json) {
            json(answer.fields());
        } else {
            forPeople.run();
        }
    }

    void json(Map<String, ? extends @Nullable Object> fields) {
        terminal.out(Term.safeJson(Json.write(fields)));
    }

    void out(String line) {
        terminal.out(line);
    }

    /** Where a person is asked and can answer. */
    boolean isInteractive() {
        return terminal.isInteractive() && !json;
    }

    /** Whether a person says yes to this: Enter alone, and the end of the input, are no. */
    boolean isConfirmed(String question) {
        String typed = terminal.ask(question + " [y/N] ");
        return typed != null && typed.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }

    /** Whoever asks without a command is shown the help; a program is told what is wrong. */
    void requirePerson(String otherwise) {
        if (json) {
            throw new UserException(ErrorCode.BAD_ARGUMENT, otherwise, "see: bitween --help");
        }
    }

    /** What is wrong, as programs are told. */
    static Map<String, Object> view(UserException e) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", e.code().name());
        error.put("message", e.sentence());
        error.put("hint", e.hint());
        return error;
    }

    /** Two lines for people on the error output, or one object on the output. */
    int failed(UserException e) {
        if (json) {
            json(Map.of("error", view(e)));
        } else {
            terminal.err("bitween: " + e.sentence());
            if (!e.hint().isEmpty()) {
                terminal.err("  " + command(e.hint()));
            }
        }
        return ExitCodes.of(e.code());
    }
}
