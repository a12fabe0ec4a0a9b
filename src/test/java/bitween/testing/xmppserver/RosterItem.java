package bitween.testing.xmppserver;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One contact as its owner's roster shows it: RFC 6121 section 2.1.2. Guarded by the router's lock. */
final class RosterItem {
    final String jid;

    @Nullable
    String name; // null: the owner gave none

    List<String> groups = List.of();

    /** The owner sees the contact's presence. */
    boolean to;

    /** The contact sees the owner's presence. */
    boolean from;

    /** The owner has asked to see the contact's presence and waits for the answer. */
    boolean ask;

    RosterItem(String jid) {
        this.jid = jid;
    }

    Element toElement() {
        String subscription = to && from ? "both" : to ? "to" : from ? "from" : "none";
        Element item = Element.of("item", Ns.ROSTER)
                .with("jid", jid)
                .with("name", name)
                .with("subscription", subscription)
                .with("ask", ask ? "subscribe" : null);
        for (String group : groups) {
            item = item.containing(Element.of("group", Ns.ROSTER).containing(group));
        }
        return item;
    }
}
