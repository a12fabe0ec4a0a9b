package bitween.torrent;

import bitween.message.TorrentRequest.FetchShare;
import bitween.model.Audience;
import bitween.model.Basis;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Selection;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.Succession;
import bitween.store.TorrentStore;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Which job a new one takes the place of, and what is known of it then. Thread: {@code torrent}. */
final class Predecessors {
    private final Transfers transfers;
    private final TorrentStore store;
    private final JobQueue queue;
    private final BiConsumer<Transfer, InfoHash> bequeath;

    /** @param bequeath forgets a job; what has come of it grows on as another's */
    Predecessors(Transfers transfers, TorrentStore store, JobQueue queue, BiConsumer<Transfer, InfoHash> bequeath) {
        this.transfers = transfers;
        this.store = store;
        this.queue = queue;
        this.bequeath = bequeath;
    }

    /**
     * What a new job takes over.
     *
     * @param whose the name and place are
     * @param donor what grew and is no longer the newest; what of it is in its staging folder is handed over. Null: nothing did
     * @param audience whom what is forgotten was to be shared on with; that of a share is asked for when it gives way
     */
    record Legacy(
            Transfer whose, Succession succession, @Nullable InfoHash donor, Audience audience) {}

    /**
     * A revision that is on its way there already, and is no longer the newest, is forgotten.
     *
     * @return empty: it is a job like any other, with a place of its own
     * @throws UserException BUSY: another revision is just taking that place
     */
    Optional<Legacy> of(FetchShare request) {
        Basis basis = request.basis();
        Transfer earlier = basis == null || transfers.find(request.hash()).isPresent()
                ? null
                : transfers
                        .find(basis.earlier())
                        .filter(this::mayGiveWay)
                        .filter(job -> job.kind() == Transfer.Kind.JOB
                                || request.only().isEmpty())
                        .filter(job -> request.directory() == null
                                || request.directory().equals(Places.parentOf(job.place())))
                        .filter(job -> store.metadata(hashOf(job)).isPresent())
                        .orElse(null);
        if (earlier == null) {
            return Optional.empty();
        }
        boolean mirror = Objects.requireNonNull(basis).mirror();
        if (earlier.kind() == Transfer.Kind.SHARE && earlier.isPausedByUser()) {
            throw new UserException(
                    ErrorCode.BUSY,
                    "'" + earlier.name() + "' is paused, and a newer revision would be offered in its place",
                    "let it go on with: bitween resume '" + earlier.id() + "'");
        }
        if (earlier.finished() == null) {
            return onItsWay(earlier, mirror, request.hash());
        }
        if (!earlier.isSettled()) {
            throw new UserException(
                    ErrorCode.BUSY,
                    "the files of '" + earlier.name() + "' are being compared or moved",
                    "try again when it is complete");
        }
        return earlier.state() == TransferState.FAILED
                ? Optional.empty()
                : Optional.of(complete(earlier, mirror, request.hash()));
    }

    /** Also if it is shared on; not where its user has made a share of a kind of its own. */
    private boolean mayGiveWay(Transfer earlier) {
        boolean got = earlier.kind() == Transfer.Kind.JOB || earlier.finished() != null;
        return got
                && transfers.all().stream()
                        .noneMatch(other ->
                                other.mode() != ShareMode.USUAL && other.place().equals(earlier.place()));
    }

    /** Whom a new job is shared on with once it is here. */
    static Audience audience(Optional<Legacy> legacy, FetchShare request) {
        Audience before = legacy.map(Legacy::audience).orElse(Audience.NOBODY);
        return before.with(request.reshare().grantees());
    }

    private Legacy complete(Transfer earlier, boolean mirror, InfoHash heir) {
        Transfer newer = store.successions()
                .successor(earlier.id())
                .flatMap(transfers::find)
                .orElse(null);
        if (newer != null) {
            bequeath(newer, heir);
        }
        Selection selection = earlier.selection();
        Succession succession = succession(earlier, earlier.id(), selection == null ? null : selection.here(), mirror);
        return new Legacy(
                earlier,
                succession,
                newer == null ? null : newer.hash(),
                newer == null ? Audience.NOBODY : newer.audience());
    }

    /** The first revision has not come yet, and is no longer the newest. */
    private Optional<Legacy> onItsWay(Transfer first, boolean mirror, InfoHash heir) {
        if (first.share() == null) {
            return Optional.empty();
        }
        Selection selection = first.selection();
        Bytes here = selection == null ? Bytes.EMPTY : selection.here();
        Succession succession = store.successions()
                .of(first.id())
                .map(known -> new Succession(null, known.info(), known.digests(), known.files(), mirror, false))
                .orElseGet(() -> succession(first, null, here, mirror));
        bequeath(first, heir);
        return Optional.of(new Legacy(first, succession, first.hash(), first.audience()));
    }

    private void bequeath(Transfer newer, InfoHash heir) {
        boolean placing =
                store.successions().of(newer.id()).filter(Succession::placing).isPresent();
        if (placing || queue.find(hashOf(newer)).filter(job -> job.finishing).isPresent()) {
            throw new UserException(
                    ErrorCode.BUSY,
                    "an earlier revision of '" + newer.name() + "' is just taking its place",
                    "try again in a moment");
        }
        Places.makeWritable(Places.parentOf(newer.place())); // or it would be forgotten, and nobody inherit
        bequeath.accept(newer, heir);
    }

    private Succession succession(Transfer earlier, @Nullable TransferId place, @Nullable Bytes files, boolean mirror) {
        InfoHash hash = hashOf(earlier);
        return new Succession(
                place, store.metadata(hash).orElseThrow(), store.digests(hash).orElse(null), files, mirror, false);
    }

    /** Nothing happens to what stands where a newer revision is on its way to. */
    void refuseWhileSucceeded(TransferId id) {
        boolean one = store.successions().of(id).isPresent()
                || store.successions().successor(id).isPresent();
        if (one) {
            throw onItsWay();
        }
    }

    static UserException onItsWay() {
        return new UserException(
                ErrorCode.BUSY,
                "a newer revision of it is on its way to the same place",
                "try again when it is complete, or remove that job first");
    }

    private static InfoHash hashOf(Transfer job) {
        return Objects.requireNonNull(job.hash(), "a job has a hash");
    }
}
