package bitween.app;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** One daemon per home: a lock on a file that holds the process id. The system drops the lock when the process ends, however it ends. */
public final class InstanceLock implements AutoCloseable {
    /** A process id is shorter. */
    private static final int MAX_CONTENT = 32;

    private final FileChannel channel;

    private InstanceLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws UserException ALREADY_RUNNING, naming who runs; DISK_WRITE when the file cannot be made */
    public static InstanceLock take(Path file) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new UserException(
                        ErrorCode.ALREADY_RUNNING,
                        "a bitween daemon already runs for "
                                + file.toAbsolutePath().getParent() + " (process " + holder(file) + ")",
                        "stop it with: bitween stop");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
                    0);
            return new InstanceLock(channel);
        } catch (IOException e) {
            throw new UserException(ErrorCode.DISK_WRITE, "cannot lock " + file + ": " + e.getMessage(), "", e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another daemon in this very process, in a test
        }
    }

    /** The process id that the file holds; "unknown" when it holds none. */
    static String holder(Path file) {
        try {
            String content = Files.readString(file, StandardCharsets.US_ASCII).trim();
            return content.length() <= MAX_CONTENT && content.matches("[0-9]+") ? content : "unknown";
        } catch (IOException e) {
            return "unknown";
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
