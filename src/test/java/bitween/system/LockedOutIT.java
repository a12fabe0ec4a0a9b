package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.PasswordFile;
import bitween.control.client.Answer;
import bitween.testing.People;
import bitween.testing.Returns;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whom the server no longer lets in: the user is told what is wrong and what helps, and it helps. */
@Tag("xmpp-server")
@Timeout(180)
class LockedOutIT {
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    @BeforeEach
    void start() throws IOException {
        people = People.on(directory, "alice", "bob");
    }

    @Test
    void another_password_is_asked_for_and_tried_once_it_is_in_the_file() throws Exception {
        TestDaemon alice = people.start("alice");
        alice.untilOnline();

        people.server().setPassword("alice", "alice-new-secret");
        people.server().restart(); // ejabberd leaves those alone who are logged in
        Answer error = untilError(alice, "XMPP_AUTH");
        assertThat(error.text("message")).contains("does not accept the password of " + alice.jid());
        assertThat(error.text("hint"))
                .contains(
                        "put the right one into " + alice.home().passwordFile(), "whether the account is still there");

        Returns online = new Returns("online again after the password was put right");
        long right = System.nanoTime();
        PasswordFile.write(alice.home().passwordFile(), "alice-new-secret");
        alice.untilOnline();
        online.add(right);
        online.verify();
    }

    @Test
    void an_account_that_is_removed_is_told_as_such() throws Exception {
        TestDaemon alice = people.start("alice");
        TestDaemon bob = people.start("bob");
        alice.befriend(bob);

        people.server().remove("alice");

        Answer error = untilError(alice, "XMPP_AUTH");
        assertThat(error.text("message")).contains("has ended the login of " + alice.jid());
        assertThat(error.text("hint")).contains("ask the server's operator", "bitween init --force");
        bob.until("friends", Map.of(), friends -> !TestDaemon.seesOnline(friends, alice.jid()));
        alice.stop();
        alice.start();
        assertThat(untilError(alice, "XMPP_AUTH").text("hint")).contains("whether the account is still there");
    }

    @Test
    void another_certificate_of_the_same_authority_is_nobodys_business() throws IOException {
        TestDaemon alice =
                people.start("alice", Map.of("xmpp.ca_file", copyOfCa().toString()));
        alice.untilOnline();

        Instant began = Instant.now();
        people.server().renewCertificate();

        alice.until(
                "status",
                Map.of(),
                status -> isOnline(status)
                        && status.view("xmpp").instant("since").orElseThrow().isAfter(began));
    }

    @Test
    void a_certificate_of_nobody_known_is_refused_and_the_right_one_is_taken_at_once() throws IOException {
        Path trusted = copyOfCa();
        TestDaemon alice = people.start("alice", Map.of("xmpp.ca_file", trusted.toString()));
        alice.untilOnline();

        people.server().newCertificate();
        Answer error = untilError(alice, "XMPP_CERTIFICATE");
        assertThat(error.text("message")).contains("was not signed by an authority that is trusted");
        assertThat(error.text("hint")).containsPattern("bitween config set xmpp.certificate_sha256 [0-9a-f]{64}");

        Returns online = new Returns("online again after the certificate was put right");
        long right = System.nanoTime();
        Files.copy(people.server().caFile("alice"), trusted, StandardCopyOption.REPLACE_EXISTING);
        alice.untilOnline();
        online.add(right);
        online.verify();
    }

    @Test
    void another_certificate_than_the_pinned_one_is_refused_until_it_is_pinned() throws IOException {
        TestDaemon stranger =
                people.start(directory.resolve("first"), "alice", Map.of("xmpp.certificate_sha256", "ab".repeat(32)));
        String first = fingerprint(untilError(stranger, "XMPP_CERTIFICATE"));
        stranger.close();
        TestDaemon alice = people.start("alice", Map.of("xmpp.certificate_sha256", first));
        alice.untilOnline();

        people.server().newCertificate();
        Answer error = untilError(alice, "XMPP_CERTIFICATE");
        assertThat(error.text("message")).contains("is not the one that the configuration names");
        assertThat(fingerprint(error)).isNotEqualTo(first);
        assertThat(error.text("hint")).contains("ask its operator", "bitween config set xmpp.certificate_sha256");

        alice.stop();
        Path file = alice.home().configFile();
        Files.writeString(file, Files.readString(file).replace(first, fingerprint(error)));
        alice.start();
        alice.untilOnline();
    }

    @Test
    void who_runs_a_copy_of_a_home_is_told_and_can_choose_which_is_online() throws IOException {
        TestDaemon alice = people.start("alice");
        TestDaemon bob = people.start("bob");
        alice.befriend(bob);
        alice.stop();
        TestDaemon copy = TestDaemon.create(directory.resolve("copy"), people.server(), "alice", Map.of());
        copy(alice.home().data(), copy.home().data());
        alice.start();
        alice.untilOnline();

        try (copy) {
            copy.start();

            Answer error = untilError(alice, "XMPP_OFFLINE");
            assertThat(error.text("message")).contains("another bitween logged in to " + alice.jid());
            assertThat(error.text("hint")).contains("do not copy a home", "bitween back");
            assertThat(alice.call("status").view("xmpp").instant("retryAt").orElseThrow())
                    .as("so that the two do not throw each other out for ever")
                    .isAfter(Instant.now().plus(Duration.ofMinutes(4)));
            copy.untilOnline();
            assertThat(device(copy)).isEqualTo(device(alice));
            bob.until("friends", Map.of(), friends -> TestDaemon.seesOnline(friends, alice.jid()));
        }
        Returns online = new Returns("online again after the other copy was stopped");
        long right = System.nanoTime();
        alice.call("away");
        alice.call("back");
        alice.untilOnline();
        bob.until("friends", Map.of(), friends -> TestDaemon.seesOnline(friends, alice.jid()));
        online.add(right);
        online.verify();
    }

    private static String device(TestDaemon daemon) {
        return daemon.call("status").view("xmpp").text("device");
    }

    private Path copyOfCa() throws IOException {
        return Files.copy(people.server().caFile("alice"), directory.resolve("trusted.pem"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Path target = to.resolve(from.relativize(each));
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else if (Files.isRegularFile(each) && !Files.exists(target)) {
                    Files.copy(each, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static boolean isOnline(Answer status) {
        return status.view("xmpp").text("state").equals("ONLINE");
    }

    private static String fingerprint(Answer error) {
        Matcher fingerprint = FINGERPRINT.matcher(error.text("hint"));
        assertThat(fingerprint.find()).as(error.text("hint")).isTrue();
        return fingerprint.group();
    }

    private static Answer untilError(TestDaemon daemon, String code) {
        return daemon.until(
                        "status", Map.of(), status -> error(status).text("code").equals(code))
                .view("xmpp")
                .view("error");
    }

    private static Answer error(Answer status) {
        return status.view("xmpp").view("error");
    }
}
