package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that lets whoever asks have an account, and does not tell a wrong password from an account that is not there. */
class InitAccountTest {
    private final UserException refused =
            new UserException(ErrorCode.XMPP_AUTH, "example.org does not accept it", "look at both");

    private final FakeWorld world = new FakeWorld();

    @TempDir
    private Path folder;

    @BeforeEach
    void aPersonWhoHasNothingYet() {
        world.setup.configured = false;
        world.setup.offersAccounts = true;
        world.terminal.interactive = true;
    }

    @Test
    void where_the_server_lets_whoever_asks_have_an_account_a_person_is_asked_and_it_is_still_four_questions() {
        world.setup.failures.add(refused);
        world.terminal.typed.addAll(List.of("alice@example.org", "secret", "secret", "laptop"));

        assertThat(world.run("--home", "/tmp/a", "init")).as(world.err()).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.questions)
                .containsExactly(
                        "Your XMPP address (name@example.org): ",
                        "Its password (not shown): ",
                        "If alice@example.org is to be a new account there, type the password once more;"
                                + " if you mistyped it, the right one (Enter alone: neither): ",
                        "This device's name [thinkpad]: ");
        assertThat(world.terminal.err).containsExactly("  example.org does not accept it");
        assertThat(world.setup.values).containsEntry("device.name", "laptop");
        assertThat(world.terminal.out)
                .contains("what you get comes into /tmp/a/downloads:"
                        + " bitween --home /tmp/a config set downloads.directory DIR changes that");
        assertThat(world.setup.tried)
                .containsExactly(
                        "log in alice@example.org secret",
                        "register alice@example.org secret",
                        "log in alice@example.org secret");
    }

    @Test
    void who_wants_no_account_is_asked_for_the_password_instead_and_not_about_that_account_again() {
        world.setup.failures.addAll(List.of(refused, refused));
        world.terminal.typed.addAll(List.of("alice@example.org", "a", "", "", "b", "", "secret", ""));

        assertThat(world.run("init")).as(world.err()).isEqualTo(ExitCodes.OK);

        assertThat(world.setup.tried)
                .containsExactly(
                        "log in alice@example.org a", "log in alice@example.org b", "log in alice@example.org secret");
        assertThat(world.terminal.err)
                .containsExactly(
                        "  example.org does not accept it",
                        "  either is wrong, or there is no such account; Enter keeps the address",
                        "  example.org does not accept it",
                        "  either is wrong, or there is no such account; Enter keeps the address");
        assertThat(world.setup.password).isEqualTo("secret");
    }

    @Test
    void who_mistyped_the_password_and_types_the_right_one_where_accounts_are_offered_is_logged_in_and_makes_none() {
        world.setup.failures.addAll(List.of(refused, refused));
        world.terminal.typed.addAll(List.of("alice@example.org", "secrt", "secte", "secret", "laptop"));

        assertThat(world.run("init")).as(world.err()).isEqualTo(ExitCodes.OK);

        assertThat(world.setup.tried)
                .containsExactly(
                        "log in alice@example.org secrt",
                        "log in alice@example.org secte",
                        "log in alice@example.org secret");
        assertThat(world.setup.password).isEqualTo("secret");
        assertThat(world.setup.values).containsEntry("device.name", "laptop");
    }

    @Test
    void another_password_than_the_files_is_not_taken_for_a_new_account() throws IOException {
        world.setup.failures.add(refused);
        Path file = Files.writeString(folder.resolve("pw"), "secret");
        world.terminal.typed.addAll(List.of("alice@example.org", "other", "secret", ""));

        assertThat(world.run("init", "--password-file", file.toString()))
                .as(world.err())
                .isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.err).containsExactly("  example.org does not accept it", "  that is another one");
        assertThat(world.setup.tried).contains("register alice@example.org secret");
    }
}
