package bitween.app;

import bitween.model.Jid;
import bitween.store.FriendStore;
import bitween.xmpp.PendingRequests;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who waits for us to accept, and who is blocked or removed, in the store. Thread: xmpp. */
final class StoredRequests implements PendingRequests {
    private final FriendStore store;
    private final Clock clock;

    StoredRequests(FriendStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public Set<Jid> load() {
        return store.requests().keySet();
    }

    @Override
    public void save(Set<Jid> pending) {
        Set<Jid> gone = new HashSet<>(load());
        gone.removeAll(pending);
        gone.forEach(store::removeRequest);
        pending.forEach(jid -> store.saveRequest(jid, clock.instant()));
    }

    @Override
    public Map<Jid, Boolean> blocked() {
        return store.blocked();
    }

    @Override
    public void saveBlocked(Jid jid, boolean told) {
        store.saveBlocked(jid, told, clock.instant());
    }

    @Override
    public void removeBlocked(Jid jid) {
        store.removeBlocked(jid);
    }

    @Override
    public Set<Jid> removed() {
        return store.removed();
    }

    @Override
    public void saveRemoved(Jid jid) {
        store.saveRemoved(jid, clock.instant());
    }

    @Override
    public void forgetRemoved(Jid jid) {
        store.forgetRemoved(jid);
    }
}
