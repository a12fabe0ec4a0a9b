package bitween.torrent.format;

import bitween.model.Bytes;
import bitween.model.UserException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of each file of a download, made while its pieces come in, so that little is left to read when the last one is here. Each file is read from its
 * beginning to where a piece is missing.
 *
 * <p>It is a help and no proof: what it cannot read it leaves, and a digest that does not fit is made again by whoever compares. Callable from any thread;
 * reads on the hasher's, at one place at a time.
 */
public final class EarlyDigests implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(EarlyDigests.class);
    /** Some 3 ms of work. */
    private static final int TURN_BYTES = 4 << 20;
    /** Less is not worth opening the file for, unless it is the rest of it. */
    private static final int WORTH_BYTES = 1 << 20;

    /**
     * A piece is read once so much came after it. libtorrent says that a piece is right before it has written it, but takes no more from its peers while more
     * than 1 MiB waits to be written.
     */
    private static final int WRITTEN_BY_THEN_BYTES = 8 << 20;

    /** How far a file is: the digest of its bytes before {@code position}. */
    record Begun(MessageDigest digest, long position) {}

    private final InfoDictionary info;
    private final Path root;
    private final Executor threads;
    private final FileReading reading = new FileReading(this::isAbandoned);
    /** Of each file in the share, and of its end. */
    private final long[] offsets;

    /** What came last, oldest first. */
    private final Deque<Integer> fresh = new ArrayDeque<>();

    private final BitSet pieces = new BitSet();
    private final Map<Integer, Begun> begun = new HashMap<>();
    /** Of the files that {@link #whole} has, 32 bytes for each file; made with the first. */
    private byte[] digests = {};

    private final BitSet whole = new BitSet();
    private final BitSet unreadable = new BitSet();
    private final Deque<Integer> waiting = new ArrayDeque<>();
    private final BitSet isWaiting = new BitSet();
    private boolean turnIsDue;
    private boolean reads;
    private boolean stopped;
    private boolean abandoned;

    /** @param root where the shared file or folder grows */
    EarlyDigests(InfoDictionary info, Path root, Executor threads) {
        this.info = info;
        this.root = root;
        this.threads = threads;
        offsets = new long[info.files().size() + 1];
        for (int file = 0; file < info.files().size(); file++) {
            offsets[file + 1] = offsets[file] + info.files().get(file).sizeBytes();
        }
    }

    /** A piece was verified and is on its way to the disk. */
    public synchronized void pieceCame(int piece) {
        fresh.add(piece);
        while ((fresh.size() - 1L) * info.pieceLength() >= WRITTEN_BY_THEN_BYTES) {
            pieceIsWritten(fresh.remove());
        }
        begin();
    }

    private void pieceIsWritten(int piece) {
        pieces.set(piece);
        long start = (long) piece * info.pieceLength();
        int found = Arrays.binarySearch(offsets, start);
        for (int file = found >= 0 ? found : -found - 2;
                file < offsets.length - 1 && offsets[file] < start + info.pieceLength();
                file++) {
            awaitTurn(file);
        }
    }

    /** The digest of a whole file. Nothing is read after the first such question; it waits for what is being read just now. */
    synchronized Optional<Bytes> digest(int file) {
        stop();
        int start = file * Digests.SHA256_BYTES;
        return whole.get(file)
                ? Optional.of(Bytes.of(Arrays.copyOfRange(digests, start, start + Digests.SHA256_BYTES)))
                : Optional.empty();
    }

    /** How far a file is that is not whole, for whoever reads the rest; as {@link #digest}. */
    synchronized Optional<Begun> begun(int file) {
        stop();
        return Optional.ofNullable(begun.remove(file));
    }

    private void stop() {
        stopped = true;
        boolean interrupted = false;
        while (reads) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // a turn is some milliseconds
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads no more, also of what it has begun. Idempotent; does not wait. */
    @Override
    public synchronized void close() {
        stopped = true;
        abandoned = true;
    }

    private synchronized boolean isAbandoned() {
        return abandoned;
    }

    private void awaitTurn(int file) {
        long position = positionOf(file);
        long ready = readyBytes(file, position) - position;
        long left = offsets[file + 1] - offsets[file] - position;
        if (!isWaiting.get(file)
                && !whole.get(file)
                && !unreadable.get(file)
                && left > 0
                && ready >= Math.min(left, WORTH_BYTES)) {
            isWaiting.set(file);
            waiting.add(file);
        }
    }

    private long positionOf(int file) {
        Begun sofar = begun.get(file);
        return sofar == null ? 0 : sofar.position();
    }

    /** How many bytes from the beginning of the file are here, if those before {@code position} are. */
    private long readyBytes(int file, long position) {
        int piece = Math.toIntExact((offsets[file] + position) / info.pieceLength());
        long end = (long) pieces.nextClearBit(piece) * info.pieceLength();
        return Math.min(end, offsets[file + 1]) - offsets[file];
    }

    private void begin() {
        if (!turnIsDue && !reads && !stopped && !waiting.isEmpty()) {
            turnIsDue = true;
            threads.execute(this::turn);
        }
    }

    private void turn() {
        int file;
        Begun before;
        long end;
        synchronized (this) {
            turnIsDue = false;
            if (stopped || waiting.isEmpty()) {
                return;
            }
            file = waiting.remove();
            isWaiting.clear(file);
            before = begun.getOrDefault(file, new Begun(Digests.sha256(), 0));
            end = Math.min(readyBytes(file, before.position()), before.position() + TURN_BYTES);
            reads = true;
        }
        Begun after = null;
        try {
            after = read(file, before, end);
        } finally {
            ended(file, after);
        }
    }

    /** @return null when it cannot be read now, or not any more */
    private @Nullable Begun read(int file, Begun before, long end) {
        Path path = info.folder() ? Scan.below(root, info.files().get(file).path()) : root;
        try {
            reading.read(
                    path,
                    before.position(),
                    end - before.position(),
                    (block, count) -> before.digest().update(block, 0, count));
            return new Begun(before.digest(), end);
        } catch (UserException e) {
            log.debug("a file is left for the end: {}", e.sentence());
            return null;
        } catch (CancellationException e) {
            log.trace("nobody wants it any more", e);
            return null;
        }
    }

    private synchronized void ended(int file, @Nullable Begun after) {
        reads = false;
        notifyAll();
        if (after == null) {
            begun.remove(file);
            unreadable.set(file);
        } else if (after.position() == offsets[file + 1] - offsets[file]) {
            begun.remove(file);
            keep(file, after.digest().digest());
        } else {
            begun.put(file, after);
            awaitTurn(file);
        }
        begin();
    }

    private void keep(int file, byte[] digest) {
        if (digests.length == 0) {
            digests = new byte[info.digestsBytes()];
        }
        System.arraycopy(digest, 0, digests, file * Digests.SHA256_BYTES, Digests.SHA256_BYTES);
        whole.set(file);
    }
}
