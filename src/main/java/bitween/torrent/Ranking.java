package bitween.torrent;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.TorrentRequest.SetFilePriority;
import bitween.model.Choice;
import bitween.model.FilePriority;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.InfoDictionary;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which files of a job come first. Thread: {@code torrent}. */
final class Ranking {
    private static final Set<Job.Engine> HELD = EnumSet.of(Job.Engine.CHECKING, Job.Engine.RUNNING, Job.Engine.PAUSED);

    private final Transfers transfers;
    private final JobQueue queue;
    private final Staging staging;
    private final Function<InfoHash, @Nullable InfoDictionary> stored;
    private final Runnable takeNewWork;

    /**
     * @param stored the metadata as far as they are here
     * @param takeNewWork refuses it while the daemon stops
     */
    Ranking(
            Bus bus,
            Mailbox mailbox,
            Transfers transfers,
            JobQueue queue,
            Staging staging,
            Function<InfoHash, @Nullable InfoDictionary> stored,
            Runnable takeNewWork) {
        this.transfers = transfers;
        this.queue = queue;
        this.staging = staging;
        this.stored = stored;
        this.takeNewWork = takeNewWork;
        bus.answer(SetFilePriority.class, mailbox, this::onSetFilePriority);
    }

    private Transfer onSetFilePriority(SetFilePriority request) {
        takeNewWork.run();
        Transfer before = transfers.get(request.id());
        InfoHash hash = Objects.requireNonNull(before.hash(), "a job has a hash");
        Job job = queue.find(hash).orElse(null);
        InfoDictionary info = job != null && job.info != null ? job.info : stored.apply(hash);
        if (info != null) {
            requireWanted(request.priority().what(), before, info);
        }
        List<FilePriority> after = FilePriority.added(before.filePriorities(), request.priority());
        Transfer changed = transfers.put(before.withFiles(after));
        if (job != null) {
            job.filePriorities = after;
            if (job.chosen != null && HELD.contains(job.engine)) {
                staging.want(job);
            }
        }
        return changed;
    }

    /** What comes of a file that nobody wants would be nothing, however much it mattered. */
    private static void requireWanted(Choice what, Transfer job, InfoDictionary info) {
        Chosen wanted = Choosing.wanted(job, info);
        boolean fits = Chosen.of(info, List.of(what)).numbers().intersects(wanted.numbers());
        if (!fits) {
            throw what.unfit("what '" + job.name() + "' gets", wanted.names());
        }
    }
}
