package bitween.config;

import bitween.files.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where things are kept; all paths are absolute. Found by {@link Homes}.
 *
 * @param config holds bitween.toml and the password
 * @param data holds the database, the device's key and what libtorrent needs
 * @param runtime holds the control socket
 * @param logs holds the logs
 * @param downloads where jobs put things unless the config says otherwise; it belongs to the user, so its mode is the user's business
 */
public record Home(Path config, Path data, Path runtime, Path logs, Path downloads) {
    private static final Pattern PID = Pattern.compile("[0-9]{1,18}");

    /** Everything in one directory, as {@code --home} has it. */
    public static Home in(Path directory) {
        return new Home(directory, directory, directory, directory.resolve("log"), directory.resolve("downloads"));
    }

    /**
     * Makes the directories that are missing, of mode 0700, and checks those that exist. All but the downloads.
     *
     * @throws bitween.model.UserException HOME_UNSAFE when others can use one of them
     */
    public void createDirectories() {
        List.of(config, data, runtime, logs, links(), revisions(), piped(), natives())
                .forEach(PrivateFiles::directory);
    }

    public Path configFile() {
        return config.resolve("bitween.toml");
    }

    public Path passwordFile() {
        return config.resolve("password");
    }

    public Path database() {
        return data.resolve("bitween.db");
    }

    /** What {@code find} looks at; made anew when it is gone. */
    public Path searchIndex() {
        return data.resolve("search.db");
    }

    /** One folder per torrent, named by its info-hash, that holds a symbolic link to the content: the save path that libtorrent gets. */
    public Path links() {
        return data.resolve("links");
    }

    /** What former revisions of live shares had, a folder each, named by the info-hash. */
    public Path revisions() {
        return data.resolve("revisions");
    }

    /** What came through pipes and is offered to friends, or just coming. */
    public Path piped() {
        return data.resolve("piped");
    }

    /** The native libraries, extracted and verified. */
    public Path natives() {
        return data.resolve("native");
    }

    /** What this device is known by. Whoever has it is this device; without it friends have to trust a new one. */
    public Path deviceKey() {
        return data.resolve("device.p12");
    }

    /** Locked while a daemon runs; holds its process id. */
    public Path lock() {
        return data.resolve("lock");
    }

    /** Whose process holds the lock, or held it last; empty when the file names none. */
    public Optional<Long> lockHolder() {
        return holder(lock());
    }

    /** As {@link #lockHolder}, of the lock that {@code file} is. */
    public static Optional<Long> holder(Path file) {
        try {
            String content = Files.readString(file, StandardCharsets.US_ASCII).trim();
            return PID.matcher(content).matches() ? Optional.of(Long.valueOf(content)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public Path socket() {
        return runtime.resolve(Homes.SOCKET);
    }

    public Path logFile() {
        return logs.resolve("bitween.log");
    }
}
