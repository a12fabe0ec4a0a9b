package bitween.app;

import bitween.config.Home;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.torrent.format.DiskErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** One daemon per home: a lock on a file that holds the process id. The system drops the lock when the process ends, however it ends. */
public final class InstanceLock implements AutoCloseable {
    /** The byte that a daemon holds as long as it runs. */
    private static final int RUNS = 0;
    /** The byte that is held while one looks and writes its process id, so that whoever comes second reads that, and not what was there before. */
    private static final int TURN = 1;

    private final FileChannel channel;

    private InstanceLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws UserException ALREADY_RUNNING, naming who runs; DISK_READ_ONLY, DISK_FULL or DISK_WRITE when the file cannot be made */
    public static InstanceLock take(Path file) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            String runs = takeTurn(channel, file);
            if (runs != null) {
                channel.close();
                throw new UserException(
                        ErrorCode.ALREADY_RUNNING,
                        "a bitween daemon already runs for "
                                + file.toAbsolutePath().getParent() + " (process " + runs + ")",
                        "stop it with: bitween stop");
            }
            return new InstanceLock(channel);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /** Without the lock two daemons could run for one home, so none does where it cannot be had. */
    private static UserException cannotWrite(Path file, IOException e) {
        UserException found = DiskErrors.writing(file, e);
        return new UserException(
                found.code(),
                "the daemon cannot write to its home: " + found.sentence(),
                switch (found.code()) {
                    case DISK_READ_ONLY ->
                        "mount that disk for writing, then start again; or name another home with --home";
                    case DISK_FULL -> "free some space there, then start again";
                    default ->
                        "look at the owner and the mode of "
                                + file.toAbsolutePath().getParent();
                },
                e);
    }

    /** @return whose daemon runs; null where it is ours from now on */
    private static @Nullable String takeTurn(FileChannel channel, Path file) throws IOException {
        FileLock turn = channel.lock(TURN, 1, false);
        try {
            if (tryLock(channel) == null) {
                return holder(file);
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
                    0);
            return null;
        } finally {
            turn.release();
        }
    }

    /** @return null where another daemon runs */
    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(RUNS, 1, false);
        } catch (OverlappingFileLockException e) {
            return null; // another daemon in this very process, in a test
        }
    }

    /** The process id that the file holds; "unknown" when it holds none. */
    static String holder(Path file) {
        return Home.holder(file).map(String::valueOf).orElse("unknown");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
