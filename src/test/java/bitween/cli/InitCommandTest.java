package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.ErrorCode;
import bitween.model.UntrustedCertificate;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest {
    private final UserException refused =
            new UserException(ErrorCode.XMPP_AUTH, "example.org does not accept it", "look at both");
    private final UserException unreachable =
            new UserException(ErrorCode.XMPP_UNREACHABLE, "example.org is not there", "look at the address");
    private final UserException untrusted = new UntrustedCertificate(
            "nobody vouches for it", "add --cert-sha256 ab12cd", "ab12cd", new CertificateException());
    private final UserException otherName =
            new UserException(ErrorCode.XMPP_CERTIFICATE, "it is for another name", "look at --server");
    private final UserException closed =
            new UserException(ErrorCode.XMPP_REGISTRATION, "example.org makes no account", "make it elsewhere");

    private final FakeWorld world = new FakeWorld();

    @TempDir
    private Path folder;

    @BeforeEach
    void unconfigured() throws IOException {
        world.setup.configured = false;
        Files.writeString(folder.resolve("pw"), "geheim ä\nsecond line\n");
    }

    @Test
    void where_nothing_can_run_nothing_is_asked_and_nothing_written() {
        world.terminal.interactive = true;
        world.setup.configured = false;
        world.setup.unsupported = new UserException(ErrorCode.UNSUPPORTED_PLATFORM, "it needs Linux", "run it there");

        assertThat(world.run("init", "--jid", "alice@example.org")).isEqualTo(ExitCodes.FAILED);

        assertThat(world.terminal.err).containsExactly("bitween: it needs Linux", "  run it there");
        assertThat(world.terminal.questions).isEmpty();
        assertThat(world.setup.values).isEmpty();
    }

    @Test
    void a_password_that_is_typed_goes_into_the_keyring_where_one_runs_and_a_file_into_a_file() {
        world.setup.keyring = true;
        world.terminal.interactive = true;
        world.terminal.typed.addAll(List.of("", ""));

        world.run("init", "--jid", "alice@example.org", "--password-file", folder.resolve("pw") + "");
        assertThat(world.setup.values).doesNotContainKey("xmpp.keyring");

        world.terminal.typed.addAll(List.of("geheim", "", ""));
        world.run("init", "--jid", "alice@example.org");
        assertThat(world.setup.values).containsEntry("xmpp.keyring", true);

        world.setup.values.clear();
        world.terminal.typed.addAll(List.of("geheim", "", ""));
        world.run("init", "--jid", "alice@example.org", "--no-keyring");
        assertThat(world.setup.values).isNotEmpty().doesNotContainKey("xmpp.keyring");
    }

    @Test
    void options_say_everything() {
        int exitCode = world.run(
                "--home",
                "/tmp/a",
                "init",
                "--jid",
                "Alice@example.org",
                "--password-file",
                folder.resolve("pw") + "",
                "--server",
                "127.0.0.1:5222",
                "--ca",
                "ca.pem",
                "--cert-sha256",
                "ab",
                "--device",
                "laptop",
                "--downloads",
                "dl",
                "--allow",
                "loopback,private",
                "--share-with",
                "@family,bob@example.net");

        assertThat(exitCode).as(world.err()).isEqualTo(ExitCodes.OK);
        assertThat(world.setup.values)
                .containsExactly(
                        Map.entry("xmpp.jid", "alice@example.org"),
                        Map.entry("xmpp.server", "127.0.0.1:5222"),
                        Map.entry("xmpp.ca_file", "/srv/dir/ca.pem"),
                        Map.entry("xmpp.certificate_sha256", "ab"),
                        Map.entry("device.name", "laptop"),
                        Map.entry("downloads.directory", "/srv/dir/dl"),
                        Map.entry("network.allow", List.of("loopback", "private")),
                        Map.entry("sharing.audience", List.of("@family", "bob@example.net")));
        assertThat(world.setup.password).isEqualTo("geheim ä");
        assertThat(world.terminal.out)
                .containsExactly(
                        "logged in as alice@example.org",
                        "wrote /tmp/a/bitween.toml",
                        "start sharing with: bitween --home /tmp/a daemon");
        assertThat(world.setup.tried).containsExactly("log in alice@example.org geheim ä");
    }

    @Test
    void the_environment_says_what_options_do_not() {
        world.variables.putAll(Map.of(
                "BITWEEN_JID", "bob@example.org",
                "BITWEEN_PASSWORD_FILE", folder.resolve("pw").toString(),
                "BITWEEN_SERVER", "localhost:1",
                "BITWEEN_CA", "/ca.pem",
                "BITWEEN_CERT_SHA256", "cd",
                "BITWEEN_DEVICE", "phone",
                "BITWEEN_DOWNLOADS", "/dl",
                "BITWEEN_ALLOW", "loopback",
                "BITWEEN_SHARE_WITH", "everyone, @family"));

        assertThat(world.run("init", "--device", "laptop")).isEqualTo(ExitCodes.OK);

        assertThat(world.setup.values)
                .containsOnly(
                        Map.entry("xmpp.jid", "bob@example.org"),
                        Map.entry("xmpp.server", "localhost:1"),
                        Map.entry("xmpp.ca_file", "/ca.pem"),
                        Map.entry("xmpp.certificate_sha256", "cd"),
                        Map.entry("device.name", "laptop"),
                        Map.entry("downloads.directory", "/dl"),
                        Map.entry("network.allow", List.of("loopback")),
                        Map.entry("sharing.audience", List.of("everyone", "@family")));
    }

    @Test
    void a_person_is_asked_four_questions_at_most() {
        world.terminal.interactive = true;
        world.variables.put("HOME", "/home/me");
        world.terminal.typed.addAll(List.of("alice@example.org", "secret", "", "~/Music"));

        assertThat(world.run("init")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.questions)
                .containsExactly(
                        "Your XMPP address (name@example.org): ",
                        "Its password (not shown): ",
                        "This device's name [thinkpad]: ",
                        "Folder for what you get [/home/me/.bitween/downloads]: ");
        assertThat(world.setup.password).isEqualTo("secret");
        assertThat(world.setup.values)
                .containsOnly(
                        Map.entry("xmpp.jid", "alice@example.org"), Map.entry("downloads.directory", "/home/me/Music"));
    }

    @Test
    void a_script_that_forgets_something_is_told_which_option() {
        assertThat(world.run("init", "--jid", "a@example.org")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.terminal.err)
                .containsExactly(
                        "bitween: there is nobody to ask for the password-file",
                        "  give --password-file, or BITWEEN_PASSWORD_FILE in the environment");
    }

    @Test
    void a_password_is_taken_as_it_was_typed() {
        world.terminal.interactive = true;
        world.terminal.typed.addAll(List.of("alice@example.org", " secret ", "", ""));

        assertThat(world.run("init")).isEqualTo(ExitCodes.OK);

        assertThat(world.setup.password).isEqualTo(" secret ");
    }

    @Test
    void what_is_typed_wrong_is_asked_again_at_once() {
        world.terminal.interactive = true;
        world.terminal.typed.addAll(
                List.of("alice", "", "alice@example.org", "", "secret", "bad name", "laptop", "/bad", ""));

        assertThat(world.run("init")).as(world.err()).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.err)
                .containsExactly(
                        "  no address is 'alice'",
                        "  it is needed",
                        "  a password is one line of 1 to 4095 bytes",
                        "  it must be good, not 'bad name'",
                        "  it must be good, not '/bad'");
        assertThat(world.terminal.questions).hasSize(9);
        assertThat(world.setup.values)
                .containsOnly(Map.entry("xmpp.jid", "alice@example.org"), Map.entry("device.name", "laptop"));
    }

    @Test
    void a_wrong_option_is_named_before_anything_is_asked_or_written() {
        world.terminal.interactive = true;
        for (String option :
                List.of("server", "ca", "cert-sha256", "device", "downloads", "allow", "listen", "share-with")) {
            assertThat(world.run("init", "--" + option, "bad")).as(option).isEqualTo(ExitCodes.USAGE);

            assertThat(world.err()).contains("bitween: --" + option + " must be good");
        }
        assertThat(world.terminal.questions).isEmpty();
        assertThat(world.setup.values).isEmpty();
    }

    @Test
    void to_listen_on_loopback_alone_is_refused() {
        assertThat(world.run(
                        "init", "--jid", "a@b.c", "--password-file", folder.resolve("pw") + "", "--listen", "loopback"))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(world.terminal.err)
                .containsExactly("bitween: --listen loopback reaches nobody alone", "  add --allow loopback");
        assertThat(world.setup.values).isEmpty();
    }

    @Test
    void who_ends_the_input_instead_of_typing_a_password_is_asked_no_more() {
        world.terminal.interactive = true;
        world.terminal.typed.add("alice@example.org");

        assertThat(world.run("init")).isEqualTo(ExitCodes.USAGE);

        assertThat(world.terminal.questions).hasSize(2);
        assertThat(world.err())
                .contains("the answers ended, and nothing is set up")
                .contains("give --password-file");
        assertThat(world.setup.values).isEmpty();
    }

    @Test
    void a_password_file_in_another_encoding_is_refused_rather_than_mangled() throws IOException {
        Files.write(folder.resolve("latin"), "geheim ä".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(world.run("init", "--jid", "a@b.c", "--password-file", folder.resolve("latin") + ""))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(world.err()).contains("latin is not UTF-8").doesNotContain("geheim");
    }

    @Test
    void a_malformed_address_is_refused() {
        assertThat(world.run("init", "--jid", "alice", "--password-file", "x")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.err()).contains("--jid: no address is 'alice'");
    }

    @Test
    void a_password_file_that_is_missing_is_named() {
        assertThat(world.run("init", "--jid", "a@b.c", "--password-file", "none"))
                .isEqualTo(ExitCodes.NOT_FOUND);
        assertThat(world.err()).contains("/srv/dir/none cannot be read");
    }

    @Test
    void what_is_configured_stays_unless_forced() {
        world.setup.configured = true;
        String[] args = {"init", "--jid", "a@example.org", "--password-file", folder.resolve("pw") + ""};

        assertThat(world.run(args)).isEqualTo(ExitCodes.FAILED);
        assertThat(world.err()).endsWith("  edit it, or replace it with: bitween init --force");
        assertThat(world.setup.values).isEmpty();

        assertThat(world.run("init", "--force", "--jid", "a@example.org", "--password-file", folder.resolve("pw") + ""))
                .isEqualTo(ExitCodes.OK);
        assertThat(world.setup.values).isNotEmpty();
    }

    @Test
    void the_password_is_nowhere_in_the_output() {
        world.run("init", "--jid", "a@example.org", "--password-file", folder.resolve("pw") + "");

        assertThat(world.out() + world.err()).doesNotContain("geheim");
    }

    private int machine(String... options) {
        return world.run(Stream.concat(
                        Stream.of("init", "--jid", "a@example.org", "--password-file", folder.resolve("pw") + ""),
                        Stream.of(options))
                .toArray(String[]::new));
    }

    @Test
    void a_machine_whose_login_fails_is_told_why_and_nothing_is_written() {
        for (UserException failure : List.of(refused, unreachable, untrusted)) {
            world.terminal.err.clear();
            world.setup.failures.add(failure);

            assertThat(machine()).isEqualTo(ExitCodes.FAILED);

            assertThat(world.terminal.err).containsExactly("bitween: " + failure.sentence(), "  " + failure.hint());
        }
        world.setup.failures.add(refused);
        assertThat(machine("--json")).isEqualTo(ExitCodes.FAILED);
        assertThat(world.out()).contains("\"code\":\"XMPP_AUTH\"");
        assertThat(world.setup.values).isEmpty();
        assertThat(world.setup.tried).hasSize(4).doesNotContain("register a@example.org geheim ä");
    }

    @Test
    void without_a_network_it_is_set_up_without_asking_the_server() {
        assertThat(machine("--no-check", "--json")).isEqualTo(ExitCodes.OK);
        world.variables.put("BITWEEN_NO_CHECK", "yes");
        assertThat(machine()).isEqualTo(ExitCodes.OK);

        assertThat(world.setup.tried).isEmpty();
        assertThat(world.terminal.out)
                .containsExactly(
                        "{\"config\":\"/home/me/.bitween/bitween.toml\",\"registered\":false,\"checked\":false}",
                        "wrote /home/me/.bitween/bitween.toml",
                        "start sharing with: bitween daemon");
    }

    @Test
    void what_can_be_switched_by_options_can_be_by_the_environment_which_says_yes_or_no() {
        world.setup.configured = true;
        world.variables.put("BITWEEN_FORCE", "perhaps");
        assertThat(machine()).isEqualTo(ExitCodes.USAGE);
        assertThat(world.err()).contains("BITWEEN_FORCE must be true or false, not 'perhaps'");

        world.variables.putAll(Map.of("BITWEEN_FORCE", "TRUE", "BITWEEN_REGISTER", "1", "BITWEEN_NO_CHECK", "false"));
        world.setup.failures.add(refused);
        assertThat(machine()).isEqualTo(ExitCodes.OK);
        assertThat(world.setup.tried).contains("register a@example.org geheim ä");
    }

    @Test
    void an_account_that_is_not_there_is_made_where_a_machine_says_so_and_the_login_tried_with_it() {
        world.setup.failures.add(refused);

        assertThat(machine("--register")).as(world.err()).isEqualTo(ExitCodes.OK);

        assertThat(world.setup.tried)
                .containsExactly(
                        "log in a@example.org geheim ä",
                        "register a@example.org geheim ä",
                        "log in a@example.org geheim ä");
        assertThat(world.terminal.out)
                .startsWith("the server made the account a@example.org", "logged in as a@example.org");
    }

    @Test
    void an_account_that_is_there_is_not_made_again() {
        assertThat(machine("--register", "--json")).isEqualTo(ExitCodes.OK);

        assertThat(world.setup.tried).containsExactly("log in a@example.org geheim ä");
        assertThat(world.out()).contains("\"registered\":false,\"checked\":true");
    }

    @Test
    void a_server_that_makes_no_accounts_is_told_as_such_and_nothing_is_written() {
        world.setup.failures.addAll(List.of(refused, closed));

        assertThat(machine("--register")).isEqualTo(ExitCodes.FAILED);

        assertThat(world.terminal.err).containsExactly("bitween: example.org makes no account", "  make it elsewhere");
        assertThat(world.setup.values).isEmpty();
    }

    @Test
    void who_wants_an_account_and_no_question_to_the_server_wants_too_much() {
        assertThat(machine("--register", "--no-check")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.setup.tried).isEmpty();
    }

    @Test
    void a_person_whose_login_fails_is_asked_again_and_enter_keeps_the_address() {
        world.terminal.interactive = true;
        world.setup.failures.addAll(List.of(unreachable, refused));
        world.terminal.typed.addAll(
                List.of("alice@exmaple.org", "wrong", "alice@example.org", "", "secret", "laptop", ""));

        assertThat(world.run("init")).as(world.err()).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.err)
                .containsExactly(
                        "  example.org is not there",
                        "  look at the address",
                        "  example.org does not accept it",
                        "  either is wrong, or there is no such account; Enter keeps the address");
        assertThat(world.terminal.questions)
                .containsExactly(
                        "Your XMPP address (name@example.org): ",
                        "Its password (not shown): ",
                        "Your XMPP address (name@example.org) [alice@exmaple.org]: ",
                        "Your XMPP address (name@example.org) [alice@example.org]: ",
                        "Its password (not shown): ",
                        "This device's name [thinkpad]: ",
                        "Folder for what you get [/home/me/.bitween/downloads]: ");
        assertThat(world.setup.tried)
                .containsExactly(
                        "log in alice@exmaple.org wrong",
                        "log in alice@example.org wrong",
                        "log in alice@example.org secret");
        assertThat(world.setup.values).containsEntry("xmpp.jid", "alice@example.org");
        assertThat(world.setup.password).isEqualTo("secret");
    }

    @Test
    void a_person_is_asked_three_times_and_not_for_ever() {
        world.terminal.interactive = true;
        world.setup.failures.addAll(List.of(refused, refused, refused));
        world.terminal.typed.addAll(List.of("alice@example.org", "a", "", "b", "", "c"));

        assertThat(world.run("init")).isEqualTo(ExitCodes.FAILED);

        assertThat(world.setup.tried).hasSize(3);
        assertThat(world.terminal.err).endsWith("bitween: example.org does not accept it", "  look at both");
        assertThat(world.setup.values).isEmpty();
    }

    @Test
    void what_no_answer_would_mend_is_not_asked_again() {
        world.terminal.interactive = true;
        world.setup.failures.addAll(List.of(otherName, refused, unreachable));

        world.terminal.typed.addAll(List.of("alice@example.org", "secret"));
        assertThat(world.run("init")).isEqualTo(ExitCodes.FAILED);
        assertThat(machine()).isEqualTo(ExitCodes.FAILED);
        world.terminal.typed.add("secret");
        assertThat(world.run("init", "--jid", "alice@example.org")).isEqualTo(ExitCodes.FAILED);

        assertThat(world.terminal.questions).hasSize(3);
        assertThat(world.setup.tried).hasSize(3);
        assertThat(world.setup.values).isEmpty();
    }
}
