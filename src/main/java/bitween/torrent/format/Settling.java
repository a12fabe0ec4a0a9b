package bitween.torrent.format;

import bitween.model.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What changes in the folder of a live share, from one scan to the next, until it has come to rest. Not thread-safe: one scan at a time.
 *
 * <p>What goes on changing holds up the rest for a while only; then it is left out until it rests. It cannot stay as it was: what it was is not on the disk any more.
 */
public final class Settling {
    /** Programs that save a file write it in one go, or several within a moment. */
    static final int REST_SECONDS = 2;

    /** A file that grows for an hour does not keep the others from friends. */
    static final int LIMIT_SECONDS = 30;

    private final InfoDictionary offered;
    private final Bytes digests;
    private final FileStamps stamps;
    /** When each path was last seen to change, in seconds. */
    private final Map<List<String>, Long> changed = new HashMap<>();

    private @Nullable Scan last;
    private long begunSecond;

    /**
     * @param digests of {@code offered}
     * @param stamps likewise
     */
    public Settling(InfoDictionary offered, Bytes digests, FileStamps stamps) {
        this.offered = offered;
        this.digests = digests;
        this.stamps = stamps;
    }

    /**
     * What a scan showed.
     *
     * @param isWhole whether each file that is offered is there as it was
     * @param isSame whether what is to be offered is what is offered
     * @param settled what is to be offered; null: not yet
     * @param isComplete whether that is all there is
     */
    public record Look(
            boolean isWhole, boolean isSame, @Nullable Scan settled, boolean isComplete) {}

    public InfoDictionary offered() {
        return offered;
    }

    /** @param second when the scan was begun, on any clock that goes on */
    public Look look(Scan scan, long second) {
        if (last == null) {
            begunSecond = second;
        }
        note(scan, second);
        last = scan;
        boolean whole = isWhole(scan);
        boolean rests = changed.values().stream().allMatch(at -> second - at >= REST_SECONDS);
        if (!rests && second - begunSecond < LIMIT_SECONDS) {
            return new Look(whole, false, null, false);
        }
        begunSecond = second;
        Scan settled = rests ? scan : without(scan, second);
        return new Look(whole, isSame(settled), settled, rests);
    }

    /** What is known of files that did not change. */
    public HashedParts known(Scan settled) {
        return new KnownRevision(offered, digests, stamps, settled);
    }

    private void note(Scan scan, long second) {
        Map<List<String>, Object> before = last == null ? ofOffered() : byPath(last);
        byPath(scan).forEach((path, now) -> {
            if (!now.equals(before.remove(path))) {
                changed.put(path, second);
            }
        });
        before.keySet().forEach(path -> changed.put(path, second));
    }

    /** Files by how they look, and empty folders. */
    private static Map<List<String>, Object> byPath(Scan scan) {
        Map<List<String>, Object> all = new HashMap<>();
        FileStamps seen = FileStamps.of(scan);
        for (int file = 0; file < scan.files().size(); file++) {
            all.put(scan.files().get(file).entry().path(), seen.each().get(file));
        }
        scan.emptyFolders().forEach(path -> all.put(path, ""));
        return all;
    }

    private Map<List<String>, Object> ofOffered() {
        Map<List<String>, Object> all = new HashMap<>();
        for (int file = 0; file < offered.files().size(); file++) {
            all.put(offered.files().get(file).path(), stamps.each().get(file));
        }
        offered.emptyFolders().forEach(path -> all.put(path, ""));
        return all;
    }

    private boolean isWhole(Scan scan) {
        Map<List<String>, Object> now = byPath(scan);
        for (int file = 0; file < offered.files().size(); file++) {
            if (!stamps.each()
                    .get(file)
                    .equals(now.get(offered.files().get(file).path()))) {
                return false;
            }
        }
        return true;
    }

    private boolean isSame(Scan settled) {
        return settled.folder() == offered.folder()
                && settled.emptyFolders().equals(offered.emptyFolders())
                && entries(settled).equals(offered.files())
                && FileStamps.of(settled).equals(stamps);
    }

    private static List<FileEntry> entries(Scan scan) {
        return scan.files().stream().map(Scan.File::entry).toList();
    }

    private Scan without(Scan scan, long second) {
        Set<List<String>> busy = new HashSet<>();
        changed.forEach((path, at) -> {
            if (second - at < REST_SECONDS) {
                busy.add(path);
            }
        });
        List<Scan.File> files = new ArrayList<>(scan.files());
        files.removeIf(file -> busy.contains(file.entry().path()));
        List<List<String>> folders = new ArrayList<>(scan.emptyFolders());
        folders.removeIf(busy::contains);
        return new Scan(
                scan.root(), scan.name(), scan.folder(), files, folders, scan.leftOut(), scan.fixedPieceLength());
    }

    /** Whether both have the same folders and files, with the same content. */
    public static boolean isSameContent(InfoDictionary a, InfoDictionary b) {
        return a.folder() == b.folder()
                && a.pieceLength() == b.pieceLength()
                && a.pieces().equals(b.pieces())
                && Objects.equals(a.files(), b.files())
                && a.emptyFolders().equals(b.emptyFolders());
    }
}
