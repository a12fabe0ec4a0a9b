package bitween.torrent.format;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Copies a file or folder with all that is in it: content, times, permissions, symbolic links as such. Each file is on the disk before it bears the time of its
 * original, so a copy that was interrupted goes on with those that do not. Holes stay holes.
 */
final class FileCopy {
    private static final Logger log = LogManager.getLogger(FileCopy.class);
    private static final long COARSE_MICROS = 10_000;
    private static final long COARSEST_MICROS = 2_000_000;
    /** Some 20 ms of work. */
    private static final long TURN_BYTES = 32L << 20;

    private final Path from;
    private final Path to;
    private final FileReading reading;
    private final LongConsumer progress;
    private final AtomicLong doneBytes = new AtomicLong();
    private final List<Path> files = new ArrayList<>();
    private int next;

    /** Makes the folders and links; the steps copy the files. */
    FileCopy(Path from, Path to, BooleanSupplier cancelled, LongConsumer progress) {
        this.from = from;
        this.to = to;
        reading = new FileReading(cancelled);
        this.progress = progress;
        try {
            Files.walkFileTree(from, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                        throws IOException {
                    Path copy = copyOf(folder);
                    Files.createDirectories(copy);
                    copyPermissions(folder, copy);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (attributes.isSymbolicLink()) {
                        Files.deleteIfExists(copyOf(file));
                        Files.createSymbolicLink(copyOf(file), Files.readSymbolicLink(file));
                    } else if (attributes.isRegularFile()) {
                        files.add(file);
                    } else {
                        throw new UserException(
                                ErrorCode.PATH_REFUSED,
                                Names.quoted(file.toString()) + " is no file that can be copied",
                                "move it away first");
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw DiskErrors.writing(to, e);
        }
    }

    synchronized HashThreads.@Nullable Step next() {
        return next == files.size() ? null : new Lane(files.get(next++));
    }

    private Path copyOf(Path path) {
        return path.equals(from) ? to : to.resolve(from.relativize(path).toString());
    }

    /** One file, some of it at a turn. */
    private final class Lane implements HashThreads.Step {
        private final Path file;
        private final Path copy;
        private long position;

        private Lane(Path file) {
            this.file = file;
            this.copy = copyOf(file);
        }

        @Override
        public HashThreads.@Nullable Step run() {
            try {
                BasicFileAttributes original =
                        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (position == 0 && isLike(copy, original)) {
                    done(original.size());
                    return null;
                }
                boolean more = turn(original);
                if (!more) {
                    copyPermissions(file, copy);
                    Files.setLastModifiedTime(copy, original.lastModifiedTime());
                }
                return more ? this : null;
            } catch (IOException e) {
                throw DiskErrors.writing(copy, e);
            }
        }

        /** @return whether there is more */
        private boolean turn(BasicFileAttributes original) throws IOException {
            try (CopyTarget target = new CopyTarget(copy, position, original.size())) {
                long length = Math.min(original.size() - position, TURN_BYTES);
                reading.read(file, position, length, (block, count) -> {
                    target.accept(block, count);
                    done(count);
                });
                position = target.position();
                if (position < original.size()) {
                    return true;
                }
                target.force();
                return false;
            }
        }
    }

    private void done(long bytes) {
        progress.accept(doneBytes.addAndGet(bytes));
    }

    /** Whether {@code copy} was made of a file that looks so. */
    static boolean isLike(Path copy, BasicFileAttributes original) throws IOException {
        if (!Files.exists(copy, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        BasicFileAttributes seen = Files.readAttributes(copy, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return seen.isRegularFile()
                && original.isRegularFile()
                && seen.size() == original.size()
                && isSame(
                        seen.lastModifiedTime().to(TimeUnit.MICROSECONDS),
                        original.lastModifiedTime().to(TimeUnit.MICROSECONDS));
    }

    /** Some file systems keep no more than 10 ms, or two seconds. */
    private static boolean isSame(long copyMicros, long originalMicros) {
        return copyMicros == originalMicros
                || (copyMicros % COARSE_MICROS == 0 && Math.abs(copyMicros - originalMicros) < COARSEST_MICROS);
    }

    /** Disks for cameras and the like have one mode for all files. */
    private static void copyPermissions(Path from, Path to) {
        try {
            Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
        } catch (IOException | UnsupportedOperationException e) {
            log.debug("{} keeps its own permissions: {}", to, e.getMessage());
        }
    }
}
