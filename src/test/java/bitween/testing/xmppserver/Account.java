package bitween.testing.xmppserver;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A user: password, roster, sessions and what waits for the next login. All but the finals guarded by the router's lock. */
final class Account {
    /** A test that stores more has lost its daemon's addressee; real servers keep about as many. */
    private static final int OFFLINE_MESSAGES = 1_000;

    final String bare;
    /** Also read by logins. */
    volatile String password;

    final Map<String, RosterItem> roster = new LinkedHashMap<>();

    /** Unanswered requests to see this user's presence, by bare JID. */
    final Map<String, Element> asking = new LinkedHashMap<>();

    /** By resource; the most recent login last. */
    final Map<String, Session> sessions = new LinkedHashMap<>();

    private final Deque<Element> offline = new ArrayDeque<>();
    private long pushes;

    Account(String bare, String password) {
        this.bare = bare;
        this.password = password;
    }

    RosterItem itemFor(String contact) {
        return roster.computeIfAbsent(contact, RosterItem::new);
    }

    boolean isSeenBy(String contact) {
        RosterItem item = roster.get(contact);
        return item != null && item.from;
    }

    List<Session> available() {
        return sessions.values().stream().filter(Session::isAvailable).toList();
    }

    /** @return the presence of each available resource */
    Stream<Element> presences() {
        return available().stream().map(session -> session.presence).filter(Objects::nonNull);
    }

    void sendToAvailable(Element stanza) {
        available().forEach(session -> session.send(stanza));
    }

    void sendToInterested(Element stanza) {
        sessions.values().stream().filter(session -> session.interested).forEach(session -> session.send(stanza));
    }

    /** RFC 6121 section 2.1.6. */
    void push(Element item) {
        String id = "push-" + ++pushes;
        sessions.values().stream()
                .filter(session -> session.interested)
                .forEach(session -> session.send(Element.of("iq", Ns.CLIENT)
                        .with("type", "set")
                        .with("id", id)
                        .with("to", session.jid.toString())
                        .containing(Element.of("query", Ns.ROSTER).containing(item))));
    }

    /** @return where a message to the bare JID goes: the highest priority, of equal ones the latest login; null if nowhere */
    @Nullable
    Session preferred() {
        Session best = null;
        for (Session session : available()) {
            if (session.priority >= 0 && (best == null || session.priority >= best.priority)) {
                best = session;
            }
        }
        return best;
    }

    /** @return false if the store is full */
    boolean keep(Element message) {
        return offline.size() < OFFLINE_MESSAGES && offline.add(message);
    }

    void sendKeptTo(Session session) {
        offline.forEach(session::send);
        offline.clear();
    }
}
