package bitween.send;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The files of what came through pipes. A command writes one, and holds its lock until it is offered; it goes with its last offer. What has neither lock nor offer was left by a command that was cut off.
 * Thread: {@code send}.
 */
public final class Pipes {
    private static final Logger log = LogManager.getLogger(Pipes.class);

    private final Path directory;

    /** @param directory theirs alone */
    public Pipes(Path directory) {
        this.directory = directory;
    }

    /** Whether that is one of them. */
    boolean holds(Path path) {
        try {
            return directory.toRealPath().equals(path.getParent());
        } catch (IOException e) {
            return false;
        }
    }

    /** Deletes all but these, and those that are being written. */
    void keepOnly(Collection<Path> offered) {
        Set<String> names = new HashSet<>();
        offered.stream().filter(this::holds).forEach(path -> names.add(String.valueOf(path.getFileName())));
        for (Path file : files()) {
            if (!names.contains(String.valueOf(file.getFileName()))) {
                removeUnlessWritten(file);
            }
        }
    }

    private List<Path> files() {
        try (Stream<Path> content = Files.list(directory)) {
            return content.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            log.warn("{} cannot be read: {}", directory, e.toString());
            return List.of();
        }
    }

    /** Under its lock: who would begin to write it meanwhile does not get it. */
    private static void removeUnlessWritten(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException | OverlappingFileLockException e) {
            log.debug("{} is gone, or being written: {}", file, e.toString());
        } catch (IOException e) {
            log.warn("a file that was sent stays: {}", e.toString());
        }
    }
}
