package bitween.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** A stand-in for secret-tool keeps what it is given in a file, and writes down how it was called. */
class KeyringTest {
    private static final Jid ALICE = new Jid("alice@example.org");

    @TempDir(factory = TempDirFactory.Standard.class) // where programs may run
    Path directory;

    private Keyring keyring;

    @BeforeEach
    void a_session() throws IOException {
        keyring = new Keyring(
                Map.of("PATH", directory + ":/usr/bin:/bin", "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere"));
        tool("""
                #!/bin/sh
                here=$(dirname "$0")
                echo "$@" >>"$here/calls"
                case $1 in
                    store) cat >"$here/kept" ;;
                    lookup) cat "$here/kept" 2>/dev/null ;;
                esac
                """);
    }

    @Test
    void a_password_comes_back_as_it_went_in_and_is_in_no_argument() throws IOException {
        keyring.write(ALICE, " pass wörd ");

        assertThat(keyring.isThere()).isTrue();
        assertThat(keyring.read(ALICE)).isEqualTo(" pass wörd ");
        assertThat(Files.readAllLines(directory.resolve("calls")))
                .containsExactly(
                        "store --label=bitween alice@example.org service bitween account alice@example.org",
                        "lookup service bitween account alice@example.org");
    }

    @Test
    void what_it_does_not_have_is_given_anew() {
        assertThatThrownBy(() -> keyring.read(ALICE)).isInstanceOfSatisfying(UserException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.NOT_CONFIGURED);
            assertThat(e).hasMessageContaining("the keyring has no password for alice@example.org");
        });
    }

    @Test
    void a_keyring_that_refuses_is_said_with_the_way_out() throws IOException {
        tool("#!/bin/sh\ncat >/dev/null\nexit 3\n");

        assertThatThrownBy(() -> keyring.write(ALICE, "secret"))
                .isInstanceOfSatisfying(
                        UserException.class,
                        e -> assertThat(e.hint()).contains("bitween init --force --password-file FILE"))
                .hasMessageContaining("secret-tool ended with 3")
                .hasMessageNotContaining("secret ");
    }

    @Test
    @Tag("slow")
    void a_locked_keyring_holds_nobody_up_for_long_and_its_program_ends() throws IOException {
        tool("#!/bin/sh\necho $$ >\"$(dirname \"$0\")/pid\"\nexec sleep 600\n");
        Keyring locked = new Keyring(
                Map.of("PATH", directory + ":/usr/bin:/bin", "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere"),
                Duration.ofSeconds(2));

        assertThatThrownBy(() -> locked.read(ALICE))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_CONFIGURED))
                .hasMessageContaining("did not answer within 2 s");
        long pid = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::onExit))
                .satisfiesAnyOf(
                        exit -> assertThat(exit).isEmpty(),
                        exit -> assertThat(exit.orElseThrow()).succeedsWithin(Duration.ofSeconds(5)));
    }

    @Test
    void without_a_session_or_the_program_there_is_none() {
        assertThat(new Keyring(Map.of("PATH", directory.toString())).isThere()).isFalse();
        assertThat(new Keyring(Map.of("PATH", "/nowhere", "DBUS_SESSION_BUS_ADDRESS", "unix:path=/x")).isThere())
                .isFalse();
    }

    private void tool(String script) throws IOException {
        Path tool = Files.writeString(directory.resolve("secret-tool"), script);
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
    }
}
