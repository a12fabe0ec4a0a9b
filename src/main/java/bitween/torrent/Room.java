package bitween.torrent;

import bitween.model.DiskReserve;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Path;

/** How much of a disk downloads may fill. Any thread that may wait for the disk. */
final class Room {
    /** What has paused goes on with that much beyond the reserve, or a fiftieth of a small disk, so that it does not pause again at once. */
    private static final long MOST_MARGIN = 64 << 20;

    private static final int MARGIN_PARTS = 50;

    private final Disks disks;
    private final DiskReserve reserve;

    Room(Disks disks, DiskReserve reserve) {
        this.disks = disks;
        this.reserve = reserve;
    }

    /** @throws UserException DISK_FULL when {@code bytes} do not fit into what is free there beyond the reserve */
    void check(Path directory, long bytes) {
        require(directory, spaceOf(directory), bytes, bytes > 0 ? "; or get it into another folder with --to" : "");
    }

    /** As {@link #check}, for what has paused. */
    void checkAgain(Path directory, long bytes) {
        Disks.Space space = spaceOf(directory);
        require(directory, space, Math.max(bytes, Math.min(MOST_MARGIN, space.totalBytes() / MARGIN_PARTS)), "");
    }

    private Disks.Space spaceOf(Path directory) {
        try {
            return disks.spaceOf(directory);
        } catch (IOException e) {
            throw Places.cannotWrite(directory, e);
        }
    }

    private void require(Path directory, Disks.Space space, long bytes, String elsewhere) {
        long kept = reserve.of(space.totalBytes());
        if (space.usableBytes() - kept >= bytes) {
            return;
        }
        throw new UserException(
                ErrorCode.DISK_FULL,
                directory + " has room for " + Math.max(0, space.usableBytes() - kept) + " bytes"
                        + (kept == 0 ? "" : " beyond the " + kept + " that disk.reserve keeps free")
                        + (bytes == 0 ? "" : ", and " + bytes + " are needed"),
                "free some space, and it goes on by itself" + elsewhere);
    }
}
