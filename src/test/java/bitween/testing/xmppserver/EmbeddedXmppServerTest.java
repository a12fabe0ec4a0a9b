package bitween.testing.xmppserver;

import static bitween.testing.xmppserver.TestClient.heard;
import static bitween.testing.xmppserver.TestClient.loggedIn;
import static bitween.testing.xmppserver.TestClient.online;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jivesoftware.smack.XMPPException.StreamErrorException;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.packet.StreamError;
import org.jivesoftware.smackx.disco.ServiceDiscoveryManager;
import org.jivesoftware.smackx.iqversion.packet.Version;
import org.jivesoftware.smackx.ping.PingManager;
import org.jivesoftware.smackx.ping.packet.Ping;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jxmpp.jid.impl.JidCreate;

/** Real Smack clients over TLS on loopback. */
@Timeout(60)
class EmbeddedXmppServerTest {
    private static final String ALICE = "alice@a.test";
    private static final String BOB = "bob@a.test";
    private static final String CAROL = "carol@b.test";
    private static final String ALICE_LAPTOP = ALICE + "/laptop";
    private static final String ALICE_LOGIN = ALICE_LAPTOP + ":secret";
    private static final String BOB_DESK = BOB + "/desk";
    private static final String BOB_LOGIN = BOB_DESK + ":ünlikely: pass";
    private static final String CAROL_PHONE = CAROL + "/phone";
    private static final String CAROL_LOGIN = CAROL_PHONE + ":carols";

    private EmbeddedXmppServer server;

    EmbeddedXmppServerTest() throws IOException {
        server = EmbeddedXmppServer.start(Set.of("a.test", "b.test"), InetAddress.getLoopbackAddress(), 0);
    }

