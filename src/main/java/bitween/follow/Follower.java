package bitween.follow;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.catalogue.Catalogue;
import bitween.catalogue.CatalogueKeeper;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.FollowEvent.RevisionFetched;
import bitween.message.FollowEvent.RevisionFound;
import bitween.message.FollowRequest.AddFollow;
import bitween.message.FollowRequest.ListFollows;
import bitween.message.FollowRequest.RemoveFollow;
import bitween.message.TorrentEvent.RevisionReplaced;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.Follow;
import bitween.model.Followed;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.store.FollowStore;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Follows what friends share under a name: sees what is new, gets it where that was asked for, and tells when it is here. Thread: {@code follow}. What it has seen and done is stored
 * before it is told, so nothing is told twice.
 */
public final class Follower {
    private static final Logger log = LogManager.getLogger(Follower.class);
    /** More are never followed by a person. */
    private static final int MAX_FOLLOWS = 500;
    /** What could not be done is tried again so often. */
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final Bus bus;
    private final Mailbox mailbox;
    private final CatalogueKeeper keeper;
    private final FollowStore store;
    private final Clock clock;
    private final Getting getting;
    private final Notices notices;
    private final Map<Long, Following> all = new LinkedHashMap<>();
    /** Whether it is known what is here. */
    private boolean begun;

    private boolean looking;

