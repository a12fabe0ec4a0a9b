package bitween.app;

import bitween.cli.Setup;
import bitween.config.Config;
import bitween.config.ConfigFile;
import bitween.config.Home;
import bitween.config.Keyring;
import bitween.config.PasswordFile;
import bitween.config.Setting;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.UserException;
import bitween.torrent.format.SystemFiles;
import bitween.torrent.libtorrent.Platform;
import bitween.xmpp.LoginTrial;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes bitween.toml and the password of a home on this machine. */
final class LocalSetup implements Setup {
    private final Path userHome;
    private final Keyring keyring;

    LocalSetup(Path userHome, Keyring keyring) {
        this.userHome = userHome;
        this.keyring = keyring;
    }

    @Override
    public void requirePlatform() {
        Platform.require();
    }

    @Override
    public boolean hasKeyring() {
        return keyring.isThere();
    }

    @Override
    public boolean isConfigured(Home home) {
        return Files.exists(home.configFile());
    }

    @Override
    public String defaultDevice() {
        return ConfigFile.hostName();
    }

    @Override
    public Path defaultDownloads(Home home) {
        return home.downloads();
    }

    @Override
    public void check(Home home, String key, Object value, String called) {
        ConfigFile.check(home, userHome, key, value, called);
        switch (key) {
            case "xmpp.ca_file" -> checkCertificates(Path.of(value.toString()), called);
            case "downloads.directory" -> checkFolder(downloads(home, value), called);
            default -> {}
        }
    }

    /** With ~ and what is relative as the daemon reads it. */
    private Path downloads(Home home, Object value) {
        return ConfigFile.of(home, userHome, Map.of("xmpp.jid", "name@example.org", "downloads.directory", value))
                .downloads()
                .directory();
    }

    private static void checkCertificates(Path file, String called) {
        if (!Files.exists(file)) {
            throw new UserException(
                    ErrorCode.PATH_MISSING, called + ": there is no " + file, "it is a file of certificates (PEM)");
        }
        try (InputStream in = Files.newInputStream(file)) {
            if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
                throw new CertificateException("it is empty");
            }
        } catch (CertificateException e) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    called + ": there is no certificate (PEM) in " + file,
                    "a certificate begins with -----BEGIN CERTIFICATE-----",
                    e);
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.PATH_UNREADABLE, called + ": " + file + " cannot be read", "look at its mode", e);
        }
    }

    /** By making it, as no look at modes tells for sure; what was not there before is not there afterwards. */
    private static void checkFolder(Path folder, String called) {
        List<Path> missing = Stream.<@Nullable Path>iterate(folder, Objects::nonNull, Path::getParent)
                .flatMap(Stream::ofNullable)
                .takeWhile(path -> !Files.exists(path))
                .toList();
        if (SystemFiles.canHoldNothing(folder)) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    called + ": there can be no downloads in " + folder,
                    "the system keeps no files there; name another folder");
        }
        try {
            Files.createDirectories(folder);
            for (Path made : missing) {
                Files.delete(made);
            }
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, called + ": there can be no folder " + folder, "name another folder", e);
        }
        if (missing.isEmpty() && !Files.isWritable(folder)) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, called + ": you may not write into " + folder, "name another folder");
        }
    }

    @Override
    public void logIn(Home home, Map<String, ?> values, String password) throws InterruptedException {
        trial(home, values, password).logIn();
    }

    @Override
    public boolean offersAccounts(Home home, Map<String, ?> values) throws InterruptedException {
        return trial(home, values, "").offersAccounts();
    }

    @Override
    public void register(Home home, Map<String, ?> values, String password) throws InterruptedException {
        trial(home, values, password).register();
    }

    private LoginTrial trial(Home home, Map<String, ?> values, String password) {
        Config.Xmpp account = ConfigFile.of(home, userHome, values).xmpp();
        Logging.off();
        return new LoginTrial(account, password);
    }

    @Override
    public void write(Home home, Map<String, ?> values, String password) {
        PasswordFile.checked(password); // first: half a setup would keep the next attempt out
        boolean kept = Boolean.TRUE.equals(values.get("xmpp.keyring"));
        if (kept) {
            keyring.write(new Jid(String.valueOf(values.get("xmpp.jid"))), password);
        }
        home.createDirectories();
        Path old = home.configFile().resolveSibling("bitween.toml.old");
        boolean replaces = isConfigured(home);
        try {
            if (replaces) {
                Files.move(home.configFile(), old, StandardCopyOption.REPLACE_EXISTING);
            }
            try {
                ConfigFile.write(home, userHome, values);
            } catch (UserException e) {
                if (replaces) {
                    Files.move(old, home.configFile(), StandardCopyOption.REPLACE_EXISTING);
                }
                throw e;
            }
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.DISK_WRITE, "cannot write " + home.configFile() + ": " + e.getMessage(), "", e);
        }
        if (!kept) {
            PasswordFile.write(home.passwordFile(), password);
            return;
        }
        try {
            Files.deleteIfExists(home.passwordFile());
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.DISK_WRITE,
                    "the keyring has the password, but " + home.passwordFile() + " is still there: " + e.getMessage(),
                    "delete that file",
                    e);
        }
    }

    @Override
    public List<Setting> settings(Home home) {
        return ConfigFile.settings(home, userHome);
    }

    @Override
    public void set(Home home, String key, Object value) {
        if (key.equals("downloads.directory")) {
            check(home, key, value, key);
        }
        ConfigFile.set(home, userHome, key, value);
    }

    @Override
    public void reset(Home home, String key) {
        ConfigFile.reset(home, userHome, key);
    }

    @Override
    public void keepAudience(Home home, List<String> audience) {
        ConfigFile.set(home, userHome, "sharing.audience", audience);
    }
}
