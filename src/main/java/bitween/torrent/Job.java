package bitween.torrent;

import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.Failure;
import bitween.model.FilePriority;
import bitween.model.InfoHash;
import bitween.model.PeerAddress;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.EarlyDigests;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the worker knows of a job beside its {@link bitween.model.Transfer}; gone at a restart. Thread: {@code torrent}. */
final class Job {
    /** Where a job stands with the engine. */
    enum Engine {
        OUT,
        /** Given to it; it looks what is on disk. */
        CHECKING,
        /** It may connect. */
        RUNNING,
        /** It has been checked, and may not connect before it is this job's turn. */
        PAUSED,
        /** All is here; resume data are being saved. */
        SAVING,
        /** It was told to forget it. */
        LEAVING
    }

    /** Pieces that come before all others, from the first to the last; then come the others of their file. */
    record Urgent(int first, int last, int fileFirst, int fileLast) {}

    final TransferId id;
    final InfoHash hash;
    /** Where friends' devices that hold it accept peers. */
    final Set<PeerAddress> peers = new LinkedHashSet<>();

    Engine engine = Engine.OUT;

    @Nullable
    InfoDictionary info;
    /** Which files are still to come; null until the info dictionary is here. */
    @Nullable
    Chosen chosen;
    /** Which of its files come first. */
    List<FilePriority> filePriorities = List.of();
    /** What somebody who reads it while it comes waits for; null: nobody does. */
    @Nullable
    Urgent urgent;
    /** How many bytes of what is wanted are in place already. */
    long hereBytes;
    /** Where its content grows; null before it does. */
    @Nullable
    Path staged;
    /** Whose place it takes; null: nobody's. */
    @Nullable
    Earlier earlier;
    /** Whether the info dictionary is being asked for. */
    boolean askingMetadata;
    /** Whether it is being compared with its digests, or moved, off this thread. */
    boolean finishing;
    /** What cleans up after a job that was removed meanwhile; it gets what had become of the transfer. */
    @Nullable
    Consumer<Transfer> removed;
    /** Whether pieces that this process did not see come count as here because the resume data say so. */
    boolean recalled;
    /** Whether the engine has hashed all that is on disk since it was last doubted. */
    boolean checked;
    /** Whether something was copied to where it grows, which the engine has not seen. */
    boolean unchecked;
    /** What is read of its files while they come; null while nothing is. */
    @Nullable
    EarlyDigests early;
    /** Ends when digests are in the store, with who gave them, or did not come. */
    CompletableFuture<Optional<Device>> digestsAsked = CompletableFuture.completedFuture(Optional.empty());
    /** Whether digests that were here turned out to be wrong, and who gave such. */
    boolean refuted;

    final Set<Device> liars = new HashSet<>();
    /** What kept the info dictionary from coming when it was asked for last; null: nothing, or nobody was there. */
    @Nullable
    Failure trouble;
    /** Seconds without a connected peer, or without the info dictionary. */
    int lonelySeconds;
    /** It was given up to wait for those who are said to have it, and nobody has come since. */
    boolean lonely;

    Job(TransferId id, InfoHash hash) {
        this.id = id;
        this.hash = hash;
    }

    InfoDictionary knownInfo() {
        return Objects.requireNonNull(info, "the metadata are here");
    }

    Earlier knownEarlier() {
        return Objects.requireNonNull(earlier, "it takes somebody's place");
    }

    Chosen knownChosen() {
        return Objects.requireNonNull(chosen, "the metadata are here");
    }

    /** The metadata are here, and these files are to come. */
    void needs(Chosen files, long bytesInPlace) {
        info = files.info();
        chosen = files;
        hereBytes = bytesInPlace;
    }

    /** For the engine; null: all as usual. */
    @Nullable
    Bytes piecePriorities() {
        return knownChosen().hasAllFiles() && filePriorities.isEmpty() && urgent == null ? null : eachPriority();
    }

    /** For the engine, as {@link #piecePriorities}, whatever they are. */
    Bytes eachPriority() {
        Bytes priorities = knownChosen().priorities(filePriorities);
        if (urgent == null) {
            return priorities;
        }
        Bytes itsFile = Chosen.before(priorities, urgent.fileFirst(), urgent.fileLast());
        return Chosen.first(itsFile, urgent.first(), urgent.last());
    }

    /** The engine counts whole pieces; people count their files. */
    EngineEvent.State inFiles(EngineEvent.State state) {
        if (chosen == null || state.totalBytes() == 0) {
            return state;
        }
        long needed = chosen.totalBytes();
        long done = state.totalBytes() == needed
                ? state.doneBytes()
                : (long) (needed * ((double) state.doneBytes() / state.totalBytes()));
        return new EngineEvent.State(
                state.hash(),
                hereBytes + Math.min(needed, done),
                hereBytes + needed,
                state.downloadBytesPerSecond(),
                state.uploadBytesPerSecond(),
                state.uploadedBytes(),
                state.checking(),
                state.peers());
    }

    Path knownStaged() {
        return Objects.requireNonNull(staged, "it has been staged");
    }

    /** What was read so far may not be what is there: whoever compares reads all of it. */
    void dropEarlyDigests() {
        if (early != null) {
            early.close();
            early = null;
        }
    }

    void replacePeers(Set<PeerAddress> now) {
        peers.retainAll(now);
        peers.addAll(now);
    }
}
