package bitween.store;

import bitween.files.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * A checksum beside a database file that nobody has open: {@code bitween.db.seal}. Thread: any.
 *
 * <p>SQLite knows whether its tree is whole, not whether what is in it is what was written: a name of somebody in a grant may be another's after one
 * flipped bit. A seal that is there also says that the file was closed as it should be; whoever opens it for writing breaks it first: it becomes {@code
 * bitween.db.opened}, which holds until the first checkpoint, because until then all that is new is in the log, which has checksums of its own. It is broken
 * for good before that checkpoint begins: what tells that the file was written is its time, and that may be lost with the power where the bytes are not.
 */
final class Seal {
    private static final Logger log = LogManager.getLogger(Seal.class);
    private static final Pattern LINE = Pattern.compile("(\\d{1,19} \\d{1,19} [0-9a-f]{8}) ([0-9a-f]{8})\n?");
    /** "size time checksum" and the checksum of that. */
    private static final int MAX_BYTES = 64;

    private static final int BUFFER_BYTES = 1 << 20;

    /** What a seal says of its file. */
    enum Verdict {
        /** There is none that could be read: the file was not closed, or is of an older bitween. */
        NONE,
        /** Every byte is as it was. */
        INTACT,
        /** Another program has written since. */
        WRITTEN,
        /** Nobody has written, and yet it is not what it was. */
        ROTTEN
    }

    private Seal() {}

    /** Seals what is in {@code file} now. */
    static void put(Path file) throws IOException {
        put(file, of(file));
        PrivateFiles.delete(opened(file));
    }

    /** As {@link #put}, of a file that is open, after a checkpoint. */
    static void putOpened(Path file) throws IOException {
        put(file, opened(file));
    }

    /** The file is opened for writing, and has not changed yet. */
    static void open(Path file) throws IOException {
        Files.move(of(file), opened(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void put(Path file, Path seal) throws IOException {
        String content = stamp(file) + " " + checksum(file);
        PrivateFiles.write(seal, (content + " " + checksum(content) + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    static Verdict check(Path file) {
        return check(file, of(file));
    }

    /** Of a file that was not closed: {@link Verdict#WRITTEN} after a checkpoint. */
    static Verdict checkOpened(Path file) {
        return check(file, opened(file));
    }

    private static Verdict check(Path file, Path seal) {
        try {
            if (Files.size(seal) > MAX_BYTES) {
                return Verdict.NONE;
            }
            Matcher line = LINE.matcher(Files.readString(seal, StandardCharsets.ISO_8859_1));
            if (!line.matches() || !checksum(line.group(1)).equals(line.group(2))) {
                return Verdict.NONE;
            }
            String stamp = stamp(file);
            if (!line.group(1).startsWith(stamp + " ")) {
                return Verdict.WRITTEN;
            }
            return line.group(1).equals(stamp + " " + checksum(file)) ? Verdict.INTACT : Verdict.ROTTEN;
        } catch (NoSuchFileException e) {
            return Verdict.NONE;
        } catch (IOException e) {
            log.warn("the seal of {} cannot be read: {}", file, e.getMessage(), e);
            return Verdict.NONE;
        }
    }

    /** The next checkpoint may change the file, which is open. Holds also when the power fails. */
    static void breakOpened(Path file) {
        PrivateFiles.delete(opened(file));
    }

    /** From now on the file may change. */
    static void remove(Path file) {
        PrivateFiles.delete(of(file));
        PrivateFiles.delete(opened(file));
    }

    private static Path opened(Path file) {
        return file.resolveSibling(file.getFileName() + ".opened");
    }

    static Path of(Path file) {
        return file.resolveSibling(file.getFileName() + ".seal");
    }

    private static String stamp(Path file) throws IOException {
        long micros = Files.getLastModifiedTime(file).to(TimeUnit.MICROSECONDS);
        return Files.size(file) + " " + Math.max(0, micros);
    }

    private static String checksum(Path file) throws IOException {
        CRC32C sum = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(buffer) >= 0) {
                sum.update(buffer.flip());
                buffer.clear();
            }
        }
        return hex(sum);
    }

    private static String checksum(String text) {
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.US_ASCII));
        return hex(sum);
    }

    private static String hex(CRC32C sum) {
        return "%08x".formatted(sum.getValue());
    }
}
