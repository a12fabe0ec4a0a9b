package bitween.torrent;

import bitween.model.Bytes;
import bitween.model.EngineStatus;
import bitween.model.InfoHash;
import bitween.model.PeerAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Moves pieces. Everything native is behind this interface; handles are info-hashes, so nobody can hold a dead one.
 *
 * <p>Thread: {@code torrent} for every method. What happens comes back as {@link EngineEvent}s, from the engine's own {@code alerts} thread, to the
 * consumer that the engine was started with; it must only hand them over. Unknown info-hashes are ignored: the torrent has just been removed.
 */
public interface TorrentEngine extends AutoCloseable {
    /**
     * What to add.
     *
     * @param priorities which pieces are wanted, a byte each: 0 is not, 4 as usual, 7 most urgent; null: all
     */
    record Torrent(
            InfoHash hash,
            Bytes info,
            Path savePath,
            Start start,
            @Nullable Bytes resumeData,
            @Nullable Bytes priorities) {
        public Torrent(InfoHash hash, Bytes info, Path savePath, Start start, @Nullable Bytes resumeData) {
            this(hash, info, savePath, start, resumeData, null);
        }

        /** How to begin. */
        public enum Start {
            /** Every piece is there (we just hashed it, or the resume data says so): no hashing. */
            COMPLETE,
            /** Take the resume data's word where there is some; else look what is on disk. */
            RESUME,
            /** Hash what is on disk, whatever the resume data says. */
            CHECK
        }
    }

    /**
     * Adds a torrent; idempotent. {@link EngineEvent.Checked} follows when it is ready, or {@link EngineEvent.Failed}; it moves no byte before
     * {@link #resume}. Start.COMPLETE hashes all the same when a file is missing or too short. The save path must hold a file or folder of the
     * torrent's name, or a symbolic link to one; for a torrent of one file the link may dangle, for a folder it may not.
     *
     * @throws bitween.model.UserException BAD_METADATA when libtorrent does not take it, or it asks for more than files; PATH_REFUSED when the save
     *     path has characters beyond Unicode's basic plane
     */
    void add(Torrent torrent);

    /**
     * Lets a torrent that was checked connect; peers named by {@link #connect} before this call are dialled at once. Also tries again after a failure;
     * what was on its way to the disk then may still bring another {@link EngineEvent.Failed}.
     */
    void resume(InfoHash hash);

    /** Wants these pieces of it from now on, a byte each as in {@link Torrent}; a check changes nothing about that. */
    void want(InfoHash hash, Bytes priorities);

    /** Stops its traffic; keeps it. */
    void pause(InfoHash hash);

    /** Dials a peer; again only after the engine's own back-off. What comes from one alone comes in order. */
    void connect(InfoHash hash, PeerAddress peer);

    /**
     * Forgets a torrent; the files stay. {@link EngineEvent.Removed} follows when nothing holds its files any more, also when it was not there: they may
     * be moved then. Adding it again before that waits for it.
     */
    void remove(InfoHash hash);

    /** Peers at these addresses may dial and be dialled from now on, and nobody else; before the first call nobody may. */
    void admit(Set<InetAddress> peers);

    /** {@link EngineEvent.ResumeData} or {@link EngineEvent.ResumeUnchanged} follows for each. */
    void saveResumeData(InfoHash hash);

    /** What {@link EngineEvent.ResumeData} say is here; nothing when they are none. */
    Recalled recalled(Bytes resumeData);

    /** Hashes what is on disk; {@link EngineEvent.Checked} follows. */
    void recheck(InfoHash hash);

    /** An {@link EngineEvent.Updated} follows, with what changed since the last. {@code withPeers}: for which to name the peers. */
    void requestUpdates(Set<InfoHash> withPeers);

    EngineStatus status();

    /** "2.0.6.0" and the like, for {@code bitween version}. */
    String version();

    /** Ends the session, within 5 s. Idempotent. No event follows. */
    @Override
    void close();
}
