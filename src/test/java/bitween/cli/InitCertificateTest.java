package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.ErrorCode;
import bitween.model.UntrustedCertificate;
import bitween.model.UserException;
import java.security.cert.CertificateException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server whose certificate nobody vouches for: whether it is theirs is for a person to say, who sees its fingerprint. */
class InitCertificateTest {
    private static final String PIN = "xmpp.certificate_sha256";

    private final UserException untrusted = new UntrustedCertificate(
            "nobody vouches for it", "add --cert-sha256 ab12cd", "ab12cd", new CertificateException());
    private final UserException refused =
            new UserException(ErrorCode.XMPP_AUTH, "example.org does not accept it", "look at both");

    private final FakeWorld world = new FakeWorld();

    @BeforeEach
    void aPersonWhoHasNothingYet() {
        world.setup.configured = false;
        world.terminal.interactive = true;
    }

    @Test
    void a_person_sees_its_fingerprint_and_can_pin_it_with_one_of_four_questions() {
        world.setup.failures.add(untrusted);
        world.terminal.typed.addAll(List.of("alice@example.org", "secret", "yes", "laptop"));

        assertThat(world.run("init")).as(world.err()).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.err).containsExactly("  nobody vouches for it", "  its SHA-256 is AB:12:CD");
        assertThat(world.terminal.questions)
                .containsExactly(
                        "Your XMPP address (name@example.org): ",
                        "Its password (not shown): ",
                        "If the operator of example.org says the same: is it to be accepted from now on, and no other one? [y/N] ",
                        "This device's name [thinkpad]: ");
        assertThat(world.setup.values).containsEntry(PIN, "ab12cd");
        assertThat(world.setup.tried).hasSize(2);
    }

    @Test
    void enter_alone_is_no_and_nothing_is_written() {
        world.setup.failures.add(untrusted);
        world.terminal.typed.addAll(List.of("alice@example.org", "secret", ""));

        assertThat(world.run("init")).isEqualTo(ExitCodes.FAILED);

        assertThat(world.terminal.err).endsWith("bitween: nobody vouches for it", "  add --cert-sha256 ab12cd");
        assertThat(world.setup.tried).hasSize(1);
        assertThat(world.setup.values).isEmpty();
    }

    @Test
    void who_named_certificates_is_not_asked_to_take_another() {
        for (String option : List.of("--cert-sha256", "--ca")) {
            world.setup.failures.add(untrusted);
            world.terminal.typed.addAll(List.of("alice@example.org", "secret", "yes", "yes", "yes"));

            assertThat(world.run("init", option, "cd")).as(option).isEqualTo(ExitCodes.FAILED);

            world.terminal.typed.clear();
        }
        assertThat(world.terminal.questions).hasSize(4).noneMatch(question -> question.contains("operator"));
        assertThat(world.setup.values).isEmpty();
    }

    @Test
    void it_is_that_of_one_server_and_not_of_another_whose_address_is_typed_then() {
        world.setup.failures.addAll(List.of(untrusted, refused));
        world.terminal.typed.addAll(List.of("alice@example.org", "a", "y", "alice@example.net", "b", "laptop"));

        assertThat(world.run("init")).as(world.err()).isEqualTo(ExitCodes.OK);

        assertThat(world.setup.values)
                .containsEntry("xmpp.jid", "alice@example.net")
                .doesNotContainKey(PIN);
    }

    @Test
    void with_a_new_account_on_such_a_server_it_is_four_questions_and_the_rest_is_told() {
        world.setup.offersAccounts = true;
        world.setup.failures.addAll(List.of(untrusted, refused));
        world.terminal.typed.addAll(List.of("alice@example.org", "secret", "y", "secret", "surplus"));

        assertThat(world.run("init")).as(world.err()).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.questions).hasSize(4);
        assertThat(world.terminal.out)
                .containsExactly(
                        "the server made the account alice@example.org",
                        "logged in as alice@example.org",
                        "wrote /home/me/.bitween/bitween.toml",
                        "this device is called thinkpad: bitween config set device.name NAME changes that",
                        "what you get comes into /home/me/.bitween/downloads:"
                                + " bitween config set downloads.directory DIR changes that",
                        "start sharing with: bitween daemon");
    }
}
