package bitween.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.testing.xmppserver.EmbeddedXmppServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The embedded server: one in this process, where a test can see, make up and lose stanzas. */
public final class EmbeddedServer extends TestServer {
    private final EmbeddedXmppServer server;
    private final Path ca;

    public EmbeddedServer(Path directory, String... people) throws IOException {
        server = EmbeddedXmppServer.start(Set.of(DOMAIN), InetAddress.getLoopbackAddress(), 0);
        ca = directory.resolve("ca.pem");
        server.writeCa(ca);
        for (String person : people) {
            server.addUser(person + "@" + DOMAIN, person + "-secret");
        }
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public Path caFile() {
        return ca;
    }

    /** From now on it makes an account for whoever asks (XEP-0077). */
    void openRegistration() {
        server.openRegistration();
    }

    /** Shows each stanza that a client sends from now on, before it is routed, as XML. On the server's threads, under its lock. */
    public void tap(Consumer<String> consumer) {
        server.tap(consumer);
    }

    /** Sends the client that is bound as {@code fullJid} whatever {@code stanza} says. */
    public void inject(String fullJid, String stanza) {
        server.inject(fullJid, stanza);
    }

    /** Loses what clients send where {@code which} says so. */
    public void swallow(Predicate<String> which) {
        server.swallow(which);
    }

    @Override
    public void restart() throws IOException {
        server.restart();
    }

    @Override
    public void kill() {
        server.close();
    }

    @Override
    public void newCertificate() throws IOException {
        server.newCertificate();
        server.writeCa(ca);
    }

    @Override
    public void renewCertificate() {
        assumeTrue(false, "the embedded server is its own authority; real ones: scripts/test --servers");
    }

    @Override
    public void setPassword(String person, String password) {
        server.setPassword(jid(person), password);
    }

    @Override
    public void remove(String person) {
        server.removeUser(jid(person));
    }

    @Override
    void addCrowd(String person, int count) {
        for (int i = 0; i < count; i++) {
            server.addUser(jid("c" + i), SlimClient.PASSWORD);
            server.befriend(jid(person), jid("c" + i));
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
