package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.config.PasswordFile;
import bitween.control.client.Answer;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.testing.Folders;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong at a user's: each with its code, a sentence, and nothing lost. */
@Tag("xmpp-server")
class BadInputIT {
    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.start(directory, "alice", "bob");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void a_wrong_password_is_named_and_the_rest_of_the_daemon_works() {
        try (TestDaemon alice = TestDaemon.create(directory, server, "alice", Map.of())) {
            PasswordFile.write(alice.home().passwordFile(), "not it");
            alice.start();

            Answer status = untilXmppError(alice);

            assertThat(status.view("xmpp").view("error").text("code")).isEqualTo("XMPP_AUTH");
            assertThat(status.view("xmpp").text("state")).isEqualTo("OFFLINE");
            assertThat(alice.call("shares").views("shares")).isEmpty();
        }
    }

    @Test
    void a_server_that_does_not_answer_is_named() throws IOException {
        int closedPort;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = free.getLocalPort();
        }
        try (TestDaemon alice =
                TestDaemon.create(directory, server, "alice", Map.of("xmpp.server", "127.0.0.1:" + closedPort))) {
            alice.start();

            Answer status = untilXmppError(alice);

            assertThat(status.view("xmpp").view("error").text("code")).isEqualTo("XMPP_UNREACHABLE");
            alice.until( // there is none while it is being tried again
                    "status", Map.of(), now -> !now.view("xmpp").text("retryAt").isEmpty());
        }
    }

    @Test
    void a_certificate_that_is_not_the_pinned_one_is_refused() {
        Map<String, String> pin = Map.of("xmpp.certificate_sha256", "00".repeat(32));
        try (TestDaemon alice = TestDaemon.create(directory, server, "alice", pin)) {
            alice.start();

            Answer status = untilXmppError(alice);

            assertThat(status.view("xmpp").view("error").text("code")).isEqualTo("XMPP_CERTIFICATE");
        }
    }

    @Test
    void commands_that_need_the_server_say_so_while_it_is_away() {
        try (TestDaemon alice = TestDaemon.create(directory, server, "alice", Map.of())) {
            PasswordFile.write(alice.home().passwordFile(), "not it");
            alice.start();

            assertRefused(alice, "friend.add", Map.of("jid", "bob@demo.test"), ErrorCode.XMPP_OFFLINE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "magnet:?xt=urn:btih:zz",
                "magnet:?dn=nothing",
                "0123456789abcdef0123456789abcdef0123456",
                "0123456789abcdef0123456789abcdef012345678",
                "magnet:?xt=urn:btmh:1220" + "00000000000000000000000000000000"
            })
    void a_malformed_hash_or_magnet_is_no_job(String reference) {
        try (TestDaemon alice = TestDaemon.started(directory, server, "alice")) {
            assertRefused(alice, "job.get", Map.of("ref", reference), ErrorCode.BAD_HASH);
            assertThat(alice.call("jobs").views("jobs")).isEmpty();
        }
    }

    @Test
    void what_cannot_be_shared_is_refused_with_its_reason() throws IOException, InterruptedException {
        Path file = Folders.file(directory.resolve("a.txt"), 10, 1);
        Path fifo = directory.resolve("pipe");
        assumeTrue(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0, "mkfifo is missing");
        try (TestDaemon alice = TestDaemon.started(directory, server, "alice")) {
            assertRefused(alice, "share.add", path(directory.resolve("nowhere")), ErrorCode.PATH_MISSING);
            assertRefused(alice, "share.add", path(Path.of("/")), ErrorCode.PATH_REFUSED);
            assertRefused(alice, "share.add", path(alice.home().data()), ErrorCode.PATH_REFUSED);
            assertRefused(alice, "share.add", path(alice.home().deviceKey()), ErrorCode.PATH_REFUSED);
            assertRefused(alice, "share.add", path(alice.home().passwordFile()), ErrorCode.PATH_REFUSED);
            assertRefused(alice, "share.add", path(Path.of("/dev/null")), ErrorCode.PATH_REFUSED);
            assertRefused(alice, "share.add", path(fifo), ErrorCode.PATH_REFUSED);

            alice.share(file);

            assertRefused(alice, "share.add", path(file), ErrorCode.ALREADY_SHARED);
            assertThat(alice.call("shares").views("shares")).hasSize(1);
        }
    }

    @Test
    void a_destination_that_cannot_be_written_is_refused_before_there_is_a_job() throws IOException {
        try (TestDaemon alice = TestDaemon.started(directory, server, "alice");
                TestDaemon bob = TestDaemon.started(directory, server, "bob")) {
            alice.befriend(bob);
            alice.share(Folders.file(directory.resolve("a.txt"), 10, 1));
            bob.untilListed(alice, "a.txt");

            assertRefused(bob, "job.get", Map.of("ref", "alice/a.txt", "to", "/proc/bitween"), ErrorCode.DISK_WRITE);

            assertThat(bob.call("jobs").views("jobs")).isEmpty();
        }
    }

    @Test
    void a_disk_that_is_too_small_lets_the_job_pause_with_its_reason_and_a_larger_one_lets_it_go_on() throws Exception {
        Path small = Files.createDirectories(directory.resolve("small"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString()), "needs root to mount");
        try (TestDaemon alice = TestDaemon.started(directory, server, "alice");
                TestDaemon bob = TestDaemon.started(directory, server, "bob")) {
            alice.befriend(bob);
            Path file = Folders.file(directory.resolve("big.bin"), 5_000_000, 1);
            alice.share(file);
            bob.untilListed(alice, "big.bin");

            Answer wanted = bob.call("job.get", Map.of("ref", "alice/big.bin", "to", small.toString()))
                    .view("transfer");
            Answer job = bob.until(
                    "transfer.get",
                    Map.of("name", "#" + wanted.number("id")),
                    answer -> answer.text("state").equals("PAUSED"));
            assertThat(run("mount", "-o", "remount,size=20m", small.toString())).isTrue();
            Answer again = bob.until(
                    "transfer.wait",
                    Map.of("id", job.number("id"), "timeoutMs", 500),
                    answer -> answer.text("state").equals("COMPLETE"));

            assertThat(job.view("error").text("code")).isEqualTo("DISK_FULL");
            assertThat(small.resolve("big.bin")).hasSameBinaryContentAs(file);
            assertThat(again.fields().get("error")).isNull();
        } finally {
            run("umount", "-l", small.toString());
        }
    }

    @Test
    void a_share_whose_file_was_cut_off_while_the_daemon_was_down_is_not_seeded() throws IOException {
        Path file = Folders.file(directory.resolve("a.bin"), 500_000, 1);
        try (TestDaemon alice = TestDaemon.started(directory, server, "alice")) {
            alice.share(file);
            alice.stop();
            Files.write(file, new byte[100]);

            alice.start();

            Answer shares = alice.until(
                    "shares",
                    Map.of(),
                    answer -> answer.views("shares").get(0).text("state").equals("STALE"));
            assertThat(shares.views("shares").get(0).view("error").text("code")).isEqualTo("CONTENT_CHANGED");
            assertThat(file).hasSize(100);
        }
    }

    @Test
    void no_secret_and_no_name_of_a_friends_share_is_in_the_log_or_the_database() throws IOException {
        try (TestDaemon alice = TestDaemon.started(directory, server, "alice")) {
            alice.untilOnline();
            alice.stop();

            try (Stream<Path> files = Files.walk(alice.home().data())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (!file.equals(alice.home().passwordFile())) {
                        assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
                                .as(file.toString())
                                .doesNotContain("alice-secret");
                    }
                }
            }
        }
    }

    private static Answer untilXmppError(TestDaemon daemon) {
        return daemon.until("status", Map.of(), status -> status.view("xmpp").has("error"));
    }

    private static Map<String, String> path(Path path) {
        return Map.of("path", path.toString());
    }

    private static void assertRefused(TestDaemon daemon, String method, Map<String, ?> params, ErrorCode code) {
        assertThatThrownBy(() -> daemon.call(method, params)).isInstanceOfSatisfying(UserException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.sentence()).isNotBlank();
        });
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).start().waitFor() == 0;
    }
}
