package bitween.testing.xmppserver;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The IQs that the server answers itself. Guarded by the router's lock. */
final class ServerQueries {
    /** Above what any person has; a client that adds more is refused. */
    private static final int ROSTER_ITEMS = 10_000;

    private final Directory directory;
    private final Subscriptions subscriptions;

    ServerQueries(Directory directory, Subscriptions subscriptions) {
        this.directory = directory;
        this.subscriptions = subscriptions;
    }

    /** @param iq a get or set to the server, or to the sender's own account */
    void answer(Session session, Element iq) {
        Element query = iq.children().findFirst().orElse(null);
        if (query == null) {
            session.send(iq.error("bad-request"));
            return;
        }
        boolean set = "set".equals(iq.attribute("type"));
        switch (query.namespace()) {
            case Ns.ROSTER -> {
                if (set) {
                    setRoster(session, iq, query);
                } else {
                    sendRoster(session, iq);
                }
            }
            case Ns.PING, Ns.SESSION -> session.send(iq.reply("result"));
            case Ns.TIME -> session.send(iq.reply("result").containing(time()));
            case Ns.DISCO_INFO -> session.send(iq.reply("result").containing(info(session, iq)));
            case Ns.DISCO_ITEMS -> session.send(iq.reply("result").containing(Element.of("query", Ns.DISCO_ITEMS)));
            default -> session.send(iq.error("service-unavailable"));
        }
    }

    /** XEP-0202. */
    private static Element time() {
        return Element.of("time", Ns.TIME)
                .containing(Element.of("tzo", Ns.TIME).containing("Z"))
                .containing(Element.of("utc", Ns.TIME)
                        .containing(
                                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
    }

    private static void sendRoster(Session session, Element iq) {
        session.interested = true;
        Element[] items = session.account.roster.values().stream()
                .map(RosterItem::toElement)
                .toArray(Element[]::new);
        session.send(
                iq.reply("result").containing(Element.of("query", Ns.ROSTER).containing(items)));
    }

    /** RFC 6121 sections 2.3 to 2.5. */
    private void setRoster(Session session, Element iq, Element query) {
        List<Element> items = query.children().toList();
        String jid = items.size() == 1 ? items.get(0).attribute("jid") : null;
        if (jid == null) {
            session.send(iq.error("bad-request"));
            return;
        }
        Account account = session.account;
        String contact = Address.of(jid).bare();
        String problem = change(account, contact, items.get(0));
        session.send(problem == null ? iq.reply("result") : iq.error(problem));
    }

    /** @return the error's condition, or null when done */
    private @Nullable String change(Account account, String contact, Element wanted) {
        if ("remove".equals(wanted.attribute("subscription"))) {
            if (!account.roster.containsKey(contact)) {
                return "item-not-found";
            }
            subscriptions.remove(account, contact);
            return null;
        }
        if (account.roster.size() >= ROSTER_ITEMS && !account.roster.containsKey(contact)) {
            return "resource-constraint";
        }
        RosterItem item = account.itemFor(contact);
        item.name = wanted.attribute("name");
        item.groups = wanted.children()
                .filter(child -> child.is("group", Ns.ROSTER))
                .map(Element::text)
                .distinct()
                .toList();
        account.push(item.toElement());
        return null;
    }

    private Element info(Session session, Element iq) {
        String to = iq.attribute("to");
        boolean server = to != null && directory.domains.contains(to);
        Element info = Element.of("query", Ns.DISCO_INFO)
                .containing(Element.of("identity", Ns.DISCO_INFO)
                        .with("category", server ? "server" : "account")
                        .with("type", server ? "im" : "registered")
                        .with("name", server ? "embedded test server" : session.account.bare));
        for (String feature : List.of(Ns.DISCO_INFO, Ns.DISCO_ITEMS, Ns.ROSTER, Ns.PING)) {
            info = info.containing(Element.of("feature", Ns.DISCO_INFO).with("var", feature));
        }
        return info;
    }
}
