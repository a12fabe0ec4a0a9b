package bitween.torrent;

import bitween.message.TorrentRequest.FetchShare;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Selection;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.Succession;
import bitween.store.TorrentStore;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Which complete job a new one takes the place of, and what is known of it then. Thread: {@code torrent}. */
final class Predecessors {
    private final Transfers transfers;
    private final TorrentStore store;
    private final JobQueue queue;
    private final BiConsumer<Transfer, Boolean> remove;

    /** @param remove forgets a job that came to nothing */
    Predecessors(Transfers transfers, TorrentStore store, JobQueue queue, BiConsumer<Transfer, Boolean> remove) {
        this.transfers = transfers;
        this.store = store;
        this.queue = queue;
        this.remove = remove;
    }

    /**
     * A revision that is on its way there already, and is no longer the newest, is forgotten.
     *
     * @return empty: it is a job like any other, with a place of its own
     * @throws UserException BUSY: another revision is just taking that place
     */
    Optional<Transfer> of(FetchShare request) {
        if (request.basis() == null || transfers.find(request.hash()).isPresent()) {
            return Optional.empty();
        }
        Optional<Transfer> earlier = transfers
                .find(request.basis().earlier())
                .filter(job -> job.kind() == Transfer.Kind.JOB
                        && isComplete(job)
                        && (request.directory() == null || request.directory().equals(Places.parentOf(job.place())))
                        && store.metadata(hashOf(job)).isPresent());
        earlier.flatMap(job -> store.successions().successor(job.id()))
                .flatMap(transfers::find)
                .ifPresent(this::forget);
        return earlier;
    }

    private static boolean isComplete(Transfer job) {
        if (job.finished() != null && !job.isSettled()) {
            throw new UserException(
                    ErrorCode.BUSY,
                    "the files of '" + job.name() + "' are being compared or moved",
                    "try again when it is complete");
        }
        return job.state() == TransferState.COMPLETE;
    }

    private void forget(Transfer newer) {
        boolean placing =
                store.successions().of(newer.id()).filter(Succession::placing).isPresent();
        if (placing || queue.find(hashOf(newer)).filter(job -> job.finishing).isPresent()) {
            throw new UserException(
                    ErrorCode.BUSY,
                    "an earlier revision of '" + newer.name() + "' is just taking its place",
                    "try again in a moment");
        }
        remove.accept(newer, false);
    }

    Succession succession(Transfer earlier, FetchShare request) {
        InfoHash hash = hashOf(earlier);
        Selection selection = earlier.selection();
        Bytes info = store.metadata(hash).orElseThrow();
        return new Succession(
                earlier.id(),
                info,
                store.digests(hash).orElse(null),
                selection == null ? null : selection.here(),
                Objects.requireNonNull(request.basis()).mirror(),
                false);
    }

    /** Nothing happens to what stands where a newer revision is on its way to. */
    void refuseWhileSucceeded(TransferId id) {
        boolean one = store.successions().of(id).isPresent()
                || store.successions().successor(id).isPresent();
        if (one) {
            throw new UserException(
                    ErrorCode.BUSY,
                    "a newer revision of it is on its way to the same place",
                    "try again when it is complete, or remove that job first");
        }
    }

    private static InfoHash hashOf(Transfer job) {
        return Objects.requireNonNull(job.hash(), "a job has a hash");
    }
}
