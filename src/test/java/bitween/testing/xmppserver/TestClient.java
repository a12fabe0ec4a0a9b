package bitween.testing.xmppserver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import javax.net.SocketFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.extensions.ExtensionsInitializer;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.PresenceBuilder;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.parsing.ExceptionLoggingCallback;
import org.jivesoftware.smack.roster.AbstractRosterListener;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;

/** A Smack client that keeps what it hears, in order. Thread: the test's. */
final class TestClient implements AutoCloseable {
    private static final int WAIT_SECONDS = 10;
    static final String ANNOUNCEMENT = "urn:bitween:test";

    final XMPPTCPConnection connection;
    final Roster roster;
    final BlockingQueue<Stanza> presences = new LinkedBlockingQueue<>();
    final BlockingQueue<Stanza> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<Exception> losses = new LinkedBlockingQueue<>();
    private final BlockingQueue<List<String>> rosters = new LinkedBlockingQueue<>();

    static {
        // whoever used Smack first in this JVM may have left these out
        new ExtensionsInitializer().initialize();
        Roster.setDefaultSubscriptionMode(Roster.SubscriptionMode.manual);
    }

    private TestClient(XMPPTCPConnectionConfiguration configuration) {
        connection = new XMPPTCPConnection(configuration);
        connection.setParsingExceptionCallback(new ExceptionLoggingCallback());
        connection.setReplyTimeout(SECONDS.toMillis(WAIT_SECONDS));
        connection.addSyncStanzaListener(presences::add, StanzaTypeFilter.PRESENCE);
        connection.addSyncStanzaListener(messages::add, StanzaTypeFilter.MESSAGE);
        connection.addConnectionListener(new ConnectionListener() {
            @Override
            public void connectionClosedOnError(Exception e) {
                losses.add(e);
            }
        });
        roster = Roster.getInstanceFor(connection);
        roster.setRosterLoadedAtLogin(false);
        roster.setSubscriptionMode(Roster.SubscriptionMode.manual);
        roster.addRosterListener(new RosterChanges());
    }

    /** @param login {@code name@domain/resource:password} */
    static XMPPTCPConnectionConfiguration.Builder configuration(EmbeddedXmppServer server, String login) {
        int colon = login.indexOf(':');
        var jid = JidCreate.entityFullFromOrThrowUnchecked(login.substring(0, colon));
        return XMPPTCPConnectionConfiguration.builder()
                .setXmppAddressAndPassword(jid.asEntityBareJid(), login.substring(colon + 1))
                .setResource(jid.getResourcepart())
                .setHostAddress(server.address())
                .setPort(server.port())
                .setSecurityMode(SecurityMode.required)
                .setCustomX509TrustManager(trusting(server.caPem()))
                .setSocketFactory(new UndelayedSockets())
                .setSendPresence(false);
    }

    static TestClient connected(XMPPTCPConnectionConfiguration.Builder configuration)
            throws XMPPException, SmackException, IOException, InterruptedException {
        var client = new TestClient(configuration.build());
        client.connection.connect();
        return client;
    }

    static TestClient loggedIn(EmbeddedXmppServer server, String login)
            throws XMPPException, SmackException, IOException, InterruptedException {
        TestClient client = connected(configuration(server, login));
        client.connection.login();
        client.roster.reloadAndWait();
        return client;
    }

    /** Logged in, and visible with the given priority and an announcement of the given revision. */
    static TestClient online(EmbeddedXmppServer server, String login, int priority, String revision)
            throws XMPPException, SmackException, IOException, InterruptedException {
        TestClient client = loggedIn(server, login);
        client.connection.sendStanza(
                client.announcement(revision).setPriority(priority).build());
        heard(
                client.presences,
                presence -> client.jid().equals(presence.getFrom().toString()));
        return client;
    }

