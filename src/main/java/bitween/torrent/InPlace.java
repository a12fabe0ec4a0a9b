package bitween.torrent;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.UserException;
import bitween.store.TorrentStore;
import bitween.torrent.format.FileEntry;
import bitween.torrent.format.FileStamp;
import bitween.torrent.format.FilesLook;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares files that stand in their place with what was got, for those who read them: whoever has the disk may have changed them. Thread: {@code torrent} asks, those
 * of the hasher answer.
 *
 * <p>Pieces tell it at once. One that other files lie in, too, which are not here or were changed, tells nothing: then the file's SHA-256 does, once for as long as the
 * file looks the same.
 */
final class InPlace {
    /** Far more than are read at once. */
    private static final int KNOWN = 1_000;

    /** What the files of a share or job are to be. */
    record Content(InfoHash hash, InfoDictionary info, Optional<Bytes> digests) {}

    private final TorrentStore store;
    private final Hasher hasher;
    private final Map<Path, FileStamp> right = new ConcurrentHashMap<>();
    private final Map<Path, CompletableFuture<BitSet>> comparing = new ConcurrentHashMap<>();
    /** Of who reads: to read that of a large share for each stretch would take longer than the stretch. */
    private @Nullable Content last;

    InPlace(TorrentStore store, Hasher hasher) {
        this.store = store;
        this.hasher = hasher;
    }

    /** @return empty: nothing is known of it yet */
    Optional<Content> content(InfoHash hash, boolean anew) {
        if (anew || last == null || !last.hash().equals(hash)) {
            last = store.metadata(hash)
                    .map(info -> new Content(hash, MetadataValidator.validate(info, hash), store.digests(hash)))
                    .orElse(null);
        }
        return Optional.ofNullable(last);
    }

    /**
     * How far a file is what it is to be, from {@code offset} on.
     *
     * @param most how many bytes to look at; a piece at least
     * @return {@code offset} at its end alone; fails with PATH_MISSING, CONTENT_CHANGED, PATH_UNREADABLE or DISK_READ
     */
    CompletableFuture<Long> verified(Transfer transfer, Content content, int file, long offset, long most) {
        FileEntry entry = content.info().files().get(file);
        Path path = path(transfer, content.info(), file);
        return hasher.look(content.info(), transfer.place(), file).thenCompose(look -> {
            if (!look.missing().isEmpty()) {
                throw gone(transfer, path);
            }
            if (!look.changed().isEmpty()) {
                throw changed(transfer, path);
            }
            return hasher.verified(content.info(), transfer.place(), file, offset, most)
                    .thenCompose(until -> until > offset || offset == entry.sizeBytes()
                            ? CompletableFuture.completedFuture(until)
                            : asWhole(transfer, content, file, look)
                                    .thenApply(same -> Math.min(entry.sizeBytes(), offset + most)));
        });
    }

    static Path path(Transfer transfer, InfoDictionary info, int file) {
        return info.folder()
                ? Finisher.resolve(transfer.place(), info.files().get(file).path())
                : transfer.place();
    }

    private CompletableFuture<Boolean> asWhole(Transfer transfer, Content content, int file, FilesLook look) {
        Path path = path(transfer, content.info(), file);
        FileStamp stamp = look.now().each().get(0);
        if (stamp.equals(right.get(path))) {
            return CompletableFuture.completedFuture(true);
        }
        Bytes digests = content.digests().orElseThrow(() -> unproven(transfer, path));
        BitSet alone = new BitSet();
        alone.set(file);
        CompletableFuture<BitSet> compared = comparing.computeIfAbsent(
                path, none -> hasher.differing(content.info(), digests, transfer.place(), alone, bytes -> {}));
        return compared.whenComplete((wrong, failure) -> comparing.remove(path, compared))
                .thenApply(wrong -> {
                    if (!wrong.isEmpty()) {
                        throw changed(transfer, path);
                    }
                    if (right.size() >= KNOWN) {
                        right.clear();
                    }
                    right.put(path, stamp);
                    return true;
                });
    }

    private static UserException gone(Transfer transfer, Path path) {
        return new UserException(ErrorCode.PATH_MISSING, path + " is not there any more", repair(transfer));
    }

    private static UserException changed(Transfer transfer, Path path) {
        return new UserException(
                ErrorCode.CONTENT_CHANGED,
                path + " was changed here: it is not what was " + (isJob(transfer) ? "got" : "shared") + " any more",
                "what it is now can be read there; " + repair(transfer));
    }

    private static UserException unproven(Transfer transfer, Path path) {
        return new UserException(
                ErrorCode.CONTENT_CHANGED,
                path
                        + " cannot be verified: it, or a file beside it in the share, was changed or is not here, and nobody has told its SHA-256",
                "what it is now can be read there; " + repair(transfer));
    }

    private static String repair(Transfer transfer) {
        String again = "bitween recheck '" + transfer.id() + "'";
        return isJob(transfer) ? again + " brings back what the friend has" : again + " looks what has become of it";
    }

    private static boolean isJob(Transfer transfer) {
        return transfer.kind() == Transfer.Kind.JOB;
    }
}
