package bitween.torrent.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** What the system makes up while it is read, and keeps nowhere: {@code /proc}, {@code /sys} and their like. Thread: any that may wait for a disk. */
public final class SystemFiles {
    private static final Logger log = LogManager.getLogger(SystemFiles.class);
    /** As the kernel calls them (proc(5), filesystems). All of them say that they have no room; so do some that hold files, such as a tmpfs without a limit. */
    private static final Set<String> MADE_UP = Set.of(
            "binfmt_misc",
            "bpf",
            "cgroup",
            "cgroup2",
            "configfs",
            "debugfs",
            "devpts",
            "efivarfs",
            "fusectl",
            "mqueue",
            "nsfs",
            "proc",
            "pstore",
            "rpc_pipefs",
            "securityfs",
            "selinuxfs",
            "sysfs",
            "tracefs");

    private SystemFiles() {}

    /** Whether no file can be kept there, nor below it; of what is not there yet: where it would be made. Where that cannot be told, as in a chroot without mounts, whoever reads or writes will see. */
    public static boolean canHoldNothing(Path path) {
        Path nearest = Stream.<@Nullable Path>iterate(path, Objects::nonNull, Path::getParent)
                .flatMap(Stream::ofNullable)
                .filter(Files::exists)
                .findFirst()
                .orElse(path);
        try {
            return MADE_UP.contains(Files.getFileStore(nearest).type());
        } catch (IOException e) {
            log.debug("{} is on a file system that cannot be told: {}", nearest, e.getMessage());
            return false;
        }
    }

    /** Whether there is something in a file that says to be empty, as in a container's own {@code /proc/cpuinfo}: nobody knows how long it is. */
    static boolean isLongerThanItSays(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return in.read() >= 0;
        }
    }
}
