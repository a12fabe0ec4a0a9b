package bitween.cli;

import bitween.config.Home;
import bitween.config.Setting;
import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.control.client.Json;
import bitween.control.client.Versions;
import bitween.model.ErrorCode;
import bitween.model.Finding;
import bitween.model.UserException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A world in which the daemon says what the test wrote, and everything that commands do is remembered. */
public final class FakeWorld {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    final FakeTerminal terminal = new FakeTerminal();
    /** "method {param=value, …}" in order. */
    final List<String> calls = new ArrayList<>();

    final Map<String, String> variables = new HashMap<>();
    final List<String> started = new ArrayList<>();
    final FakeSetup setup = new FakeSetup();
    private final Map<String, Deque<Object>> answers = new HashMap<>();

    List<Finding> findings = List.of();
    boolean running = true;
    boolean autostart;
    boolean exits = true;
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);

    @Nullable
    UserException refusal;

    /** Answers one call with this JSON; the last one given answers all that follow. Single quotes stand for double ones. */
    public FakeWorld answer(String method, String json) {
        try {
            answers.computeIfAbsent(method, m -> new ArrayDeque<>())
                    .add(Objects.requireNonNull(Json.read(json.replace('\'', '"'))));
        } catch (Json.MalformedJson e) {
            throw new AssertionError(json, e);
        }
        return this;
    }

    FakeWorld fail(String method, ErrorCode code, String sentence, String hint) {
        answers.computeIfAbsent(method, m -> new ArrayDeque<>()).add(new UserException(code, sentence, hint));
        return this;
    }

    int run(String... args) {
        return Cli.run(args, environment(), terminal);
    }

    /** What stands on the output, as one text. */
    String out() {
        return String.join("\n", terminal.out);
    }

    String err() {
        return String.join("\n", terminal.err);
    }

    public Environment environment() {
        return new Environment(
                directory -> home(directory == null ? Path.of("/home/me/.bitween") : directory),
                home -> {
                    if (!running) {
                        throw new UserException(
                                ErrorCode.DAEMON_NOT_RUNNING,
                                "no bitween daemon runs for " + home.config(),
                                "start it with: bitween daemon");
                    }
                    return new FakeClient();
                },
                new FakeStarter(),
                setup,
                home -> autostart,
                new Versions("0.1.0", "17.0.15", "2.0.6", "2.0.6-26", "4.4.8", "3.54.1"),
                variables,
                Path.of("/srv/dir"),
                clock);
    }

    public static Home home(Path directory) {
        return new Home(directory, directory, directory, directory, directory);
    }

    private final class FakeClient implements ControlClient {
        @Override
        @SuppressWarnings("unchecked")
        public Answer call(String method, Map<String, ? extends @Nullable Object> params) {
            Map<String, Object> given = new TreeMap<>(params);
            given.values().removeIf(Objects::isNull);
            calls.add(method + " " + given);
            Deque<Object> queue = answers.getOrDefault(method, new ArrayDeque<>());
            Object answer = queue.size() > 1 ? queue.poll() : queue.peek();
            if (answer instanceof UserException e) {
                throw e;
            }
            if (answer == null) {
                throw new AssertionError("no answer for " + method + " " + given);
            }
            return new Answer((Map<String, @Nullable Object>) answer);
        }

        @Override
        public void close() {}
    }

    private final class FakeStarter implements DaemonStarter {
        @Override
        public long startInBackground(Home home, @Nullable ExitWhen exitWhen) {
            if (refusal != null) {
                throw refusal;
            }
            started.add("background " + home.config() + (exitWhen == null ? "" : " until " + exitWhen));
            running = true;
            return 4711;
        }

        @Override
        public int runInForeground(Home home, @Nullable ExitWhen exitWhen) {
            if (refusal != null) {
                throw refusal;
            }
            started.add("foreground " + home.config() + (exitWhen == null ? "" : " until " + exitWhen));
            return ExitCodes.OK;
        }

        @Override
        public List<Finding> check(Home home) {
            started.add("check " + home.config());
            return findings;
        }

        @Override
        public List<Finding> examine(Home home) {
            started.add("examine " + home.config());
            return findings;
        }

        @Override
        public boolean awaitExit(long pid, Duration limit) {
            started.add("await " + pid + " " + limit);
            return exits;
        }
    }

    static final class FakeSetup implements Setup {
        boolean configured = true;
        boolean keyring;

        @Nullable
        UserException unsupported;

        final Map<String, Object> values = new LinkedHashMap<>();

        @Nullable
        String password;

        @Override
        public boolean isConfigured(Home home) {
            return configured;
        }

        @Override
        public void requirePlatform() {
            if (unsupported != null) {
                throw unsupported;
            }
        }

        @Override
        public boolean hasKeyring() {
            return keyring;
        }

        @Override
        public String defaultDevice() {
            return "thinkpad";
        }

        @Override
        public Path defaultDownloads(Home home) {
            return home.data().resolve("downloads");
        }

        @Override
        public void check(Home home, String key, Object value, String called) {
            if (key.equals("xmpp.jid") && !value.toString().contains("@")) {
                throw new UserException(ErrorCode.BAD_ARGUMENT, called + ": no address is '" + value + "'", "");
            }
            if (value.toString().contains("bad")) {
                throw new UserException(ErrorCode.BAD_ARGUMENT, called + " must be good, not '" + value + "'", "");
            }
        }

        /** What logging in and registering do, one after the other: each that fails takes one; when it is empty, all work. */
        final Deque<UserException> failures = new ArrayDeque<>();
        /** "log in alice@example.org secret" in order. */
        final List<String> tried = new ArrayList<>();

        boolean offersAccounts;

        @Override
        public void logIn(Home home, Map<String, ?> newValues, String newPassword) {
            attempt("log in " + newValues.get("xmpp.jid") + " " + newPassword);
        }

        @Override
        public boolean offersAccounts(Home home, Map<String, ?> newValues) {
            return offersAccounts;
        }

        @Override
        public void register(Home home, Map<String, ?> newValues, String newPassword) {
            attempt("register " + newValues.get("xmpp.jid") + " " + newPassword);
        }

        private void attempt(String what) {
            tried.add(what);
            UserException failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public void write(Home home, Map<String, ?> newValues, String newPassword) {
            values.putAll(newValues);
            password = newPassword;
        }

        final List<Setting> settings = new ArrayList<>();
        final List<String> changes = new ArrayList<>();

        @Override
        public List<Setting> settings(Home home) {
            return settings;
        }

        @Override
        public void set(Home home, String key, Object value) {
            changes.add(key + " = " + value + " (" + value.getClass().getSimpleName() + ")");
        }

        @Override
        public void reset(Home home, String key) {
            changes.add("reset " + key);
        }

        @Override
        public void keepAudience(Home home, List<String> audience) {
            if (audience.contains("bad")) {
                throw new UserException(ErrorCode.BAD_CONFIG, "it cannot be written", "write it yourself");
            }
            values.put("sharing.audience", audience);
        }
    }
}
