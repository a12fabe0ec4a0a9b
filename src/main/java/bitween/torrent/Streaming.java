package bitween.torrent;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.TorrentRequest.ReadFile;
import bitween.message.TorrentRequest.Stretch;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Gives files of jobs to readers, in order, while they come. Thread: {@code torrent}.
 *
 * <p>What a reader needs next is most urgent of all that its job gets, and then the rest of its file. What is told to be here was read from the disk and compared
 * with the hash of its piece: that the engine says that a piece came is only a reason to look, since it may not be on the disk yet. So is what is in its place already, which
 * somebody may have changed there.
 */
final class Streaming {
    /** A few milliseconds of reading and hashing. */
    private static final long STRETCH_BYTES = 4 << 20;
    /** How much is most urgent at most: some seconds of a fast line, so that no peer runs dry. */
    private static final long AHEAD_BYTES = 16 << 20;
    /** Who does not ask for a minute reads no more, or waits for somebody slow: what is ahead of it can wait. */
    private static final int IDLE_TICKS = 60;

    /** Then who waits is told how it stands. */
    private static final int PATIENCE_TICKS = 2;

    private static final Set<Job.Engine> HELD = EnumSet.of(Job.Engine.CHECKING, Job.Engine.RUNNING, Job.Engine.PAUSED);

    /** Somebody who waits for more. */
    private static final class Reader {
        private final ReadFile request;
        private final CompletableFuture<Stretch> answer = new CompletableFuture<>();
        private long sizeBytes = -1;
        private int piece = -1;
        private boolean looking;
        /** Whether the file is in its place: nothing more comes, but to read all of it may take long. */
        private boolean inPlace;
        /** What to say when it is still not there; null: it was. */
        private @Nullable UserException gone;

        private boolean again;
        private int ticks;

        private Reader(ReadFile request) {
            this.request = request;
        }

        private void tell(@Nullable Path file, long until) {
            answer.complete(new Stretch(file, until, sizeBytes));
        }
    }

    /** A job that is read. */
    private static final class Read {
        /** What came since. */
        private final BitSet came = new BitSet();

        private int idleTicks;
    }

    private final Mailbox mailbox;
    private final Transfers transfers;
    private final JobQueue queue;
    private final Staging staging;
    private final Hasher hasher;
    private final InPlace inPlace;
    private final List<Reader> readers = new ArrayList<>();
    private final Map<InfoHash, Read> reads = new HashMap<>();

    Streaming(
            Bus bus,
            Mailbox mailbox,
            Transfers transfers,
            JobQueue queue,
            Staging staging,
            Hasher hasher,
            InPlace inPlace) {
        this.mailbox = mailbox;
        this.transfers = transfers;
        this.queue = queue;
        this.staging = staging;
        this.hasher = hasher;
        this.inPlace = inPlace;
        bus.answerLater(ReadFile.class, mailbox, this::onReadFile);
    }

    private CompletableFuture<Stretch> onReadFile(ReadFile request) {
        Reader reader = new Reader(request);
        readers.add(reader);
        look(reader);
        readers.removeIf(known -> known.answer.isDone());
        return reader.answer;
    }

    void onPieceCame(InfoHash hash, int piece) {
        Read read = reads.get(hash);
        if (read == null) {
            return;
        }
        read.came.set(piece);
        for (Reader reader : List.copyOf(readers)) {
            boolean itsOwn = transfers
                    .find(reader.request.id())
                    .map(Transfer::hash)
                    .filter(hash::equals)
                    .isPresent();
            if (itsOwn && reader.piece >= 0 && read.came.get(reader.piece)) {
                look(reader);
            }
        }
        readers.removeIf(known -> known.answer.isDone());
    }

    /** Once a second: who waited for a while is told that nothing came, and how it stands. */
    void onTick() {
        for (Reader reader : List.copyOf(readers)) {
            reader.ticks++;
            look(reader);
            if (!reader.looking || reader.inPlace) {
                tellThatNothingCame(reader);
            }
        }
        readers.removeIf(known -> known.answer.isDone());
        for (Map.Entry<InfoHash, Read> read : List.copyOf(reads.entrySet())) {
            if (++read.getValue().idleTicks > IDLE_TICKS) {
                reads.remove(read.getKey());
                queue.find(read.getKey()).ifPresent(job -> urge(job, null));
            }
        }
    }

    void stop() {
        UserException why = new UserException(ErrorCode.BUSY, "the daemon is stopping", "try again when it runs");
        readers.forEach(reader -> reader.answer.completeExceptionally(why));
        readers.clear();
    }

    private void look(Reader reader) {
        if (reader.looking) {
            reader.again = true;
            return;
        }
        try {
            find(reader);
        } catch (UserException e) {
            reader.answer.completeExceptionally(e);
        }
    }

