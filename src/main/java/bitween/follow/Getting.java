package bitween.follow;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.catalogue.Catalogue;
import bitween.message.DeviceRequest.Document;
import bitween.message.DeviceRequest.FetchDocument;
import bitween.message.FollowEvent.RevisionHeld;
import bitween.message.TorrentRequest.FetchShare;
import bitween.model.Audience;
import bitween.model.Basis;
import bitween.model.Bytes;
import bitween.model.Choice;
import bitween.model.Follow;
import bitween.model.Followed;
import bitween.model.InfoHash;
import bitween.model.PageQuery;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.FollowStore;
import bitween.torrent.format.MetadataValidator;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Gets what is new where that was asked for: as much of it as is wanted, in the place of the revision before, one at a time of each that is followed. Thread: {@code follow}.
 */
final class Getting {
    private static final Logger log = LogManager.getLogger(Getting.class);
    /** A friend who makes a revision a second would have none of them come, if each took the turn of the one before. */
    static final Duration PACE = Duration.ofSeconds(60);

    private static final Duration RETRY = Duration.ofSeconds(20);

    private final Bus bus;
    private final Mailbox mailbox;
    private final FollowStore store;
    private final Notices notices;
    private final Clock clock;
    private final Runnable look;

    /** @param look looks again at all that is followed */
    Getting(Bus bus, Mailbox mailbox, FollowStore store, Notices notices, Clock clock, Runnable look) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.store = store;
        this.notices = notices;
        this.clock = clock;
        this.look = look;
    }

    /** Begins what is to be begun now. */
    void look(Following following, Offers offers, Catalogue now) {
        Follow follow = following.follow();
        InfoHash newest = following.progress().newest();
        Share share = newest == null ? null : offers.find(newest).orElse(null);
        if (share == null || following.asking || following.notBefore.isAfter(clock.instant())) {
            return;
        }
        if (follow.newOnly() && following.progress().baseline() == null) {
            askBaseline(following, share.hash());
            return;
        }
        boolean wanted = follow.auto()
                && !share.hash().equals(following.progress().ready())
                && !share.hash().equals(following.progress().begun())
                && !following.nothing
                && following.heldBytes == 0;
        if (!wanted || now.transfer(share.hash()).isPresent() || isWaitingForOlder(following, now)) {
            return;
        }
        if (follow.only().isEmpty() && !follow.newOnly() && follow.maxBytes() == null) {
            begin(following, share, List.of(), now);
        } else {
            sift(following, share, now);
        }
    }

    private @Nullable Transfer older(Following following, Catalogue now) {
        InfoHash begun = following.progress().begun();
        return begun == null
                ? null
                : now.transfer(begun)
                        .filter(job -> job.kind() == Transfer.Kind.JOB && job.finished() == null)
                        .orElse(null);
    }

    private boolean isWaitingForOlder(Following following, Catalogue now) {
        Transfer older = older(following, now);
        return older != null
                && older.state() != TransferState.FAILED
                && (older.isPausedByUser() || following.begunAt.plus(PACE).isAfter(clock.instant()));
    }

    /** Which files there are now, so that they are told from those that come later. */
    private void askBaseline(Following following, InfoHash hash) {
        following.asking = true;
        var unused = document(hash, PageQuery.Kind.DIGESTS)
                .whenCompleteAsync(
                        (digests, failure) -> {
                            following.asking = false;
                            if (digests == null) {
                                failed(following, failure);
                                return;
                            }
                            following.spares(digests);
                            following.isReady(hash); // what is there now does not come
                            save(following);
                            look.run();
                        },
                        mailbox);
    }

    private void sift(Following following, Share share, Catalogue now) {
        following.asking = true;
        Follow follow = following.follow();
        Bytes spared = follow.newOnly() ? following.progress().baseline() : Bytes.EMPTY;
        CompletableFuture<Bytes> info = document(share.hash(), PageQuery.Kind.INFO);
        CompletableFuture<Bytes> digests = document(share.hash(), PageQuery.Kind.DIGESTS);
        CompletableFuture<Bytes> here = here(following, now);
        var unused = CompletableFuture.allOf(info, digests, here)
                .thenApplyAsync(
                        all -> Sifted.of(
                                MetadataValidator.validate(info.join(), share.hash()),
                                digests.join(),
                                spared == null ? Bytes.EMPTY : spared,
                                here.join(),
                                follow.only()),
                        mailbox)
                .whenCompleteAsync((sifted, failure) -> onSifted(following, share, now, sifted, failure), mailbox);
    }

    /** Of the revision whose place it takes, if it is known what is in that. */
    private CompletableFuture<Bytes> here(Following following, Catalogue now) {
        TransferId place = following.progress().place();
        Transfer earlier = place == null ? null : now.transfers().get(place);
        return earlier == null || earlier.hash() == null
                ? CompletableFuture.completedFuture(Bytes.EMPTY)
                : document(earlier.hash(), PageQuery.Kind.DIGESTS).exceptionally(failure -> Bytes.EMPTY);
    }

    private void onSifted(
            Following following, Share share, Catalogue now, @Nullable Sifted sifted, @Nullable Throwable failure) {
        following.asking = false;
        Long most = following.follow().maxBytes();
        if (!share.hash().equals(following.progress().newest())) {
            look.run();
        } else if (sifted == null) {
            failed(following, failure);
        } else if (sifted.isNothing()) {
            log.info("#{}: nothing of {} is wanted", following.follow().id(), share.hash());
            following.nothing = true;
            following.isReady(share.hash());
            save(following);
        } else if (most != null && sifted.comingBytes() > most) {
            log.info(
                    "#{}: {} waits, {} bytes are too much",
                    following.follow().id(),
                    share.hash(),
                    sifted.comingBytes());
            following.heldBytes = sifted.comingBytes();
            Followed held = following.view(now);
            bus.publish(new RevisionHeld(held));
            if (held.follow().notifies()) {
                notices.found(held);
            }
        } else {
            begin(following, share, sifted.choices(), now);
        }
    }

    private void begin(Following following, Share share, List<Choice> choices, Catalogue now) {
        following.asking = true;
        TransferId place = following.progress().place();
        Transfer older = older(following, now);
        TransferId earlier = place != null && now.transfers().containsKey(place)
                ? place
                : older == null ? null : older.id(); // what has come of that is not lost
        FetchShare request = new FetchShare(
                share.hash(),
                share.name(),
                earlier == null ? following.follow().directory() : null,
                Audience.NOBODY,
                choices,
                earlier == null ? null : new Basis(earlier, following.follow().mirror()));
        var unused = bus.ask(request)
                .whenCompleteAsync(
                        (fetched, failure) -> {
                            following.asking = false;
                            if (fetched == null) {
                                failed(following, failure);
                                return;
                            }
                            following.trouble = null;
                            following.begunAt = clock.instant();
                            following.isBegun(share.hash());
                            save(following);
                        },
                        mailbox);
    }

    private void failed(Following following, @Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Bus.causeOf(failure);
        following.trouble = cause instanceof UserException why ? why.sentence() : String.valueOf(cause);
        following.notBefore = clock.instant().plus(RETRY);
        log.info("#{} is tried again: {}", following.follow().id(), following.trouble);
    }

    private CompletableFuture<Bytes> document(InfoHash hash, PageQuery.Kind kind) {
        return bus.ask(new FetchDocument(hash, kind)).thenApply(Document::content);
    }

    private void save(Following following) {
        store.save(following.follow().id(), following.progress());
    }
}
