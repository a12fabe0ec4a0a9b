package bitween.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.roster.packet.RosterPacket;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smackx.iqregister.AccountManager;
import org.jxmpp.jid.impl.JidCreate;

/** What a person has beside bitween: another program of the same account, with which the roster is put in order. */
public final class ChatProgram implements AutoCloseable {
    static {
        try {
            Class<?> unused = Class.forName(
                    "bitween.xmpp.SmackSetup"); // first, as in a daemon: else those of later tests in this process
            // suffer
        } catch (ClassNotFoundException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final XMPPTCPConnection connection;
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

    private ChatProgram(XMPPTCPConnection connection) {
        this.connection = connection;
        connection.addSyncStanzaListener(
                stanza -> {
                    if (stanza instanceof Message message && message.getBody() != null) {
                        messages.add(message.getBody());
                    }
                },
                StanzaTypeFilter.MESSAGE);
    }

    public static ChatProgram of(TestServer server, String person) throws IOException, InterruptedException {
        String[] at = server.at(person).split(":");
        try {
            var connection = new XMPPTCPConnection(XMPPTCPConnectionConfiguration.builder()
                    .setXmppAddressAndPassword(JidCreate.entityBareFrom(server.jid(person)), person + "-secret")
                    .setResource("chat")
                    .setHostAddress(InetAddress.getByName(at[0]))
                    .setPort(Integer.parseInt(at[1]))
                    .setSecurityMode(SecurityMode.required)
                    .setCustomX509TrustManager(trusting(server.caFile(person)))
                    .setSendPresence(false)
                    .build());
            connection.connect().login();
            return new ChatProgram(connection);
        } catch (SmackException | XMPPException | GeneralSecurityException e) {
            throw new IOException(person + " cannot log in", e);
        }
    }

    /** From now on, what is written to the person arrives here. */
    public void beOnline() throws IOException, InterruptedException {
        try {
            connection.sendStanza(
                    connection.getStanzaFactory().buildPresenceStanza().build());
        } catch (SmackException e) {
            throw new IOException("no presence", e);
        }
    }

    /** The next message; fails when none comes within a minute. */
    public String hears() throws InterruptedException {
        String message = messages.poll(1, TimeUnit.MINUTES);
        if (message == null) {
            throw new AssertionError("no message came");
        }
        return message;
    }

    /** The groups of a contact, in place of those before. */
    public void putInto(String contact, String... groups) throws IOException, InterruptedException {
        try {
            var item = new RosterPacket.Item(JidCreate.entityBareFrom(contact), null);
            List.of(groups).forEach(item::addGroupName);
            var change = new RosterPacket();
            change.setType(IQ.Type.set);
            change.addRosterItem(item);
            connection.sendIqRequestAndWaitForResponse(change);
        } catch (SmackException | XMPPException e) {
            throw new IOException(contact + " is not put into " + List.of(groups), e);
        }
    }

    void setPassword(String password) throws IOException, InterruptedException {
        try {
            AccountManager.getInstance(connection).changePassword(password);
        } catch (SmackException | XMPPException e) {
            throw new IOException("the password stays", e);
        }
    }

    @Override
    public void close() {
        connection.disconnect();
    }

    private static X509TrustManager trusting(Path caFile) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(caFile)) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }
}
