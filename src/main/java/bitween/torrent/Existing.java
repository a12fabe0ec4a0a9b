package bitween.torrent;

import bitween.torrent.format.Chosen;
import bitween.torrent.format.DiskErrors;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.InfoDictionary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Files of a share that stand already where a job wants to put it: an interrupted copy, an older state, or all of them. Somebody else's until the job is
 * complete: they are only read, and what is in them is replaced by nothing but what it is the beginning of. Symbolic links are never followed.
 */
final class Existing {
    private static final Logger log = LogManager.getLogger(Existing.class);
    private static final long CHUNK = 16 << 20;

    private final InfoDictionary info;
    private final Chosen chosen;
    private final Path root;

    private Existing(Chosen chosen, Path root) {
        this.chosen = chosen;
        this.root = root;
        info = chosen.info();
    }

    /**
     * @param chosen which of the share's files are looked at
     * @return empty unless a file with a byte in it stands at {@code root} as the share has one there, chosen or not
     */
    static Optional<Existing> at(Path root, Chosen chosen) {
        Existing existing = in(root, chosen);
        boolean some = Files.exists(root, LinkOption.NOFOLLOW_LINKS)
                && chosen.info().files().stream()
                        .anyMatch(file -> file.sizeBytes() > 0 && existing.sizeOf(existing.pathOf(root, file)) > 0);
        return some ? Optional.of(existing) : Optional.empty();
    }

    /** Whatever stands there, or nothing. */
    static Existing in(Path root, Chosen chosen) {
        return new Existing(chosen, root);
    }

    Path root() {
        return root;
    }

    /** Whether every file is there with its size, whatever is in it. */
    boolean isWhole() {
        return chosen.files().stream().allMatch(file -> sizeOf(pathOf(root, file)) == file.sizeBytes());
    }

    /**
     * Copies what {@code staged} does not have yet. What cannot be read is left out: it is downloaded.
     *
     * @param goOn asked again and again; at false it ends, and what was copied whole stays
     * @param progress hears how many bytes were copied so far
     * @return how many bytes were copied
     * @throws bitween.model.UserException DISK_WRITE, DISK_FULL
     * @throws CancellationException when {@code goOn} says no
     */
    long copyInto(Path staged, BooleanSupplier goOn, LongConsumer progress) {
        Path half = staged.resolveSibling(info.name() + ".copy");
        long copied = 0;
        for (FileEntry file : chosen.files()) {
            Path from = pathOf(root, file);
            Path to = pathOf(staged, file);
            if (areFolders(from)) {
                long before = copied;
                copied += copyOnce(from, half, to, file.sizeBytes(), goOn, done -> progress.accept(before + done));
            }
        }
        return copied;
    }

    /** As above, of one file, unless something is at {@code to} already: no more than {@code most} bytes of it, by way of {@code half}. */
    static long copyOnce(Path from, Path half, Path to, long most, BooleanSupplier goOn, LongConsumer progress) {
        long bytes = Math.min(fileSize(from), most);
        return bytes > 0 && !Files.exists(to, LinkOption.NOFOLLOW_LINKS)
                ? copy(from, half, to, bytes, goOn, progress)
                : 0;
    }

    /** As {@code half} first: at {@code to} stands a whole copy or none. */
    private static long copy(Path from, Path half, Path to, long bytes, BooleanSupplier goOn, LongConsumer progress) {
        long done = 0;
        try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(Places.parentOf(to));
            try (FileChannel target = FileChannel.open(
                    half, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                while (done < bytes) {
                    if (!goOn.getAsBoolean()) {
                        throw new CancellationException("copying " + from);
                    }
                    long moved = source.transferTo(done, Math.min(CHUNK, bytes - done), target);
                    if (moved == 0) {
                        log.info("{} has become shorter while it was copied", from);
                        break;
                    }
                    done += moved;
                    progress.accept(done);
                }
                Files.move(half, to, StandardCopyOption.ATOMIC_MOVE);
                return done;
            }
        } catch (IOException e) {
            if (isReadable(from, done)) {
                throw DiskErrors.writing(to, e);
            }
            log.info("{} cannot be read, and is downloaded: {}", from, e.getMessage());
            return 0;
        }
    }

    /** Whether the next bytes can be read: then it was writing them that failed. */
    private static boolean isReadable(Path file, long from) {
        ByteBuffer block = ByteBuffer.allocate(1 << 20);
        try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            for (long at = from; at < from + CHUNK && source.read(block.clear(), at) > 0; ) {
                at += block.position();
            }
            return true;
        } catch (IOException e) {
            log.debug("{} cannot be read: {}", file, e.getMessage());
            return false;
        }
    }

    /**
     * Whether every chosen file that stands here is the beginning of the one below {@code staged}, or equal to it; and no folder of the share is a file
     * or a link here. Only then can the share take this place without a loss.
     */
    boolean isBeginningOf(Path staged) {
        try {
            for (FileEntry file : chosen.files()) {
                Path here = pathOf(root, file);
                if (!areFolders(here)
                        || (Files.exists(here, LinkOption.NOFOLLOW_LINKS)
                                && !isBeginning(here, pathOf(staged, file)))) {
                    return false;
                }
            }
            return chosen.emptyFolders().stream().allMatch(this::mayBeFolder);
        } catch (IOException e) {
            log.info("{} stays as it is: {}", root, e.getMessage());
            return false;
        }
    }

    /** Each file takes its place in one rename. What the share does not have stays. */
    Path completeFrom(Path staged) {
        try {
            for (FileEntry file : chosen.files()) {
                Path here = pathOf(root, file);
                Files.createDirectories(Places.parentOf(here));
                Files.move(pathOf(staged, file), here, StandardCopyOption.ATOMIC_MOVE);
            }
            for (List<String> folder : chosen.emptyFolders()) {
                Files.createDirectories(Finisher.resolve(root, folder));
            }
        } catch (IOException e) {
            throw DiskErrors.writing(root, e);
        }
        return root;
    }

    private static boolean isBeginning(Path here, Path whole) throws IOException {
        if (!Files.isRegularFile(here, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        long difference = Files.mismatch(here, whole);
        return difference == -1 || difference == Files.size(here);
    }

    private boolean mayBeFolder(List<String> folder) {
        return areFolders(Finisher.resolve(root, folder).resolve("x"));
    }

    /** Whether all above {@code path}, up to the root, are folders, as far as they are there. */
    private boolean areFolders(Path path) {
        if (!info.folder() || path.equals(root)) {
            return true;
        }
        Path above = Places.parentOf(path);
        boolean folder =
                Files.isDirectory(above, LinkOption.NOFOLLOW_LINKS) || !Files.exists(above, LinkOption.NOFOLLOW_LINKS);
        return folder && areFolders(above);
    }

    /** @return -1 unless it is a regular file, reached through folders alone */
    private long sizeOf(Path file) {
        return areFolders(file) ? fileSize(file) : -1;
    }

    /** @return -1 unless it is a regular file that can be looked at */
    static long fileSize(Path file) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : -1;
        } catch (IOException e) {
            log.debug("{} cannot be looked at: {}", file, e.getMessage());
            return -1;
        }
    }

    private Path pathOf(Path top, FileEntry file) {
        return Finisher.pathOf(info, top, file);
    }
}
