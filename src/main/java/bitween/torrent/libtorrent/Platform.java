package bitween.torrent.libtorrent;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the native library runs: asked before anything is written. Thread: any. */
public final class Platform {
    private static final Path MAPS = Path.of("/proc/self/maps");

    private Platform() {}

    /** @throws UserException UNSUPPORTED_PLATFORM */
    public static void require() {
        require(System.getProperty("os.name"), System.getProperty("os.arch"), mapped());
    }

    /** @param maps which libraries this process has loaded, as the kernel lists them */
    static void require(String osName, String osArch, String maps) {
        String here = osName + " on " + osArch;
        boolean fits = osName.equals("Linux") && (osArch.equals("amd64") || osArch.equals("x86_64"));
        if (fits && maps.contains("/ld-musl-")) {
            here += " with musl";
            fits = false;
        }
        if (!fits) {
            throw new UserException(
                    ErrorCode.UNSUPPORTED_PLATFORM,
                    "bitween needs Linux on x86_64 with glibc; this is " + here
                            + ", for which no native libtorrent is published",
                    "run it on such a machine");
        }
    }

    /** ISO-8859-1: a path in it may be anything. */
    private static String mapped() {
        try {
            return Files.readString(MAPS, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // another system, which its name tells; else loading tells
        }
    }
}
