package bitween.torrent.libtorrent;

import bitween.model.InfoHash;
import bitween.model.PeerAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.libtorrent4j.swig.torrent_handle;
import org.libtorrent4j.swig.torrent_handle_vector;

/**
 * The torrents of a session by info-hash, from the moment they are asked for until libtorrent let go of their files.
 *
 * <p>Adding is asynchronous, since the native network thread may be busy hashing: what is asked of a torrent before its handle is here, waits. Threads:
 * {@code torrent} asks, {@code alerts} tells; hence the monitor.
 */
final class Torrents {
    /** A handle that an alert refers to dies with the alert; a vector holds a copy. */
    private static final class Slot {
        private @Nullable torrent_handle_vector handle;
        private final List<Consumer<torrent_handle>> waiting = new ArrayList<>();
        private final Set<PeerAddress> sources = new HashSet<>();
        private boolean ranked;
        private boolean complete;
        private boolean failed;
        private boolean leaving;
        private @Nullable Runnable successor;
    }

    private final Map<InfoHash, Slot> slots = new HashMap<>();

    /** Makes room and runs {@code add}; does nothing when the torrent is there already, and waits while a namesake leaves. */
    synchronized void add(InfoHash hash, Runnable add) {
        Slot present = slots.get(hash);
        if (present == null) {
            slots.put(hash, new Slot());
            add.run();
        } else if (present.leaving) {
            present.successor = add;
        }
    }

    /** @param handle of an alert: copied here */
    synchronized void arrived(InfoHash hash, torrent_handle handle) {
        Slot slot = slots.get(hash);
        if (slot != null && slot.handle == null) {
            slot.handle = new torrent_handle_vector();
            slot.handle.add(handle);
            slot.waiting.forEach(action -> action.accept(handle));
            slot.waiting.clear();
        }
    }

    /** Runs {@code action} now or once the handle is here; never for a torrent that is unknown or leaving. */
    synchronized void with(InfoHash hash, Consumer<torrent_handle> action) {
        Slot slot = slots.get(hash);
        if (slot == null || slot.leaving) {
            return;
        }
        if (slot.handle == null) {
            slot.waiting.add(action);
        } else {
            action.accept(slot.handle.get(0));
        }
    }

    synchronized void addSource(InfoHash hash, PeerAddress peer) {
        Slot slot = slots.get(hash);
        if (slot != null) {
            slot.sources.add(peer);
        }
    }

    /** @param ranked whether some of its pieces are to come after others, wherever they are */
    synchronized void setRanked(InfoHash hash, boolean ranked) {
        Slot slot = slots.get(hash);
        if (slot != null) {
            slot.ranked = ranked;
        }
    }

    /** Whether what is to come does so from one alone, and nothing of it is to come last. */
    synchronized boolean isInOrder(InfoHash hash) {
        Slot slot = slots.get(hash);
        return slot != null && slot.sources.size() == 1 && !slot.ranked;
    }

    /** @return whether it is known: only then something will tell that it went */
    synchronized boolean remove(InfoHash hash, Consumer<torrent_handle> action) {
        with(hash, action);
        Slot slot = slots.get(hash);
        if (slot != null) {
            slot.leaving = true;
            slot.successor = null;
        }
        return slot != null;
    }

    /**
     * Forgets a torrent; whoever was added in its place meanwhile comes in.
     *
     * @return whether it was known
     */
    synchronized boolean removed(InfoHash hash) {
        Slot slot = slots.remove(hash);
        if (slot != null && slot.successor != null) {
            add(hash, slot.successor);
        }
        return slot != null;
    }

    synchronized boolean isLeaving(InfoHash hash) {
        Slot slot = slots.get(hash);
        return slot != null && slot.leaving;
    }

    synchronized void setComplete(InfoHash hash, boolean complete) {
        Slot slot = slots.get(hash);
        if (slot != null) {
            slot.complete = complete;
        }
    }

    /** Whether all pieces were there when last heard of. */
    synchronized boolean isComplete(InfoHash hash) {
        Slot slot = slots.get(hash);
        return slot != null && slot.complete;
    }

    /** @return whether it had not failed yet: a failing disk brings an alert for each block */
    synchronized boolean fail(InfoHash hash) {
        Slot slot = slots.get(hash);
        if (slot == null || slot.failed || slot.leaving) {
            return false;
        }
        slot.failed = true;
        return true;
    }

    /** Another failure will be news again. */
    synchronized void clearFailure(InfoHash hash) {
        Slot slot = slots.get(hash);
        if (slot != null) {
            slot.failed = false;
        }
    }
}
