package bitween.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * People who are online and hear what somebody announces: as little of a client as can be, so that hundreds of them run beside what is measured. Each has a thread that reads.
 */
final class Contacts implements AutoCloseable {
    private static final int STACK_BYTES = 256 * 1024;
    private static final int AT_ONCE = 8;
    /** Of one read; an announcement is some 700 bytes. */
    private static final int BUFFER_BYTES = 16 * 1024;

    private final String domain;
    private final int port;
    private final Pattern revision;
    private final SSLSocketFactory tls;
    private final List<Contact> all = new ArrayList<>();

    /** One of them. What is read on its thread is asked on another one, under its lock. */
    private final class Contact {
        private final Socket socket;
        private String seen = "";
        private long seenAt;
        private long bytes;

        private Contact(String name) throws IOException {
            Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
            say(plain, header());
            readTo(plain, "</stream:features>");
            say(plain, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
            readTo(plain, "<proceed");
            socket = tls.createSocket(plain, domain, port, true);
            say(socket, header());
            readTo(socket, "</stream:features>");
            String secret = Base64.getEncoder().encodeToString(("\0" + name + "\0secret").getBytes(UTF_8));
            say(socket, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + secret + "</auth>");
            readTo(socket, "<success");
            say(socket, header());
            readTo(socket, "</stream:features>");
            say(socket, "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
            readTo(socket, "</bind>");
            say(socket, "<presence/>");
            Thread thread = new Thread(null, this::listen, name, STACK_BYTES);
            thread.setDaemon(true);
            thread.start();
        }

        private void listen() {
            byte[] buffer = new byte[BUFFER_BYTES];
            StringBuilder rest = new StringBuilder();
            try {
                InputStream in = socket.getInputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    rest.append(new String(buffer, 0, read, UTF_8));
                    heard(rest, read);
                }
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new IllegalStateException("a contact was cut off", e);
                }
            }
        }

        private synchronized void heard(StringBuilder text, int read) {
            bytes += read;
            Matcher match = revision.matcher(text);
            int end = 0;
            while (match.find()) {
                seen = match.group(1);
                seenAt = System.nanoTime();
                end = match.end();
            }
            text.delete(0, end);
        }
    }

    /**
     * @param announcer the bare JID of whom they hear
     * @param authority of the server's certificate, PEM
     */
    Contacts(String domain, int port, Path authority, String announcer) throws IOException {
        this.domain = domain;
        this.port = port;
        revision = Pattern.compile(
                "<presence[^>]*" + Pattern.quote(announcer) + "/[^>]*>.*?<bitween [^>]*?rev=['\"]([^'\"]+)");
        try (InputStream pem = Files.newInputStream(authority)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            tls = context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS", e);
        }
    }

    /** Come online. */
    void add(List<String> names) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<Contact>> coming = names.stream()
                    .map(name -> threads.submit(() -> new Contact(name)))
                    .toList();
            for (Future<Contact> each : coming) {
                all.add(each.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** What they have come to know is of no interest. */
    void forget() {
        for (Contact contact : all) {
            synchronized (contact) {
                contact.seen = "";
                contact.bytes = 0;
            }
        }
    }

    /** @return when the last of them had heard of another revision than before; a time of {@link System#nanoTime} */
    long awaitNews(long patienceSeconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds);
        long last = Long.MIN_VALUE;
        for (Contact contact : all) {
            while (true) {
                synchronized (contact) {
                    if (!contact.seen.isEmpty()) {
                        last = Math.max(last, contact.seenAt);
                        break;
                    }
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("not everybody heard of it");
                }
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
        return last;
    }

    /** @return what all of them were sent since {@link #forget}, inside TLS */
    long bytes() {
        long sum = 0;
        for (Contact contact : all) {
            synchronized (contact) {
                sum += contact.bytes;
            }
        }
        return sum;
    }

    @Override
    public void close() throws IOException {
        for (Contact contact : all) {
            contact.socket.close();
        }
    }

    private String header() {
        return "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to='"
                + domain + "'>";
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    /** Byte by byte, so that nothing of what follows is lost. */
    private static void readTo(Socket socket, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0 || text.charAt(text.length() - 1) != '>') {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("the server ended after " + text);
            }
            text.append((char) next);
        }
    }
}
