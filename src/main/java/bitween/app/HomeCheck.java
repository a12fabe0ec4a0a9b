package bitween.app;

import bitween.config.Home;
import bitween.files.PrivateFiles;
import bitween.link.DeviceKey;
import bitween.model.ErrorCode;
import bitween.model.Finding;
import bitween.model.UserException;
import bitween.store.Database;
import bitween.store.StoreCheck;
import bitween.store.TorrentStore;
import bitween.torrent.TransferCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that has to be so in a home, looked at and, where that is safe, mended: {@code bitween fsck}. Thread: any but {@code bus}. */
final class HomeCheck {
    private HomeCheck() {}

    /** Of a home without a daemon: under its lock. Opening the database puts a backup in the place of a damaged one. */
    @SuppressWarnings("try") // the lock is held, not used
    static List<Finding> withoutDaemon(Home home) {
        home.createDirectories();
        try (InstanceLock lock = InstanceLock.take(home.lock());
                Database database = Database.open(home.database(), home.natives())) {
            return of(home, database);
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.DISK_WRITE, "cannot unlock " + home.lock() + ": " + e.getMessage(), "", e);
        }
    }

    static List<Finding> of(Home home, Database database) {
        List<Finding> findings = new ArrayList<>(StoreCheck.check(database));
        findings.addAll(TransferCheck.check(new TorrentStore(database), home.links()));
        findings.add(deviceKey(home.deviceKey()));
        findings.add(modes(home));
        return findings;
    }

    static Finding deviceKey(Path file) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Finding.ok("device key", "there is none yet: the first start of a daemon makes it");
        }
        try {
            return Finding.ok(
                    "device key", "it is " + DeviceKey.open(file).fingerprint().groups());
        } catch (UserException e) {
            return Finding.wrong("device key", e);
        }
    }

    /** @param file null: the keyring has it */
    static Finding password(@Nullable Path file) {
        if (file == null) {
            return Finding.ok("password", "the keyring has it");
        }
        try {
            PrivateFiles.check(file);
            return Finding.ok("password", "only you can read " + file);
        } catch (UserException e) {
            return Finding.wrong("password", e);
        }
    }

    /** Others can read nothing of what is ours. */
    private static Finding modes(Home home) {
        List<Path> closed = new ArrayList<>();
        try {
            for (Path directory : List.of(
                    home.data(), home.data().resolve("backups"), home.data().resolve("torrents"))) {
                for (Path file : ownFiles(home, directory)) {
                    if (closedNow(file)) {
                        closed.add(file);
                    }
                }
            }
            if (!home.config().equals(home.data()) && closedNow(home.passwordFile())) {
                closed.add(home.passwordFile());
            }
        } catch (IOException e) {
            return Finding.wrong(
                    "modes",
                    ErrorCode.DISK_READ,
                    "the files in " + home.data() + " cannot be looked at: " + e.getMessage(),
                    "");
        } catch (UserException e) {
            return Finding.wrong("modes", e);
        }
        return closed.isEmpty()
                ? Finding.ok("modes", "nobody else can read what is bitween's own")
                : Finding.mended("modes", "others could read " + closed);
    }

    private static List<Path> ownFiles(Home home, Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(path -> isOurs(home, path)).toList();
        }
    }

    /** @return whether others could read it; false also when a daemon that runs has removed it meanwhile */
    private static boolean closedNow(Path file) throws IOException {
        try {
            String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
            if (mode.endsWith("------")) {
                return false;
            }
            PrivateFiles.file(file);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** The database, its backups and copies, keys and the password: not what was got, nor the log. */
    private static boolean isOurs(Home home, Path path) {
        String top = home.data().relativize(path).getName(0).toString();
        boolean own = top.startsWith("bitween.")
                || top.equals("backups")
                || top.equals("torrents")
                || top.endsWith(".key")
                || top.endsWith(".p12")
                || top.equals("password");
        return own && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }
}
