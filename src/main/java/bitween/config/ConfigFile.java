package bitween.config;

import bitween.config.Config.AddressRange;
import bitween.files.PrivateFiles;
import bitween.model.Announcement;
import bitween.model.Audience;
import bitween.model.DiskReserve;
import bitween.model.ErrorCode;
import bitween.model.Grantee;
import bitween.model.Jid;
import bitween.model.Share;
import bitween.model.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads and makes bitween.toml. Everything wrong in a file is one {@link UserException} BAD_CONFIG whose sentence begins with {@code file:line:column:}
 * of the first.
 */
public final class ConfigFile {
    private static final int MAX_PORT = 65_535;
    /** As many daemons as one machine may have. */
    private static final int NEXT_PORTS = 10;
    /** The sample has 3 KiB; a wrong file is not read whole. */
    private static final int MAX_BYTES = 65_536;
    /** libtorrent takes rates as int. */
    private static final long MAX_BYTES_PER_SECOND = Integer.MAX_VALUE;
    /** Enough to browse and for small files, and nothing that a server has to mind. */
    private static final long IN_BAND_BYTES_PER_SECOND = 65_536;
    /** Documents and photos for a while, and what a small disk can spare. */
    private static final long REVISIONS_BYTES = 10L << 30;

    /** Each running job costs memory and sockets. */
    private static final int MAX_ACTIVE = 100;

    /** Who wants it seldomer than once a day wants it never. */
    private static final int MAX_LOOK_SECONDS = 86_400;

