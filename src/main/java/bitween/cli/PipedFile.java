package bitween.cli;

import bitween.files.PrivateFiles;
import bitween.model.DiskReserve;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * What came from the input, in a file that is bitween's own. It is locked until it is closed, so that the daemon sees that somebody writes it; and goes then, unless it is kept. What a command leaves that is killed
 * goes within a minute, or when the daemon begins.
 */
final class PipedFile implements AutoCloseable {
    private static final int BLOCK = 1 << 18;
    /** How often it is looked whether the disk has room. */
    private static final long LOOK_BYTES = 16L << 20;

    private final Path path;
    private final FileChannel channel;
    private boolean kept;

    private PipedFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** All of the input, on the disk. */
    static PipedFile of(InputStream input, Path directory) {
        Path path = PrivateFiles.directory(directory).resolve(UUID.randomUUID().toString());
        try {
            Path file = PrivateFiles.file(path);
            PipedFile piped = new PipedFile(file, FileChannel.open(file, StandardOpenOption.WRITE));
            try {
                if (piped.channel.tryLock() == null) {
                    throw new IOException("somebody else writes it");
                }
                piped.fill(input);
                return piped;
            } catch (IOException | RuntimeException e) {
                piped.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.DISK_WRITE, "the input cannot be kept in " + directory + ": " + e.getMessage(), "", e);
        }
    }

    private void fill(InputStream input) throws IOException {
        FileStore disk = Files.getFileStore(path);
        byte[] block = new byte[BLOCK];
        long looked = -LOOK_BYTES;
        long written = 0;
        for (int count = input.read(block); count >= 0; count = input.read(block)) {
            if (written - looked >= LOOK_BYTES) {
                looked = written;
                requireRoom(disk);
            }
            ByteBuffer rest = ByteBuffer.wrap(block, 0, count);
            while (rest.hasRemaining()) {
                written += channel.write(rest);
            }
        }
        channel.force(true);
    }

    private void requireRoom(FileStore disk) throws IOException {
        if (disk.getUsableSpace() < DiskReserve.DEFAULT.of(disk.getTotalSpace()) + LOOK_BYTES) {
            throw new UserException(
                    ErrorCode.DISK_FULL,
                    "the disk of " + path.getParent() + " has no room for all of the input",
                    "nothing was sent; make room, or send a file from where it is");
        }
    }

    Path path() {
        return path;
    }

    /** It is offered: from now on it is the daemon's. */
    void keep() {
        kept = true;
    }

    @Override
    public void close() {
        try (channel) {
            if (!kept) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.DISK_WRITE, path + " cannot be closed or deleted: " + e.getMessage(), "", e);
        }
    }
}
