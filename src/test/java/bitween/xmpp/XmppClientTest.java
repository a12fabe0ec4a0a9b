package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.Config;
import bitween.message.PresenceEvent.AnnouncementSeen;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.message.PresenceEvent.ContactSeen;
import bitween.message.PresenceEvent.EndpointGone;
import bitween.model.ConnectionState;
import bitween.model.ConnectionState.Status;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.PeerAddress;
import bitween.testing.Signed;
import bitween.testing.TcpProxy;
import bitween.testing.xmppserver.EmbeddedXmppServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A device and its server: in, out, back, and what friends see of it. */
@Timeout(30)
class XmppClientTest extends ServerFixture {
    @Test
    void friends_see_each_others_announcements_on_both_domains() {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        TestDevice laptop = device(alice).listens(7_001).shares("one").online();

        TestDevice desk = device(bob).listens(7_002).shares("two").online();

        AnnouncementSeen seen = laptop.awaitAnnouncement(desk, "two");
        assertThat(seen.usable().deviceName()).isEqualTo(desk.device.resource() + "'s <name>");
        assertThat(seen.usable().addresses()).contains(PeerAddress.parse("127.0.0.1:7002"));
        assertThat(desk.awaitAnnouncement(laptop, "one").usable().addresses())
                .contains(PeerAddress.parse("127.0.0.1:7001"));
        laptop.shares("three");
        desk.awaitAnnouncement(laptop, "three");
        desk.close();
        laptop.heard.await(EndpointGone.class, event -> event.endpoint().equals(desk.device));
        laptop.heard.await(ContactSeen.class, event -> event.jid().equals(bob) && !event.available());
    }

    @Test
    void ones_own_devices_see_each_other_whoever_came_first() {
        Jid alice = user("a.test");
        TestDevice laptop = device(alice).shares("l").online();
        TestDevice desk = device(alice).shares("d").online();

        laptop.awaitAnnouncement(desk, "d");
        desk.awaitAnnouncement(laptop, "l");
    }

    @Test
    void a_wrong_password_is_told_and_not_hammered() {
        TestDevice laptop = start(TestDevice.start(account(user("a.test"), ca(), null), "wrong", "laptop"));

        ConnectionState state = laptop.awaitOffline(ErrorCode.XMPP_AUTH);

        assertThat(reason(state)).contains("does not accept the password of");
        assertThat(state.retryAt()).isAfter(Instant.now().plus(Duration.ofMinutes(4)));
    }

    @Test
    void a_password_that_is_corrected_is_tried_at_once() {
        TestDevice laptop = start(TestDevice.start(account(user("a.test"), ca(), null), "wrong", "laptop"));
        laptop.awaitOffline(ErrorCode.XMPP_AUTH);

        laptop.password = PASSWORD;

        laptop.online();
    }

    @Test
    void an_unknown_certificate_is_refused_until_its_fingerprint_is_pinned() {
        Jid alice = user("a.test");
        TestDevice laptop = start(TestDevice.start(account(alice, null, null), PASSWORD, "laptop"));
        Failure failure = Objects.requireNonNull(
                laptop.awaitOffline(ErrorCode.XMPP_CERTIFICATE).failure());
        assertThat(failure.reason()).contains("not signed by an authority that is trusted");

        Matcher fingerprint = Pattern.compile("[0-9a-f]{64}").matcher(failure.hint());

        assertThat(fingerprint.find()).isTrue();
        start(TestDevice.start(account(alice, null, fingerprint.group()), PASSWORD, "pinned"))
                .online();
    }

    @Test
    void another_certificate_than_the_pinned_one_is_refused_though_its_authority_is_trusted() {
        TestDevice laptop = start(TestDevice.start(account(user("a.test"), ca(), "ab".repeat(32)), PASSWORD, "laptop"));

        assertThat(reason(laptop.awaitOffline(ErrorCode.XMPP_CERTIFICATE)))
                .contains("is not the one that the configuration names");
    }

    @Test
    @Tag("slow")
    void a_server_that_is_not_there_is_tried_again_until_it_is() throws IOException {
        try (var late = EmbeddedXmppServer.start(Set.of("late.test"), InetAddress.getLoopbackAddress(), 0)) {
            late.addUser("carol@late.test", PASSWORD);
            Path lateCa = directory.resolve("late.pem");
            late.writeCa(lateCa);
            late.stopAccepting();
            var account = new Config.Xmpp(
                    new Jid("carol@late.test"), directory, new Config.HostPort("127.0.0.1", late.port()), lateCa, null);
            TestDevice laptop = start(TestDevice.start(account, PASSWORD, "laptop"));
            assertThat(reason(laptop.awaitOffline(ErrorCode.XMPP_UNREACHABLE))).contains("Connection refused");

            late.startAccepting();

            laptop.online();
        }
    }

    @Test
    void after_a_restart_of_the_server_everybody_is_back_and_announced() throws IOException {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        TestDevice laptop = device(alice).shares("one").online();
        TestDevice desk = device(bob).shares("two").online();
        laptop.awaitAnnouncement(desk, "two");
        desk.awaitAnnouncement(laptop, "one");

        server().restart();

        laptop.heard.await(EndpointGone.class, event -> event.endpoint().equals(desk.device));
        laptop.online().awaitAnnouncement(desk, "two");
        desk.awaitAnnouncement(laptop, "one");
    }