    public Follower(Bus bus, Mailbox mailbox, Timers timers, CatalogueKeeper keeper, FollowStore store, Clock clock) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.keeper = keeper;
        this.store = store;
        this.clock = clock;
        notices = new Notices(bus);
        getting = new Getting(bus, mailbox, store, notices, clock, this::lookSoon);
        bus.answer(AddFollow.class, mailbox, this::onAddFollow);
        bus.answer(RemoveFollow.class, mailbox, this::onRemoveFollow);
        bus.answer(ListFollows.class, mailbox, this::onListFollows);
        bus.subscribe(FriendListFetched.class, mailbox, this::onFriendListFetched);
        bus.subscribe(TransferChanged.class, mailbox, this::onTransferChanged);
        bus.subscribe(TransferRemoved.class, mailbox, this::onTransferRemoved);
        bus.subscribe(RevisionReplaced.class, mailbox, this::onRevisionReplaced);
        var unused = timers.every(AGAIN, mailbox, this::lookSoon);
    }

    /** Once the catalogue shows what is here. Any thread. */
    public void begin() {
        mailbox.execute(() -> {
            store.all().forEach(stored -> all.put(stored.follow().id(), new Following(stored, clock.instant())));
            begun = true;
            look();
        });
    }

    private Followed onAddFollow(AddFollow request) {
        Follow wanted = request.follow();
        boolean known = all.values().stream().anyMatch(each -> each.isOf(wanted.friend(), wanted.share()));
        if (!known && all.size() >= MAX_FOLLOWS) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "you follow " + MAX_FOLLOWS + " shares already",
                    "bitween follow lists them; bitween unfollow FRIEND/SHARE ends one");
        }
        Follow follow = store.put(wanted);
        Following following = all.get(follow.id());
        if (following == null) {
            following = new Following(new FollowStore.Stored(follow, FollowStore.Progress.NONE), clock.instant());
            all.put(follow.id(), following);
            first(following, keeper.current());
        } else {
            following.become(follow);
        }
        log.info("#{} is followed{}", follow.id(), follow.auto() ? ", and got by itself" : "");
        mailbox.execute(this::look); // after the answer
        return following.view(keeper.current());
    }

    /** What is there is not new. */
    private void first(Following following, Catalogue now) {
        Offers offers = Offers.of(now, following.follow());
        offers.all().forEach(share -> store.see(following.follow().id(), share.hash()));
        Share newest = offers.newest(hash -> true).orElse(null);
        following.sees(newest);
        if (newest == null) {
            following.spares(Bytes.EMPTY);
        } else if (following.follow().newOnly()) {
            following.isReady(newest.hash());
        } else {
            complete(now, newest.hash()).ifPresent(job -> {
                following.isReady(newest.hash());
                following.takesPlaceOf(job);
            });
        }
        save(following);
    }

    private void save(Following following) {
        store.save(following.follow().id(), following.progress());
    }

    private Follow onRemoveFollow(RemoveFollow request) {
        Following following = all.values().stream()
                .filter(each -> each.isOf(request.friend(), request.share()))
                .findFirst()
                .orElseThrow(() -> new UserException(
                        ErrorCode.UNKNOWN_FOLLOW,
                        "you do not follow '" + request.share() + "' of " + request.friend(),
                        "bitween follow lists what you follow"));
        store.remove(following.follow().id());
        all.remove(following.follow().id());
        return following.follow();
    }

    private List<Followed> onListFollows(ListFollows request) {
        Catalogue now = keeper.current();
        return all.values().stream().map(each -> each.view(now)).toList();
    }

    private void onFriendListFetched(FriendListFetched event) {
        lookSoon();
    }

    private void onTransferChanged(TransferChanged event) {
        lookSoon();
    }

    private void onTransferRemoved(TransferRemoved event) {
        lookSoon();
    }

    private void onRevisionReplaced(RevisionReplaced event) {
        all.values().forEach(each -> each.came(event));
    }

    /** When the catalogue shows what has happened. */
    private void lookSoon() {
        if (begun && !looking && !all.isEmpty()) {
            looking = true;
            var unused = keeper.caughtUp().thenRunAsync(this::look, mailbox);
        }
    }

    private void look() {
        looking = false;
        Catalogue now = keeper.current();
        for (Following each : List.copyOf(all.values())) {
            try {
                look(each, now);
            } catch (UserException e) {
                log.warn("#{} is looked at again soon: {}", each.follow().id(), e.sentence());
            }
        }
    }

    private void look(Following following, Catalogue now) {
        Offers offers = Offers.of(now, following.follow());
        find(following, offers, now);
        arrive(following, now);
        getting.look(following, offers, now);
    }

    private void find(Following following, Offers offers, Catalogue now) {
        long id = following.follow().id();
        Share newest = offers.newest(hash -> store.isSeen(id, hash)).orElse(null);
        if (newest == null || store.isSeen(id, newest.hash())) {
            return;
        }
        following.sees(newest);
        save(following);
        store.see(id, newest.hash());
        log.info("#{} has something new: {}", id, newest.hash());
        Followed found = following.view(now);
        bus.publish(new RevisionFound(found));
        if (found.follow().notifies() && !found.follow().auto()) {
            notices.found(found);
        }
    }

    private void arrive(Following following, Catalogue now) {
        InfoHash newest = following.progress().newest();
        InfoHash begunHash = following.progress().begun();
        Optional<Transfer> here = newest == null ? Optional.empty() : complete(now, newest);
        Optional<Transfer> place = here.or(() -> begunHash == null ? Optional.empty() : complete(now, begunHash));
        if (place.isPresent() && following.takesPlaceOf(place.get())) {
            save(following);
        }
        if (here.isPresent()
                && newest != null
                && !newest.equals(following.progress().ready())) {
            following.isReady(newest);
            save(following);
            RevisionFetched ready = following.fetched(here.get());
            log.info("#{} is ready: {} new files, {} bytes", following.follow().id(), ready.files(), ready.sizeBytes());
            bus.publish(ready);
            if (ready.follow().notifies() && ready.follow().auto() && following.heldBytes == 0) {
                notices.ready(ready);
            }
        }
    }

    private static Optional<Transfer> complete(Catalogue now, InfoHash hash) {
        return now.transfer(hash)
                .filter(transfer -> transfer.state() == TransferState.COMPLETE
                        || (transfer.finished() != null && transfer.state() == TransferState.SEEDING));
    }
}
