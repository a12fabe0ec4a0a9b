package bitween.app;

import bitween.cli.Setup;
import bitween.config.ConfigFile;
import bitween.config.Home;
import bitween.config.Keyring;
import bitween.config.PasswordFile;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** Writes bitween.toml and the password of a home on this machine. */
final class LocalSetup implements Setup {
    private final Path userHome;
    private final Keyring keyring;

    LocalSetup(Path userHome, Keyring keyring) {
        this.userHome = userHome;
        this.keyring = keyring;
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
}
