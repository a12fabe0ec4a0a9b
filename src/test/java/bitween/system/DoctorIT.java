package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.Program;
import bitween.testing.TestDaemon;
import bitween.testing.xmppserver.EmbeddedXmppServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps two people apart, each for real: the doctor names it in the right line. A wrong clock: {@link ClockIT}. */
@Tag("xmpp-server")
class DoctorIT {
    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;

    @BeforeEach
    void two_friends() throws IOException {
        people = People.on(directory, "alice", "bob", "carol");
        alice = people.start("alice");
        bob = people.start("bob");
        alice.befriend(bob);
    }

    @Test
    void two_friends_who_share_something_have_nothing_to_mend_but_how_the_test_starts_them() throws IOException {
        alice.share(Folders.file(directory.resolve("small.bin"), 1_000, 1));
        bob.untilListed(alice, "small.bin");
        bob.until(
                "doctor",
                Map.of("friend", alice.jid()),
                report -> state(report, "direct link").equals("OK"));

        Answer report = bob.call("doctor", Map.of("friend", alice.jid()));

        // within the JVM of the test there is no libjsig
        assertThat(codes(report)).containsExactly(Map.entry("back-end", "SLOW_BACKEND"));
        assertThat(check(report, "direct link").text("what")).matches("alice-laptop answers in \\d+ ms");
        assertThat(check(report, "clock").text("what")).contains("server's");
    }

    @Test
    void a_wrong_password() throws IOException {
        bob.stop();
        Files.writeString(bob.home().passwordFile(), "no secret\n");
        bob.start();

        assertNamed("xmpp", "XMPP_AUTH", Map.of());
    }

    @Test
    void a_server_that_is_not_there() throws IOException {
        int port;
        try (ServerSocket somebody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = somebody.getLocalPort();
        }
        restarted(Map.of("xmpp.server", "127.0.0.1:" + port));

        assertNamed("xmpp", "XMPP_UNREACHABLE", Map.of());
    }

    @Test
    void a_server_whose_certificate_is_not_the_pinned_one() {
        restarted(Map.of("xmpp.certificate_sha256", "ab".repeat(32)));

        assertNamed("tls", "XMPP_CERTIFICATE", Map.of());
    }

    @Test
    void a_server_whose_certificate_nobody_vouches_for() throws IOException {
        Path authority = directory.resolve("other.pem");
        try (EmbeddedXmppServer other =
                EmbeddedXmppServer.start(Set.of("other.test"), InetAddress.getLoopbackAddress(), 0)) {
            other.writeCa(authority);
        }
        restarted(Map.of("xmpp.ca_file", authority.toString()));

        assertNamed("tls", "XMPP_CERTIFICATE", Map.of());
    }

    @Test
    void a_friend_who_has_not_accepted_yet() {
        bob.call("friend.add", Map.of("jid", "carol@demo.test"));

        assertNamed("presence", "NOT_MUTUAL", Map.of("friend", "carol"));
    }

    @Test
    void a_friend_who_is_away() {
        alice.stop();

        assertNamed("presence", "FRIEND_OFFLINE", Map.of("friend", "alice"));
    }

    @Test
    void a_key_that_is_another_than_before() throws IOException {
        alice.stop();
        Files.delete(alice.home().deviceKey());
        alice.start();

        assertNamed("trust", "DEVICE_HELD", Map.of("friend", "alice"));
    }

    @Test
    void nothing_that_is_for_the_other() {
        assertNamed("grants", "NOTHING_GRANTED", Map.of("friend", "alice"));
    }

    @Test
    void what_was_for_the_other_and_is_taken_back() throws IOException {
        alice.share(Folders.file(directory.resolve("small.bin"), 1_000, 1), bob.jid());
        bob.untilListed(alice, "small.bin");
        bob.until(
                "doctor",
                Map.of("friend", "alice"),
                report -> state(report, "grants").equals("OK"));

        alice.call("share.revoke", Map.of("name", "small.bin", "from", List.of(bob.jid())));

        assertNamed("grants", "NOTHING_GRANTED", Map.of("friend", "alice"));
    }

    @Test
    void no_address_and_no_way_but_through_the_servers() throws IOException {
        alice.share(Folders.file(directory.resolve("small.bin"), 1_000, 1));
        restarted(Map.of("network.allow", List.of()));
        alice.until("friends", Map.of(), answer -> TestDaemon.seesOnline(answer, bob.jid()));

        assertNamed("addresses", "NO_ADDRESS", Map.of());
        bob.until(
                "doctor",
                Map.of("friend", "alice"),
                report -> state(report, "in-band link").equals("OK"));
        assertNamed("direct link", "NO_DIRECT_LINK", Map.of("friend", "alice"));
    }

    @Test
    void no_way_at_all() {
        restarted(Map.of("network.allow", List.of(), "network.in_band", false));

        assertNamed("in-band link", "NO_IN_BAND_LINK", Map.of("friend", "alice"));
    }

    @Test
    void a_disk_without_room() {
        restarted(Map.of("disk.reserve", "99%"));

        assertNamed("disk", "DISK_FULL", Map.of());
    }

    @Test
    void a_folder_for_downloads_in_which_nothing_can_be_written() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        restarted(Map.of("downloads.directory", file.resolve("downloads").toString()));

        assertNamed("disk", "DISK_WRITE", Map.of());
    }

    @Test
    void a_script_reads_what_is_wrong_from_the_exit_code_and_from_json() throws Exception {
        assertNamed(
                "grants",
                "NOTHING_GRANTED",
                Map.of("friend", "alice")); // a first link may just have given way to a better one

        Program.Ended ended = Program.runToEnd(
                directory, "scripts/bitween", "--home", bob.home().data().toString(), "doctor", "alice", "--json");

        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
        assertThat(ended.output()).contains("\"check\":\"grants\",\"state\":\"FAILED\",\"code\":\"NOTHING_GRANTED\"");
    }

    private void restarted(Map<String, Object> changed) {
        bob.close();
        try {
            Files.delete(bob.home().configFile());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        bob = people.start("bob", new HashMap<>(changed));
    }

    /** Once bob's daemon had the time to find out. */
    private void assertNamed(String check, String code, Map<String, ?> of) {
        Answer report =
                bob.until("doctor", of, now -> code.equals(check(now, check).text("code")));

        Answer line = check(report, check);
        assertThat(line.text("state")).isEqualTo("FAILED");
        assertThat(line.text("what")).isNotEmpty();
        assertThat(line.text("hint")).isNotEmpty();
    }

    private static String state(Answer report, String name) {
        return check(report, name).text("state");
    }

    private static Answer check(Answer report, String name) {
        return report.views("checks").stream()
                .filter(check -> check.text("check").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + report.fields()));
    }

    /** What failed. */
    private static Map<String, String> codes(Answer report) {
        Map<String, String> codes = new HashMap<>();
        report.views("checks").stream()
                .filter(check -> check.text("state").equals("FAILED"))
                .forEach(check -> codes.put(check.text("check"), check.text("code")));
        return codes;
    }
}
