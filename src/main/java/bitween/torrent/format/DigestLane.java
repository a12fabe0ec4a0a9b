package bitween.torrent.format;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Makes the SHA-256 of one file, some of it at a turn. */
final class DigestLane implements HashThreads.Step {
    /** Some 20 ms of work. */
    private static final long TURN_BYTES = 32L << 20;

    private final FileReading reading;
    private final Path path;
    private final long size;
    private final LongConsumer done;
    private final Consumer<byte[]> result;
    private final MessageDigest digest;
    private long position;

    /** @param done gets the length of each part that was read */
    DigestLane(FileReading reading, Path path, long size, LongConsumer done, Consumer<byte[]> result) {
        this(reading, path, size, new EarlyDigests.Begun(Digests.sha256(), 0), done, result);
    }

    /** Of a file whose beginning was read before. */
    DigestLane(
            FileReading reading,
            Path path,
            long size,
            EarlyDigests.Begun begun,
            LongConsumer done,
            Consumer<byte[]> result) {
        this.reading = reading;
        this.path = path;
        this.size = size;
        this.done = done;
        this.result = result;
        digest = begun.digest();
        position = begun.position();
    }

    /** All of it in one turn, for what others need not wait behind. */
    @Nullable
    DigestLane runToEnd() {
        DigestLane lane = this;
        while (lane != null) {
            lane = lane.run();
        }
        return null;
    }

    @Override
    public @Nullable DigestLane run() {
        long length = Math.min(TURN_BYTES, size - position);
        reading.read(path, position, length, (block, count) -> {
            digest.update(block, 0, count);
            done.accept(count);
        });
        position += length;
        if (position < size) {
            return this;
        }
        result.accept(digest.digest());
        return null;
    }
}
