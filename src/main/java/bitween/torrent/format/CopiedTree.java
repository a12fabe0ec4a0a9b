package bitween.torrent.format;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was copied, beside its copy. Thread: {@code disk}. */
public final class CopiedTree extends SimpleFileVisitor<Path> {
    private final Path origin;
    private final Path copy;
    private final boolean removing;
    private int others;

    private CopiedTree(Path origin, Path copy, boolean removing) {
        this.origin = origin;
        this.copy = copy;
        this.removing = removing;
    }

    /** Whether all that is at {@code origin} has a copy that looks like it. */
    public static boolean isWhole(Path origin, Path copy) {
        return visited(origin, copy, false) == 0;
    }

    /**
     * Removes all that has a copy which looks like it, and the folders that are empty then. What came or was changed meanwhile stays.
     *
     * @return how much stays
     * @throws bitween.model.UserException DISK_WRITE
     */
    public static int remove(Path origin, Path copy) {
        return visited(origin, copy, true);
    }

    /** Hands over all folders, the deepest first. */
    public static void flushFolders(Path root, Consumer<Path> flush) {
        try (Stream<Path> all = Files.walk(root)) {
            all.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .sorted(Comparator.reverseOrder())
                    .forEach(flush);
        } catch (IOException e) {
            throw DiskErrors.writing(root, e);
        }
    }

    private static int visited(Path origin, Path copy, boolean removing) {
        if (!Files.exists(origin, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        CopiedTree tree = new CopiedTree(origin, copy, removing);
        try {
            Files.walkFileTree(origin, tree);
        } catch (IOException e) {
            throw DiskErrors.writing(origin, e);
        }
        return tree.others;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Path like = copyOf(file);
        boolean copied = attributes.isSymbolicLink()
                ? Files.isSymbolicLink(like) && Files.readSymbolicLink(like).equals(Files.readSymbolicLink(file))
                : FileCopy.isLike(like, attributes);
        if (!copied) {
            others++;
        } else if (removing) {
            Files.delete(file);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
        if (removing) {
            try {
                Files.delete(folder);
            } catch (DirectoryNotEmptyException e) {
                others += folder.equals(origin) && others == 0 ? 1 : 0;
            }
        }
        return FileVisitResult.CONTINUE;
    }

    private Path copyOf(Path path) {
        return path.equals(origin) ? copy : copy.resolve(origin.relativize(path).toString());
    }
}
