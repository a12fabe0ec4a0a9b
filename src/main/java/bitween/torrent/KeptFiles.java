package bitween.torrent;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.UserException;
import bitween.torrent.format.DigestedCopy;
import bitween.torrent.format.DiskErrors;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.InfoDictionary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Files of revisions beside the database: a folder each, named by the info-hash. Thread: {@code keep}.
 *
 * <p>What is copied is compared with its SHA-256 on the way: of a file that is just being changed nothing is kept. A file that the last kept revision has, too, is a hard link to
 * that: nobody edits these. It is never one to the owner's own file. A folder has its name once all that is in it is on the disk.
 */
public final class KeptFiles {
    private static final Logger log = LogManager.getLogger(KeptFiles.class);
    private static final String HALF = ".half";
    private static final String CONTENT = "content";

    private final Path root;
    private final long quotaBytes;
    private final Room room;

    /** @param quotaBytes of all files together, what is linked counted once */
    KeptFiles(Path root, long quotaBytes, Room room) {
        this.root = root;
        this.quotaBytes = quotaBytes;
        this.room = room;
    }

    /** A revision, and what is in each of its files. */
    record Content(InfoHash hash, InfoDictionary info, Bytes digests) {
        Bytes digest(int file) {
            return Earlier.digest(digests, file);
        }

        /** What it takes by itself. */
        long distinctBytes() {
            Set<Bytes> seen = new HashSet<>();
            long bytes = 0;
            for (int file = 0; file < info.files().size(); file++) {
                bytes += seen.add(digest(file)) ? info.files().get(file).sizeBytes() : 0;
            }
            return bytes;
        }
    }

    /** The file or folder that it was. */
    Path content(InfoHash hash) {
        return content(root, hash);
    }

    /** As above, of whatever is kept below {@code root}. */
    public static Path content(Path root, InfoHash hash) {
        return root.resolve(hash.hex()).resolve(CONTENT);
    }

    private Path folder(InfoHash hash) {
        return root.resolve(hash.hex());
    }

