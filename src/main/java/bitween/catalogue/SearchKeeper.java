package bitween.catalogue;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.CatalogueEvent.FriendsLoaded;
import bitween.message.CatalogueEvent.TreeFetched;
import bitween.message.LinkEvent.DeviceRemoved;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.UserException;
import bitween.store.SearchIndex;
import bitween.store.TorrentStore;
import bitween.store.TreeStore;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Keeps the {@link SearchIndex} as friends' lists are, with the files of those shares whose trees are here. Thread: {@code search}, for nobody is to wait while
 * a hundred thousand names are written. It listens on the bus's own, behind the keeper, and only hands over there. It is made after the keeper.
 */
public final class SearchKeeper {
    private static final Logger log = LogManager.getLogger(SearchKeeper.class);

    private final Mailbox mailbox;
    private final CatalogueKeeper keeper;
    private final SearchIndex index;
    private final TorrentStore torrents;
    private final TreeStore trees;
    private final Runnable changed;
    /** Whether it is going to look at all lists anyway. */
    private final AtomicBoolean due = new AtomicBoolean();

    /**
     * @param busThread on which {@code keeper} folds: what is heard there is in the catalogue by then
     * @param changed runs on {@code mailbox} when there may be more in the index than before
     */
    public SearchKeeper(
            Bus bus,
            Mailbox busThread,
            Mailbox mailbox,
            CatalogueKeeper keeper,
            SearchIndex index,
            TorrentStore torrents,
            TreeStore trees,
            Runnable changed) {
        this.changed = changed;
        this.mailbox = mailbox;
        this.keeper = keeper;
        this.index = index;
        this.torrents = torrents;
        this.trees = trees;
        bus.subscribe(FriendsLoaded.class, busThread, this::onFriendsLoaded);
        bus.subscribe(FriendListFetched.class, busThread, this::onFriendListFetched);
        bus.subscribe(RosterChanged.class, busThread, this::onRosterChanged);
        bus.subscribe(DeviceRemoved.class, busThread, this::onDeviceRemoved);
        bus.subscribe(TreeFetched.class, busThread, this::onTreeFetched);
    }

    private void onFriendsLoaded(FriendsLoaded event) {
        look();
    }

    private void onFriendListFetched(FriendListFetched event) {
        look();
    }

    /** Lists of those who are no friends any more are forgotten with it. */
    private void onRosterChanged(RosterChanged event) {
        look();
    }

    private void onDeviceRemoved(DeviceRemoved event) {
        look();
    }

    private void onTreeFetched(TreeFetched event) {
        hand(() -> {
            addFiles(event.hash());
            changed.run();
        });
    }

    private void look() {
        if (due.compareAndSet(false, true)) {
            hand(this::compare);
        }
    }

    private void hand(Runnable task) {
        try {
            mailbox.execute(() -> safely(task));
        } catch (RejectedExecutionException e) {
            log.debug("too late: {}", e.getMessage()); // we are closing, and the next start looks again
        }
    }

    /** What is not in the index is not found; that is all. */
    private static void safely(Runnable task) {
        try {
            task.run();
        } catch (UserException e) {
            log.warn("not all that friends share can be found by words: {}", e.sentence());
        }
    }

    private void compare() {
        due.set(false);
        Map<InfoHash, Share> shared = new HashMap<>();
        for (Friend friend : keeper.current().friends().values()) {
            for (FriendDevice device : friend.sortedDevices()) {
                shared.putAll(device.shares());
            }
        }
        index.retain(shared.keySet());
        index.add(shared.values());
        Set<InfoHash> without = new HashSet<>(shared.keySet());
        without.removeAll(index.withFiles());
        without.forEach(this::addFiles);
        changed.run();
    }

    private void addFiles(InfoHash hash) {
        try {
            Optional<Bytes> info = trees.tree(hash)
                    .map(tree -> Compressed.inflate(tree, Compressed.MAX_DOCUMENT_BYTES))
                    .or(() -> torrents.metadata(hash));
            if (info.isPresent()) {
                add(MetadataValidator.validate(info.get(), hash));
            }
        } catch (UserException e) {
            log.warn("the files of {} cannot be found by words: {}", hash, e.sentence());
        }
    }

    private void add(InfoDictionary info) {
        if (info.folder()) {
            index.addFiles(
                    info.hash(),
                    info.files().stream()
                            .map(file -> new SearchIndex.Line(String.join("/", file.path()), file.sizeBytes()))
                            .toList());
        }
    }
}