    @Test
    @Tag("slow")
    void a_server_that_says_nothing_at_all_is_given_up_and_tried_again() throws IOException {
        try (TcpProxy network = TcpProxy.to(server().port())) {
            TestDevice laptop = start(TestDevice.start(through(network, user("a.test")), PASSWORD, "laptop"))
                    .online();

            network.holdToClient();

            assertThat(reason(laptop.awaitOffline(ErrorCode.XMPP_UNREACHABLE))).contains("it does not answer");
            network.release();
            laptop.online();
        }
    }

    @Test
    @Tag("slow")
    void a_server_that_hears_us_late_but_speaks_is_not_given_up() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        RawClient friend = raw(bob);
        try (TcpProxy network = TcpProxy.to(server().port())) {
            TestDevice laptop = start(TestDevice.start(through(network, alice), PASSWORD, "laptop"))
                    .online();
            friend.send("<presence/>");
            laptop.heard.await(ContactSeen.class, ContactSeen::available);

            network.holdToServer();
            long end = System.nanoTime() + 2 * TestDevice.HURRY.pingTimeout().toNanos();
            for (int i = 0; System.nanoTime() < end; i++) {
                String revision = "r" + i;
                friend.send("<presence><bitween xmlns='urn:bitween:1' name='raw'" + Signed.attributes() + "rev='"
                        + revision + "'/></presence>");
                laptop.heard.await(
                        AnnouncementSeen.class,
                        event -> event.usable().revision().equals(revision));
            }

            assertThat(laptop.heard.all())
                    .noneMatch(event -> event instanceof ConnectionChanged changed
                            && changed.state().status() == Status.OFFLINE);
        }
    }

    @Test
    void a_login_that_could_not_be_put_to_use_is_no_session_and_the_next_one_is() {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        TestDevice desk = device(bob).online();
        TestDevice laptop = start(TestDevice.idle(account(alice, ca(), null), PASSWORD, "laptop"));
        laptop.stored.add(bob); // who is a friend by now, so that the first look at the roster has something to save
        laptop.diskIsFull = true;
        laptop.start().awaitOffline(ErrorCode.DISK_FULL);

        laptop.diskIsFull = false;

        laptop.shares("one").online();
        desk.awaitAnnouncement(laptop, "one");
    }

    @Test
    void a_second_login_as_the_same_device_ends_the_first_for_good() {
        Jid alice = user("a.test");
        TestDevice laptop = device(alice).online();

        start(TestDevice.start(account(alice, ca(), null), PASSWORD, laptop.device.resource()))
                .online();

        ConnectionState state = laptop.awaitOffline(ErrorCode.XMPP_OFFLINE);
        assertThat(reason(state)).contains("another bitween logged in");
        assertThat(state.retryAt()).isAfter(Instant.now().plus(Duration.ofMinutes(4)));
    }

    @Test
    void a_stop_does_not_wait_for_a_server_that_says_nothing() throws IOException {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var account = new Config.Xmpp(
                    new Jid("alice@a.test"),
                    directory,
                    new Config.HostPort("127.0.0.1", silent.getLocalPort()),
                    null,
                    null);
            TestDevice laptop = start(TestDevice.start(account, PASSWORD, "laptop"));
            silent.setSoTimeout(5_000);
            started.add(silent.accept());
            long begin = System.nanoTime();

            laptop.close();

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
            laptop.awaitStatus(Status.STOPPED);
        }
    }

    @Test
    void presence_marks_a_daemon_and_is_not_repeated() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        RawClient friend = raw(bob);
        friend.send("<presence/>");
        TestDevice laptop = device(alice).shares("one").online();

        var seen =
                friend.awaitPresence(presence -> laptop.device.toString().equals(String.valueOf(presence.getFrom())));

        assertThat(seen.getPriority()).isEqualTo(-1);
        assertThat(seen.getMode()).hasToString("xa");
        assertThat(seen.getStatus()).isEqualTo("file sharing daemon");
    }

    @Test
    @Tag("slow")
    void a_device_that_does_not_answer_any_more_is_gone_until_it_is_heard_again() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        TestDevice laptop = device(alice).online();
        RawClient friend = raw(bob);
        friend.send("<presence><bitween xmlns='urn:bitween:1' name='raw' rev='one'" + Signed.attributes()
                + "/></presence>");
        FullJid phone =
                laptop.heard.await(AnnouncementSeen.class, event -> true).from();

        friend.answersPings = false;
        laptop.heard.await(EndpointGone.class, event -> event.endpoint().equals(phone));
        laptop.heard.await(ContactSeen.class, event -> event.jid().equals(bob) && !event.available());
        friend.answersPings = true;

        AnnouncementSeen again = laptop.heard.await(AnnouncementSeen.class, event -> true);
        assertThat(again.from()).isEqualTo(phone);
        assertThat(again.usable().revision()).isEqualTo("one");
    }

    @Test
    @Tag("slow")
    void devices_that_answer_stay() throws Exception {
        Jid alice = user("a.test");
        Jid bob = user("b.test");
        befriend(alice, bob);
        TestDevice laptop = device(alice).shares("one").online();
        TestDevice desk = device(bob).shares("two").online();
        laptop.awaitAnnouncement(desk, "two");
        CountDownLatch asked = new CountDownLatch(5);
        server().tap(stanza -> {
            if (stanza.contains("urn:xmpp:ping") && stanza.contains(" to='" + desk.device + "'")) {
                asked.countDown();
            }
        });

        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(laptop.heard.all()).noneMatch(EndpointGone.class::isInstance);
        server().tap(stanza -> {});
    }

    private static String reason(ConnectionState state) {
        return Objects.requireNonNull(state.failure()).reason();
    }
}