    private void find(Reader reader) {
        Transfer transfer = transfers.get(reader.request.id());
        InfoHash hash = transfer.hash();
        Job job = hash == null ? null : queue.find(hash).orElse(null);
        boolean whole = transfer.kind() == Transfer.Kind.SHARE || transfer.state() == TransferState.COMPLETE;
        if (whole && hash != null) {
            inPlace.content(hash, reader.request.offset() == 0)
                    .ifPresent(content -> readInPlace(reader, transfer, content));
        } else if (job != null && job.info != null && job.chosen != null) {
            int file = number(job.info, reader.request.path());
            reader.sizeBytes = job.info.files().get(file).sizeBytes();
            if (!job.chosen.has(file)) {
                inPlace.content(job.hash, reader.request.offset() == 0)
                        .ifPresent(content -> readInPlace(reader, transfer, content));
            } else if (reader.sizeBytes == reader.request.offset()) {
                reader.tell(null, reader.sizeBytes);
            } else if (job.staged != null) {
                read(reader, job, file, job.staged);
            }
        }
    }

    private void readInPlace(Reader reader, Transfer transfer, InPlace.Content content) {
        int file = number(content.info(), reader.request.path());
        Path path = InPlace.path(transfer, content.info(), file);
        long offset = reader.request.offset();
        reader.sizeBytes = content.info().files().get(file).sizeBytes();
        reader.looking = true;
        reader.inPlace = true;
        var unused = inPlace.verified(transfer, content, file, offset, STRETCH_BYTES)
                .whenCompleteAsync(
                        (until, failure) -> {
                            reader.looking = false;
                            reader.gone = null;
                            if (failure == null) {
                                reader.tell(until > offset ? path : null, until);
                            } else {
                                refuse(reader, Failures.explain(failure));
                            }
                            readers.removeIf(known -> known.answer.isDone());
                        },
                        mailbox);
    }

    /** What is being moved may be found at neither place for a moment. */
    private void refuse(Reader reader, UserException why) {
        if (why.code() == ErrorCode.PATH_MISSING) {
            reader.gone = why;
            tellThatNothingCame(reader);
        } else {
            reader.answer.completeExceptionally(why);
        }
    }

    private static Path below(Path place, List<String> path) {
        Path below = place;
        for (String element : path) {
            below = below.resolve(element);
        }
        return below;
    }

    /** @throws UserException PATH_MISSING */
    private static int number(InfoDictionary info, List<String> path) {
        for (int file = 0; file < info.files().size(); file++) {
            if (!info.folder() || info.files().get(file).path().equals(path)) {
                return file;
            }
        }
        throw new UserException(
                ErrorCode.PATH_MISSING,
                "there is no file '" + String.join("/", path) + "' in '" + info.name() + "'",
                "bitween ls FRIEND/SHARE shows what there is");
    }

    private void read(Reader reader, Job job, int file, Path staged) {
        InfoDictionary info = job.knownInfo();
        long offset = reader.request.offset();
        long begin = info.files().stream()
                .limit(file)
                .mapToLong(entry -> entry.sizeBytes())
                .sum();
        long ahead = offset == 0 ? 0 : Math.min(AHEAD_BYTES, Math.max(offset, 2L * info.pieceLength()));
        reader.piece = piece(info, begin + offset);
        int last = piece(info, begin + Math.min(reader.sizeBytes - 1, offset + ahead));
        reads.computeIfAbsent(job.hash, hash -> new Read()).idleTicks = 0;
        urge(job, new Job.Urgent(reader.piece, last, piece(info, begin), piece(info, begin + reader.sizeBytes - 1)));
        reader.looking = true;
        Path path = info.folder() ? below(staged, info.files().get(file).path()) : staged;
        var unused = hasher.verified(info, staged, file, offset, STRETCH_BYTES)
                .whenCompleteAsync((until, failure) -> looked(reader, path, failure == null ? until : offset), mailbox);
    }

    private static int piece(InfoDictionary info, long at) {
        return Math.toIntExact(at / info.pieceLength());
    }

    private void looked(Reader reader, Path file, long until) {
        reader.looking = false;
        if (until > reader.request.offset()) {
            reader.tell(file, until);
        } else if (reader.again) {
            reader.again = false;
            look(reader);
        } else {
            tellThatNothingCame(reader);
        }
        readers.removeIf(known -> known.answer.isDone());
    }

    private void tellThatNothingCame(Reader reader) {
        if (reader.ticks < PATIENCE_TICKS) {
            return;
        }
        if (reader.gone != null) {
            reader.answer.completeExceptionally(reader.gone);
        } else {
            reader.tell(null, reader.request.offset());
        }
    }

    private void urge(Job job, Job.@Nullable Urgent pieces) {
        if (Objects.equals(job.urgent, pieces)) {
            return;
        }
        job.urgent = pieces;
        if (job.chosen != null && HELD.contains(job.engine)) {
            staging.want(job);
        }
    }
}
