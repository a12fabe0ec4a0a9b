package bitween.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** As little of an XMPP client as can be, so that hundreds of them run beside what is tried or measured. */
public final class SlimClient implements AutoCloseable {
    /** Of whoever is one of many. */
    public static final String PASSWORD = "secret";

    private static final int STACK_BYTES = 256 * 1024;
    /** Of one read; an announcement is some 700 bytes. */
    private static final int BUFFER_BYTES = 16 * 1024;

    private final String domain;
    private final Socket socket;

    private SlimClient(String domain, Socket socket) {
        this.domain = domain;
        this.socket = socket;
    }

    /** @param authority of servers' certificates, PEM */
    public static SSLSocketFactory trusting(Path authority) throws IOException {
        try (InputStream pem = Files.newInputStream(authority)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS", e);
        }
    }

    /**
     * Logs in with {@link #PASSWORD}, and says nothing of itself yet.
     *
     * @param server HOST:PORT
     */
    public static SlimClient logIn(SSLSocketFactory tls, String server, String jid) throws IOException {
        String[] at = server.split(":");
        String[] parts = jid.split("@");
        SlimClient plain = new SlimClient(parts[1], new Socket(at[0], Integer.parseInt(at[1])));
        plain.open();
        plain.say("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        plain.readTo("<proceed");
        SlimClient client = new SlimClient(
                plain.domain, tls.createSocket(plain.socket, plain.domain, plain.socket.getPort(), true));
        client.open();
        String secret = Base64.getEncoder().encodeToString(("\0" + parts[0] + "\0" + PASSWORD).getBytes(UTF_8));
        client.say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + secret + "</auth>");
        client.readTo("<success");
        client.open();
        client.say("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        client.readTo("</bind>");
        return client;
    }

    /**
     * What comes from now on is handed on as it comes, on a thread of its own, until the connection ends.
     *
     * @param cutOff hears when that is not its client's doing, and not the server's good-bye
     */
    public void listen(String name, Consumer<String> ear, Consumer<IOException> cutOff) {
        Thread thread = new Thread(null, () -> listen(ear, cutOff), name, STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    private void listen(Consumer<String> ear, Consumer<IOException> cutOff) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = socket.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                ear.accept(new String(buffer, 0, read, UTF_8));
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                cutOff.accept(e);
            }
        }
    }

    public synchronized void say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    private void open() throws IOException {
        say("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to='"
                + domain + "'>");
        readTo("</stream:features>");
    }

    /** Byte by byte, so that nothing of what follows is lost. */
    private void readTo(String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0 || text.charAt(text.length() - 1) != '>') {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("the server ended after " + text);
            }
            text.append((char) next);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
