package bitween.xmpp;

import bitween.model.Jid;
import java.util.Map;
import java.util.Set;

/**
 * Where it is kept who waits for us to accept or refuse, which a server tells once a login, while a user may look offline; and who is blocked
 * or removed. Thread: xmpp.
 */
public interface PendingRequests {
    Set<Jid> load();

    void save(Set<Jid> pending);

    /** Who is blocked, and whether the server has told them by now. */
    Map<Jid, Boolean> blocked();

    /** For good, when it returns. */
    void saveBlocked(Jid jid, boolean told);

    void removeBlocked(Jid jid);

    /** Who was removed here, and is in the server's roster still. */
    Set<Jid> removed();

    /** For good, when it returns. */
    void saveRemoved(Jid jid);

    void forgetRemoved(Jid jid);
}
