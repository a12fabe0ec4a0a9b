package bitween.torrent.libtorrent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * How libtorrent reads and writes files.
 *
 * @param name "mmap" or "posix"
 * @param reason why that one, for people
 */
record DiskBackend(String name, String reason) {
    private static final String SIGNAL_CHAINING = "/libjsig.so";

    /** What is safe in this process. */
    static DiskBackend choose() {
        return choose(Path.of("/proc/self/maps"));
    }

    /** @param maps proc(5): a line for each mapped region, the file's path last */
    static DiskBackend choose(Path maps) {
        try (Stream<String> lines = Files.lines(maps, java.nio.charset.StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.endsWith(SIGNAL_CHAINING))
                    ? new DiskBackend("mmap", "libjsig is preloaded, so memory-mapped I/O is safe")
                    : new DiskBackend(
                            "posix", "started without libjsig; start it with scripts/bitween for faster disk I/O");
        } catch (IOException e) {
            return new DiskBackend("posix", "cannot tell whether libjsig is preloaded: " + e.getMessage());
        }
    }

    boolean isMapped() {
        return name.equals("mmap");
    }
}
