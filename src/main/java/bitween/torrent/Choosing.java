package bitween.torrent;

import bitween.model.Bytes;
import bitween.model.Choice;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.Selection;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.Removal;
import bitween.store.TorrentStore;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import java.time.Instant;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What jobs get of shares that they do not get whole, and how they get more of them. Thread: {@code torrent}.
 *
 * <p>BitTorrent carries pieces, and one may reach over files of which not all are wanted: where a job grows, such a piece is whole, so that it can be hashed, given
 * on, and found again after a crash. What came of other files that way never leaves the staging folder. Files that are in place already are not asked for again.
 */
final class Choosing {
    /** From the check until the last piece. */
    private static final Set<Job.Engine> HELD = EnumSet.of(Job.Engine.CHECKING, Job.Engine.RUNNING, Job.Engine.PAUSED);

    private final Transfers transfers;
    private final JobQueue queue;
    private final TorrentStore store;
    private final Staging staging;

    Choosing(Transfers transfers, JobQueue queue, TorrentStore store, Staging staging) {
        this.transfers = transfers;
        this.queue = queue;
        this.store = store;
        this.staging = staging;
    }

    /** @throws UserException NOTHING_FITS */
    static Chosen wanted(Transfer job, InfoDictionary info) {
        Selection selection = job.selection();
        return selection == null ? Chosen.all(info) : Chosen.of(info, selection.choices());
    }

    /**
     * Tells a job which files are still to come, now that it is known what there is.
     *
     * @return with how much is wanted
     * @throws UserException NOTHING_FITS
     */
    static Transfer measured(Job job, Transfer transfer, InfoDictionary info) {
        Chosen wanted = wanted(transfer, info);
        Selection selection = transfer.selection();
        if (selection == null || (wanted.isAll() && !selection.isBegun())) {
            job.needs(wanted, 0);
            return transfer.choosing(null);
        }
        Chosen needed = wanted.without(BitSet.valueOf(selection.here().toArray()));
        job.needs(needed, wanted.totalBytes() - needed.totalBytes());
        return transfer.choosing(measured(selection.choices(), selection.here(), wanted));
    }

    static Selection measured(List<Choice> choices, BitSet here, Chosen wanted) {
        return measured(choices, Bytes.of(here.toByteArray()), wanted);
    }

    private static Selection measured(List<Choice> choices, Bytes here, Chosen wanted) {
        return new Selection(choices, here, wanted.files().size(), wanted.totalBytes());
    }

    /**
     * What a job is once {@code came} is in place, too.
     *
     * @return complete, or waiting when more has been wanted meanwhile
     */
    static Transfer ended(Transfer job, Chosen came, Instant now) {
        Selection selection = job.selection();
        if (selection == null) {
            return job.completed(now);
        }
        BitSet here = BitSet.valueOf(selection.here().toArray());
        here.or(came.numbers());
        Chosen wanted = wanted(job, came.info());
        Selection after = measured(selection.choices(), Bytes.of(here.toByteArray()), wanted);
        if (!wanted.without(here).files().isEmpty()) {
            return job.widened(after);
        }
        return job.choosing(wanted.isAll() ? null : after).completed(now);
    }

    /** Files that were in place turned out to be others: they are still to come, and take the place of what stands there. */
    Transfer lost(Transfer job, Chosen wanted, BitSet wrong) {
        Selection selection = Objects.requireNonNull(job.selection());
        staging.forget(Objects.requireNonNull(job.hash()));
        Bytes here = Bytes.of(wanted.without(wrong).numbers().toByteArray());
        return transfers.put(
                job.choosing(measured(selection.choices(), here, wanted)).with(TransferState.WAITING_FOR_FRIEND));
    }

    /**
     * Lets a job get more of its share than it was asked for before.
     *
     * @param more empty: all of it
     * @return the job as it is then; as it was when it gets that already. One that was complete waits, and is to be begun
     * @throws UserException NOTHING_FITS; nothing is changed then
     */
    Transfer widen(Transfer job, List<Choice> more) {
        Selection before = job.selection();
        if (before == null) {
            return job;
        }
        List<Choice> choices = united(job, before, more);
        InfoHash hash = Objects.requireNonNull(job.hash(), "a job has a hash");
        Job under = queue.find(hash).orElse(null);
        InfoDictionary info = under != null && under.info != null ? under.info : stored(hash);
        if (info == null) {
            boolean all = choices.contains(Choice.ALL);
            return transfers.put(job.choosing(all ? null : new Selection(choices, before.here(), 0, 0)));
        }
        Chosen wanted = Chosen.of(info, choices);
        if (isNothingNew(before, info, wanted)) {
            return job;
        }
        Selection after = measured(choices, before.here(), wanted);
        if (job.state() == TransferState.COMPLETE) {
            staging.forget(hash);
            return transfers.put(job.widened(after));
        }
        Transfer wider = transfers.put(job.choosing(wanted.isAll() && !before.isBegun() ? null : after));
        if (under != null && under.info != null && !under.finishing) {
            measured(under, wider, info);
            if (HELD.contains(under.engine)) {
                staging.want(under);
            }
        }
        return wider;
    }

    /** @throws UserException BAD_METADATA when what is stored is damaged */
    @Nullable
    InfoDictionary stored(InfoHash hash) {
        return store.metadata(hash)
                .map(info -> MetadataValidator.validate(info, hash))
                .orElse(null);
    }

    private static List<Choice> united(Transfer job, Selection before, List<Choice> more) {
        Failure failure = job.failure();
        boolean wasNone = failure != null && failure.code() == ErrorCode.NOTHING_FITS && !before.isBegun();
        if (more.isEmpty()) {
            return List.of(Choice.ALL);
        }
        Set<Choice> choices = new LinkedHashSet<>(wasNone ? List.of() : before.choices());
        choices.addAll(more);
        return List.copyOf(choices);
    }

    private static boolean isNothingNew(Selection before, InfoDictionary info, Chosen wanted) {
        try {
            Chosen known = Chosen.of(info, before.choices());
            return known.numbers().equals(wanted.numbers())
                    && known.emptyFolders().size() == wanted.emptyFolders().size();
        } catch (UserException e) {
            return false; // it was for nothing that it asked
        }
    }

    /** What is left to do once a job is forgotten, which has put in place what it chose and got, and nothing else. */
    static Removal removal(Transfer transfer, InfoHash hash, @Nullable InfoDictionary info, boolean files) {
        Share share = transfer.share();
        Selection selection = transfer.selection();
        Bytes here = selection == null
                ? null
                : info == null || transfer.finished() == null
                        ? selection.here()
                        : Bytes.of(wanted(transfer, info).numbers().toByteArray());
        boolean some = here == null ? transfer.finished() != null : here.size() > 0;
        return new Removal(
                hash,
                transfer.place(),
                share != null && some ? share.name() : null,
                info == null ? null : info.encoded(),
                files,
                here);
    }
}
