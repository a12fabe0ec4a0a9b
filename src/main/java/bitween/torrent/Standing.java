package bitween.torrent;

import bitween.model.Bytes;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.FileStamp;
import bitween.torrent.format.FileStamps;
import bitween.torrent.format.FilesLook;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.InfoDictionary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What stands where a newer revision takes the place of an earlier one: files of either, and what else somebody has put there. Files that look as they did when
 * their content was known are not read again. Immutable; made on threads that may wait for the disk.
 */
final class Standing {
    /**
     * A file, or whatever else is there.
     *
     * @param digest its SHA-256; null where it can be of neither revision, so nobody has read it
     */
    record Found(FileStamp stamp, @Nullable Bytes digest) {}

    /**
     * How the newer revision comes about; by number of its files, in the order of its info dictionary.
     *
     * @param here those that stand where they are to stand
     * @param moved those that stand elsewhere, where they are wanted no more: there
     * @param beginnings of others, what may hold some of it, to be copied
     */
    record Plan(BitSet here, Map<Integer, List<String>> moved, Map<Integer, List<String>> beginnings) {
        BitSet inPlace() {
            BitSet all = (BitSet) here.clone();
            moved.keySet().forEach(all::set);
            return all;
        }
    }

    private final Earlier earlier;
    private final Chosen wanted;
    private final Path root;
    private final Map<List<String>, Found> found;
    private final Map<List<String>, Bytes> digests = new HashMap<>();
    /** How the earlier revision's files look; those that are not as its owner gave them bear a mark. */
    private final FileStamps stamps;

    private Standing(
            Earlier earlier,
            Chosen wanted,
            Bytes digests,
            Path root,
            Map<List<String>, Found> found,
            FileStamps stamps) {
        this.earlier = earlier;
        this.wanted = wanted;
        this.root = root;
        this.found = found;
        this.stamps = stamps;
        wanted.numbers().stream()
                .forEach(file -> this.digests.put(Earlier.pathOf(wanted.info(), file), Earlier.digest(digests, file)));
    }

    /**
     * Looks what there is, and reads what may be of use and is not known.
     *
     * @param wanted of the newer revision
     * @param digests the SHA-256 of each of its files
     * @param root where both stand
     * @param known how the earlier revision's files were when their content was known; null: nobody knows
     */
    static CompletableFuture<Standing> look(
            Hasher hasher,
            Executor disk,
            Earlier earlier,
            Chosen wanted,
            Bytes digests,
            Path root,
            @Nullable FileStamps known) {
        InfoDictionary info = earlier.files().info();
        return hasher.look(info, root, known)
                .thenApplyAsync(look -> new Looking(earlier, wanted, root, look), disk)
                .thenCompose(looking -> hasher.digests(List.copyOf(looking.unread.keySet()))
                        .thenApply(read -> new Standing(
                                earlier, wanted, digests, root, looking.with(read), looking.stamps(read))));
    }

    FileStamps stamps() {
        return stamps;
    }

    Path at(List<String> path) {
        return Finisher.resolve(root, path);
    }

    @Nullable
    Found find(List<String> path) {
        return found.get(path);
    }

    /** What its owner wants to stand there. */
    Bytes digest(List<String> path) {
        return Objects.requireNonNull(digests.get(path), "it is wanted");
    }

    /** Whether a file stands there as its owner gave it, in this revision or the one before: nothing is lost when another takes its place. */
    boolean isOwners(List<String> path) {
        Found there = found.get(path);
        return there != null
                && there.digest() != null
                && (Objects.equals(there.digest(), digests.get(path))
                        || Objects.equals(there.digest(), earlier.digests().get(path)))
                && isStill(path);
    }

    /** Whether it looks as it did. */
    boolean isStill(List<String> path) {
        Found there = found.get(path);
        BasicFileAttributes now = attributes(at(path));
        return there != null
                && now != null
                && now.isRegularFile()
                && FileStamp.of(now).equals(there.stamp());
    }

    /** @param come those that have come already, and need not be looked for */
    Plan plan(BitSet come) {
        InfoDictionary info = wanted.info();
        BitSet here = new BitSet();
        wanted.numbers().stream().filter(this::isHere).forEach(here::set);
        Map<Bytes, Deque<List<String>>> free = free();
        Map<Bytes, List<String>> all = new HashMap<>();
        found.forEach((path, there) -> {
            if (there.digest() != null) {
                all.put(there.digest(), path);
            }
        });
        Map<Integer, List<String>> moved = new HashMap<>();
        Map<Integer, List<String>> beginnings = new HashMap<>();
        wanted.numbers().stream()
                .filter(file -> !here.get(file)
                        && !come.get(file)
                        && info.files().get(file).sizeBytes() > 0)
                .forEach(file -> {
                    List<String> path = Earlier.pathOf(info, file);
                    Deque<List<String>> from = free.get(digest(path));
                    List<String> same = all.getOrDefault(digest(path), path);
                    if (from != null && !from.isEmpty()) {
                        moved.put(file, from.remove());
                    } else if (found.containsKey(same)) {
                        beginnings.put(file, same);
                    }
                });
        return new Plan(here, moved, beginnings);
    }

