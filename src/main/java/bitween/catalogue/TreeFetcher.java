package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.CatalogueEvent.TreeFetched;
import bitween.message.LinkEvent.LinkChanged;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.PageQuery;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.UserException;
import bitween.store.TreeStore;
import bitween.torrent.format.MetadataValidator;
import bitween.torrent.format.PieceLength;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Fetches what is in friends' shares before anybody asks, so that it can be browsed while they are away. One share at a time with a pause after each, the devices
 * in turn and their small ones first, so that it is in nobody's way; and within what {@link TreeStore} gives a friend.
 *
 * <p>What could not be had, because it is too large or not what it should be, is not asked for again before the next start, or until its device is linked
 * in a better way.
 *
 * <p>Thread: {@code io}. It listens on the bus's own, behind the keeper, and only hands over there. It is made after the keeper.
 */
public final class TreeFetcher {
    private static final Logger log = LogManager.getLogger(TreeFetcher.class);
    /** A thousand shares in four minutes. */
    static final Duration PAUSE = Duration.ofMillis(250);
    /** As it travels: 100,000 files and some. */
    static final int MAX_BYTES = 4 << 20;
    /** The XMPP servers carry what a person asks for; of this no more than they carry in a second. */
    static final int MAX_BYTES_IN_BAND = 16 << 10;
    /** What a file's path takes, compressed, and what a piece's hash does, which cannot be. */
    private static final int BYTES_PER_NAME = 20;

    private final Bus bus;
    private final Mailbox io;
    private final Timers timers;
    private final CatalogueKeeper keeper;
    private final TreeStore store;
    private final FormerRevisions formers;
    /** What is missing of each device that is linked; who stands first is next. */
    private final Map<Device, Deque<Share>> missing = new LinkedHashMap<>();
    /** What is not to be had in the way that the device is linked now. */
    private final Map<Device, Set<InfoHash>> givenUp = new HashMap<>();

    private boolean busy;

    /** @param busThread on which {@code keeper} folds: what is heard there is in the catalogue by then */
    public TreeFetcher(
            Bus bus,
            Mailbox busThread,
            Mailbox io,
            Timers timers,
            CatalogueKeeper keeper,
            TreeStore store,
            FormerRevisions formers) {
        this.bus = bus;
        this.io = io;
        this.timers = timers;
        this.keeper = keeper;
        this.store = store;
        this.formers = formers;
        bus.subscribe(LinkChanged.class, busThread, this::onLinkChanged);
        bus.subscribe(FriendListFetched.class, busThread, this::onFriendListFetched);
    }

    private void onLinkChanged(LinkChanged event) {
        hand(() -> {
            givenUp.remove(event.device());
            look(event.device());
        });
    }

    private void onFriendListFetched(FriendListFetched event) {
        hand(() -> look(event.list().device()));
    }

    private void hand(Runnable task) {
        try {
            io.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("too late: {}", e.getMessage()); // we are closing, and links end
        }
    }

    /** What of the device's shares is not here, as the catalogue is now. */
    private void look(Device device) {
        assert io.isOwner() : Thread.currentThread();
        Catalogue now = keeper.current();
        FriendDevice friend = now.device(device).orElse(null);
        missing.remove(device);
        if (friend == null || friend.link() == null) {
            givenUp.remove(device);
            return;
        }
        Set<InfoHash> here = new HashSet<>(store.hashes());
        now.transfers().values().stream()
                .map(Transfer::hash)
                .filter(Objects::nonNull)
                .forEach(here::add);
        Set<InfoHash> vain = givenUp.computeIfAbsent(device, first -> new HashSet<>());
        vain.retainAll(friend.shares().keySet());
        List<Share> wanted = friend.shares().values().stream()
                .filter(share -> !share.unavailable() && !here.contains(share.hash()) && !vain.contains(share.hash()))
                .sorted(Comparator.comparingLong(TreeFetcher::expectedBytes))
                .toList();
        if (!wanted.isEmpty()) {
            missing.put(device, new ArrayDeque<>(wanted));
            goOn();
        }
    }

    private void goOn() {
        if (!busy && !missing.isEmpty()) {
            busy = true;
            timers.after(PAUSE, io, this::next);
        }
    }

    private void next() {
        busy = false;
        Device device = missing.keySet().stream().findFirst().orElse(null);
        if (device == null) {
            return;
        }
        Deque<Share> shares = Objects.requireNonNull(missing.remove(device));
        Share share = shares.removeFirst();
        if (!shares.isEmpty()) {
            missing.put(device, shares); // behind the others
        }
        FriendDevice friend = keeper.current().device(device).orElse(null);
        FriendDevice.Path link = friend == null ? null : friend.link();
        if (friend == null || link == null || !friend.gives(share.hash())) {
            goOn();
            return;
        }
        long limit = Math.min(store.roomOf(device.jid()), link.path().isDirect() ? MAX_BYTES : MAX_BYTES_IN_BAND);
        if (expectedBytes(share) > limit) {
            missing.remove(device); // all that follow are larger
            goOn();
            return;
        }
        busy = true;
        var unused = DocumentFetch.start(bus, io, device, PageQuery.Kind.INFO, share.hash(), (int) limit, formers)
                .whenCompleteAsync((document, failure) -> onAnswer(device, share.hash(), document, failure), io);
    }

    private void onAnswer(Device device, InfoHash hash, @Nullable Bytes document, @Nullable Throwable failure) {
        busy = false;
        if (document != null) {
            keep(device, hash, document);
        } else if (failure != null
                && Bus.causeOf(failure) instanceof UserException e
                && e.code() == ErrorCode.BAD_METADATA) {
            giveUp(device, hash, e.sentence());
        } else {
            log.debug("{} is not read now, {}: {}", hash, device, failure);
            missing.remove(device); // it went away, or shares less: then there is news of it soon
        }
        goOn();
    }

    private void keep(Device device, InfoHash hash, Bytes info) {
        try {
            MetadataValidator.validate(info, hash);
        } catch (UserException e) {
            giveUp(device, hash, e.sentence());
            return;
        }
        if (store.save(device, hash, Compressed.deflate(info))) {
            bus.publish(new TreeFetched(hash));
        } else {
            giveUp(device, hash, "there is no room for it");
        }
    }

    private void giveUp(Device device, InfoHash hash, String why) {
        log.debug("what is in {} of {} is not kept for later: {}", hash, device, why);
        givenUp.computeIfAbsent(device, first -> new HashSet<>()).add(hash);
    }

    /** About: hashes of pieces cannot be compressed, and names can. */
    private static long expectedBytes(Share share) {
        long pieces = share.sizeBytes() / PieceLength.of(share.sizeBytes()) + 1;
        return (pieces + share.files()) * BYTES_PER_NAME;
    }
}
