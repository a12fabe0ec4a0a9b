package bitween.torrent.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Where the copy of a file grows, some of it at a turn. A block of zeros becomes a hole. */
final class CopyTarget implements FileReading.Sink, AutoCloseable {
    private static final byte[] ZEROS = new byte[FileReading.BLOCK];

    private final Path path;
    private final FileChannel channel;
    private final long sizeBytes;
    private long position;

    /** @param position where it stopped the last time; at 0 whatever stands there goes */
    CopyTarget(Path path, long position, long sizeBytes) throws IOException {
        this.path = path;
        this.position = position;
        this.sizeBytes = sizeBytes;
        channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (position == 0) {
            channel.truncate(0);
        }
    }

    /** @throws bitween.model.UserException DISK_WRITE, DISK_FULL */
    @Override
    public void accept(byte[] block, int length) {
        boolean last = position + length == sizeBytes; // which gives it its size
        try {
            if (last || Arrays.mismatch(block, 0, length, ZEROS, 0, length) >= 0) {
                write(ByteBuffer.wrap(block, 0, length));
            }
        } catch (IOException e) {
            throw DiskErrors.writing(path, e);
        }
        position += length;
    }

    private void write(ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    long position() {
        return position;
    }

    /** Onto the disk, with all that was written. */
    void force() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
