package bitween.testing.xmppserver;

/** The namespaces the server itself speaks; all others pass through it unseen. */
final class Ns {
    static final String CLIENT = "jabber:client";
    static final String STREAM = "http://etherx.jabber.org/streams";
    static final String STREAM_ERRORS = "urn:ietf:params:xml:ns:xmpp-streams";
    static final String STANZA_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas";
    static final String TLS = "urn:ietf:params:xml:ns:xmpp-tls";
    static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
    static final String BIND = "urn:ietf:params:xml:ns:xmpp-bind";
    static final String SESSION = "urn:ietf:params:xml:ns:xmpp-session";
    static final String ROSTER = "jabber:iq:roster";
    static final String TIME = "urn:xmpp:time";
    static final String PING = "urn:xmpp:ping";
    static final String DISCO_INFO = "http://jabber.org/protocol/disco#info";
    static final String DISCO_ITEMS = "http://jabber.org/protocol/disco#items";
    static final String REGISTER = "jabber:iq:register";
    static final String REGISTER_FEATURE = "http://jabber.org/features/iq-register";
    static final String DELAY = "urn:xmpp:delay";

    private Ns() {}
}
