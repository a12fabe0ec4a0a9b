package bitween.xmpp;

import bitween.model.Jid;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whom the user wants nothing to do with: who was removed, until the server has taken them out of the roster, and who is blocked. For everybody else here they are in no
 * roster, whatever the server says, and at once: it may be slow, or away. Kept before it holds, so that the server hears of it also after a restart. Thread: xmpp.
 */
final class CutOff {
    private final PendingRequests store;
    /** And whether they were told: what the user does with the roster later, in another program, is theirs. */
    private final Map<Jid, Boolean> blocked = new LinkedHashMap<>();

    private final Set<Jid> removed = new HashSet<>();

    CutOff(PendingRequests store) {
        this.store = store;
    }

    void load() {
        blocked.putAll(store.blocked());
        removed.addAll(store.removed());
    }

    Set<Jid> blocked() {
        return blocked.keySet();
    }

    boolean isBlocked(Jid jid) {
        return blocked.containsKey(jid);
    }

    boolean has(Jid jid) {
        return isBlocked(jid) || removed.contains(jid);
    }

    void block(Jid jid) {
        store.saveBlocked(jid, false);
        blocked.put(jid, false);
    }

    void unblock(Jid jid) {
        store.removeBlocked(jid);
        blocked.remove(jid);
    }

    void remove(Jid jid) {
        store.saveRemoved(jid);
        removed.add(jid);
    }

    /** Whoever was removed is wanted again. */
    void readmit(Jid jid) {
        if (removed.remove(jid)) {
            store.forgetRemoved(jid);
        }
    }

    /** Whom the server has to take out of the roster. */
    Set<Jid> untold() {
        return Stream.concat(
                        removed.stream(),
                        blocked.entrySet().stream()
                                .filter(entry -> !entry.getValue())
                                .map(Map.Entry::getKey))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The server has taken somebody out. */
    void told(Jid jid) {
        readmit(jid);
        if (!blocked.getOrDefault(jid, true)) {
            store.saveBlocked(jid, true);
            blocked.put(jid, true);
        }
    }
}
