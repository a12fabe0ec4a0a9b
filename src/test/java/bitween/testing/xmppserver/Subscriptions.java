package bitween.testing.xmppserver;

import org.jspecify.annotations.Nullable;

/**
 * Who may see whom: the states and transitions of RFC 6121 section 3 and appendix A, without pre-approval. Guarded by
 * the router's lock.
 */
final class Subscriptions {
    /** Requests kept for one user; a flood beyond is dropped. */
    private static final int ASKING = 1_000;

    private final Directory directory;
    private final PresenceRouting presence;

    Subscriptions(Directory directory, PresenceRouting presence) {
        this.directory = directory;
        this.presence = presence;
    }

    /** @param stanza from {@code user}, of one of the four types that change subscriptions */
    void route(Account user, Element stanza, Address to) {
        Element bare = stanza.with("from", user.bare).with("to", to.bare());
        Account contact = directory.account(to);
        switch (String.valueOf(stanza.attribute("type"))) {
            case "subscribe" -> subscribe(user, contact, bare, to.bare());
            case "subscribed" -> subscribed(user, contact, bare, to.bare());
            case "unsubscribe" -> unsubscribe(user, contact, bare, to.bare());
            case "unsubscribed" -> unsubscribed(user, contact, bare, to.bare());
            default -> throw new IllegalArgumentException("not about a subscription: " + stanza.toXml());
        }
    }

    /** Ends both directions and forgets the contact: RFC 6121 section 2.5.2. */
    void remove(Account user, String contactJid) {
        Account contact = directory.account(Address.of(contactJid));
        unsubscribe(user, contact, stanza("unsubscribe", user.bare, contactJid), contactJid);
        unsubscribed(user, contact, stanza("unsubscribed", user.bare, contactJid), contactJid);
        user.roster.remove(contactJid);
        user.push(Element.of("item", Ns.ROSTER).with("jid", contactJid).with("subscription", "remove"));
    }

    /** Both see each other, as if they had asked and agreed. */
    void befriend(Account a, Account b) {
        letSee(a, b);
        letSee(b, a);
        presence.show(a, b);
        presence.show(b, a);
    }

    private void letSee(Account user, Account contact) {
        RosterItem item = user.itemFor(contact.bare);
        item.to = true;
        item.from = true;
        item.ask = false;
        user.asking.remove(contact.bare);
        user.push(item.toElement());
    }

    private void subscribe(Account user, @Nullable Account contact, Element stanza, String contactJid) {
        RosterItem item = user.itemFor(contactJid);
        if (!item.to && !item.ask) {
            item.ask = true;
            user.push(item.toElement());
        }
        if (contact == null) {
            unsubscribedArrived(user, contactJid, stanza("unsubscribed", contactJid, user.bare));
        } else if (contact.isSeenBy(user.bare)) {
            subscribedArrived(user, contactJid, stanza("subscribed", contactJid, user.bare));
        } else if (contact.asking.size() < ASKING && contact.asking.putIfAbsent(user.bare, stanza) == null) {
            contact.sendToAvailable(stanza);
        }
    }

    private void subscribed(Account user, @Nullable Account contact, Element stanza, String contactJid) {
        if (user.asking.remove(contactJid) == null) {
            return;
        }
        RosterItem item = user.itemFor(contactJid);
        item.from = true;
        user.push(item.toElement());
        if (contact != null) {
            subscribedArrived(contact, user.bare, stanza);
            presence.show(user, contact);
        }
    }

    private void subscribedArrived(Account user, String contactJid, Element stanza) {
        RosterItem item = user.roster.get(contactJid);
        if (item != null && item.ask) {
            item.ask = false;
            item.to = true;
            user.sendToInterested(stanza);
            user.push(item.toElement());
        }
    }

    private void unsubscribe(Account user, @Nullable Account contact, Element stanza, String contactJid) {
        RosterItem item = user.roster.get(contactJid);
        if (item != null && (item.to || item.ask)) {
            item.to = false;
            item.ask = false;
            user.push(item.toElement());
        }
        if (contact == null) {
            return;
        }
        boolean asked = contact.asking.remove(user.bare) != null;
        boolean seen = contact.isSeenBy(user.bare);
        if (asked || seen) {
            contact.sendToInterested(stanza);
        }
        if (seen) {
            RosterItem mirrored = contact.itemFor(user.bare);
            mirrored.from = false;
            contact.push(mirrored.toElement());
            presence.hide(contact, user);
        }
    }

    private void unsubscribed(Account user, @Nullable Account contact, Element stanza, String contactJid) {
        boolean asked = user.asking.remove(contactJid) != null;
        boolean seen = user.isSeenBy(contactJid);
        if (seen) {
            RosterItem item = user.itemFor(contactJid);
            item.from = false;
            user.push(item.toElement());
        }
        if (contact != null && (asked || seen)) {
            unsubscribedArrived(contact, user.bare, stanza);
        }
        if (contact != null && seen) {
            presence.hide(user, contact);
        }
    }

    private static void unsubscribedArrived(Account user, String contactJid, Element stanza) {
        RosterItem item = user.roster.get(contactJid);
        if (item != null && (item.to || item.ask)) {
            item.to = false;
            item.ask = false;
            user.sendToInterested(stanza);
            user.push(item.toElement());
        }
    }

    private static Element stanza(String type, String from, String to) {
        return Element.of("presence", Ns.CLIENT)
                .with("type", type)
                .with("from", from)
                .with("to", to);
    }
}
