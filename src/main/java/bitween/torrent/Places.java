package bitween.torrent;

import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.UserException;
import bitween.torrent.format.DiskErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Where content stands on disk. Thread: {@code torrent}, and {@code disk} for the move at the end; the paths of one transfer are only touched by one
 * of them at a time.
 *
 * <p>libtorrent's save path is {@code links/<info-hash>}, plain ASCII whatever the content is called, because its Java bindings break emoji. In it stands one
 * symbolic link, named as the info dictionary says, to the content: so a share may have another name than its folder, and a finished download may move
 * without libtorrent noticing. Downloads grow in a hidden staging folder beside their goal, on the same file system, so that the last step is one rename.
 */
final class Places {
    private static final Logger log = LogManager.getLogger(Places.class);
    private static final String STAGING_PREFIX = ".bitween-";
    /** One name, so that a crash leaves no more than one: the next start, or the next look, removes it. */
    private static final String PROBE = STAGING_PREFIX + "probe";
    /** After this many copies of one name, something else is wrong. */
    private static final int MAX_COPIES = 1_000;

    private final Path links;

    Places(Path links) {
        this.links = links;
    }

    /** The save path for libtorrent. */
    Path savePath(InfoHash hash) {
        return links.resolve(hash.hex());
    }

    /** Makes libtorrent see {@code content} under {@code name}; replaces an older link. */
    void link(InfoHash hash, String name, Path content) {
        Path folder = savePath(hash);
        try {
            Path link = folder.resolve(name);
            if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(content)) {
                return;
            }
            Files.createDirectories(folder);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, content);
        } catch (IOException e) {
            throw cannotWrite(folder, e);
        }
    }

    void unlink(InfoHash hash) {
        deleteTree(savePath(hash));
    }

    /** The folder in which a job's content grows. */
    static Path staging(Path directory, InfoHash hash) {
        return directory.resolve(STAGING_PREFIX + hash.hex());
    }

    /** Makes the staging folder, which only this user may enter, and in it the content's own where that is one. */
    static Path createStaging(Path directory, InfoHash hash, String name, boolean folder) {
        Path staging = staging(directory, hash);
        Path content = staging.resolve(name);
        try {
            createOwn(staging);
            if (folder) {
                Files.createDirectories(content);
            }
            return content;
        } catch (IOException e) {
            throw cannotWrite(directory, e);
        }
    }

    /** Where others may write too, one of them might have put a link there. */
    private static void createOwn(Path staging) throws IOException {
        if (Files.isSymbolicLink(staging)) {
            throw new UserException(
                    ErrorCode.DISK_WRITE,
                    staging + " is a symbolic link, which bitween did not make",
                    "remove it, and the job goes on by itself");
        }
        if (!Files.isDirectory(staging)) {
            Files.createDirectory(
                    staging, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    /** A name in {@code directory} that nothing has yet: {@code name}, else {@code name (2)}, … */
    static Path free(Path directory, String name) {
        Path wanted = directory.resolve(name);
        for (int copy = 2; Files.exists(wanted, LinkOption.NOFOLLOW_LINKS); copy++) {
            if (copy > MAX_COPIES) {
                throw new UserException(
                        ErrorCode.DISK_WRITE,
                        "there are already " + MAX_COPIES + " things called '" + name + "' in " + directory,
                        "get it into another folder with --to");
            }
            wanted = directory.resolve(numbered(name, copy));
        }
        return wanted;
    }

    /** @throws UserException DISK_WRITE when nothing can be written there */
    static void checkWritable(Path directory) {
        try {
            Path probe = directory.resolve(PROBE);
            try (var created = Files.newByteChannel(
                    probe, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
                created.write(ByteBuffer.allocate(1));
            }
        } catch (IOException e) {
            throw cannotWrite(directory, e);
        }
    }

    /** What a process left that was killed while it looked whether it can write there. */
    static void removeProbe(Path directory) {
        try {
            Files.deleteIfExists(directory.resolve(PROBE));
        } catch (IOException e) {
            log.debug("{} keeps an empty file: {}", directory, e.getMessage());
        }
    }

    /** As {@link #checkWritable}, of a folder that is made when it is not there. */
    static void makeWritable(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw cannotWrite(directory, e);
        }
        checkWritable(directory);
    }

    /** Gives staged content its final name, in one rename, and clears the staging folder. What stands there already stays. */
    static Path moveInPlace(Path staged, Path goal) {
        Path place = free(parentOf(goal), goal.getFileName().toString());
        move(staged, place);
        clear(staged);
        return place;
    }

    /** Deletes the staging folder of what is in place. What stays does no harm. */
    static void clear(Path staged) {
        try {
            deleteTree(parentOf(staged));
        } catch (UserException e) {
            log.warn("a download is in place, but something stays beside it: {}", e.sentence());
        }
    }

    /** Finished content, if it is there, goes back to where it grew, in one rename; what grew there meanwhile goes. */
    static void moveBack(Path place, InfoHash hash, String name) {
        Path folder = staging(parentOf(place), hash);
        try {
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                createOwn(folder);
                Path staged = folder.resolve(name);
                deleteTree(staged);
                move(place, staged);
            }
        } catch (IOException e) {
            throw cannotWrite(folder, e);
        }
    }

    /** One rename on one file system. */
    static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new UserException(
                    ErrorCode.DISK_WRITE, from + " and " + to + " are on different file systems", "", e);
        } catch (IOException e) {
            throw cannotWrite(to, e);
        }
    }

    /** Deletes what is there, never what a link in it points to. Nothing there is fine. */
    static void deleteTree(Path root) {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw cannotWrite(root, e);
        }
    }

    static Path parentOf(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("no folder holds " + path);
        }
        return parent;
    }

    /** What a friend named {@code name} is called here: nothing that comes hides, or is taken for a file of settings. */
    static String visible(String name, InfoHash hash) {
        String seen = name.replaceFirst("^\\.+", "");
        return seen.isEmpty() ? hash.hex() : seen;
    }

    private static String numbered(String name, int copy) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) + " (" + copy + ")" + name.substring(dot) : name + " (" + copy + ")";
    }

    static UserException cannotWrite(Path where, IOException e) {
        return DiskErrors.writing(where, e);
    }
}
