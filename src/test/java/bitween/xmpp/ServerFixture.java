package bitween.xmpp;

import bitween.config.Config;
import bitween.model.Jid;
import bitween.testing.TcpProxy;
import bitween.testing.xmppserver.EmbeddedXmppServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jivesoftware.smack.roster.Roster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A server for all tests of a class, and devices that are closed after each. */
abstract class ServerFixture {
    static final String CATALOGUE = "<page xmlns='urn:bitween:1' of='catalogue' offset='0'/>";
    static final String PASSWORD = "pa<ss wörd";
    private static final AtomicInteger users = new AtomicInteger();

    @TempDir
    static Path directory = Path.of("");

    private static @Nullable EmbeddedXmppServer running;

    final List<AutoCloseable> started = new ArrayList<>();

    @BeforeAll
    static void startServer() throws IOException {
        SmackSetup.ensure(); // first, as in a daemon
        // other tests of this JVM may have loaded Smack's Roster, which by default refuses every request by itself
        Roster.setDefaultSubscriptionMode(Roster.SubscriptionMode.manual);
        running = EmbeddedXmppServer.start(Set.of("a.test", "b.test"), InetAddress.getLoopbackAddress(), 0);
        server().writeCa(ca());
    }

    @AfterAll
    static void stopServer() {
        server().close();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : started) {
            each.close();
        }
    }

    static Path ca() {
        return directory.resolve("ca.pem");
    }

    static Jid user(String domain) {
        var jid = new Jid("user" + users.incrementAndGet() + "@" + domain);
        server().addUser(jid.value(), PASSWORD);
        return jid;
    }

    static void befriend(Jid one, Jid other) {
        server().befriend(one.value(), other.value());
    }

    static Config.Xmpp account(Jid jid, @Nullable Path ca, @Nullable String pin) {
        return new Config.Xmpp(jid, directory, new Config.HostPort("127.0.0.1", server().port()), ca, pin);
    }

    static Config.Xmpp through(TcpProxy network, Jid jid) {
        return new Config.Xmpp(jid, directory, new Config.HostPort("127.0.0.1", network.port()), ca(), null);
    }

    TestDevice device(Jid jid) {
        return start(TestDevice.start(account(jid, ca(), null), PASSWORD, "device" + started.size()));
    }

    RawClient raw(Jid jid) throws InterruptedException {
        return start(RawClient.start(account(jid, ca(), null), PASSWORD, "raw" + started.size()));
    }

    <T extends AutoCloseable> T start(T what) {
        started.add(what);
        return what;
    }

    static EmbeddedXmppServer server() {
        return Objects.requireNonNull(running);
    }
}