    PresenceBuilder announcement(String revision) {
        return connection
                .getStanzaFactory()
                .buildPresenceStanza()
                .ofType(Presence.Type.available)
                .addExtension(StandardExtensionElement.builder("bitween", ANNOUNCEMENT)
                        .addAttribute("revision", revision)
                        .build());
    }

    String jid() {
        return String.valueOf(connection.getUser());
    }

    void say(String to, String body) throws IOException, SmackException, InterruptedException {
        connection.sendStanza(connection
                .getStanzaFactory()
                .buildMessageStanza()
                .to(JidCreate.from(to))
                .ofType(Message.Type.chat)
                .setBody(body)
                .build());
    }

    void presence(String to, Presence.Type type) throws IOException, SmackException, InterruptedException {
        connection.sendStanza(connection
                .getStanzaFactory()
                .buildPresenceStanza()
                .to(JidCreate.from(to))
                .ofType(type)
                .build());
    }

    Presence hearPresence(Presence.Type type, String from) throws InterruptedException {
        return (Presence) heard(
                presences,
                stanza -> ((Presence) stanza).getType() == type
                        && stanza.getFrom().toString().equals(from));
    }

    /** @return the revision announced in the next available presence from {@code from} */
    String hearAnnouncement(String from) throws InterruptedException {
        var extension = (StandardExtensionElement)
                hearPresence(Presence.Type.available, from).getExtensionElement("bitween", ANNOUNCEMENT);
        return extension == null ? "none" : extension.getAttributeValue("revision");
    }

    String hearMessage() throws InterruptedException {
        return ((Message) heard(messages, stanza -> true)).getBody();
    }

    /** Waits until the roster is exactly this; each contact as {@code JID:subscription}, with a {@code ?} while asking. */
    void hearRoster(String... contacts) throws InterruptedException {
        heard(rosters, roster -> roster.equals(List.of(contacts)));
    }

    /** Takes what was heard until the right one comes; what came before it is forgotten. */
    static <T> T heard(BlockingQueue<T> queue, Predicate<T> right) throws InterruptedException {
        List<T> others = new ArrayList<>();
        long deadlineNanos = System.nanoTime() + SECONDS.toNanos(WAIT_SECONDS);
        while (true) {
            T next = queue.poll(deadlineNanos - System.nanoTime(), NANOSECONDS);
            if (next == null) {
                throw new AssertionError("not heard within " + WAIT_SECONDS + " s; heard only " + others);
            }
            if (right.test(next)) {
                return next;
            }
            others.add(next);
        }
    }

    @Override
    public void close() {
        connection.disconnect();
    }

    private List<String> contacts() {
        return roster.getEntries().stream()
                .map(entry -> entry.getJid() + ":" + entry.getType() + (entry.isSubscriptionPending() ? "?" : ""))
                .sorted()
                .toList();
    }

    static X509TrustManager trustingTheJdksAuthorities() {
        return trusting((KeyStore) null);
    }

    private static X509TrustManager trusting(String ca) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "ca",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(ca.getBytes(US_ASCII))));
            return trusting(store);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no certificate: " + ca, e);
        }
    }

    private static X509TrustManager trusting(@Nullable KeyStore store) {
        try {
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return (X509TrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK trusts somebody", e);
        }
    }

    private final class RosterChanges extends AbstractRosterListener {
        @Override
        public void entriesAdded(Collection<Jid> contacts) {
            rosters.add(contacts());
        }

        @Override
        public void entriesUpdated(Collection<Jid> contacts) {
            rosters.add(contacts());
        }

        @Override
        public void entriesDeleted(Collection<Jid> contacts) {
            rosters.add(contacts());
        }
    }

    /** Smack leaves Nagle's algorithm on, which costs 40 ms at each step of a login. */
    private static final class UndelayedSockets extends SocketFactory {
        @Override
        public Socket createSocket() throws SocketException {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException("Smack connects by itself");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            throw new UnsupportedOperationException("Smack connects by itself");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException("Smack connects by itself");
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
            throw new UnsupportedOperationException("Smack connects by itself");
        }
    }
}
