package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.Config;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Map;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.StreamError;
import org.jivesoftware.smack.util.rce.RemoteConnectionEndpointLookupFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginFailureTest {
    private static final Config.Xmpp ACCOUNT =
            new Config.Xmpp(new Jid("alice@a.test"), Path.of("password"), null, null, null);
    private static final Remedies REMEDIES = new DaemonRemedies(ACCOUNT.passwordFile());

    @Test
    void a_certificate_for_another_name_is_told_as_such() {
        var failure = new SmackException.SmackCertificateException(
                new CertificateException("Hostname verification of certificate failed"));

        UserException told = LoginFailure.explain(failure, ACCOUNT, "a.test", REMEDIES);

        assertThat(told.code()).isEqualTo(ErrorCode.XMPP_CERTIFICATE);
        assertThat(told.sentence()).isEqualTo("the certificate of a.test is for another name than a.test");
    }

    @Test
    void a_certificate_that_is_not_trusted_is_tried_again_soon_for_a_hotels_gate_shows_one_until_it_opens() {
        UserException told = LoginFailure.explain(
                new SmackException.SmackCertificateException(new CertificateException("for another name")),
                ACCOUNT,
                "a.test",
                REMEDIES);

        assertThat(LoginFailure.isLasting(told)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"not_authorized, Account deleted", "conflict, User removed"})
    void an_account_that_is_removed_is_told_in_the_words_of_the_server(StreamError.Condition condition, String words) {
        UserException told = LoginFailure.explain(ended(condition, words), ACCOUNT, "a.test", REMEDIES);

        assertThat(told.code()).isEqualTo(ErrorCode.XMPP_AUTH);
        assertThat(told.sentence()).isEqualTo("a.test has ended the login of alice@a.test: " + words);
        assertThat(told.hint()).contains("ask the server's operator");
        assertThat(LoginFailure.isLasting(told)).isTrue();
    }

    @Test
    void another_login_as_this_device_is_told_as_such() {
        UserException told = LoginFailure.explain(
                ended(StreamError.Condition.conflict, "Replaced by new connection"), ACCOUNT, "a.test", REMEDIES);

        assertThat(told.code()).isEqualTo(ErrorCode.XMPP_OFFLINE);
        assertThat(told.hint()).contains("do not copy a home", "bitween back");
        assertThat(LoginFailure.isLasting(told)).isTrue();
    }

    private static XMPPException.StreamErrorException ended(StreamError.Condition condition, String words) {
        return new XMPPException.StreamErrorException(new StreamError(condition, null, Map.of("en", words), List.of()));
    }

    @Test
    void a_server_without_tls_gets_no_password_and_the_user_hears_why() {
        UserException told = LoginFailure.explain(
                new SmackException.SecurityRequiredByClientException(), ACCOUNT, "a.test", REMEDIES);

        assertThat(told.code()).isEqualTo(ErrorCode.XMPP_CERTIFICATE);
        assertThat(told.sentence()).contains("offers no encryption");
    }

    @Test
    void a_server_without_a_good_mechanism_is_no_matter_of_trying_again() {
        UserException told = LoginFailure.explain(
                new SmackException.SmackSaslException("No supported and enabled SASL Mechanism"),
                ACCOUNT,
                "a.test",
                REMEDIES);

        assertThat(told.code()).isEqualTo(ErrorCode.XMPP_AUTH);
        assertThat(LoginFailure.isLasting(told)).isTrue();
    }

    @Test
    void a_keyring_that_has_to_be_unlocked_does_not_ask_again_and_again() {
        assertThat(LoginFailure.isLasting(new UserException(ErrorCode.NOT_CONFIGURED, "the keyring is locked", "")))
                .isTrue();
    }

    @Test
    void whatever_else_breaks_is_tried_again() {
        UserException told =
                LoginFailure.explain(new IOException("Connection reset"), ACCOUNT, "a.test:5222", REMEDIES);

        assertThat(told.code()).isEqualTo(ErrorCode.XMPP_UNREACHABLE);
        assertThat(told.sentence()).isEqualTo("cannot reach the XMPP server a.test:5222: Connection reset");
        assertThat(LoginFailure.isLasting(told)).isFalse();
    }

    @Test
    void a_name_that_dns_does_not_know_is_told_in_plain_words() {
        var failure = SmackException.EndpointConnectionException.from(
                List.of(new RemoteConnectionEndpointLookupFailure("looked up", new IOException("NX_DOMAIN")) {}),
                List.of());

        UserException told = LoginFailure.explain(failure, ACCOUNT, "a.test", REMEDIES);

        assertThat(told.sentence()).isEqualTo("cannot reach the XMPP server a.test: its name cannot be resolved");
    }
}
