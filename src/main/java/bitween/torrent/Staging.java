package bitween.torrent;

import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.UserException;
import bitween.store.TorrentStore;
import bitween.torrent.TorrentEngine.Torrent;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.InfoDictionary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Gives jobs to the engine and takes them back. Thread: {@code torrent}.
 *
 * <p>The engine lets go of a torrent's files some time after it was told to; what has to wait for that is kept here, a new start of the same torrent
 * included.
 */
final class Staging {
    private static final Logger log = LogManager.getLogger(Staging.class);

    private final TorrentStore store;
    private final TorrentEngine engine;
    private final Places places;
    private final ResumeRows resume;
    private final Room room;
    private final FolderMarks marks;
    /** What to do once the engine has let go. */
    private final Map<InfoHash, Runnable> leaving = new HashMap<>();

    Staging(TorrentStore store, TorrentEngine engine, Places places, ResumeRows resume, Room room, FolderMarks marks) {
        this.store = store;
        this.engine = engine;
        this.places = places;
        this.resume = resume;
        this.room = room;
        this.marks = marks;
    }

    /** Makes the folder in which a job grows, and the link through which libtorrent sees it. */
    Path create(Transfer transfer, Job job) {
        InfoHash hash = job.hash;
        InfoDictionary info = job.knownInfo();
        Path directory = Places.parentOf(transfer.place());
        marks.of(transfer, hash).check();
        room.check(
                directory,
                Files.exists(Places.staging(directory, hash))
                        ? 0
                        : job.knownChosen().totalBytes());
        Path staged = Places.createStaging(directory, hash, info.name(), info.folder());
        store.saveStaging(transfer.id(), staged);
        marks.begun(transfer.id());
        places.link(hash, info.name(), staged);
        return staged;
    }

    /**
     * Where a job grows is as it was left, and has room.
     *
     * @throws UserException PATH_MISSING or DISK_FULL
     */
    void check(Transfer transfer, InfoHash hash) {
        FolderMarks.Mark mark = marks.of(transfer, hash);
        mark.check();
        if (!Files.isDirectory(mark.staging())) {
            throw FolderMarks.gone(mark.staging());
        }
        room.check(mark.directory(), 0);
    }

    /** The engine looks what is on disk, or believes the resume data, and says {@link EngineEvent.Checked}. */
    void launch(Job job, Torrent.Start start) {
        if (start == Torrent.Start.CHECK) {
            resume.doubt(job.hash);
        }
        job.dropEarlyDigests();
        whenOut(job.hash, () -> add(job, start));
        job.engine = Job.Engine.CHECKING;
    }

    private void add(Job job, Torrent.Start start) {
        job.engine = Job.Engine.OUT; // what is refused now was never there
        Bytes resumeData = start == Torrent.Start.RESUME ? resume.read(job.hash).orElse(null) : null;
        Chosen chosen = job.knownChosen();
        engine.add(new Torrent(
                job.hash,
                chosen.info().encoded(),
                places.savePath(job.hash),
                start,
                resumeData,
                job.piecePriorities()));
        job.recalled = resumeData != null;
        job.engine = Job.Engine.CHECKING;
    }

    /** More of what the engine holds is wanted than before, or sooner. */
    void want(Job job) {
        engine.want(job.hash, job.eachPriority());
    }

    /** What was kept of how far it was is about other files. */
    void forget(InfoHash hash) {
        resume.doubt(hash);
    }

    /** What the engine runs is hashed again, whatever the resume data say. */
    void recheck(Job job) {
        resume.doubt(job.hash);
        job.dropEarlyDigests();
        job.recalled = false;
        job.engine = Job.Engine.CHECKING;
        engine.recheck(job.hash);
    }

    /** Runs {@code then} now, or once the engine has let go, in place of what was to run before. */
    void whenOut(InfoHash hash, Runnable then) {
        if (leaving.replace(hash, then) == null) {
            then.run();
        }
    }

    /** Takes a job from the engine; {@code then} runs when nothing holds its files any more, in place of what was to run before. */
    void leave(Job job, Runnable then) {
        job.engine = Job.Engine.LEAVING;
        leave(job.hash, then);
    }

    /** As {@link #leave}, for what is no job. */
    void leave(InfoHash hash, Runnable then) {
        if (leaving.put(hash, then) == null) {
            engine.remove(hash);
        }
    }

    void onRemoved(InfoHash hash) {
        Runnable next = leaving.remove(hash);
        if (next != null) {
            next.run();
        }
    }

    /** Its files are in place. What cannot be tidied up does no harm. */
    void finished(TransferId id, InfoHash hash) {
        try {
            store.saveStaging(id, null);
            marks.finished(id);
            places.unlink(hash);
        } catch (UserException e) {
            log.warn("{} left something in the home: {}", hash, e.sentence());
        }
    }
}
