package bitween.torrent.format;

import bitween.model.ErrorCode;
import bitween.model.LeftOut;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what there is to share at a path. Reads folders and ignore files, no content. Thread: any that may wait for
 * the disk, such as {@link Hasher#scan}.
 */
public final class ShareScanner {
    private final Rules rules;
    private final Predicate<Path> readable;

    /**
     * What is left out or refused.
     *
     * @param ignoreFile the name of files that list what not to share
     * @param hidden whether to share what begins with a dot
     * @param userHome is not shared itself, only what is in it
     * @param own bitween's own folders and files: neither they nor anything in or around them is shared
     * @param downloads may be shared also when they are in one of these
     * @param piped what came through pipes to be sent, of which the same holds; null: nothing
     */
    public record Rules(
            String ignoreFile,
            boolean hidden,
            Path userHome,
            List<Path> own,
            Path downloads,
            @Nullable Path piped) {
        public Rules {
            own = List.copyOf(own);
        }

        public Rules(String ignoreFile, boolean hidden, Path userHome, List<Path> own, Path downloads) {
            this(ignoreFile, hidden, userHome, own, downloads, null);
        }
    }

    public ShareScanner(Rules rules) {
        this(rules, Files::isReadable);
    }

    /** For tests, which may run as root and read everything. */
    ShareScanner(Rules rules, Predicate<Path> readable) {
        this.rules = rules;
        this.readable = readable;
    }

    /**
     * Symbolic links are followed in {@code path} itself and nowhere below it.
     *
     * @param path absolute
     * @param name of the share; null: the path's own
     * @param cancelled asked now and then
     * @throws UserException PATH_MISSING, PATH_REFUSED, PATH_UNREADABLE, NAME_REFUSED, DISK_READ
     * @throws java.util.concurrent.CancellationException if {@code cancelled} says so
     */
    public Scan scan(Path path, @Nullable String name, BooleanSupplier cancelled) {
        Path root = resolved(path);
        Path fileName = path.normalize().getFileName();
        refuseDangerous(root);
        String shareName = name != null ? name : String.valueOf(fileName);
        Names.refusal(shareName).ifPresent(reason -> {
            throw new UserException(
                    ErrorCode.NAME_REFUSED,
                    "a share cannot be called " + Names.quoted(shareName) + ": it " + reason,
                    "give it another name with --name, or rename it");
        });
        try {
            if (SystemFiles.canHoldNothing(root)) {
                throw madeUp(root);
            }
            BasicFileAttributes attributes =
                    Files.readAttributes(root, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isDirectory()) {
                return new Walk(root, shareName, rules, readable, cancelled).scan();
            }
            return file(root, shareName, attributes);
        } catch (IOException e) {
            throw unreadable(root, e);
        }
    }

    /**
     * What may be shared where it is.
     *
     * @return {@code path} with symbolic links resolved
     * @throws UserException PATH_MISSING, PATH_REFUSED
     */
    public Path permitted(Path path) {
        Path root = resolved(path);
        refuseDangerous(root);
        return root;
    }

    private Scan file(Path root, String name, BasicFileAttributes attributes) throws IOException {
        if (!attributes.isRegularFile()) {
            throw refused(root, "is neither a file nor a folder");
        }
        if (!readable.test(root)) {
            throw unreadable(root, null);
        }
        if (attributes.size() == 0 && SystemFiles.isLongerThanItSays(root)) {
            throw madeUp(root);
        }
        FileEntry entry = new FileEntry(List.of(name), attributes.size());
        InfoRules.sizeRefusal(name, List.of(entry), List.of()).ifPresent(reason -> {
            throw refused(root, reason);
        });
        Scan.File file = new Scan.File(entry, attributes.lastModifiedTime(), attributes.fileKey());
        return new Scan(root, name, false, List.of(file), List.of(), LeftOut.NOTHING);
    }

    private static Path resolved(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            if (DiskErrors.isMissing(path, e)) {
                throw new UserException(
                        ErrorCode.PATH_MISSING,
                        "there is nothing at " + Names.quoted(path.toString()),
                        "check the path",
                        e);
            }
            throw unreadable(path, e);
        }
    }

    /** @throws UserException PATH_REFUSED when what is, or will be, there is nothing to share */
    public void refuseDangerous(Path path) {
        Path root = real(path);
        if (root.getParent() == null) {
            throw refused(root, "is the whole disk");
        }
        if (root.equals(real(rules.userHome()))) {
            throw refused(root, "is your home folder, with everything private in it");
        }
        Path downloads = real(rules.downloads());
        if (rules.piped() != null && real(rules.piped()).equals(root.getParent())) {
            return;
        }
        for (Path own : rules.own()) {
            Path ownReal = real(own);
            boolean isDownload =
                    root.startsWith(downloads) && downloads.startsWith(ownReal) && !downloads.equals(ownReal);
            if (ownReal.startsWith(root) || (root.startsWith(ownReal) && !isDownload)) {
                throw refused(
                        root,
                        "has to do with bitween's own " + Names.quoted(ownReal.toString())
                                + ", where your password and keys are");
            }
        }
    }

    /** Resolved as far as it exists. */
    public static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            Path parent = path.toAbsolutePath().normalize().getParent();
            return parent == null ? path : real(parent).resolve(path.getFileName());
        }
    }

    private static UserException madeUp(Path path) {
        return new UserException(
                ErrorCode.PATH_REFUSED,
                Names.quoted(path.toString())
                        + " cannot be shared: the system makes it up while it is read, and nobody knows how long it is",
                "copy it into a file of your own, and share that");
    }

    static UserException refused(Path path, String reason) {
        return new UserException(
                ErrorCode.PATH_REFUSED,
                Names.quoted(path.toString()) + " cannot be shared: it " + reason,
                "share a folder of its own for this");
    }

    static UserException unreadable(Path path, @Nullable IOException e) {
        String sentence = Names.quoted(path.toString()) + " cannot be read";
        return e == null
                ? new UserException(ErrorCode.PATH_UNREADABLE, sentence, "allow it with chmod, or ignore it")
                : DiskErrors.of(path, e);
    }
}
