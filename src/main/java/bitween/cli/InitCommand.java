package bitween.cli;

import bitween.config.Home;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
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
    /** Far longer than any password; a wrong file is not read whole. */
    private static final int MAX_PASSWORD_BYTES = 4_096;

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
        if (setup.isConfigured(home) && !force) {
            throw new UserException(
                    ErrorCode.ALREADY_CONFIGURED,
                    home.configFile() + " is there already",
                    "edit it, or replace it with: bitween init --force");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        String account = need("jid", given(jid, "BITWEEN_JID"), "Your XMPP address (name@example.org): ");
        values.put("xmpp.jid", checked(account));
        String password = password();
        if (given(passwordFile, "BITWEEN_PASSWORD_FILE") == null && !noKeyring && setup.hasKeyring()) {
            values.put("xmpp.keyring", true);
        }
        put(values, "xmpp.server", given(server, "BITWEEN_SERVER"), text -> text);
        put(values, "xmpp.ca_file", given(ca, "BITWEEN_CA"), this::absolute);
        put(values, "xmpp.certificate_sha256", given(certificate, "BITWEEN_CERT_SHA256"), text -> text);
        put(values, "network.listen", given(listen, "BITWEEN_LISTEN"), text -> text);
        String name = given(device, "BITWEEN_DEVICE");
        put(values, "device.name", choose(name, "This device's name", setup.defaultDevice()), text -> text);
        String folder = given(downloads, "BITWEEN_DOWNLOADS");
        String usual = setup.defaultDownloads(home).toString();
        put(values, "downloads.directory", choose(folder, "Folder for what you get", usual), this::absolute);
        putAll(values, "network.allow", allow, "BITWEEN_ALLOW");
        putAll(values, "sharing.audience", shareWith, "BITWEEN_SHARE_WITH");
        setup.write(home, values, password);
        printDone(home);
        return ExitCodes.OK;
    }

    private @Nullable String given(@Nullable String option, String variable) {
        String value =
                option != null ? option : session.environment().variables().get(variable);
        return value == null || value.isBlank() ? null : value;
    }

    private String need(String option, @Nullable String given, String question) {
        String value =
                given == null && session.isInteractive() ? session.terminal().ask(question) : given;
        if (value == null || value.isBlank()) {
            throw missing(option);
        }
        return value.strip();
    }

    private static UserException missing(String option) {
        return new UserException(
                ErrorCode.BAD_ARGUMENT,
                "there is nobody to ask for the " + option,
                "give --" + option + ", or BITWEEN_"
                        + option.toUpperCase(Locale.ROOT).replace('-', '_') + " in the environment");
    }

    /** @return null when nothing is given and nobody is there to choose: then the default, whatever it will be, applies */
    private @Nullable String choose(@Nullable String given, String question, String usual) {
        if (given != null || !session.isInteractive()) {
            return given;
        }
        String typed = session.terminal().ask(question + " [" + usual + "]: ");
        return typed == null || typed.isBlank() ? null : typed.strip();
    }

    private static void put(
            Map<String, Object> values, String key, @Nullable String value, UnaryOperator<String> form) {
        if (value != null) {
            values.put(key, form.apply(value));
        }
    }

    private void putAll(Map<String, Object> values, String key, List<String> options, String variable) {
        List<String> given = !options.isEmpty()
                ? options
                : Stream.of(session.environment()
                                .variables()
                                .getOrDefault(variable, "")
                                .split(","))
                        .map(String::strip)
                        .filter(text -> !text.isEmpty())
                        .toList();
        if (!given.isEmpty()) {
            values.put(key, given);
        }
    }

    private static String checked(String account) {
        try {
            return new Jid(account).value();
        } catch (IllegalArgumentException e) {
            throw new UserException(ErrorCode.BAD_ARGUMENT, String.valueOf(e.getMessage()), "try again", e);
        }
    }

    /** Of the shell's ~ only that is left which stands inside of quotes or variables. */
    private String absolute(String path) {
        String userHome = session.environment().variables().get("HOME");
        return userHome != null && path.startsWith("~/")
                ? session.path(userHome).resolve(path.substring(2)).toString()
                : session.path(path).toString();
    }

    private String password() {
        String file = given(passwordFile, "BITWEEN_PASSWORD_FILE");
        if (file != null) {
            return passwordIn(Path.of(absolute(file)));
        }
        String typed = session.isInteractive() ? session.terminal().askHidden("Its password (not shown): ") : null;
        if (typed == null) {
            throw missing("password-file");
        }
        return typed; // with the blanks at its ends, if it has any
    }

    private static String passwordIn(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            ByteBuffer content = ByteBuffer.wrap(in.readNBytes(MAX_PASSWORD_BYTES));
            String text = StandardCharsets.UTF_8.newDecoder().decode(content).toString();
            String line = text.lines().findFirst().orElse("");
            if (line.isEmpty()) {
                throw new UserException(
                        ErrorCode.BAD_ARGUMENT,
                        "the first line of " + file + " is empty",
                        "it has to hold the password");
            }
            return line;
        } catch (CharacterCodingException e) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "the password file " + file + " is not UTF-8",
                    "write the password into it anew",
                    e);
        } catch (IOException e) {
            throw new UserException(
                    Files.exists(file) ? ErrorCode.PATH_UNREADABLE : ErrorCode.PATH_MISSING,
                    "the password file " + file + " cannot be read",
                    "look at its name and its mode",
                    e);
        }
    }

    private void printDone(Home home) {
        if (session.isJson()) {
            session.json(Map.of("config", home.configFile().toString()));
            return;
        }
        out("wrote " + home.configFile());
        out("start sharing with: bitween daemon");
    }
}
