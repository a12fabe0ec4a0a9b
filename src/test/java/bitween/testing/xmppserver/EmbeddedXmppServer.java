package bitween.testing.xmppserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * An XMPP server for several domains on one port; users of all of them see each other. All methods may be called from any
 * thread. Nothing outlives {@link #close}.
 */
public final class EmbeddedXmppServer implements AutoCloseable {
    /** Whether a client may log in without TLS; PLAIN needs it in any case. */
    public enum Tls {
        REQUIRED,
        OPTIONAL
    }

    private static final Logger log = LogManager.getLogger(EmbeddedXmppServer.class);

    /** Two threads each; the largest test so far has 500. */
    private static final int CONNECTIONS = 2_000;

    /** For the accepting thread to see that its socket is closed. */
    private static final int STOP_MS = 5_000;

    private final Set<String> domains;
    private final InetAddress bind;
    private final boolean tlsRequired;
    private volatile ServerCertificate certificate;
    private final Router router;
    private final Set<ClientStream> streams = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile int port;
    private @Nullable ServerSocket listener; // null while not accepting
    private @Nullable Thread acceptor; // null while not accepting

    private EmbeddedXmppServer(Set<String> domains, InetAddress bind, int port, Tls tls) {
        this.domains =
                domains.stream().map(domain -> domain.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        this.bind = bind;
        this.port = port;
        tlsRequired = tls == Tls.REQUIRED;
        certificate = ServerCertificate.naming(this.domains);
        router = new Router(this.domains);
    }

    /**
     * Starts a server that requires TLS.
     *
     * @param port 0 for a free one
     */
    public static EmbeddedXmppServer start(Set<String> domains, InetAddress bind, int port) throws IOException {
        return start(domains, bind, port, Tls.REQUIRED);
    }

    public static EmbeddedXmppServer start(Set<String> domains, InetAddress bind, int port, Tls tls)
            throws IOException {
        var server = new EmbeddedXmppServer(domains, bind, port, tls);
        server.startAccepting();
        return server;
    }

    /** @throws IllegalArgumentException if the domain is not served here or the user exists */
    public void addUser(String bareJid, String password) {
        router.add(bareJid, password);
    }

    /** Makes an account from now on for whoever asks for one: XEP-0077. */
    public void openRegistration() {
        router.open(true);
    }

    /** Deletes the account: its clients are sent away, its contacts see the subscriptions end. */
    public void removeUser(String bareJid) {
        router.remove(bareJid);
    }

    /** Who is logged in with the old one is sent away. */
    public void setPassword(String bareJid, String password) {
        router.setPassword(bareJid, password);
    }

    /** Restarts with another certificate than before, and than that of any other server in this process. */
    public void newCertificate() throws IOException {
        certificate = ServerCertificate.make(domains);
        restart();
    }

    /** Each sees the other's presence from now on, as after requests and consents; clients online are told. */
    public void befriend(String bareJid, String otherBareJid) {
        router.befriend(bareJid, otherBareJid);
    }

    public InetAddress address() {
        return bind;
    }

    /** The same after {@link #restart}. */
    public int port() {
        return port;
    }

    /** The certificate that clients have to trust; it names all domains. */
    public String caPem() {
        return certificate.pem();
    }

    public void writeCa(Path file) throws IOException {
        Files.writeString(file, caPem());
    }

    /** The full JIDs of the resources bound now, available or not. */
    public List<String> sessions() {
        return router.sessions();
    }

    /**
     * Shows {@code consumer} each stanza that a client has sent since its login, as XML with the sender's full JID, in the
     * order in which they are routed and before they are. It runs on the server's threads under its lock: be quick, call
     * nothing of the server. One consumer at a time.
     */
    public void tap(Consumer<String> consumer) {
        router.tap(consumer);
    }

    /**
     * Sends a client {@code stanza} as it stands, whoever it says it is from, after all that was routed to it before.
     *
     * @throws IllegalStateException when that resource is not bound
     */
    public void inject(String fullJid, String stanza) {
        router.inject(fullJid, stanza);
    }

    /** Loses what clients send, where {@code which}, shown it as {@link #tap} is, says so. One at a time. */
    public void swallow(Predicate<String> which) {
        router.swallow(which);
    }

    /** Refuses new connections; those that are there stay. */
    public synchronized void stopAccepting() {
        ServerSocket socket = listener;
        Thread thread = acceptor;
        if (socket == null || thread == null) {
            return;
        }
        listener = null;
        acceptor = null;
        try {
            socket.close();
            thread.join(STOP_MS);
        } catch (IOException e) {
            log.warn("port {} did not close: {}", port, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Listens again, on the same port. */
    public synchronized void startAccepting() throws IOException {
        if (listener != null) {
            return;
        }
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(bind, port));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        port = socket.getLocalPort();
        listener = socket;
        acceptor = daemon("xmpp-server-accept-" + port, () -> accept(socket));
    }

    /** Cuts all connections without a word, as a broken network would; contacts see their users leave. */
    public void dropConnections() {
        List.copyOf(streams).forEach(ClientStream::drop);
    }

    /** All connections cut, then there again; users, rosters and kept messages stay. */
    public void restart() throws IOException {
        stopAccepting();
        dropConnections();
        startAccepting();
    }

    @Override
    public void close() {
        stopAccepting();
        dropConnections();
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                welcome(socket.accept());
            } catch (IOException e) {
                log.debug("port {}: {}", port, e.getMessage());
            }
        }
    }

    private void welcome(Socket tcp) throws IOException {
        if (streams.size() >= CONNECTIONS) {
            log.warn("port {}: more than {} connections, refused", port, CONNECTIONS);
            tcp.close();
            return;
        }
        int number = connections.incrementAndGet();
        var stream = new ClientStream(number, new Wire(tcp), router, domains, certificate.context(), tlsRequired);
        streams.add(stream);
        daemon("xmpp-server-in-" + number, () -> {
            try {
                stream.run();
            } finally {
                streams.remove(stream);
            }
        });
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
