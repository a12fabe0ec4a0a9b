package bitween.testing.xmppserver;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A resource bound to an account. Its state is guarded by the router's lock. */
final class Session {
    final Account account;
    final Address jid;
    private final Wire wire;

    /** The last presence without an addressee, whole, with its sender's full JID; null while unavailable. */
    @Nullable
    Element presence;

    /** −128 to 127; below zero no message to the bare JID comes here. */
    int priority;

    /** It has asked for the roster and so is told of changes. */
    boolean interested;

    /** Who was sent directed presence and must hear of its end: RFC 6121 section 4.6. */
    final Set<Address> directedTo = new LinkedHashSet<>();

    Session(Account account, String resource, Wire wire) {
        this.account = account;
        this.jid = new Address(account.bare, resource);
        this.wire = wire;
    }

    boolean isAvailable() {
        return presence != null;
    }

    void send(Element stanza) {
        wire.send(stanza.toXml());
    }

    /** Whatever it is: for servers that lie. */
    void sendAsItIs(String stanza) {
        wire.send(stanza);
    }

    void end(StreamException reason) {
        wire.finish(reason.toXml());
    }
}
