package bitween.testing.xmppserver;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Who learns that a resource came, changed or went: RFC 6121 section 4. Guarded by the router's lock. */
final class PresenceRouting {
    /** Addressees of directed presence remembered for one session; those beyond do not hear of its end. */
    private static final int DIRECTED = 10_000;

    private final Directory directory;

    PresenceRouting(Directory directory) {
        this.directory = directory;
    }

    /** Takes presence with no addressee; it carries its sender's full JID. */
    void available(Session session, Element presence) {
        Integer priority = priority(presence);
        if (priority == null) {
            session.send(presence.error("bad-request"));
            return;
        }
        boolean first = !session.isAvailable();
        session.presence = presence;
        session.priority = priority;
        broadcast(session, presence);
        if (first) {
            session.account.roster.values().stream()
                    .filter(item -> item.to)
                    .forEach(item -> probe(session, Address.of(item.jid)));
            session.account.available().stream()
                    .filter(other -> other != session && other.presence != null)
                    .forEach(other -> session.send(addressed(other.presence, session.jid.toString())));
            session.account.asking.values().forEach(session::send);
        }
        if (priority >= 0) {
            session.account.sendKeptTo(session);
        }
    }

    /** Also at the end of a connection; says nothing to those who never saw the resource. */
    void unavailable(Session session, Element presence) {
        if (session.isAvailable()) {
            session.presence = null;
            broadcast(session, presence);
        }
        var directedTo = new ArrayList<>(session.directedTo);
        session.directedTo.clear();
        directedTo.stream()
                .filter(address -> !session.account.isSeenBy(address.bare()))
                .forEach(address -> deliver(addressed(presence, address.toString()), address));
    }

    void directed(Session session, Element presence, Address to) {
        if ("unavailable".equals(presence.attribute("type"))) {
            session.directedTo.remove(to);
        } else if (session.directedTo.size() < DIRECTED) {
            session.directedTo.add(to);
        }
        deliver(presence, to);
    }

    /** Answers with the last presence of each resource, if the contact lets the asker see it. */
    void probe(Session asker, Address contact) {
        Account account = directory.account(contact);
        if (account != null && account.isSeenBy(asker.jid.bare())) {
            account.presences().forEach(presence -> asker.send(addressed(presence, asker.jid.toString())));
        }
    }

    void deliver(Element presence, Address to) {
        Account account = directory.account(to);
        if (account == null) {
            return;
        }
        if (to.isBare()) {
            account.sendToAvailable(presence);
            return;
        }
        Session session = account.sessions.get(to.resource());
        if (session != null) {
            session.send(presence);
        }
    }

    /** To one who from now on sees {@code account}. */
    void show(Account account, Account to) {
        account.presences().forEach(presence -> to.sendToAvailable(addressed(presence, to.bare)));
    }

    /** To one who from now on does not see {@code account} any more: RFC 6121 sections 3.2.2 and 3.3.3. */
    void hide(Account account, Account from) {
        account.available().forEach(session -> from.sendToAvailable(addressed(gone(session), from.bare)));
    }

    static Element gone(Session session) {
        return Element.of("presence", Ns.CLIENT).with("type", "unavailable").with("from", session.jid.toString());
    }

    private void broadcast(Session session, Element presence) {
        Account account = session.account;
        for (RosterItem item : account.roster.values()) {
            if (item.from) {
                deliver(addressed(presence, item.jid), Address.of(item.jid));
            }
        }
        account.sendToAvailable(addressed(presence, account.bare));
    }

    private static Element addressed(Element presence, String to) {
        return presence.with("to", to);
    }

    /** @return null if it is none: RFC 6121 section 4.7.2.3 */
    private static @Nullable Integer priority(Element presence) {
        Element priority = presence.child("priority", Ns.CLIENT);
        if (priority == null) {
            return 0;
        }
        try {
            int value = Byte.parseByte(priority.text().strip());
            return value;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
