package bitween.torrent.format;

import bitween.model.ErrorCode;
import bitween.model.LeftOut;
import bitween.model.LeftOut.Reason;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** One walk through a folder, in the order of the format. */
final class Walk {
    /** As many as fit on a screen; the user renames them and tries again. */
    private static final int MAX_REFUSED_NAMES = 5;

    /** Larger than any ignore file; what is larger is something else. */
    private static final long MAX_IGNORE_FILE_BYTES = 1 << 20;

    private final Path root;
    private final String name;
    private final ShareScanner.Rules rules;
    private final Predicate<Path> readable;
    private final BooleanSupplier cancelled;

    private final List<Scan.File> files = new ArrayList<>();
    private final List<List<String>> emptyFolders = new ArrayList<>();
    private final Map<Reason, Integer> leftOutCounts = new EnumMap<>(Reason.class);
    private final List<LeftOut.Thing> leftOut = new ArrayList<>();
    private final List<String> refusedNames = new ArrayList<>();
    private final Clashes clashes = new Clashes();
    private int refusedCount;

    private record Entry(String name, Path path, BasicFileAttributes attributes) {}

    Walk(Path root, String name, ShareScanner.Rules rules, Predicate<Path> readable, BooleanSupplier cancelled) {
        this.root = root;
        this.name = name;
        this.rules = rules;
        this.readable = readable;
        this.cancelled = cancelled;
    }

    Scan scan() {
        enter(root, List.of(), IgnoreRules.NONE);
        if (refusedCount > 0) {
            String more =
                    refusedCount > refusedNames.size() ? "; and " + (refusedCount - refusedNames.size()) + " more" : "";
            throw new UserException(
                    ErrorCode.NAME_REFUSED,
                    "names in " + Names.quoted(root.toString()) + " would not survive a transfer: "
                            + String.join("; ", refusedNames) + more,
                    "rename them, or list them in a file " + rules.ignoreFile() + " to leave them out");
        }
        List<FileEntry> entries = files.stream().map(Scan.File::entry).toList();
        InfoRules.sizeRefusal(name, entries, emptyFolders).ifPresent(reason -> {
            throw ShareScanner.refused(root, reason);
        });
        emptyFolders.sort(PathOrder.PATHS);
        return new Scan(root, name, true, files, emptyFolders, new LeftOut(leftOutCounts, leftOut));
    }

    private void enter(Path folder, List<String> path, IgnoreRules above) {
        List<Entry> entries = entries(folder);
        IgnoreRules ignored = withIgnoreFile(entries, path.size(), above);
        List<Entry> folders = new ArrayList<>();
        int filesBefore = files.size();
        for (Entry entry : entries) {
            List<String> entryPath = child(path, entry.name());
            if (isLeftOut(entry, entryPath, ignored) || isRefused(entry, entryPath)) {
                continue;
            }
            if (entry.attributes().isDirectory()) {
                folders.add(entry);
            } else {
                addFile(entry, entryPath);
            }
        }
        if (folders.isEmpty() && files.size() == filesBefore && !path.isEmpty()) {
            addEmptyFolder(path);
        }
        for (Entry entry : folders) {
            enter(entry.path(), child(path, entry.name()), ignored);
        }
    }

    /** Sorted. What vanishes meanwhile is left out. */
    private List<Entry> entries(Path folder) {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path path : stream) {
                if (cancelled.getAsBoolean()) {
                    throw new CancellationException("the scan was cancelled");
                }
                try {
                    entries.add(new Entry(
                            String.valueOf(path.getFileName()),
                            path,
                            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)));
                } catch (NoSuchFileException e) {
                    leaveOut(path, Reason.VANISHED);
                }
                if (entries.size() > InfoRules.MAX_FILES + InfoRules.MAX_EMPTY_FOLDERS) {
                    throw ShareScanner.refused(root, "has too many files in " + Names.quoted(folder.toString()));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw DiskErrors.of(folder, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw DiskErrors.of(folder, e);
        }
        entries.sort((a, b) -> PathOrder.compareNames(a.name(), b.name()));
        return entries;
    }

