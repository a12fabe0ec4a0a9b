package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import bitween.config.Config;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.UntrustedCertificate;
import bitween.model.UserException;
import bitween.testing.xmppserver.EmbeddedXmppServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What somebody who sets up an account hears from the server. */
@Timeout(30)
class LoginTrialTest extends ServerFixture {
    private static final Jid NEW = new Jid("new@open.test");

    @Test
    void who_is_known_gets_in_and_leaves_no_trace() throws InterruptedException {
        Jid alice = user("a.test");

        new LoginTrial(account(alice, ca(), null), PASSWORD).logIn();

        assertThat(server().sessions()).noneMatch(session -> session.startsWith(alice.value()));
    }

    @Test
    void a_wrong_password_and_a_wrong_name_are_the_same_to_the_server_and_the_hint_names_both() {
        Jid user = user("a.test");

        UserException wrong = refused(account(user, ca(), null), "other");

        assertThat(wrong.code()).isEqualTo(ErrorCode.XMPP_AUTH);
        assertThat(wrong.sentence()).endsWith("does not accept the password of " + user);
        assertThat(wrong.hint()).startsWith("look at the address and the password; --register makes the account");
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_shown_and_can_be_pinned() throws InterruptedException {
        Jid alice = user("a.test");

        UserException untrusted = refused(account(alice, null, null), PASSWORD);

        assertThat(untrusted.code()).isEqualTo(ErrorCode.XMPP_CERTIFICATE);
        Matcher pin = Pattern.compile("add --cert-sha256 ([0-9a-f]{64}),").matcher(untrusted.hint());
        assertThat(pin.find()).as(untrusted.hint()).isTrue();
        assertThat(untrusted)
                .asInstanceOf(type(UntrustedCertificate.class))
                .returns(pin.group(1), UntrustedCertificate::sha256);
        new LoginTrial(account(alice, null, pin.group(1)), PASSWORD).logIn();
    }

    @Test
    void a_server_that_is_not_there_is_told_from_one_whose_name_is_nobodys() throws IOException {
        int closed;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = free.getLocalPort();
        }

        UserException refused = refused(at("127.0.0.1", closed, NEW, null), PASSWORD);
        UserException unknown = refused(at("server.invalid", 5222, NEW, null), PASSWORD);

        assertThat(refused.code()).isEqualTo(ErrorCode.XMPP_UNREACHABLE);
        assertThat(refused.sentence()).contains("127.0.0.1:" + closed + ": Connection refused");
        assertThat(refused.hint()).contains("--server HOST:PORT").contains("--no-check");
        assertThat(unknown.code()).isEqualTo(ErrorCode.XMPP_UNREACHABLE);
        assertThat(unknown.sentence()).contains("its name cannot be resolved");
        assertThat(unknown.hint()).startsWith("look at --server");
    }

    @Test
    void an_address_of_another_domain_is_told_that_nobody_serves_it_there() {
        UserException elsewhere = refused(account(new Jid("alice@else.test"), ca(), null), PASSWORD);

        assertThat(elsewhere.sentence()).contains("does not serve else.test");
        assertThat(elsewhere.hint()).isEqualTo("look at the address, and at --server");
    }

    @Test
    @Tag("slow")
    void an_open_server_makes_the_account_which_then_gets_in() throws Exception {
        LoginTrial trial = new LoginTrial(open(NEW), PASSWORD);

        assertThat(trial.offersAccounts()).isTrue();
        trial.register();
        trial.logIn();
    }

    @Test
    void a_name_that_is_taken_is_no_new_account_and_keeps_its_password() throws Exception {
        Config.Xmpp account = open(NEW);
        new LoginTrial(account, PASSWORD).register();

        UserException taken =
                catchThrowableOfType(UserException.class, () -> new LoginTrial(account, "another").register());

        assertThat(taken.code()).isEqualTo(ErrorCode.XMPP_AUTH);
        assertThat(taken.sentence()).isEqualTo("new@open.test is there already, with another password");
        assertThat(refused(account, "another").code()).isEqualTo(ErrorCode.XMPP_AUTH);
        new LoginTrial(account, PASSWORD).logIn();
    }

    @Test
    void a_closed_server_says_so() throws InterruptedException {
        LoginTrial trial = new LoginTrial(account(new Jid("nobody@a.test"), ca(), null), PASSWORD);

        assertThat(trial.offersAccounts()).isFalse();
        UserException closed = catchThrowableOfType(UserException.class, trial::register);
        assertThat(closed.code()).isEqualTo(ErrorCode.XMPP_REGISTRATION);
        assertThat(closed.sentence()).contains("lets nobody make an account");
    }

    private static UserException refused(Config.Xmpp account, String password) {
        return catchThrowableOfType(UserException.class, () -> new LoginTrial(account, password).logIn());
    }

    private Config.Xmpp open(Jid jid) throws IOException {
        EmbeddedXmppServer open =
                start(EmbeddedXmppServer.start(Set.of(jid.domain()), InetAddress.getLoopbackAddress(), 0));
        open.openRegistration();
        Path authority = directory.resolve("open.pem");
        open.writeCa(authority);
        return at("127.0.0.1", open.port(), jid, authority);
    }

    private static Config.Xmpp at(String host, int port, Jid jid, @Nullable Path authority) {
        return new Config.Xmpp(jid, directory, new Config.HostPort(host, port), authority, null);
    }
}
