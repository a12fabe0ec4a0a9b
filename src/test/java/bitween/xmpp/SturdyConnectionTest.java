package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.Config;
import bitween.link.Blocked;
import bitween.testing.TcpProxy;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.roster.packet.RosterPacket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sending, also to a server that does not read. */
@Timeout(30)
class SturdyConnectionTest extends ServerFixture {
    private static final String LONG = "x".repeat(60_000);

    @Test
    void who_must_not_wait_is_told_that_there_is_no_room_and_who_waits_is_free_at_the_end() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(server().port())) {
            var config = new Config.Xmpp(
                    user("a.test"), directory, new Config.HostPort("127.0.0.1", proxy.port()), ca(), null);
            var account = new Account(config, () -> PASSWORD, "desk", new DaemonRemedies(null));
            SturdyConnection connection = account.prepare();
            account.logIn(connection);
            proxy.holdToServer();

            int sent = 0;
            while (connection.trySendStanza(
                    stanza(connection), 200, TimeUnit.MILLISECONDS)) { // until TCP takes no more
                sent++;
            }

            assertThat(sent).isGreaterThanOrEqualTo(Backlog.FULL);
            assertThat(connection.trySendStanza(stanza(connection))).isFalse();
            Blocked sender = Blocked.in(() -> sendForEver(connection));
            Account.drop(connection);
            // Smack ends whoever stands in its queue by an interrupt, and whoever comes after by the other
            assertThat(sender.failure().getCause())
                    .isInstanceOfAny(SmackException.NotConnectedException.class, InterruptedException.class);
        }
    }

    @Test
    void it_knows_how_much_it_has_said_and_when_it_heard_anything() throws Exception {
        var config = new Config.Xmpp(
                user("a.test"), directory, new Config.HostPort("127.0.0.1", server().port()), ca(), null);
        var account = new Account(config, () -> PASSWORD, "desk", new DaemonRemedies(null));
        SturdyConnection connection = account.prepare();
        account.logIn(connection);
        long said = connection.sentBytes();
        long asked = System.nanoTime();

        connection.sendStanza(stanza(connection));
        RosterPacket roster = account.roster(connection); // which is answered after it

        assertThat(roster).isNotNull();
        assertThat(connection.sentBytes() - said).isBetween(60_000L, 62_000L);
        assertThat(connection.heardNs() - asked).isPositive();
        Account.drop(connection);
    }

    private static void sendForEver(SturdyConnection connection) throws IOException {
        try {
            while (true) {
                connection.sendStanza(stanza(connection));
            }
        } catch (SmackException.NotConnectedException | InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static Stanza stanza(SturdyConnection connection) {
        return connection
                .getStanzaFactory()
                .buildMessageStanza()
                .to(connection.getXMPPServiceDomain())
                .setBody(LONG)
                .build();
    }
}
