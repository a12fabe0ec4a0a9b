package bitween.testing.xmppserver;

import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** One client from its first byte to its last: TLS, login, bind (RFC 6120 sections 4 to 7), then its stanzas. */
final class ClientStream implements Runnable {
    private static final Logger log = LogManager.getLogger(ClientStream.class);

    /** Wrong passwords on one connection. */
    private static final int LOGIN_ATTEMPTS = 3;

    private final int number;
    private final Wire wire;
    private final Router router;
    private final Set<String> domains;
    private final SSLContext tls;
    private final boolean tlsRequired;
    private String domain = "";
    private volatile @Nullable Session session; // null until a resource is bound

    ClientStream(int number, Wire wire, Router router, Set<String> domains, SSLContext tls, boolean tlsRequired) {
        this.number = number;
        this.wire = wire;
        this.router = router;
        this.domains = domains;
        this.tls = tls;
        this.tlsRequired = tlsRequired;
    }

    /** Thread: {@code xmpp-server-in-N}. */
    @Override
    public void run() {
        try {
            serve();
            leave("");
        } catch (StreamException e) {
            log.info("client {}: {}", number, e.getMessage());
            leave(e.toXml());
        } catch (IOException e) {
            log.debug("client {} lost: {}", number, e.getMessage());
            leave("");
        } catch (RuntimeException e) {
            log.error("client {}: a defect of the server", number, e);
            leave(new StreamException("internal-server-error", "a defect of the server").toXml());
        } finally {
            wire.awaitFarewell();
        }
    }

    /** Cuts the connection without a word, as a broken network would. Any thread. */
    void drop() {
        wire.abort();
        Session bound = session;
        if (bound != null) {
            router.end(bound);
        }
    }

    private void leave(String lastWords) {
        Session bound = session;
        if (bound != null) {
            router.end(bound);
        }
        wire.finish(lastWords);
    }

    private void serve() throws StreamException, IOException {
        StanzaReader in = open();
        Account account = login(in);
        if (account == null) {
            return;
        }
        in = open();
        wire.startQueue("xmpp-server-out-" + number);
        wire.send(features("<bind xmlns='" + Ns.BIND + "'/><session xmlns='" + Ns.SESSION + "'><optional/></session>"));
        for (Element stanza = in.next(); stanza != null; stanza = in.next()) {
            Session bound = session;
            if (bound == null) {
                session = router.bind(account, stanza, wire);
            } else {
                router.route(bound, stanza);
            }
        }
    }

    /** Opens the stream anew: at first, after STARTTLS and after SASL. */
    private StanzaReader open() throws StreamException, IOException {
        StanzaReader in = new StanzaReader(wire.input());
        Element header = in.header();
        String to = header.attribute("to");
        domain = to == null ? "" : to.toLowerCase(Locale.ROOT);
        wire.send("<?xml version='1.0'?><stream:stream xmlns='" + Ns.CLIENT + "' xmlns:stream='" + Ns.STREAM + "' id='"
                + UUID.randomUUID() + "' version='1.0' xml:lang='en'"
                + (domains.contains(domain) ? " from='" + domain + "'>" : ">"));
        if (!header.is("stream", Ns.STREAM)) {
            throw new StreamException("invalid-namespace", "this is no XMPP stream");
        }
        if (!domains.contains(domain)) {
            throw new StreamException("host-unknown", "served here: " + domains);
        }
        return in;
    }

    /** @return null if the client left before it was through */
    private @Nullable Account login(StanzaReader first) throws StreamException, IOException {
        StanzaReader in = first;
        wire.send(loginFeatures());
        int attempts = 0;
        for (Element step = in.next(); step != null; step = in.next()) {
            if (step.is("starttls", Ns.TLS) && !wire.isEncrypted()) {
                wire.send("<proceed xmlns='" + Ns.TLS + "'/>");
                wire.encrypt(tls);
                in = open();
                wire.send(loginFeatures());
            } else if (wire.isEncrypted() && Registration.isAsked(step)) {
                wire.send(Registration.answer(step, domain, router).toXml());
            } else if (step.is("auth", Ns.SASL)) {
                try {
                    return authenticate(in, step);
                } catch (SaslException e) {
                    wire.send("<failure xmlns='" + Ns.SASL + "'><" + e.condition + "/></failure>");
                    if (++attempts == LOGIN_ATTEMPTS) {
                        throw new StreamException("policy-violation", LOGIN_ATTEMPTS + " failed logins");
                    }
                }
            } else {
                throw new StreamException("not-authorized", "log in first");
            }
        }
        return null;
    }

    private Account authenticate(StanzaReader in, Element auth) throws StreamException, IOException, SaslException {
        if (tlsRequired && !wire.isEncrypted()) {
            throw new SaslException("encryption-required");
        }
        Account account;
        String proof = "";
        switch (String.valueOf(auth.attribute("mechanism"))) {
            case "PLAIN" -> {
                if (!wire.isEncrypted()) {
                    throw new SaslException("encryption-required");
                }
                account = Plain.login(auth.text(), domain, router::find);
            }
            case "SCRAM-SHA-1" -> {
                Scram scram = new Scram(auth.text(), domain, router::find);
                wire.send("<challenge xmlns='" + Ns.SASL + "'>" + scram.challenge() + "</challenge>");
                Element response = in.next();
                if (response == null || !response.is("response", Ns.SASL)) {
                    throw new SaslException("aborted");
                }
                proof = scram.answer(response.text());
                account = scram.account();
            }
            default -> throw new SaslException("invalid-mechanism");
        }
        wire.send("<success xmlns='" + Ns.SASL + "'>" + proof + "</success>");
        return account;
    }

    private String loginFeatures() {
        String startTls = "<starttls xmlns='" + Ns.TLS + "'>" + (tlsRequired ? "<required/>" : "") + "</starttls>";
        String plain = wire.isEncrypted() ? "<mechanism>PLAIN</mechanism>" : "";
        String sasl =
                "<mechanisms xmlns='" + Ns.SASL + "'><mechanism>SCRAM-SHA-1</mechanism>" + plain + "</mechanisms>";
        if (wire.isEncrypted()) {
            return features(router.isOpen() ? sasl + "<register xmlns='" + Ns.REGISTER_FEATURE + "'/>" : sasl);
        }
        return features(tlsRequired ? startTls : startTls + sasl);
    }

    private static String features(String features) {
        return "<stream:features>" + features + "</stream:features>";
    }
}
