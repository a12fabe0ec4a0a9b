package bitween.testing.xmppserver;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes each stanza to where RFC 6120 section 10 and RFC 6121 section 8 want it. Every method takes the one lock that guards
 * all accounts and sessions, and queues what it sends, so each client gets its stanzas in the order of events.
 */
final class Router {
    /** RFC 7622 section 3.4. */
    private static final int RESOURCE_CHARACTERS = 1_023;

    private final Directory directory;
    private final PresenceRouting presence;
    private final Subscriptions subscriptions;
    private final ServerQueries queries;
    private Consumer<String> tap = stanza -> {};
    private Predicate<String> swallowed = stanza -> false;
    private boolean open;

    Router(Set<String> domains) {
        directory = new Directory(domains);
        presence = new PresenceRouting(directory);
        subscriptions = new Subscriptions(directory, presence);
        queries = new ServerQueries(directory, subscriptions);
    }

    synchronized void tap(Consumer<String> consumer) {
        tap = consumer;
    }

    synchronized void swallow(Predicate<String> which) {
        swallowed = which;
    }

    /** @param toWhomever whether who asks for an account gets one */
    synchronized void open(boolean toWhomever) {
        open = toWhomever;
    }

    synchronized boolean isOpen() {
        return open;
    }

    synchronized void inject(String fullJid, String stanza) {
        Session session = directory.session(Address.of(fullJid));
        if (session == null) {
            throw new IllegalStateException(fullJid + " is not logged in");
        }
        session.sendAsItIs(stanza);
    }

    synchronized void add(String bareJid, String password) {
        Address address = Address.of(bareJid);
        if (!address.isBare() || address.isDomain() || !directory.serves(address) || password.isEmpty()) {
            throw new IllegalArgumentException("a user is name@domain with a password, domain one of "
                    + directory.domains + ", not '" + bareJid + "'");
        }
        if (directory.accounts.putIfAbsent(address.bare(), new Account(address.bare(), password)) != null) {
            throw new IllegalArgumentException(bareJid + " is there already");
        }
    }

    /** The account leaves all rosters' subscriptions, and its clients are sent away. */
    synchronized void remove(String bareJid) {
        Account account = existing(bareJid);
        List.copyOf(account.roster.keySet()).forEach(contact -> subscriptions.remove(account, contact));
        List.copyOf(account.asking.keySet()).forEach(asker -> subscriptions.remove(account, asker));
        for (Session session : List.copyOf(account.sessions.values())) {
            end(session);
            session.end(new StreamException("not-authorized", "the account was deleted"));
        }
        directory.accounts.remove(account.bare);
    }

    /** Who is logged in with the old one is sent away. */
    synchronized void setPassword(String bareJid, String password) {
        Account account = existing(bareJid);
        account.password = password;
        for (Session session : List.copyOf(account.sessions.values())) {
            end(session);
            session.end(new StreamException("reset", "the password was changed"));
        }
    }

    synchronized void befriend(String a, String b) {
        subscriptions.befriend(existing(a), existing(b));
    }

    synchronized @Nullable Account find(String bareJid) {
        return directory.accounts.get(bareJid);
    }

    synchronized List<String> sessions() {
        List<String> jids = new ArrayList<>();
        directory
                .accounts
                .values()
                .forEach(account -> account.sessions.values().forEach(session -> jids.add(session.jid.toString())));
        return jids;
    }

    /** Answers the request to bind a resource; who held it before is sent away: RFC 6120 section 7.7.2.2. */
    synchronized @Nullable Session bind(Account account, Element iq, Wire wire) throws StreamException {
        Element bind = iq.child("bind", Ns.BIND);
        if (!iq.is("iq", Ns.CLIENT) || bind == null) {
            throw new StreamException("not-authorized", "bind a resource first");
        }
        Element wanted = bind.child("resource", Ns.BIND);
        String resource = wanted == null ? "" : wanted.text();
        if (resource.isEmpty()) {
            resource = UUID.randomUUID().toString();
        }
        if (resource.length() > RESOURCE_CHARACTERS) {
            wire.send(iq.error("bad-request").toXml());
            return null;
        }
        Session before = account.sessions.get(resource);
        if (before != null) {
            end(before);
            before.end(new StreamException("conflict", "replaced by a new login"));
        }
        Session session = new Session(account, resource, wire);
        account.sessions.put(resource, session);
        session.send(iq.reply("result")
                .containing(Element.of("bind", Ns.BIND)
                        .containing(Element.of("jid", Ns.BIND).containing(session.jid.toString()))));
        return session;
    }