    private boolean isHere(int file) {
        List<String> path = Earlier.pathOf(wanted.info(), file);
        Found there = found.get(path);
        return there != null && Objects.equals(digest(path), there.digest());
    }

    /** The earlier revision's files that are as they were, where the newer one has another or none: by content, where they stand. */
    private Map<Bytes, Deque<List<String>>> free() {
        Set<List<String>> kept = new HashSet<>();
        for (int file = 0; file < wanted.info().files().size(); file++) {
            if (!wanted.has(file) || isHere(file)) {
                kept.add(Earlier.pathOf(wanted.info(), file));
            }
        }
        Map<Bytes, Deque<List<String>>> free = new HashMap<>();
        earlier.digests().forEach((path, digest) -> {
            Found there = found.get(path);
            if (there != null && Objects.equals(digest, there.digest()) && !kept.contains(path)) {
                free.computeIfAbsent(digest, none -> new ArrayDeque<>()).add(path);
            }
        });
        return free;
    }

    /** What is seen before anything is read. */
    private static final class Looking {
        private final Earlier earlier;
        private final Path root;
        private final FilesLook look;
        private final Map<List<String>, Found> found = new HashMap<>();
        private final Map<Path, List<String>> unread = new HashMap<>();
        private final Map<Path, Boolean> folders = new HashMap<>();

        private Looking(Earlier earlier, Chosen wanted, Path root, FilesLook look) {
            this.earlier = earlier;
            this.root = root;
            this.look = look;
            Map<List<String>, Long> sizes = new HashMap<>();
            wanted.files().forEach(file -> sizes.put(Earlier.pathOf(wanted.info(), file), file.sizeBytes()));
            InfoDictionary info = earlier.files().info();
            earlier.files().numbers().stream()
                    .filter(file -> !look.missing().get(file))
                    .forEach(file -> seen(Earlier.pathOf(info, file), file, sizes));
            sizes.forEach((path, size) -> {
                if (!found.containsKey(path)) {
                    seen(path, size);
                }
            });
        }

        private void seen(List<String> path, int file, Map<List<String>, Long> sizes) {
            FileStamp stamp = look.now().each().get(file);
            if (!isInFolders(path)) {
                return;
            }
            Bytes digest = earlier.digests().get(path);
            boolean known = digest != null
                    && !look.touched().get(file)
                    && !look.changed().get(file);
            found.put(path, new Found(stamp, known ? digest : null));
            boolean fits = Long.valueOf(stamp.sizeBytes()).equals(sizes.get(path));
            if (!known && (fits || look.touched().get(file))) {
                unread.put(Finisher.resolve(root, path), path);
            }
        }

        private void seen(List<String> path, long size) {
            Path at = Finisher.resolve(root, path);
            BasicFileAttributes attributes = isInFolders(path) ? attributes(at) : null;
            if (attributes != null) {
                found.put(path, new Found(FileStamp.of(attributes), null));
                if (attributes.isRegularFile() && attributes.size() == size) {
                    unread.put(at, path);
                }
            }
        }

        /** No link on the way. */
        private boolean isInFolders(List<String> path) {
            return path.isEmpty() || isFolder(Places.parentOf(Finisher.resolve(root, path)));
        }

        private boolean isFolder(Path folder) {
            Boolean known = folders.get(folder);
            if (known == null) {
                known = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                        && (folder.equals(root) || isFolder(Places.parentOf(folder)));
                folders.put(folder, known);
            }
            return known;
        }

        private Map<List<String>, Found> with(Map<Path, Bytes> read) {
            Map<List<String>, Found> all = new HashMap<>(found);
            unread.forEach(
                    (at, path) -> all.computeIfPresent(path, (key, there) -> new Found(there.stamp(), read.get(at))));
            return all;
        }

        private FileStamps stamps(Map<Path, Bytes> read) {
            InfoDictionary info = earlier.files().info();
            Map<List<String>, Found> all = with(read);
            BitSet others = new BitSet();
            for (int file = 0; file < info.files().size(); file++) {
                List<String> path = Earlier.pathOf(info, file);
                Found there = all.get(path);
                Bytes digest = earlier.digests().get(path);
                if (there == null || digest == null || !Objects.equals(digest, there.digest())) {
                    others.set(file);
                }
            }
            return look.now().refuted(others);
        }
    }

    static @Nullable BasicFileAttributes attributes(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return null; // nothing that could be used, or be lost
        }
    }
}
