package bitween.cli;

import bitween.config.Setting;
import bitween.model.ErrorCode;
import bitween.model.Typos;
import bitween.model.UserException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@CommandLine.Command(
        name = "config",
        description = "Shows and changes the configuration, bitween.toml.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Comments and the order of the file stay. A daemon that runs takes a key that is marked live over at once; the",
            "others hold once it is started again.",
            "",
            "Examples:",
            "  bitween config show",
            "  bitween config diff",
            "  bitween config set network.upload_bytes_per_second 500k",
            "  bitween config reset downloads.active"
        })
final class ConfigCommand implements Runnable {
    private final Session session;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ConfigCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        session.requirePerson("config needs a command: show, diff, get, set, reset or validate");
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** What of these is about the file, and what comes of it in a daemon that runs. */
    private abstract static class Change extends Command {
        Change(Session session) {
            super(session);
        }

        List<Setting> settings() {
            return session.environment().setup().settings(session.home());
        }

        Setting setting(String key) {
            List<Setting> all = settings();
            return all.stream().filter(one -> one.key().equals(key)).findFirst().orElseThrow(() -> unknown(key, all));
        }

        private static UserException unknown(String key, List<Setting> all) {
            String near = all.stream()
                    .map(Setting::key)
                    .min(Comparator.comparingInt(known -> distance(known, key)))
                    .map(known -> "did you mean " + known + "? bitween config show lists them all")
                    .orElse("");
            return new UserException(ErrorCode.BAD_ARGUMENT, "there is no key " + key, near);
        }

        /** The section may be left out. */
        private static int distance(String known, String key) {
            return Math.min(Typos.between(known, key), Typos.between(known.substring(known.indexOf('.') + 1), key));
        }

        /** The daemon that runs, if one does, looks at the file again. */
        int tell(String key) throws InterruptedException {
            Setting now = setting(key);
            boolean waits = session.reloadConfig().texts("restart").contains(key);
            if (session.isJson()) {
                Map<String, @Nullable Object> fields = view(now);
                fields.put("restart", waits);
                session.json(fields);
                return ExitCodes.OK;
            }
            out(key + " = " + shown(now));
            if (waits) {
                advise("the daemon takes it over when it is started again: bitween stop, then bitween daemon");
            }
            return ExitCodes.OK;
        }

        static String shown(Setting setting) {
            String value = setting.inForce();
            return value == null ? "(not set)" : value;
        }