    /** Contacts see the resource leave. Harmless for a session that has ended. */
    synchronized void end(Session session) {
        if (session.account.sessions.remove(session.jid.resource(), session)) {
            presence.unavailable(session, PresenceRouting.gone(session));
        }
    }

    /** Takes one stanza from a client; its sender's address is ours to say, not the client's. */
    synchronized void route(Session session, Element unsigned) throws StreamException {
        if (session.account.sessions.get(session.jid.resource()) != session) {
            return; // replaced or removed while the stanza was being read
        }
        Element stanza = unsigned.with("from", session.jid.toString());
        tap.accept(stanza.toXml());
        if (swallowed.test(stanza.toXml())) {
            return;
        }
        String to = stanza.attribute("to");
        Address address = to == null ? null : Address.of(to);
        if (!stanza.namespace().equals(Ns.CLIENT)) {
            throw new StreamException("invalid-namespace", "stanzas are in " + Ns.CLIENT);
        }
        if (address != null && !directory.serves(address)) {
            bounce(stanza, session, "remote-server-not-found");
            return;
        }
        switch (stanza.name()) {
            case "iq" -> routeIq(session, stanza, address);
            case "presence" -> routePresence(session, stanza, address);
            case "message" -> routeMessage(session, stanza, address == null ? Address.of(session.jid.bare()) : address);
            default -> throw new StreamException("unsupported-stanza-type", "no stanza: " + stanza.name());
        }
    }

    private void routeIq(Session session, Element iq, @Nullable Address to) {
        boolean request = "get".equals(iq.attribute("type")) || "set".equals(iq.attribute("type"));
        if (to == null || to.isDomain() || to.toString().equals(session.jid.bare())) {
            if (request) {
                queries.answer(session, iq);
            }
            return;
        }
        Session addressee = directory.session(to);
        if (addressee == null) {
            bounce(iq, session, "service-unavailable");
        } else {
            addressee.send(iq);
        }
    }

    private void routePresence(Session session, Element stanza, @Nullable Address to) {
        String type = String.valueOf(stanza.attribute("type")).toLowerCase(Locale.ROOT);
        switch (type) {
            case "null", "unavailable" -> {
                if (to != null) {
                    presence.directed(session, stanza, to);
                } else if (type.equals("null")) {
                    presence.available(session, stanza);
                } else {
                    presence.unavailable(session, stanza);
                }
            }
            case "subscribe", "subscribed", "unsubscribe", "unsubscribed" -> {
                if (to != null && !to.isDomain() && !to.bare().equals(session.jid.bare())) {
                    subscriptions.route(session.account, stanza, to);
                }
            }
            case "probe" -> {
                if (to != null) {
                    presence.probe(session, to);
                }
            }
            case "error" -> {
                if (to != null) {
                    presence.deliver(stanza, to);
                }
            }
            default -> session.send(stanza.error("bad-request"));
        }
    }

    /** RFC 6121 section 8.5: to the resource meant; else to the account's preferred one; else kept. */
    private void routeMessage(Session session, Element message, Address to) {
        Account account = directory.account(to);
        Session meant = to.isBare() ? null : directory.session(to);
        String type = message.attribute("type");
        if (meant != null) {
            meant.send(message);
        } else if (account == null || "groupchat".equals(type)) {
            bounce(message, session, "service-unavailable");
        } else if (account.preferred() != null && !"error".equals(type)) {
            account.preferred().send(message);
        } else if ((type == null || type.equals("chat") || type.equals("normal")) && !account.keep(delayed(message))) {
            bounce(message, session, "resource-constraint");
        }
    }

    /** Errors and results are never answered: RFC 6120 section 8.3.1. */
    private static void bounce(Element stanza, Session session, String condition) {
        String type = stanza.attribute("type");
        if (!"error".equals(type) && !"result".equals(type)) {
            session.send(stanza.error(condition));
        }
    }

    /** XEP-0203. */
    private static Element delayed(Element message) {
        return message.containing(Element.of("delay", Ns.DELAY)
                .with("stamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString()));
    }

    private Account existing(String bareJid) {
        Account account = directory.account(Address.of(bareJid));
        if (account == null) {
            throw new IllegalArgumentException("nobody here is " + bareJid);
        }
        return account;
    }
}