    private IgnoreRules withIgnoreFile(List<Entry> entries, int depth, IgnoreRules above) {
        for (Entry entry : entries) {
            if (entry.name().equals(rules.ignoreFile()) && entry.attributes().isRegularFile()) {
                try {
                    if (entry.attributes().size() > MAX_IGNORE_FILE_BYTES) {
                        throw new IllegalArgumentException("is too large for an ignore file");
                    }
                    String text = new String(Files.readAllBytes(entry.path()), StandardCharsets.UTF_8);
                    return above.with(depth, text.lines().toList());
                } catch (IllegalArgumentException e) {
                    throw new UserException(
                            ErrorCode.PATH_REFUSED,
                            Names.quoted(entry.path().toString()) + " " + e.getMessage(),
                            "shorten it",
                            e);
                } catch (IOException e) {
                    throw DiskErrors.of(entry.path(), e);
                }
            }
        }
        return above;
    }

    private boolean isLeftOut(Entry entry, List<String> path, IgnoreRules ignored) {
        BasicFileAttributes attributes = entry.attributes();
        if (entry.name().equals(rules.ignoreFile())) {
            leaveOut(entry.path(), Reason.IGNORE_FILE);
        } else if (!rules.hidden() && entry.name().startsWith(".")) {
            leaveOut(entry.path(), Reason.HIDDEN);
        } else if (ignored.ignores(path, attributes.isDirectory())) {
            leaveOut(entry.path(), Reason.IGNORED);
        } else if (attributes.isSymbolicLink()) {
            leaveOut(entry.path(), Reason.SYMBOLIC_LINK);
        } else if (attributes.isOther()) {
            leaveOut(entry.path(), Reason.SPECIAL_FILE);
        } else {
            return false;
        }
        return true;
    }

    private boolean isRefused(Entry entry, List<String> path) {
        String reason = Names.refusal(entry.name())
                .or(() -> Names.pathRefusal(name, path))
                .orElse(null);
        if (reason == null) {
            return false;
        }
        refuseName(path, reason);
        return true;
    }

    private void addFile(Entry entry, List<String> path) {
        if (!clashes.addFile(path)) {
            refuseName(path, "differs from another in upper and lower case only");
            return;
        }
        if (!readable.test(entry.path())) {
            throw ShareScanner.unreadable(entry.path(), null);
        }
        if (files.size() == InfoRules.MAX_FILES) {
            throw ShareScanner.refused(root, "has more than " + InfoRules.MAX_FILES + " files");
        }
        BasicFileAttributes attributes = entry.attributes();
        files.add(new Scan.File(
                new FileEntry(path, attributes.size()), attributes.lastModifiedTime(), attributes.fileKey()));
    }

    private void addEmptyFolder(List<String> path) {
        if (!clashes.addEmptyFolder(path)) {
            refuseName(path, "differs from a file in upper and lower case only");
            return;
        }
        if (emptyFolders.size() == InfoRules.MAX_EMPTY_FOLDERS) {
            throw ShareScanner.refused(root, "has more than " + InfoRules.MAX_EMPTY_FOLDERS + " empty folders");
        }
        emptyFolders.add(path);
    }

    private void refuseName(List<String> path, String reason) {
        refusedCount++;
        if (refusedNames.size() < MAX_REFUSED_NAMES) {
            refusedNames.add(Names.quoted(path) + " " + reason);
        }
    }

    private void leaveOut(Path path, Reason reason) {
        leftOutCounts.merge(reason, 1, Integer::sum);
        if (leftOut.size() < LeftOut.MAX_NAMED) {
            leftOut.add(new LeftOut.Thing(root.relativize(path).toString(), reason));
        }
    }

    private static List<String> child(List<String> path, String name) {
        List<String> child = new ArrayList<>(path.size() + 1);
        child.addAll(path);
        child.add(name);
        return child;
    }
}