    /**
     * Deletes what is no whole revision, or none of {@code known}.
     *
     * @return those that are there
     */
    Set<InfoHash> clean(Set<InfoHash> known) {
        Set<InfoHash> there = new HashSet<>();
        Set<Path> wanted = new HashSet<>();
        known.forEach(hash -> wanted.add(folder(hash)));
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw Places.cannotWrite(root, e);
        }
        try (Stream<Path> all = Files.list(root)) {
            for (Path found : all.toList()) {
                if (wanted.contains(found)) {
                    there.add(new InfoHash(String.valueOf(found.getFileName())));
                } else {
                    Places.deleteTree(found);
                }
            }
        } catch (IOException e) {
            throw Places.cannotWrite(root, e);
        }
        return there;
    }

    void drop(InfoHash hash) {
        try {
            Places.deleteTree(folder(hash));
        } catch (UserException e) {
            log.warn("{} is kept no longer, but something stays until the next start: {}", hash, e.sentence());
        }
    }

    /**
     * Which of those that are kept have to go, so that another has room.
     *
     * @param last of the same share, with which it has files in common; null: none. It may be named, too: it goes once the other is kept
     * @param oldestFirst all that are kept
     * @throws UserException DISK_FULL: even so it has none
     */
    List<InfoHash> inTheWay(Content next, @Nullable Content last, List<InfoHash> oldestFirst, boolean mayDrop) {
        long most = next.distinctBytes();
        if (most > quotaBytes) {
            throw full("it has " + most + " bytes, and disk.revisions allows " + quotaBytes);
        }
        try {
            Map<Object, Integer> linksLeft = last == null ? new HashMap<>() : links(next, last);
            long needed = usedBytes(oldestFirst) + most - (last == null ? 0 : commonBytes(next, last)) - quotaBytes;
            if (needed > 0 && !mayDrop) {
                throw full("disk.revisions has no room for it beside those that are kept already");
            }
            List<InfoHash> gone = new ArrayList<>();
            for (InfoHash hash : oldestFirst) {
                if (needed > 0) {
                    gone.add(hash);
                    needed -= freedBytes(hash, linksLeft);
                }
            }
            return gone;
        } catch (IOException e) {
            throw DiskErrors.writing(root, e);
        }
    }

    private static UserException full(String why) {
        return new UserException(
                ErrorCode.DISK_FULL, why, "allow more: bitween config disk.revisions '20 GB'; or keep fewer of others");
    }

    /** How many links the files will have that both have in common, by inode. */
    private Map<Object, Integer> links(Content next, Content last) throws IOException {
        Map<Bytes, Path> known = paths(last);
        Map<Object, Integer> links = new HashMap<>();
        for (int file = 0; file < next.info().files().size(); file++) {
            Path common = known.get(next.digest(file));
            if (common != null) {
                Map<String, Object> seen = attributes(common);
                Object inode = seen.get("ino");
                links.put(inode, links.getOrDefault(inode, links(seen)) + 1);
            }
        }
        return links;
    }

    /** Where each content is that a kept revision has. */
    private Map<Bytes, Path> paths(Content kept) {
        Map<Bytes, Path> paths = new HashMap<>();
        for (int file = 0; file < kept.info().files().size(); file++) {
            paths.put(kept.digest(file), at(content(kept.hash()), kept.info(), file));
        }
        return paths;
    }

    private static long commonBytes(Content next, Content last) {
        Set<Bytes> known = new HashSet<>();
        for (int file = 0; file < last.info().files().size(); file++) {
            known.add(last.digest(file));
        }
        long bytes = 0;
        for (int file = 0; file < next.info().files().size(); file++) {
            bytes += known.remove(next.digest(file))
                    ? next.info().files().get(file).sizeBytes()
                    : 0;
        }
        return bytes;
    }

    private long usedBytes(List<InfoHash> all) throws IOException {
        double bytes = 0;
        for (InfoHash hash : all) {
            for (Path file : files(hash)) {
                Map<String, Object> seen = attributes(file);
                bytes += (double) size(seen) / links(seen); // each link counts for its part, all together for one
            }
        }
        return Math.round(bytes);
    }

    /** @param linksLeft to files of which not all links are gone yet, by inode */
    private long freedBytes(InfoHash hash, Map<Object, Integer> linksLeft) throws IOException {
        long bytes = 0;
        for (Path path : files(hash)) {
            Map<String, Object> file = attributes(path);
            Object inode = file.get("ino");
            int left = linksLeft.getOrDefault(inode, links(file)) - 1;
            linksLeft.put(inode, left);
            bytes += left == 0 ? size(file) : 0;
        }
        return bytes;
    }

    private List<Path> files(InfoHash hash) throws IOException {
        if (!Files.isDirectory(folder(hash))) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder(hash))) {
            return all.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
    }

    private static Map<String, Object> attributes(Path file) throws IOException {
        return Files.readAttributes(file, "unix:ino,nlink,size", LinkOption.NOFOLLOW_LINKS);
    }

    private static int links(Map<String, Object> attributes) {
        return ((Number) attributes.getOrDefault("nlink", 1)).intValue();
    }

    private static long size(Map<String, Object> attributes) {
        return ((Number) attributes.getOrDefault("size", 0L)).longValue();
    }

    /**
     * Keeps what stands at {@code place}, all of it or nothing.
     *
     * @param last of the same share, of which the files are kept; null: none
     * @param goOn asked again and again; at false it ends
     * @throws UserException CONTENT_CHANGED: it is not what it was any more; PATH_UNREADABLE, DISK_READ, DISK_FULL, DISK_WRITE
     * @throws CancellationException when {@code goOn} says no
     */
    void keep(Content next, Path place, @Nullable Content last, BooleanSupplier goOn) {
        Path half = root.resolve(next.hash().hex() + HALF);
        boolean whole = false;
        try {
            Places.deleteTree(half);
            room.check(root, next.distinctBytes() - (last == null ? 0 : commonBytes(next, last)));
            Path content = half.resolve(CONTENT);
            Files.createDirectories(next.info().folder() ? content : half);
            List<Path> written = fill(next, place, content, last, goOn);
            for (List<String> folder : next.info().emptyFolders()) {
                Files.createDirectories(Finisher.resolve(content, folder));
            }
            if (!written.isEmpty()) {
                Flusher.flush(written);
            }
            Places.deleteTree(folder(next.hash()));
            Places.move(half, folder(next.hash()));
            Flusher.flushFolder(root);
            whole = true;
        } catch (IOException e) {
            throw DiskErrors.writing(root, e);
        } finally {
            if (!whole) {
                Places.deleteTree(half);
            }
        }
    }

    private List<Path> fill(Content next, Path place, Path content, @Nullable Content last, BooleanSupplier goOn)
            throws IOException {
        Map<Bytes, Path> known = last == null ? new HashMap<>() : paths(last);
        Reflinks reflinks = new Reflinks();
        DigestedCopy copies = new DigestedCopy(() -> !goOn.getAsBoolean());
        List<Path> written = new ArrayList<>();
        for (int file = 0; file < next.info().files().size(); file++) {
            FileEntry entry = next.info().files().get(file);
            Path to = at(content, next.info(), file);
            Files.createDirectories(Places.parentOf(to));
            if (!isLinked(known.get(next.digest(file)), to)) {
                Path from = at(place, next.info(), file);
                boolean cloned = reflinks.made(from, to, entry.sizeBytes());
                if (Existing.fileSize(cloned ? to : from) != entry.sizeBytes()) {
                    throw changed(from);
                }
                Bytes seen = cloned ? copies.digest(to, entry.sizeBytes()) : copies.copy(from, to, entry.sizeBytes());
                if (!seen.equals(next.digest(file))) {
                    throw changed(from);
                }
                known.put(next.digest(file), to);
                written.add(to);
            }
        }
        return written;
    }

    private static Path at(Path root, InfoDictionary info, int file) {
        return Finisher.resolve(root, Earlier.pathOf(info, file));
    }

    private static boolean isLinked(@Nullable Path from, Path to) {
        if (from == null) {
            return false;
        }
        try {
            Files.createLink(to, from);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            log.debug("{} is copied: {}", to, e.getMessage()); // too many links, or a file system without
            return false;
        }
    }

    private static UserException changed(Path file) {
        return new UserException(ErrorCode.CONTENT_CHANGED, file + " is not what it was any more", "");
    }
}
