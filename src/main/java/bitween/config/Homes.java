package bitween.config;

import bitween.files.PrivateFiles;
import bitween.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the home: daemon and command line must find the same, so it depends on nothing but the arguments. Reads no file but links; makes nothing. */
public final class Homes {
    static final String SOCKET = "control.sock";
    /** sun_path has 108 bytes with the closing zero (unix(7)), of which the JDK leaves one more alone; a test binds the longest. */
    static final int MAX_SOCKET_PATH_BYTES = 106;
    /** Not java.io.tmpdir: the daemon and the command line may have been started with others. Sticky, so what we make there stays ours. */
    private static final Path TEMPORARY = Path.of("/tmp");

    private static final int HASH_DIGITS = 16;

    private Homes() {}

    /**
     * {@code --home}, else BITWEEN_HOME, puts all in one directory; else the XDG base directories say, or their defaults. A runtime directory too deep for
     * a socket gives way to one in /tmp that is named by a hash of its path and our uid; that it is ours, {@link Home#createDirectories} checks.
     *
     * @param homeOption what {@code --home} names; null: not given
     * @param environment relative and empty XDG paths in it are ignored, as their specification says
     * @param userHome the user's own, for the defaults
     */
    public static Home resolve(@Nullable Path homeOption, Map<String, String> environment, Path userHome) {
        String variable = environment.getOrDefault("BITWEEN_HOME", "");
        if (homeOption == null && variable.isEmpty()) {
            return withShortSocket(xdg(environment, userHome.toAbsolutePath().normalize()));
        }
        Path directory = homeOption == null ? Path.of(variable) : homeOption;
        return withShortSocket(Home.in(directory.toAbsolutePath().normalize()));
    }

    /** The user's own folder: $HOME, as for every other program, else what the system's list of users says. */
    public static Path userHome(Map<String, String> environment) {
        Path named = Path.of(environment.getOrDefault("HOME", ""));
        return named.isAbsolute() ? named.normalize() : Path.of(System.getProperty("user.home"));
    }

    private static Home xdg(Map<String, String> environment, Path userHome) {
        Path data = base(environment, "XDG_DATA_HOME", userHome.resolve(".local/share"));
        // not XDG_RUNTIME_DIR for the socket: cron, su and ssh leave it out, and would not find a daemon that a
        // desktop's shell started
        return new Home(
                base(environment, "XDG_CONFIG_HOME", userHome.resolve(".config"))
                        .resolve("bitween"),
                data.resolve("bitween"),
                data.resolve("bitween"),
                base(environment, "XDG_STATE_HOME", userHome.resolve(".local/state"))
                        .resolve("bitween/log"),
                userHome.resolve("Downloads/bitween"));
    }

    private static Path base(Map<String, String> environment, String variable, Path otherwise) {
        Path named = Path.of(environment.getOrDefault(variable, ""));
        return named.isAbsolute() ? named.normalize() : otherwise;
    }

    private static Home withShortSocket(Home home) {
        if (home.socket().toString().getBytes(StandardCharsets.UTF_8).length <= MAX_SOCKET_PATH_BYTES) {
            return home;
        }
        Path runtime = TEMPORARY.resolve("bitween-" + PrivateFiles.uid() + "-" + hash(real(home.runtime())));
        return new Home(home.config(), home.data(), runtime, home.logs(), home.downloads());
    }

    private static String hash(Path path) {
        byte[] sha256 = Sha256.of(path.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(sha256).substring(0, HASH_DIGITS);
    }

    /** The same for every way to write it: without the symbolic links in the part that exists. */
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            Path parent = path.getParent();
            Path name = path.getFileName();
            return parent == null || name == null || Files.exists(path)
                    ? path
                    : real(parent).resolve(name);
        }
    }
}
