package bitween.testing.xmppserver;

import static bitween.testing.xmppserver.TestClient.configuration;
import static bitween.testing.xmppserver.TestClient.connected;
import static bitween.testing.xmppserver.TestClient.loggedIn;
import static bitween.testing.xmppserver.TestClient.trustingTheJdksAuthorities;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.util.Set;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.SmackException.SecurityRequiredByServerException;
import org.jivesoftware.smack.sasl.SASLErrorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a client gets in, and what never does. */
@Timeout(60)
class ClientStreamTest {
    private static final String ALICE = "alice@a.test";
    private static final String BOB = "bob@a.test";
    private static final String ALICE_LAPTOP = ALICE + "/laptop";
    private static final String ALICE_LOGIN = ALICE_LAPTOP + ":secret";
    private static final String BOB_DESK = BOB + "/desk";
    private static final String BOB_LOGIN = BOB_DESK + ":ünlikely: pass";

    private EmbeddedXmppServer server;

    ClientStreamTest() throws IOException {
        server = EmbeddedXmppServer.start(Set.of("a.test", "b.test"), InetAddress.getLoopbackAddress(), 0);
    }

    @BeforeEach
    void two_users() {
        server.addUser(ALICE, "secret");
        server.addUser(BOB, "ünlikely: pass");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_login_is_inside_tls_by_the_given_certificate_and_by_scram() throws Exception {
        try (TestClient bob = loggedIn(server, BOB_LOGIN)) {

            assertThat(bob.jid()).isEqualTo(BOB_DESK);
            assertThat(bob.connection.isSecureConnection()).isTrue();
            assertThat(bob.connection.getUsedSaslMechansism()).isEqualTo("SCRAM-SHA-1");
            assertThat(server.sessions()).containsExactly(BOB_DESK);
        }
    }

    @Test
    void a_client_that_does_not_trust_the_certificate_does_not_log_in() {
        var configuration = configuration(server, ALICE_LOGIN).setCustomX509TrustManager(trustingTheJdksAuthorities());

        assertThatThrownBy(() -> connected(configuration)).hasRootCauseInstanceOf(CertPathBuilderException.class);
    }

    @Test
    void a_wrong_password_is_refused() throws Exception {
        try (TestClient eve = connected(configuration(server, ALICE_LOGIN + "s"))) {

            assertThatThrownBy(() -> eve.connection.login())
                    .isInstanceOf(SASLErrorException.class)
                    .hasMessageContaining("not-authorized");
        }
    }

    @Test
    void plain_is_taken_inside_tls() throws Exception {
        try (TestClient bob = connected(configuration(server, BOB_LOGIN).addEnabledSaslMechanism("PLAIN"))) {
            bob.connection.login();

            assertThat(bob.connection.getUsedSaslMechansism()).isEqualTo("PLAIN");
        }
    }

    @Test
    void a_wrong_password_is_refused_by_plain_too() throws Exception {
        try (TestClient eve = connected(configuration(server, BOB_LOGIN + "!").addEnabledSaslMechanism("PLAIN"))) {

            assertThatThrownBy(() -> eve.connection.login())
                    .isInstanceOf(SASLErrorException.class)
                    .hasMessageContaining("not-authorized");
        }
    }

    @Test
    void without_tls_scram_alone_is_offered_where_the_server_allows_it() throws Exception {
        try (EmbeddedXmppServer open = EmbeddedXmppServer.start(
                Set.of("a.test", "b.test"), server.address(), 0, EmbeddedXmppServer.Tls.OPTIONAL)) {
            open.addUser(ALICE, "secret");
            var clear = configuration(open, ALICE_LOGIN).setSecurityMode(SecurityMode.disabled);

            try (TestClient alice = connected(clear)) {
                alice.connection.login();

                assertThat(alice.connection.isSecureConnection()).isFalse();
                assertThat(alice.connection.getUsedSaslMechansism()).isEqualTo("SCRAM-SHA-1");
            }
            try (TestClient alice = connected(clear.addEnabledSaslMechanism("PLAIN"))) {
                assertThatThrownBy(() -> alice.connection.login()).hasMessageContaining("[SCRAM-SHA-1]");
            }
        }
    }

    @Test
    void no_login_without_tls_where_the_server_requires_it() {
        var clear = configuration(server, ALICE_LOGIN).setSecurityMode(SecurityMode.disabled);

        assertThatThrownBy(() -> connected(clear)).isInstanceOf(SecurityRequiredByServerException.class);
    }

    @Test
    void white_space_between_stanzas_is_no_stanza() throws Exception {
        try (Socket socket = new Socket(server.address(), server.port())) {
            socket.getOutputStream().write((header() + " \n ").getBytes(UTF_8));
            socket.getOutputStream().write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>".getBytes(UTF_8));
            socket.getOutputStream().flush();
            assertThat(readTo(socket, "<proceed")).contains("<starttls", "<required/>");
        }
    }

    @Test
    void a_dtd_ends_the_stream_before_it_is_read() throws Exception {
        try (Socket socket = new Socket(server.address(), server.port())) {
            String bomb = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'>]>" + header();
            socket.getOutputStream().write(bomb.getBytes(UTF_8));

            assertThat(readTo(socket, "</stream:stream>")).contains("<restricted-xml");
        }
    }

    private static String header() {
        return "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a.test'"
                + " version='1.0'>";
    }

    private static String readTo(Socket socket, String end) throws IOException {
        var text = new StringBuilder();
        int next = 0;
        while (next >= 0 && text.indexOf(end) < 0) {
            next = socket.getInputStream().read();
            text.append((char) next);
        }
        return text.toString();
    }
}