    @BeforeEach
    void three_users_on_two_domains() {
        server.addUser(ALICE, "secret");
        server.addUser(BOB, "ünlikely: pass");
        server.addUser(CAROL, "carols");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void two_users_subscribe_to_each_other_across_domains() throws Exception {
        try (TestClient alice = online(server, ALICE_LOGIN, -1, "1");
                TestClient carol = online(server, CAROL_LOGIN, 0, "7")) {
            alice.roster.createItemAndRequestSubscription(JidCreate.bareFrom(CAROL), "Carol", null);
            alice.hearRoster(CAROL + ":none?");
            carol.hearPresence(Presence.Type.subscribe, ALICE);
            carol.presence(ALICE, Presence.Type.subscribed);
            alice.hearPresence(Presence.Type.subscribed, CAROL);
            alice.hearRoster(CAROL + ":to");
            carol.hearRoster(ALICE + ":from");

            assertThat(alice.hearAnnouncement(CAROL_PHONE)).isEqualTo("7");

            carol.presence(ALICE, Presence.Type.subscribe);
            alice.hearPresence(Presence.Type.subscribe, CAROL);
            alice.presence(CAROL, Presence.Type.subscribed);
            alice.hearRoster(CAROL + ":both");
            carol.hearRoster(ALICE + ":both");

            assertThat(carol.hearAnnouncement(ALICE_LAPTOP)).isEqualTo("1");
        }
    }

    @Test
    void a_request_waits_for_an_offline_user_at_each_login_until_it_is_answered() throws Exception {
        try (TestClient alice = online(server, ALICE_LOGIN, 0, "1")) {
            alice.presence(BOB, Presence.Type.subscribe);
            alice.hearRoster(BOB + ":none?");

            try (TestClient bob = online(server, BOB_LOGIN, 0, "1")) {
                bob.hearPresence(Presence.Type.subscribe, ALICE);
            }
            try (TestClient bob = online(server, BOB_LOGIN, 0, "1")) {
                bob.hearPresence(Presence.Type.subscribe, ALICE);
                bob.presence(ALICE, Presence.Type.unsubscribed);
            }

            alice.hearPresence(Presence.Type.unsubscribed, BOB);
            alice.hearRoster(BOB + ":none");
        }
    }

    @Test
    void who_withdraws_consent_vanishes_from_the_others_view() throws Exception {
        server.befriend(ALICE, BOB);
        try (TestClient alice = online(server, ALICE_LOGIN, 0, "1");
                TestClient bob = online(server, BOB_LOGIN, 0, "1")) {
            alice.hearAnnouncement(BOB_DESK);

            bob.presence(ALICE, Presence.Type.unsubscribed);

            alice.hearPresence(Presence.Type.unavailable, BOB_DESK);
            alice.hearRoster(BOB + ":from");
            bob.hearRoster(ALICE + ":to");

            bob.presence(ALICE, Presence.Type.unsubscribe);

            bob.hearPresence(Presence.Type.unavailable, ALICE_LAPTOP);
            alice.hearRoster(BOB + ":none");
        }
    }

    @Test
    void removing_a_contact_ends_both_directions() throws Exception {
        server.befriend(ALICE, BOB);
        try (TestClient alice = online(server, ALICE_LOGIN, 0, "1");
                TestClient bob = online(server, BOB_LOGIN, 0, "1")) {
            alice.hearAnnouncement(BOB_DESK);

            alice.roster.removeEntry(alice.roster.getEntry(JidCreate.bareFrom(BOB)));

            alice.hearRoster();
            bob.hearRoster(ALICE + ":none");
            alice.hearPresence(Presence.Type.unavailable, BOB_DESK);
            bob.hearPresence(Presence.Type.unavailable, ALICE_LAPTOP);
        }
    }

    @Test
    void a_deleted_user_leaves_and_loses_its_contacts() throws Exception {
        server.befriend(ALICE, BOB);
        try (TestClient alice = online(server, ALICE_LOGIN, 0, "1");
                TestClient bob = online(server, BOB_LOGIN, 0, "1")) {
            alice.hearAnnouncement(BOB_DESK);

            server.removeUser(BOB);

            alice.hearPresence(Presence.Type.unavailable, BOB_DESK);
            alice.hearRoster(BOB + ":none");
            assertStreamError(bob, StreamError.Condition.not_authorized);
        }
    }

    @Test
    void an_announcement_reaches_contacts_early_and_late_and_the_own_other_resource() throws Exception {
        server.befriend(ALICE, BOB);
        server.befriend(ALICE, CAROL);
        try (TestClient bob = online(server, BOB_LOGIN, -1, "1");
                TestClient alice = online(server, ALICE_LOGIN, -1, "2");
                TestClient carol = online(server, CAROL_LOGIN, 0, "3");
                TestClient phone = online(server, ALICE + "/phone:secret", 5, "4")) {

            assertThat(bob.hearAnnouncement(ALICE_LAPTOP)).isEqualTo("2");
            assertThat(carol.hearAnnouncement(ALICE_LAPTOP)).isEqualTo("2");
            assertThat(alice.hearAnnouncement(ALICE + "/phone")).isEqualTo("4");
            assertThat(phone.hearAnnouncement(ALICE_LAPTOP)).isEqualTo("2");

            alice.connection.sendStanza(alice.announcement("5").setPriority(-1).build());

            assertThat(bob.hearAnnouncement(ALICE_LAPTOP)).isEqualTo("5");
            assertThat(carol.hearAnnouncement(ALICE_LAPTOP)).isEqualTo("5");
            assertThat(phone.hearAnnouncement(ALICE_LAPTOP)).isEqualTo("5");
        }
    }

    @Test
    void contacts_see_a_client_leave_or_lose_its_connection() throws Exception {
        server.befriend(ALICE, BOB);
        try (TestClient bob = online(server, BOB_LOGIN, -1, "1")) {
            TestClient alice = online(server, ALICE_LOGIN, -1, "2");
            alice.connection.disconnect();
            bob.hearPresence(Presence.Type.unavailable, ALICE_LAPTOP);

            alice = online(server, ALICE_LOGIN, -1, "3");
            assertThat(bob.hearAnnouncement(ALICE_LAPTOP)).isEqualTo("3");
            alice.connection.instantShutdown();
            bob.hearPresence(Presence.Type.unavailable, ALICE_LAPTOP);
        }
    }

    @Test
    void directed_presence_reaches_a_stranger_and_so_does_its_end() throws Exception {
        try (TestClient carol = online(server, CAROL_LOGIN, 0, "1")) {
            TestClient alice = online(server, ALICE_LOGIN, -1, "2");
            alice.connection.sendStanza(
                    alice.announcement("9").to(JidCreate.from(CAROL_PHONE)).build());
            assertThat(carol.hearAnnouncement(ALICE_LAPTOP)).isEqualTo("9");

            alice.close();

            carol.hearPresence(Presence.Type.unavailable, ALICE_LAPTOP);
        }
    }

    @Test
    void an_iq_goes_to_the_full_jid_and_bounces_where_nobody_is() throws Exception {
        try (TestClient alice = loggedIn(server, ALICE_LOGIN);
                TestClient carol = loggedIn(server, CAROL_LOGIN)) {
            PingManager pings = PingManager.getInstanceFor(alice.connection);

            assertThat(pings.ping(JidCreate.from(carol.jid()))).isTrue();
            assertThat(pings.pingMyServer()).isTrue();
            assertUnavailable(alice, CAROL + "/nowhere");
            assertUnavailable(alice, CAROL);
            assertUnavailable(alice, "nobody@a.test");
        }
    }

    @Test
    void the_server_tells_what_it_can_and_refuses_the_rest() throws Exception {
        try (TestClient alice = loggedIn(server, ALICE_LOGIN)) {
            ServiceDiscoveryManager disco = ServiceDiscoveryManager.getInstanceFor(alice.connection);

            assertThat(disco.discoverInfo(JidCreate.from("a.test")).hasIdentity("server", "im"))
                    .isTrue();
            assertThat(disco.serverSupportsFeature(Ping.NAMESPACE)).isTrue();
            assertThat(disco.discoverItems(JidCreate.from("a.test")).getItems()).isEmpty();
            assertThatThrownBy(() ->
                            alice.connection.sendIqRequestAndWaitForResponse(new Version(JidCreate.from("a.test"))))
                    .isInstanceOfSatisfying(
                            XMPPErrorException.class,
                            e -> assertThat(e.getStanzaError().getCondition())
                                    .isEqualTo(StanzaError.Condition.service_unavailable));
        }
    }

    @Test
    void a_message_waits_until_a_resource_wants_it() throws Exception {
        try (TestClient alice = online(server, ALICE_LOGIN, 0, "1");
                TestClient daemon = online(server, BOB + "/daemon:ünlikely: pass", -1, "1")) {
            alice.say(BOB, "for the person");
            alice.say(BOB + "/daemon", "for the daemon");
            assertThat(daemon.hearMessage()).isEqualTo("for the daemon");

            try (TestClient phone = online(server, BOB + "/phone:ünlikely: pass", 0, "1");
                    TestClient desk = online(server, BOB_LOGIN, 5, "1")) {
                assertThat(phone.hearMessage()).isEqualTo("for the person");

                alice.say(BOB, "to the highest priority");
                alice.say(BOB + "/gone", "to the highest priority, too");

                assertThat(desk.hearMessage()).isEqualTo("to the highest priority");
                assertThat(desk.hearMessage()).isEqualTo("to the highest priority, too");
                assertThat(daemon.messages).isEmpty();
            }
        }
    }

    @Test
    void a_new_login_replaces_the_old_one_of_the_same_resource() throws Exception {
        try (TestClient old = online(server, ALICE_LOGIN, 0, "1");
                TestClient young = online(server, ALICE_LOGIN, 0, "2")) {

            assertStreamError(old, StreamError.Condition.conflict);
            assertThat(PingManager.getInstanceFor(young.connection).pingMyServer())
                    .isTrue();
            assertThat(server.sessions()).containsExactly(ALICE_LAPTOP);
        }
    }

    @Test
    void a_stanza_below_the_limit_arrives_whole_and_one_above_it_ends_the_stream() throws Exception {
        server.befriend(ALICE, BOB);
        try (TestClient alice = online(server, ALICE_LOGIN, 0, "1");
                TestClient bob = online(server, BOB_LOGIN, 0, "1")) {
            alice.hearAnnouncement(BOB_DESK);
            String fits = "x".repeat(StanzaReader.STANZA_BYTES - 1_000);
            bob.say(ALICE_LAPTOP, fits);
            bob.say(ALICE_LAPTOP, fits);
            assertThat(alice.hearMessage()).isEqualTo(fits);
            assertThat(alice.hearMessage()).isEqualTo(fits);

            bob.say(ALICE_LAPTOP, "y".repeat(2 * StanzaReader.STANZA_BYTES));

            assertStreamError(bob, StreamError.Condition.policy_violation);
            alice.hearPresence(Presence.Type.unavailable, BOB_DESK);
            assertThat(alice.messages).isEmpty();
        }
    }

    @Test
    void an_outage_keeps_port_users_and_rosters() throws Exception {
        server.befriend(ALICE, BOB);
        TestClient alice = online(server, ALICE_LOGIN, 0, "1");
        int port = server.port();

        server.stopAccepting();
        server.dropConnections();

        heard(alice.losses, loss -> true);
        assertThat(server.sessions()).isEmpty();
        assertThatThrownBy(() -> loggedIn(server, BOB_LOGIN)).hasMessageContaining("refused");

        server.startAccepting();

        assertThat(server.port()).isEqualTo(port);
        try (TestClient again = loggedIn(server, ALICE_LOGIN)) {
            again.hearRoster(BOB + ":both");
        }
    }

    @Test
    void the_tap_shows_each_stanza_with_its_sender() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        server.tap(seen::add);
        try (TestClient alice = online(server, ALICE_LOGIN, 0, "1")) {
            alice.say(CAROL, "a < b & 'c'");

            assertThat(heard(seen, stanza -> stanza.startsWith("<message")))
                    .contains("from='alice@a.test/laptop'", "to='carol@b.test'", "a &lt; b &amp; &apos;c&apos;");
        }
    }

    private static void assertStreamError(TestClient client, StreamError.Condition condition) throws Exception {
        assertThat(heard(client.losses, loss -> true))
                .isInstanceOfSatisfying(
                        StreamErrorException.class,
                        e -> assertThat(e.getStreamError().getCondition()).isEqualTo(condition));
    }

    private static void assertUnavailable(TestClient client, String jid) {
        assertThatThrownBy(() -> client.connection.sendIqRequestAndWaitForResponse(new Ping(JidCreate.from(jid))))
                .isInstanceOfSatisfying(
                        XMPPErrorException.class,
                        e -> assertThat(e.getStanzaError().getCondition())
                                .isEqualTo(StanzaError.Condition.service_unavailable));
    }
}
