package bitween.torrent;

import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.UserException;
import bitween.store.StoredTransfer;
import bitween.store.TorrentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows the folder of a job again: the empty one that stays where its disk was mounted is another, and gets nothing. Thread: {@code torrent}, but for
 * {@link Mark}, which any may use that may wait for the disk.
 *
 * <p>The staging folder is the best sign, and the job's own. Before there is one, device and inode tell: a device may get another number when the
 * system starts anew, and an inode on FAT whenever it likes, so one of them is enough; for what had a staging folder it has to be the inode.
 */
final class FolderMarks {
    private static final Pattern TEXT = Pattern.compile("-?\\d+:-?\\d+");

    private final TorrentStore store;
    private final Map<TransferId, String> marks = new HashMap<>();
    private final Set<TransferId> begun = new HashSet<>();

    FolderMarks(TorrentStore store) {
        this.store = store;
    }

    /**
     * What is known of a job's folder.
     *
     * @param staging where it grows
     * @param text device and inode; null: nobody looked
     * @param begun whether the staging folder was there
     */
    record Mark(Path directory, Path staging, @Nullable String text, boolean begun) {
        /** @throws UserException PATH_MISSING when the folder is gone, or another stands in its place: made anew, it might stand where a disk is to be mounted */
        void check() {
            if (!Files.isDirectory(directory)) {
                throw gone(directory);
            }
            if (text != null
                    && !Files.isDirectory(staging, LinkOption.NOFOLLOW_LINKS)
                    && !isSame(text, look(directory))) {
                throw new UserException(
                        ErrorCode.PATH_MISSING,
                        directory + " is not the folder that it was" + (begun ? ": nothing of the job is in it" : ""),
                        "mount its disk, and it goes on by itself; if it is right as it is: bitween resume NAME");
            }
        }

        private boolean isSame(String then, String now) {
            int split = then.indexOf(':');
            boolean device = now.startsWith(then.substring(0, split + 1));
            boolean inode = now.endsWith(then.substring(split));
            return inode || (device && !begun);
        }
    }

    /** At the start, once for each. */
    void load(StoredTransfer stored) {
        TransferId id = stored.transfer().id();
        String text = stored.folderMark();
        if (text != null && TEXT.matcher(text).matches()) {
            marks.put(id, text);
        }
        if (stored.staging() != null) {
            begun.add(id);
        }
    }

    /** @param text as it is stored with the job */
    void added(TransferId id, String text) {
        marks.put(id, text);
    }

    void begun(TransferId id) {
        begun.add(id);
    }

    /** Nothing of it grows any more. */
    void finished(TransferId id) {
        begun.remove(id);
    }

    /** The folder is right as it is now, whatever it was. */
    void renew(Transfer job) {
        Path directory = Places.parentOf(job.place());
        if (Files.isDirectory(directory)) {
            String text = look(directory);
            store.saveFolderMark(job.id(), text);
            marks.put(job.id(), text);
            begun.remove(job.id());
        }
    }

    void forget(TransferId id) {
        marks.remove(id);
        begun.remove(id);
    }

    Mark of(Transfer job, InfoHash hash) {
        Path directory = Places.parentOf(job.place());
        return new Mark(directory, Places.staging(directory, hash), marks.get(job.id()), begun.contains(job.id()));
    }

    /** @throws UserException DISK_WRITE when it cannot be looked at */
    static String look(Path directory) {
        try {
            Map<String, Object> read = Files.readAttributes(directory, "unix:dev,ino");
            return read.get("dev") + ":" + read.get("ino");
        } catch (IOException e) {
            throw Places.cannotWrite(directory, e);
        }
    }

    static UserException gone(Path folder) {
        return new UserException(
                ErrorCode.PATH_MISSING,
                "the folder " + folder + " is gone",
                "bring it back, or mount its disk, and it goes on by itself");
    }
}
