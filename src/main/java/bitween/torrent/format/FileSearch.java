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
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Finds where the files of a share may be now, by their names and sizes. Reads folders, no content; follows no symbolic link. */
final class FileSearch extends SimpleFileVisitor<Path> {
    /** Some ten seconds; whoever names the folder can name one that holds less. */
    private static final int MAX_FILES = 2_000_000;

    private final BooleanSupplier cancelled;
    private final Map<Long, List<FileEntry>> wanted;
    private final boolean folder;
    private final List<Path> found = new ArrayList<>();
    /** How many files would be in their place, were the share's folder this one. */
    private final Map<Path, Integer> roots = new LinkedHashMap<>();

    private int seen;

    private FileSearch(InfoDictionary info, BooleanSupplier cancelled) {
        this.cancelled = cancelled;
        folder = info.folder();
        wanted = info.files().stream()
                .filter(file -> file.sizeBytes() > 0)
                .collect(Collectors.groupingBy(FileEntry::sizeBytes, HashMap::new, Collectors.toList()));
    }

    /**
     * Looks at all that is below {@code directory}.
     *
     * @throws UserException PATH_MISSING; BAD_ARGUMENT when it holds too many
     * @throws CancellationException if {@code cancelled} says so
     */
    static Candidates below(Path directory, InfoDictionary info, BooleanSupplier cancelled) {
        if (!Files.isDirectory(directory)) {
            throw new UserException(
                    ErrorCode.PATH_MISSING, "there is no folder " + directory, "name the one that holds the files now");
        }
        FileSearch search = new FileSearch(info, cancelled);
        try {
            Files.walkFileTree(directory, search);
        } catch (IOException e) {
            throw DiskErrors.of(directory, e);
        }
        return search.candidates(info);
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("the search was cancelled");
        }
        if (++seen > MAX_FILES) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "there are more than " + MAX_FILES + " files below that folder",
                    "name a folder nearer to the files");
        }
        List<FileEntry> same = attributes.isRegularFile() ? wanted.get(attributes.size()) : null;
        if (same != null) {
            found.add(path);
            if (folder) {
                same.forEach(entry -> vote(path, entry));
            } else {
                roots.merge(path, 1, Integer::sum);
            }
        }
        return FileVisitResult.CONTINUE;
    }

    /** What may not be read does not hold up the rest. */
    @Override
    public FileVisitResult visitFileFailed(Path path, IOException failure) {
        return FileVisitResult.CONTINUE;
    }

    private void vote(Path path, FileEntry entry) {
        Path root = path;
        for (int i = entry.path().size() - 1; i >= 0; i--) {
            Path name = root.getFileName();
            Path above = root.getParent();
            if (name == null
                    || above == null
                    || !name.toString().equals(entry.path().get(i))) {
                return;
            }
            root = above;
        }
        roots.merge(root, 1, Integer::sum);
    }

    private Candidates candidates(InfoDictionary info) {
        List<Path> best = roots.entrySet().stream()
                .sorted(Map.Entry.<Path, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(entry -> !info.name()
                                .equals(String.valueOf(entry.getKey().getFileName()))))
                .map(Map.Entry::getKey)
                .toList();
        List<Path> whole = best.stream().filter(root -> isWhole(info, root)).toList();
        return new Candidates(whole, best.isEmpty() ? null : best.get(0), found);
    }

    private static boolean isWhole(InfoDictionary info, Path root) {
        return info.files().stream().allMatch(file -> {
            try {
                BasicFileAttributes attributes = Files.readAttributes(
                        info.folder() ? Scan.below(root, file.path()) : root,
                        BasicFileAttributes.class,
                        LinkOption.NOFOLLOW_LINKS);
                return attributes.isRegularFile() && attributes.size() == file.sizeBytes();
            } catch (IOException e) {
                return false;
            }
        });
    }
}
