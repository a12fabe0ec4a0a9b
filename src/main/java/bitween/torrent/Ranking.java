package bitween.torrent;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.RateRequest.LimitJobs;
import bitween.message.TorrentRequest.SetFilePriority;
import bitween.message.TorrentRequest.SetPriority;
import bitween.model.Choice;
import bitween.model.FilePriority;
import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.InfoDictionary;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How many jobs download at once, which come before others, and which files of a job. Thread: {@code torrent}. */
final class Ranking {
    private static final Set<Job.Engine> HELD = EnumSet.of(Job.Engine.CHECKING, Job.Engine.RUNNING, Job.Engine.PAUSED);

    private final Transfers transfers;
    private final JobQueue queue;
    private final Staging staging;
    private final Function<InfoHash, @Nullable InfoDictionary> stored;
    private final Function<TransferId, Transfer> jobs;

    /**
     * @param stored the metadata as far as they are here
     * @param jobs finds the one that is meant; refuses that while the daemon stops
     */
    Ranking(
            Bus bus,
            Mailbox mailbox,
            Transfers transfers,
            JobQueue queue,
            Staging staging,
            Function<InfoHash, @Nullable InfoDictionary> stored,
            Function<TransferId, Transfer> jobs) {
        this.transfers = transfers;
        this.queue = queue;
        this.staging = staging;
        this.stored = stored;
        this.jobs = jobs;
        bus.answer(LimitJobs.class, mailbox, this::onLimitJobs);
        bus.answer(SetPriority.class, mailbox, this::onSetPriority);
        bus.answer(SetFilePriority.class, mailbox, this::onSetFilePriority);
    }

    private Boolean onLimitJobs(LimitJobs request) {
        queue.allow(request.active());
        return true;
    }

    private Transfer onSetPriority(SetPriority request) {
        Transfer job = transfers.put(jobs.apply(request.id()).with(request.priority()));
        queue.promote();
        return transfers.get(job.id());
    }

    private Transfer onSetFilePriority(SetFilePriority request) {
        Transfer before = jobs.apply(request.id());
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