    private static final int MAX_STOP_SECONDS = 120;
    private static final Path KERNELS_HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final Pattern HOST_PORT =
            Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([^\\s:\\[\\]/@]+)):([0-9]{1,5})");

    private final Path directory;
    private final Path userHome;
    private final TomlReader toml;

    private ConfigFile(Path directory, Path userHome, TomlReader toml) {
        this.directory = directory;
        this.userHome = userHome;
        this.toml = toml;
    }

    /**
     * Reads the home's bitween.toml.
     *
     * @param userHome what ~ stands for
     * @throws UserException NOT_CONFIGURED when there is no file, BAD_CONFIG when something in it is wrong
     */
    public static Config load(Home home, Path userHome) {
        return parse(home.configFile(), text(home.configFile()), home, userHome);
    }

    /**
     * Makes the home's bitween.toml: the sample with {@code values} in their places.
     *
     * @param values by key ("network.port"): String, Integer, Long, Boolean, or a List of these
     * @throws UserException ALREADY_CONFIGURED when there is one, BAD_CONFIG when a value is wrong
     */
    public static Config write(Home home, Path userHome, Map<String, ?> values) {
        Path file = home.configFile();
        if (Files.exists(file)) {
            throw new UserException(
                    ErrorCode.ALREADY_CONFIGURED, file + " exists", "edit it, or move it away to begin again");
        }
        String text = ConfigTemplate.filled(values);
        Config config = parse(file, text, home, userHome);
        PrivateFiles.directory(home.config());
        PrivateFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
        return config;
    }

    /**
     * What {@link #write} would make, without writing it.
     *
     * @throws UserException BAD_CONFIG when a value is wrong
     */
    public static Config of(Home home, Path userHome, Map<String, ?> values) {
        return parse(home.configFile(), ConfigTemplate.filled(values), home, userHome);
    }

    /**
     * Sets a key of the bitween.toml that is there, which leaves every other word of it as it was.
     *
     * @param value as {@link #write} takes it
     * @throws UserException NOT_CONFIGURED; BAD_ARGUMENT when the value is wrong; BAD_CONFIG when the file is, or is written in a way that only a person can change; then it stays as it is
     */
    public static void set(Home home, Path userHome, String key, Object value) {
        Path file = home.configFile();
        String text = text(file);
        Config unused = parse(file, text, home, userHome);
        check(home, userHome, key, value, key);
        String edited = ConfigEdit.set(text, key, ConfigTemplate.literal(value));
        if (!TomlReader.isSameBut(text, edited, key, ConfigTemplate.literal(value))) {
            throw new UserException(
                    ErrorCode.BAD_CONFIG,
                    key + " cannot be written into " + file + " as it stands",
                    "write it there yourself: " + key.substring(key.indexOf('.') + 1) + " = "
                            + ConfigTemplate.literal(value) + " below [" + key.substring(0, key.indexOf('.')) + "]");
        }
        replace(home, userHome, edited);
    }

    /**
     * Takes a key out of the bitween.toml that is there, so that its default holds; every other word stays as it was.
     *
     * @throws UserException as {@link #set}
     */
    public static void reset(Home home, Path userHome, String key) {
        Path file = home.configFile();
        String text = text(file);
        Config unused = parse(file, text, home, userHome);
        String edited = ConfigEdit.unset(text, key);
        if (!TomlReader.isSameWithout(text, edited, key)) {
            throw new UserException(
                    ErrorCode.BAD_CONFIG,
                    key + " cannot be taken out of " + file + " as it stands",
                    "take it out yourself: it is " + key.substring(key.indexOf('.') + 1) + " below ["
                            + key.substring(0, key.indexOf('.')) + "]");
        }
        replace(home, userHome, edited);
    }

    /**
     * Every key there is, and how it stands in a home, in the order of the sample.
     *
     * @throws UserException NOT_CONFIGURED, BAD_CONFIG
     */
    public static List<Setting> settings(Home home, Path userHome) {
        String text = text(home.configFile());
        Config unused = parse(home.configFile(), text, home, userHome);
        Map<String, @Nullable Object> values = TomlReader.values(text);
        return ConfigTemplate.settings().stream()
                .map(setting -> {
                    Object value = values.get(setting.key());
                    return value == null ? setting : setting.with(ConfigTemplate.literal(value));
                })
                .toList();
    }

    /** Every key there is, as it stands where nothing is set. */
    public static List<Setting> reference() {
        return ConfigTemplate.settings();
    }

    private static void replace(Home home, Path userHome, String edited) {
        Path file = home.configFile();
        Config unused = parse(file, edited, home, userHome);
        try {
            PrivateFiles.write(file.toRealPath(), edited.getBytes(StandardCharsets.UTF_8)); // a link to it stays one
        } catch (IOException e) {
            throw new UserException(ErrorCode.DISK_WRITE, file + " cannot be written: " + e.getMessage(), "", e);
        }
    }

    /**
     * Looks at one value before anything is written.
     *
     * @param called how the message names it: {@code --listen}
     * @throws UserException BAD_ARGUMENT when {@link #write} would refuse the value
     */
    public static void check(Home home, Path userHome, String key, Object value, String called) {
        Map<String, Object> values = new HashMap<>(Map.of("xmpp.jid", "name@example.org"));
        values.put(key, value);
        try {
            Config unused = parse(Path.of("new"), ConfigTemplate.filled(values), home, userHome);
        } catch (UserException e) {
            String sentence = e.sentence()
                    .replaceAll(
                            "(^|; )new:[0-9]+:[0-9]+: " + Pattern.quote(key), "$1" + Matcher.quoteReplacement(called));
            throw new UserException(ErrorCode.BAD_ARGUMENT, sentence, "", e);
        }
    }

    static Config parse(Path file, String text, Home home, Path userHome) {
        return read(TomlReader.parse(file, text), home, userHome);
    }

    static Config read(TomlReader toml, Home home, Path userHome) {
        return new ConfigFile(home.config(), userHome, toml).config(home);
    }

    private Config config(Home home) {
        Config.@Nullable Xmpp xmpp = xmpp(home);
        var device = new Config.Device(toml.text("device.name", hostName(), ConfigFile::deviceName));
        int port = (int) toml.number("network.port", 0, 0, MAX_PORT);
        int otherwise = port == 0 ? 0 : Math.min(port + NEXT_PORTS, MAX_PORT);
        int lastPort = (int) toml.number("network.last_port", otherwise, port, MAX_PORT);
        if (port == 0 && lastPort > 0) {
            toml.refuse("network.last_port", "needs a network.port other than 0");
        }
        var network = new Config.Network(
                port,
                lastPort,
                toml.text("network.listen", false, ConfigFile::loopbackOnly),
                toml.texts("network.allow", Set.of(), ConfigFile::addressRange),
                toml.flag("network.port_mapping", true),
                toml.number("network.download_bytes_per_second", 0, 0, MAX_BYTES_PER_SECOND),
                toml.number("network.upload_bytes_per_second", 0, 0, MAX_BYTES_PER_SECOND),
                toml.flag("network.in_band", true),
                toml.number("network.in_band_bytes_per_second", IN_BAND_BYTES_PER_SECOND, 0, MAX_BYTES_PER_SECOND));
        var downloads = new Config.Downloads(toml.text("downloads.directory", home.downloads(), this::path), (int)
                toml.number("downloads.active", 5, 1, MAX_ACTIVE));
        var disk = new Config.Disk(
                toml.text("disk.reserve", DiskReserve.DEFAULT, DiskReserves::parse),
                toml.text("disk.revisions", REVISIONS_BYTES, DiskReserves::size));
        var sharing = new Config.Sharing(
                new Audience(toml.texts("sharing.audience", Set.of(), Grantee::parse)),
                toml.text("sharing.ignore_file", ".bitweenignore", ConfigFile::fileName),
                toml.flag("sharing.hidden", false),
                Duration.ofSeconds(toml.number("sharing.look_seconds", 60, 1, MAX_LOOK_SECONDS)));
        var following = new Config.Following(toml.flag("follow.notify", false));
        var on = new Config.On(
                toml.optional("on.complete", ConfigFile::shellCommand),
                toml.optional("on.error", ConfigFile::shellCommand),
                toml.optional("on.shared", ConfigFile::shellCommand),
                toml.optional("on.found", ConfigFile::shellCommand),
                toml.optional("on.revision", ConfigFile::shellCommand),
                toml.optional("on.request", ConfigFile::shellCommand),
                toml.optional("on.offer", ConfigFile::shellCommand));
        var control = new Config.Control(
                toml.flag("control.autostart", false),
                Duration.ofSeconds(toml.number("control.stop_seconds", 10, 1, MAX_STOP_SECONDS)));
        toml.finish();
        if (xmpp == null) {
            throw new IllegalStateException("finish() reports that xmpp.jid is missing");
        }
        return new Config(xmpp, device, network, downloads, disk, sharing, following, on, control);
    }

    private Config.@Nullable Xmpp xmpp(Home home) {
        Jid jid = toml.required("xmpp.jid", Jid::new, "write jid = \"name@example.org\" below [xmpp]");
        Path password = toml.text("xmpp.password_file", home.passwordFile(), this::path);
        boolean keyring = toml.flag("xmpp.keyring", false);
        Config.HostPort server = toml.optional("xmpp.server", ConfigFile::hostPort);
        Path caFile = toml.optional("xmpp.ca_file", this::path);
        String certificate = toml.optional("xmpp.certificate_sha256", ConfigFile::sha256);
        return jid == null ? null : new Config.Xmpp(jid, keyring ? null : password, server, caFile, certificate);
    }

    private Path path(String text) {
        try {
            Path path = text.equals("~") || text.startsWith("~/")
                    ? userHome.resolve(text.substring(Math.min(2, text.length())))
                    : directory.resolve(text);
            if (!text.isBlank()) {
                return path.normalize();
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("must be a path (" + e.getReason() + ")", e);
        }
        throw new IllegalArgumentException("must be a path");
    }

    private static Config.HostPort hostPort(String text) {
        Matcher matcher = HOST_PORT.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(3)) : 0;
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("must look like xmpp.example.org:5222 or [2001:db8::1]:5222");
        }
        return new Config.HostPort(matcher.group(1) == null ? matcher.group(2) : matcher.group(1), port);
    }

    /** Also as openssl x509 -fingerprint prints it, with colons and in upper case. */
    private static String sha256(String text) {
        String hex = text.replace(":", "").toLowerCase(Locale.ROOT);
        if (!hex.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("must be a SHA-256: 64 hex digits");
        }
        return hex;
    }

    private static String deviceName(String text) {
        if (text.isBlank()
                || text.length() > Announcement.MAX_DEVICE_NAME
                || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "must be 1 to " + Announcement.MAX_DEVICE_NAME + " characters on one line");
        }
        return text;
    }

    private static boolean loopbackOnly(String text) {
        return switch (text) {
            case "all" -> false;
            case "loopback" -> true;
            default -> throw new IllegalArgumentException("must be \"all\" or \"loopback\"");
        };
    }

    private static AddressRange addressRange(String text) {
        for (AddressRange range : AddressRange.values()) {
            if (range.name().toLowerCase(Locale.ROOT).equals(text)) {
                return range;
            }
        }
        throw new IllegalArgumentException("must list \"loopback\" or \"private\"");
    }

    private static String fileName(String text) {
        boolean bad = text.isBlank() || text.equals(".") || text.equals("..") || text.indexOf('/') >= 0;
        if (bad
                || text.getBytes(StandardCharsets.UTF_8).length > Share.MAX_NAME_BYTES
                || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("must be a file name without a path");
        }
        return text;
    }

    private static String shellCommand(String text) {
        if (text.isBlank() || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("must be a command for /bin/sh");
        }
        return text;
    }

    /** The machine's own name, without its domain; "bitween" where it has none. From the kernel: a resolver may take seconds to say the same. */
    public static String hostName() {
        String name;
        try {
            name = Files.readString(KERNELS_HOST_NAME).strip();
        } catch (IOException e) {
            name = System.getenv().getOrDefault("HOSTNAME", ""); // another system than Linux
        }
        String first = name.replaceFirst("\\..*", "").replaceAll("\\p{Cntrl}", "");
        return first.isBlank() ? "bitween" : first.substring(0, Math.min(first.length(), Announcement.MAX_DEVICE_NAME));
    }

    private static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new UserException(
                        ErrorCode.BAD_CONFIG,
                        file + ":1:1: the file has more than " + MAX_BYTES + " bytes",
                        "is it bitween's?");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException e) {
            throw new UserException(ErrorCode.NOT_CONFIGURED, "there is no " + file, "run bitween init", e);
        } catch (CharacterCodingException e) {
            throw new UserException(ErrorCode.BAD_CONFIG, file + ":1:1: the file is not UTF-8", "save it as UTF-8", e);
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.DISK_READ, file + " cannot be read: " + e.getMessage(), "look at its mode", e);
        }
    }
}