        static Map<String, @Nullable Object> view(Setting setting) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("key", setting.key());
            fields.put("value", setting.inForce());
            fields.put("default", setting.usual());
            fields.put("set", setting.value() != null);
            fields.put("live", setting.live());
            return fields;
        }
    }

    @CommandLine.Command(
            name = "show",
            description = "Lists all keys with their values; a * marks those that are not as usual.",
            footer = {
                "",
                "Examples:",
                "  bitween config show",
                "  bitween config show --changed",
                "  bitween config show -v"
            })
    static final class Show extends Change {
        @Option(names = "--changed", description = "only what is not as usual")
        private boolean changed;

        @Option(names = "-v", description = "with what each key is for")
        private boolean verbose;

        Show(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            List<Setting> shown = settings().stream()
                    .filter(one -> !changed || one.isChanged())
                    .toList();
            if (session.isJson()) {
                session.json(Map.of("settings", shown.stream().map(Change::view).toList()));
                return ExitCodes.OK;
            }
            if (shown.isEmpty()) {
                out("everything is as usual");
                return ExitCodes.OK;
            }
            if (verbose) {
                shown.forEach(this::explain);
                return ExitCodes.OK;
            }
            Table table = new Table("", "KEY", "HOLDS", "VALUE");
            shown.forEach(one ->
                    table.row(one.isChanged() ? "*" : "", one.key(), one.live() ? "live" : "restart", shown(one)));
            table.print(session.terminal());
            return ExitCodes.OK;
        }

        private void explain(Setting one) {
            one.about().forEach(line -> out("# " + line));
            out(one.key() + " = " + shown(one));
            out("");
        }
    }

    @CommandLine.Command(
            name = "diff",
            description = "Shows which keys are not as usual, and what they would be.",
            footer = {
                "",
                "What it shows of a key goes away with: bitween config reset KEY",
                "",
                "Examples:",
                "  bitween config diff",
                "  bitween config diff --json"
            })
    static final class Diff extends Change {
        Diff(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            List<Setting> different = settings().stream()
                    .filter(Setting::isChanged)
                    .filter(one -> !one.key().equals("xmpp.jid")) // of which nothing is usual
                    .toList();
            if (session.isJson()) {
                session.json(
                        Map.of("settings", different.stream().map(Change::view).toList()));
            } else if (different.isEmpty()) {
                out("everything is as usual");
            } else {
                Table table = new Table("KEY", "USUAL", "HERE");
                different.forEach(
                        one -> table.row(one.key(), Objects.requireNonNullElse(one.usual(), "(not set)"), shown(one)));
                table.print(session.terminal());
            }
            return ExitCodes.OK;
        }
    }

    @CommandLine.Command(
            name = "get",
            description = "Shows the value of one key.",
            footer = {"", "Examples:", "  bitween config get network.port"})
    static final class Get extends Change {
        @Parameters(paramLabel = "KEY", description = "such as network.port")
        private String key = "";

        Get(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            Setting found = setting(key);
            if (session.isJson()) {
                session.json(view(found));
            } else {
                out(shown(found));
            }
            return ExitCodes.OK;
        }
    }

    @CommandLine.Command(
            name = "set",
            description = "Sets one key.",
            footer = {
                "",
                "A rate may be written as 500k or 4M. Of a key that takes a list, say each value for itself.",
                "",
                "Examples:",
                "  bitween config set downloads.active 3",
                "  bitween config set network.upload_bytes_per_second 500k",
                "  bitween config set sharing.audience @family bob@example.org",
                "  bitween config set on.complete 'notify-send \"$BITWEEN_NAME\"'"
            })
    static final class Set extends Change {
        @Parameters(index = "0", paramLabel = "KEY", description = "such as network.port")
        private String key = "";

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "VALUE", description = "its new value")
        private List<String> values = List.of();

        Set(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws InterruptedException {
            Setting old = setting(key);
            session.environment().setup().set(session.home(), key, value(old));
            return tell(key);
        }

        /** As the key takes it, which its example in the sample tells. */
        private Object value(Setting old) {
            if (old.example().startsWith("[")) {
                return values.equals(List.of("")) ? List.of() : values;
            }
            if (values.size() > 1) {
                throw new UserException(
                        ErrorCode.BAD_ARGUMENT, key + " takes one value", "put quotes around one with spaces in it");
            }
            String text = values.get(0);
            if (old.example().equals("true") || old.example().equals("false")) {
                return text.equals("true") || text.equals("false") ? (Object) Boolean.valueOf(text) : text;
            }
            return old.example().startsWith("\"") ? text : number(text);
        }

        private Object number(String text) {
            if (text.matches("-?[0-9]{1,18}")) {
                return Long.parseLong(text);
            }
            return key.endsWith("_bytes_per_second") ? (Object) Units.bytesPerSecond(text) : text;
        }
    }

    @CommandLine.Command(
            name = "reset",
            description = "Takes one key out, so that it is as usual.",
            footer = {"", "Examples:", "  bitween config reset downloads.active"})
    static final class Reset extends Change {
        @Parameters(paramLabel = "KEY", description = "such as network.port")
        private String key = "";

        Reset(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws InterruptedException {
            Setting unused = setting(key);
            session.environment().setup().reset(session.home(), key);
            return tell(key);
        }
    }

    @CommandLine.Command(
            name = "validate",
            description = "Looks whether the file is right, and names every mistake by line and column.",
            footer = {"", "Examples:", "  bitween config validate"})
    static final class Validate extends Change {
        Validate(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            int keys =
                    (int) settings().stream().filter(one -> one.value() != null).count();
            if (session.isJson()) {
                session.json(Map.of("valid", true, "keys", keys));
            } else {
                out(session.home().configFile() + " is right: " + Units.count(keys, "key") + " set");
            }
            return ExitCodes.OK;
        }
    }
}
