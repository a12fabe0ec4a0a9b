package bitween.torrent;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.DeviceRequest.FetchDocument;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.PageQuery;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.TorrentStore;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Info dictionaries of jobs: from the store, or from friends; once one is here, its job has a name, a size and a place in the queue. Thread: {@code torrent}. */
final class Metadata {
    /** NAME@2, or its second copy. */
    private static final String FORMER = "@[0-9]{1,10}( \\([0-9]{1,4}\\))?";

    private static final Logger log = LogManager.getLogger(Metadata.class);
    /** How long to leave a friend alone who is there and did not give the info dictionary. */
    static final int RETRY_SECONDS = 60;

    private final Bus bus;
    private final Mailbox mailbox;
    private final Transfers transfers;
    private final TorrentStore store;
    private final JobQueue queue;
    private final Completing completing;
    private final Reusing reusing;
    private final Inheriting inheriting;
    private final Staging staging;
    private final Executor parsing;

    /** @param parsing reads what came, which may be 32 MiB, off the worker's thread */
    Metadata(
            Bus bus,
            Mailbox mailbox,
            Transfers transfers,
            TorrentStore store,
            JobQueue queue,
            Completing completing,
            Reusing reusing,
            Inheriting inheriting,
            Staging staging,
            Executor parsing) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.transfers = transfers;
        this.store = store;
        this.queue = queue;
        this.completing = completing;
        this.reusing = reusing;
        this.inheriting = inheriting;
        this.staging = staging;
        this.parsing = parsing;
    }

    /** @throws UserException BAD_METADATA when what is stored is damaged */
    Optional<InfoDictionary> stored(InfoHash hash) {
        return store.metadata(hash).map(info -> MetadataValidator.validate(info, hash));
    }

    /** {@link #stored} for what must not fail because of it; null when there is none that can be read. */
    @Nullable
    InfoDictionary readable(InfoHash hash) {
        try {
            return stored(hash).orElse(null);
        } catch (UserException e) {
            log.warn("{} has metadata that cannot be read: {}", hash, e.sentence());
            return null;
        }
    }

    /** Asks friends, unless that is under way. */
    void ask(Job job) {
        if (job.askingMetadata) {
            return;
        }
        queue.state(job, TransferState.METADATA);
        job.askingMetadata = true;
        var unused = bus.ask(new FetchDocument(job.hash, PageQuery.Kind.INFO))
                .thenApplyAsync(info -> MetadataValidator.validate(info.content(), job.hash), parsing)
                .whenCompleteAsync((info, failure) -> queue.step(job, () -> onAnswer(job, info, failure)), mailbox);
    }

    /** Now it is known what it is: chooses its name and goes to the queue. */
    void arrived(Job job, InfoDictionary info) {
        if (inheriting.begin(job, info)) {
            return;
        }
        Transfer transfer = Choosing.measured(job, transfers.get(job.id), info);
        Path wanted = Places.parentOf(transfer.place()).resolve(Places.visible(name(transfer, info), job.hash));
        if (transfer.share() == null) {
            Path place = reusing.choose(job, wanted);
            Share share = new Share(
                    info.name(),
                    job.hash,
                    info.contentId(),
                    info.totalBytes(),
                    info.files().size());
            transfer = transfers.put(
                    transfer.named(Objects.requireNonNull(place.getFileName()).toString(), place)
                            .with(share));
        } else {
            transfers.put(transfer);
        }
        if (job.knownChosen().totalBytes() == 0) { // nothing that BitTorrent could carry
            job.staged = staging.create(transfer, job);
            queue.state(job, TransferState.VERIFYING);
            completing.finish(job);
        } else {
            reusing.enqueue(job, wanted);
        }
    }

    /** A former revision that was asked for as such is called so, and keeps out of the way of the newest. */
    private static String name(Transfer transfer, InfoDictionary info) {
        String former = Pattern.quote(info.name()) + FORMER;
        return transfer.name().matches(former) ? transfer.name() : info.name();
    }

    private void onAnswer(Job job, @Nullable InfoDictionary info, @Nullable Throwable failure) {
        job.askingMetadata = false;
        job.lonelySeconds = 0;
        if (!queue.holds(job)) {
            return; // removed meanwhile
        }
        if (info != null) {
            arrived(job, info);
            return;
        }
        UserException why = Failures.explain(failure);
        if (why.code() == ErrorCode.BAD_METADATA) {
            queue.fail(job, why);
        } else {
            log.info("{} has no metadata yet: {}", job.hash, why.sentence());
            queue.postpone(job, why, RETRY_SECONDS);
        }
    }
}
