package bitween.cli;

import bitween.config.Home;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(
        name = "init",
        description = "Sets up your account. Asks for what the options and the environment leave open.",
        footer = {
            "",
            "Each option can be given as BITWEEN_JID, BITWEEN_PASSWORD_FILE, BITWEEN_SERVER, BITWEEN_CA, BITWEEN_CERT_SHA256,",
            "BITWEEN_DEVICE, BITWEEN_DOWNLOADS, BITWEEN_ALLOW, BITWEEN_LISTEN or BITWEEN_SHARE_WITH in the environment. A password that is typed is kept",
            "by the keyring of your session, where secret-tool reaches one; else it is in the home, mode 0600, and so is the one of --password-file.",
            "",
            "Examples:",
            "  bitween init",
            "  bitween init --jid alice@example.org --password-file ~/secret --downloads ~/Downloads",
            "  bitween --home /tmp/a init --jid a@localhost --password-file pw --server 127.0.0.1:5222 --ca ca.pem --allow loopback"
        })
final class InitCommand extends Command {
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

    @Option(names = "--no-keyring", description = "keeps a password that is typed in a file, also where a keyring runs")
    private boolean noKeyring;

    @Option(names = "--force", description = "replaces the configuration that is there")
    private boolean force;

    InitCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        Home home = session.home();
        Setup setup = session.environment().setup();
        setup.requirePlatform();
        if (setup.isConfigured(home) && !force) {
            throw new UserException(
                    ErrorCode.ALREADY_CONFIGURED,
                    home.configFile() + " is there already",
                    "edit it, or replace it with: bitween init --force");
        }
        Questions ask = new Questions(session, setup);
        Map<String, Object> values = new LinkedHashMap<>();
        String address = "Your XMPP address (name@example.org): ";
        values.put("xmpp.jid", ask.needed("xmpp.jid", "--jid", given(jid, "BITWEEN_JID"), address));
        String password = ask.password(given(passwordFile, "BITWEEN_PASSWORD_FILE"));
        if (given(passwordFile, "BITWEEN_PASSWORD_FILE") == null && !noKeyring && setup.hasKeyring()) {
            values.put("xmpp.keyring", true);
        }
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
        String name = ask.checked("device.name", "--device", given(device, "BITWEEN_DEVICE"));
        put(values, "device.name", ask.chosen("device.name", name, "This device's name", setup.defaultDevice()));
        String folder = ask.checkedPath("downloads.directory", "--downloads", given(downloads, "BITWEEN_DOWNLOADS"));
        String usual = setup.defaultDownloads(home).toString();
        put(
                values,
                "downloads.directory",
                ask.chosenPath("downloads.directory", folder, "Folder for what you get", usual));
        putUnlessEmpty(values, "network.allow", ranges);
        putUnlessEmpty(values, "sharing.audience", audience);
        setup.write(home, values, password);
        printDone(home);
        return ExitCodes.OK;
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

    private void printDone(Home home) {
        if (session.isJson()) {
            session.json(Map.of("config", home.configFile().toString()));
            return;
        }
        out("wrote " + home.configFile());
        out(session.command("start sharing with: bitween daemon"));
    }
}
