package bitween.cli;

import bitween.config.Home;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(
        name = "init",
        description =
                "Sets up your account. Asks for what the options and the environment leave open, and writes nothing before the server took it.",
        footer = {
            "",
            "A server that lets whoever asks have an account is asked for one: by you, where it does not know yours, or by --register. Whatever the",
            "server refuses is named, with a code in --json: XMPP_AUTH, XMPP_CERTIFICATE, XMPP_UNREACHABLE, XMPP_REGISTRATION; the exit code is 1.",
            "",
            "Each option can stand in the environment too: BITWEEN_JID, BITWEEN_PASSWORD_FILE, BITWEEN_SERVER, BITWEEN_CA, BITWEEN_CERT_SHA256,",
            "BITWEEN_DEVICE, BITWEEN_DOWNLOADS, BITWEEN_ALLOW, BITWEEN_LISTEN, BITWEEN_SHARE_WITH, and with true or false BITWEEN_REGISTER,",
            "BITWEEN_NO_CHECK, BITWEEN_NO_KEYRING and BITWEEN_FORCE. A password that is typed is kept by the keyring of your session, where",
            "secret-tool reaches one; else it is in the home, mode 0600, and so is the one of --password-file.",
            "",
            "Examples:",
            "  bitween init",
            "  bitween init --jid alice@example.org --password-file ~/secret --downloads ~/Downloads",
            "  bitween --home /tmp/a init --jid a@localhost --password-file pw --server 127.0.0.1:5222 --ca ca.pem --allow loopback"
        })
final class InitCommand extends Command {
    /** More, and one would look for a form to fill in; what comes later has a default. */
    private static final int MAX_QUESTIONS = 4;

    @Option(names = "--jid", paramLabel = "JID", description = "your XMPP address: name@example.org")
    private @Nullable String jid;

    @Option(names = "--password-file", paramLabel = "FILE", description = "holds the password on one line")
    private @Nullable String passwordFile;

    @Option(names = "--server", paramLabel = "HOST:PORT", description = "where to connect, past what DNS says")
    private @Nullable String server;

    @Option(names = "--ca", paramLabel = "FILE", description = "certificates (PEM) to trust instead of the system's")
    private @Nullable String ca;

    @Option(
            names = "--cert-sha256",
            paramLabel = "HEX",
            description = "the only server certificate to accept, by its SHA-256")
    private @Nullable String certificate;

    @Option(names = "--device", paramLabel = "NAME", description = "what friends see; the host name by default")
    private @Nullable String device;

    @Option(names = "--downloads", paramLabel = "DIR", description = "where to put what you get")
    private @Nullable String downloads;

    @Option(
            names = "--allow",
            paramLabel = "RANGE",
            split = ",",
            description = "addresses to use beyond the usual: loopback, private")
    private List<String> allow = new ArrayList<>();

    @Option(names = "--listen", paramLabel = "WHERE", description = "all, or loopback: this machine only")
    private @Nullable String listen;

    @Option(
            names = "--share-with",
            paramLabel = "WHO",
            split = ",",
            description = "whom shares are for unless --to says it: everyone, @GROUP of your roster, or JID")
    private List<String> shareWith = new ArrayList<>();

    @Option(names = "--register", description = "lets the server make the account, if it does not know it")
    private boolean register;

    @Option(names = "--no-check", description = "writes without asking the server, as where there is no network")
    private boolean noCheck;

    @Option(names = "--no-keyring", description = "keeps a password that is typed in a file, also where a keyring runs")
    private boolean noKeyring;

    @Option(names = "--force", description = "replaces the configuration that is there")
    private boolean force;

    InitCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Home home = session.home();
        Setup setup = session.environment().setup();
        setup.requirePlatform();
        if (setup.isConfigured(home) && !given(force, "BITWEEN_FORCE")) {
            throw new UserException(
                    ErrorCode.ALREADY_CONFIGURED,
                    home.configFile() + " is there already",
                    "edit it, or replace it with: bitween init --force");
        }
        Questions ask = new Questions(session, setup);
        Map<String, Object> values = options(ask);
        FirstLogin login = new FirstLogin(session, setup, ask, account());
        if (account().passwordFile() == null && !given(noKeyring, "BITWEEN_NO_KEYRING") && setup.hasKeyring()) {
            values.put("xmpp.keyring", true);
        }
        login.settle(values);
        List<String> unasked = askWhatHasADefault(values, ask, MAX_QUESTIONS - login.questions());
        setup.write(home, values, login.password());
        printDone(home, values, login.isRegistered(), unasked);
        return ExitCodes.OK;
    }

    /** @return what holds of that for which no question was left, and how to change it */
    private List<String> askWhatHasADefault(Map<String, Object> values, Questions ask, int left) {
        Setup setup = session.environment().setup();
        String device = setup.defaultDevice();
        String folder = setup.defaultDownloads(session.home()).toString();
        boolean isNamed = values.containsKey("device.name");
        List<String> unasked = new ArrayList<>();
        if (isNamed || left > 0) {
            choose(values, ask, "device.name", "This device's name", device);
        } else {
            unasked.add("this device is called " + device + ": bitween config set device.name NAME changes that");
        }
        if (values.containsKey("downloads.directory") || left > (isNamed ? 0 : 1)) {
            choose(values, ask, "downloads.directory", "Folder for what you get", folder);
        } else {
            unasked.add(
                    "what you get comes into " + folder + ": bitween config set downloads.directory DIR changes that");
        }
        return unasked;
    }

    private FirstLogin.Given account() {
        boolean wanted = given(register, "BITWEEN_REGISTER");
        boolean unchecked = given(noCheck, "BITWEEN_NO_CHECK");
        if (wanted && unchecked) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, "--register asks the server, which --no-check forbids", "leave one out");
        }
        return new FirstLogin.Given(
                given(jid, "BITWEEN_JID"), given(passwordFile, "BITWEEN_PASSWORD_FILE"), !unchecked, wanted);
    }

    /** What is given, looked at before anything is asked. */
    private Map<String, Object> options(Questions ask) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("xmpp.jid", ""); // the first to stand in the file
        put(values, "xmpp.server", ask.checked("xmpp.server", "--server", given(server, "BITWEEN_SERVER")));
        put(values, "xmpp.ca_file", ask.checkedPath("xmpp.ca_file", "--ca", given(ca, "BITWEEN_CA")));
        String pin = given(certificate, "BITWEEN_CERT_SHA256");
        put(values, "xmpp.certificate_sha256", ask.checked("xmpp.certificate_sha256", "--cert-sha256", pin));
        String where = ask.checked("network.listen", "--listen", given(listen, "BITWEEN_LISTEN"));
        put(values, "network.listen", where);
        List<String> ranges = ask.checked("network.allow", "--allow", given(allow, "BITWEEN_ALLOW"));
        if ("loopback".equals(where) && !ranges.contains("loopback")) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, "--listen loopback reaches nobody alone", "add --allow loopback");
        }
        String people = "--share-with";
        List<String> audience = ask.checked("sharing.audience", people, given(shareWith, "BITWEEN_SHARE_WITH"));
        put(values, "device.name", ask.checked("device.name", "--device", given(device, "BITWEEN_DEVICE")));
        String folder = ask.checkedPath("downloads.directory", "--downloads", given(downloads, "BITWEEN_DOWNLOADS"));
        put(values, "downloads.directory", folder);
        putUnlessEmpty(values, "network.allow", ranges);
        putUnlessEmpty(values, "sharing.audience", audience);
        return values;
    }

    private static void choose(Map<String, Object> values, Questions ask, String key, String question, String usual) {
        String given = (String) values.get(key);
        put(
                values,
                key,
                key.equals("downloads.directory")
                        ? ask.chosenPath(key, given, question, usual)
                        : ask.chosen(key, given, question, usual));
    }

    /** @throws UserException BAD_ARGUMENT when the environment says neither yes nor no */
    private boolean given(boolean option, String variable) {
        String value = session.environment().variables().getOrDefault(variable, "");
        return option
                || switch (value.strip().toLowerCase(Locale.ROOT)) {
                    case "1", "true", "yes", "on" -> true;
                    case "", "0", "false", "no", "off" -> false;
                    default ->
                        throw new UserException(
                                ErrorCode.BAD_ARGUMENT, variable + " must be true or false, not '" + value + "'", "");
                };
    }

    private @Nullable String given(@Nullable String option, String variable) {
        String value =
                option != null ? option : session.environment().variables().get(variable);
        return value == null || value.isBlank() ? null : value;
    }

    private List<String> given(List<String> options, String variable) {
        return !options.isEmpty()
                ? options
                : Stream.of(session.environment()
                                .variables()
                                .getOrDefault(variable, "")
                                .split(","))
                        .map(String::strip)
                        .filter(text -> !text.isEmpty())
                        .toList();
    }

    private static void put(Map<String, Object> values, String key, @Nullable String value) {
        if (value != null) {
            values.put(key, value);
        }
    }

    private static void putUnlessEmpty(Map<String, Object> values, String key, List<String> list) {
        if (!list.isEmpty()) {
            values.put(key, list);
        }
    }

    private void printDone(Home home, Map<String, Object> values, boolean registered, List<String> unasked) {
        boolean checked = account().check();
        if (session.isJson()) {
            Map<String, Object> done = new LinkedHashMap<>();
            done.put("config", home.configFile().toString());
            done.put("registered", registered);
            done.put("checked", checked);
            session.json(done);
            return;
        }
        if (registered) {
            out("the server made the account " + values.get("xmpp.jid"));
        }
        if (checked) {
            out("logged in as " + values.get("xmpp.jid"));
        }
        out("wrote " + home.configFile());
        unasked.forEach(line -> out(session.command(line)));
        out(session.command("start sharing with: bitween daemon"));
    }
}
