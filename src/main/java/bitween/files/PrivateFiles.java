package bitween.files;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes files and directories that only this user can use, and checks those that exist. What cannot be made safe is a {@link UserException} HOME_UNSAFE;
 * what the file system refuses, DISK_WRITE or DISK_READ.
 */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    /** st_mode: the bits that let group and others in. */
    private static final int OTHERS = 0077;
    /** st_mode: the bit that lets everybody write. */
    private static final int WORLD_WRITABLE = 0002;

    private static final int PERMISSIONS = 07777;
    private static final int UID = (int) new UnixSystem().getUid();

    /** How what is being written beside its place ends; it begins with a dot and the name of that. */
    private static final String UNFINISHED = ".new";

    private PrivateFiles() {}

    /** @return the uid of this process */
    public static int uid() {
        return UID;
    }

    /**
     * Makes sure of a directory of mode 0700 that belongs to us; its missing parents are made alike. One of ours that others can read is closed to them
     * when it is empty or plainly bitween's; any other is refused rather than taken from whoever uses it ({@code --home /srv}).
     */
    public static Path directory(Path directory) {
        try {
            if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(DIRECTORY));
            }
            if (!Files.isDirectory(directory)) {
                throw unsafe(directory + " is not a directory", "move it away, or name another home with --home");
            }
            int mode = ownMode(directory);
            if ((mode & OTHERS) != 0) {
                closeToOthers(directory, mode);
            }
            return directory;
        } catch (IOException e) {
            throw failed(ErrorCode.DISK_WRITE, "the directory " + directory + " cannot be used", e);
        }
    }

    /** Makes sure of a file of mode 0600 that belongs to us: an empty one if there was none. */
    public static Path file(Path file) {
        try {
            if (!created(file, PosixFilePermissions.asFileAttribute(FILE)) && (ownMode(file) & OTHERS) != 0) {
                Files.setPosixFilePermissions(file, FILE);
                requireNoAccess(file);
            }
            return file;
        } catch (IOException e) {
            throw failed(ErrorCode.DISK_WRITE, "the file " + file + " cannot be used", e);
        }
    }

    /**
     * Checks a file that the user made, and changes nothing.
     *
     * @throws UserException HOME_UNSAFE when others can use it; NOT_CONFIGURED when there is none
     */
    public static void check(Path file) {
        try {
            ownMode(file);
            requireNoAccess(file);
        } catch (NoSuchFileException e) {
            throw new UserException(ErrorCode.NOT_CONFIGURED, "there is no " + file, "run bitween init", e);
        } catch (IOException e) {
            throw failed(ErrorCode.DISK_READ, "the file " + file + " cannot be read", e);
        }
    }

    /** Writes a file of mode 0600, whole or not at all, also when the power fails: beside it first, then in its place. */
    public static void write(Path file, byte[] content) {
        try {
            Path fresh = Files.createTempFile(
                    directoryOf(file),
                    "." + file.getFileName(),
                    UNFINISHED,
                    PosixFilePermissions.asFileAttribute(FILE));
            try {
                try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                    ByteBuffer rest = ByteBuffer.wrap(content);
                    while (rest.hasRemaining()) {
                        channel.write(rest);
                    }
                    channel.force(true);
                }
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
            syncDirectory(directoryOf(file));
        } catch (IOException e) {
            throw failed(ErrorCode.DISK_WRITE, "the file " + file + " cannot be written", e);
        }
    }

    /**
     * Deletes what a process that was killed had not finished writing. Nothing there is fine.
     *
     * @param others whom somebody else may be writing just now
     */
    public static void removeUnfinished(Path directory, Path... others) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> content = Files.list(directory)) {
            for (Path file : content.toList()) {
                String name = String.valueOf(file.getFileName());
                boolean unfinished = name.startsWith(".") && name.endsWith(UNFINISHED);
                boolean busy = Stream.of(others).anyMatch(other -> name.startsWith("." + other.getFileName()));
                if (unfinished && !busy) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw failed(ErrorCode.DISK_WRITE, "what is not finished in " + directory + " stays", e);
        }
    }

    /** Gives a file that was written beside it the name {@code file}, whole or not at all, also when the power fails. */
    public static void replace(Path fresh, Path file) {
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            syncDirectory(directoryOf(file));
        } catch (IOException e) {
            throw failed(ErrorCode.DISK_WRITE, "the file " + file + " cannot be written", e);
        }
    }

    /** Deletes a file, if it is there, so that it stays so when the power fails. */
    public static void delete(Path file) {
        try {
            if (Files.deleteIfExists(file)) {
                syncDirectory(directoryOf(file));
            }
        } catch (IOException e) {
            throw failed(ErrorCode.DISK_WRITE, "the file " + file + " cannot be deleted", e);
        }
    }

    private static Path directoryOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file : parent;
    }

    /** Without it a rename, or a deletion, may be lost with the power. */
    private static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static boolean created(Path file, FileAttribute<?> attribute) throws IOException {
        try {
            Files.createFile(file, attribute);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private static void closeToOthers(Path directory, int mode) throws IOException {
        if (!isEmpty(directory) && ((mode & WORLD_WRITABLE) != 0 || !isBitweens(directory))) {
            throw unsafe(
                    "other users can use the directory " + directory + " (mode " + octal(mode) + ")",
                    "chmod 700 '" + directory + "' if it is meant for bitween alone, or name another home with --home");
        }
        Files.setPosixFilePermissions(directory, DIRECTORY);
        requireNoAccess(directory);
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> content = Files.list(directory)) {
            return content.findAny().isEmpty();
        }
    }

    /** Whether it holds bitween.toml, bitween.db, bitween.log. */
    private static boolean isBitweens(Path directory) throws IOException {
        try (Stream<Path> content = Files.list(directory)) {
            return content.anyMatch(path -> String.valueOf(path.getFileName()).startsWith("bitween."));
        }
    }

    /** @return st_mode of what {@code path} leads to, once both that and the link on the way are seen to be ours: a planted link is not followed */
    private static int ownMode(Path path) throws IOException {
        requireOwner(path, LinkOption.NOFOLLOW_LINKS);
        requireOwner(path);
        return mode(path);
    }

    private static void requireOwner(Path path, LinkOption... options) throws IOException {
        int owner = (int) Files.getAttribute(path, "unix:uid", options);
        if (owner != uid()) {
            throw unsafe(
                    path + " belongs to the user with uid " + owner + ", not to us (uid " + uid() + ")",
                    "run bitween as the user who owns it, or name another home with --home");
        }
    }

    /** Some file systems know no modes, and say yes to every chmod. */
    private static void requireNoAccess(Path path) throws IOException {
        int mode = mode(path);
        if ((mode & OTHERS) != 0) {
            throw unsafe(
                    "other users can use " + path + " (mode " + octal(mode) + ")",
                    "chmod " + (Files.isDirectory(path) ? "700" : "600") + " '" + path + "'");
        }
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode") & PERMISSIONS;
    }

    private static String octal(int mode) {
        return "0" + Integer.toOctalString(mode);
    }

    private static UserException unsafe(String sentence, String hint) {
        return new UserException(ErrorCode.HOME_UNSAFE, sentence, hint);
    }

    private static UserException failed(ErrorCode code, String sentence, IOException e) {
        String reason = e instanceof java.nio.file.FileSystemException f && f.getReason() != null
                ? f.getReason()
                : e.getClass().getSimpleName();
        return new UserException(code, sentence + ": " + reason, "look at its owner, mode and disk", e);
    }
}
