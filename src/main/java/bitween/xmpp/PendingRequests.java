package bitween.xmpp;

import bitween.model.Jid;
import java.util.Set;

/** Where it is kept who waits for us to accept or refuse: a server tells it once a login, and a user may look while offline. Thread: xmpp. */
public interface PendingRequests {
    Set<Jid> load();

    void save(Set<Jid> pending);
}
