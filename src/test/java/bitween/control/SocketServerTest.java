package bitween.control;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.config.Home;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class SocketServerTest {
    private final Methods methods = new Methods();
    private final CountDownLatch hung = new CountDownLatch(1);
    private Home home;
    private SocketServer server;

    @BeforeEach
    void start(@TempDir Path folder) {
        methods.add(
                "thread",
                "who serves",
                List.of(),
                params -> Thread.currentThread().getName());
        methods.add("echo", "gives back", List.of("text"), params -> params.text("text"));
        methods.add("refuse", "fails", List.of(), params -> {
            throw new UserException(ErrorCode.AMBIGUOUS, "two of them", "name one");
        });
        methods.add("hang", "never ends", List.of(), params -> {
            hung.countDown();
            new CountDownLatch(1).await();
            return true;
        });
        home = new Home(folder, folder, folder.resolve("run"), folder, folder);
        server = SocketServer.start(home, methods, CommandServer.NONE, 4, Duration.ofHours(1));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void only_the_owner_can_reach_the_socket() throws IOException {
        assertThat(mode(home.socket())).isEqualTo("rw-------");
        assertThat(mode(home.runtime())).isEqualTo("rwx------");
    }

    @Test
    void who_leaves_commands_to_the_daemon_is_handed_on(@TempDir Path other) throws IOException {
        server.close();
        server = SocketServer.start(
                new Home(other, other, other, other, other),
                methods,
                channel -> channel.write(StandardCharsets.UTF_8.encode("go on\n")),
                1,
                Duration.ofHours(1));

        try (SocketChannel client =
                SocketChannel.open(UnixDomainSocketAddress.of(new Home(other, other, other, other, other).socket()))) {
            client.write(StandardCharsets.UTF_8.encode(CommandServer.GREETING + "\n"));

            assertThat(Channels.newInputStream(client).readAllBytes())
                    .asString()
                    .isEqualTo("command 1\ngo on\n");
        }
    }

    @Test
    void a_folder_that_others_may_enter_is_refused(@TempDir Path open) throws IOException {
        Files.createFile(open.resolve("somebody's"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-x---"));

        assertThatThrownBy(
                        () -> SocketServer.start(new Home(open, open, open, open, open), methods, CommandServer.NONE))
                .isInstanceOf(UserException.class)
                .hasMessage("other users can use the directory " + open + " (mode 0750)");
    }

    @Test
    void requests_are_answered_in_their_order() throws Exception {
        try (Raw client = new Raw()) {
            String first = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[\"a\"]}";
            String second = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"echo\",\"params\":[\"b\"]}";
            client.send(String.join("\n", first, "", second + "\r", ""));

            assertThat(client.readLine()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"a\"}");
            assertThat(client.readLine()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"b\"}");
        }
    }

    @Test
    void each_client_has_a_thread_with_a_number() throws Exception {
        try (ControlClient one = ControlClient.connect(home);
                ControlClient two = ControlClient.connect(home)) {
            assertThat(one.call("thread").text("result")).isEqualTo("control-1");
            assertThat(two.call("thread").text("result")).isEqualTo("control-2");
        }
    }

    @Test
    void what_is_not_utf_8_is_refused_and_the_connection_lives_on() throws Exception {
        try (Raw client = new Raw()) {
            client.send(new byte[] {'"', (byte) 0xC3, '"', '\n'});
            client.send("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"echo\",\"params\":[\"b\"]}\n");

            assertThat(client.readLine()).contains("-32700").contains("UTF-8");
            assertThat(client.readLine()).contains("\"result\":\"b\"");
        }
    }

    @Test
    void a_line_without_end_closes_the_connection() throws Exception {
        try (Raw client = new Raw()) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> client.sendUntilClosed('x', 2 << 20));

            assertThat(client.readLine()).contains("-32700").contains("1048576 bytes");
            assertThat(client.readLineOrReset()).isNull();
            sent.get(5, SECONDS);
        }
    }

    @Test
    void one_client_too_many_is_told_so() throws Exception {
        List<ControlClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ControlClient client = ControlClient.connect(home);
            assertThat(client.call("echo", Map.of("text", "x")).text("result")).isEqualTo("x");
            clients.add(client);
        }

        try (Raw fifth = new Raw()) {
            assertThat(fifth.readLine()).contains("BUSY").contains("4 clients");
        }
        clients.forEach(ControlClient::close);
    }

    @Test
    void a_silent_client_gives_way_when_every_place_is_taken(@TempDir Path folder) throws Exception {
        Home crowded = new Home(folder, folder, folder, folder, folder);
        server.close();
        server = SocketServer.start(crowded, methods, CommandServer.NONE, 1, Duration.ZERO);
        try (ControlClient silent = ControlClient.connect(crowded)) {
            assertThat(silent.call("thread").text("result")).isEqualTo("control-1");

            try (ControlClient eager = ControlClient.connect(crowded)) {
                assertThat(eager.call("thread").text("result")).isEqualTo("control-1");
            }

            assertThatThrownBy(() -> silent.call("thread")).isInstanceOf(UserException.class);
        }
    }

    @Test
    void errors_cross_with_code_and_hint() {
        try (ControlClient client = ControlClient.connect(home)) {
            assertThatThrownBy(() -> client.call("refuse")).isInstanceOfSatisfying(UserException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.AMBIGUOUS);
                assertThat(e.sentence()).isEqualTo("two of them");
                assertThat(e.hint()).isEqualTo("name one");
            });
        }
    }

    @Test
    void large_answers_arrive_whole() throws Exception {
        String text = "ä".repeat(500_000);
        try (ControlClient client = ControlClient.connect(home)) {
            assertThat(client.call("echo", Map.of("text", text)).text("result")).isEqualTo(text);
        }
    }

    @Test
    void without_a_daemon_the_hint_says_how_to_start_one() {
        server.close();

        assertThat(home.socket()).doesNotExist();
        assertThatThrownBy(() -> ControlClient.connect(home)).isInstanceOfSatisfying(UserException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.DAEMON_NOT_RUNNING);
            assertThat(e.sentence()).isEqualTo("no bitween daemon runs for " + home.config());
            assertThat(e.hint()).isEqualTo("start it with: bitween daemon");
        });
    }

    @Test
    void a_daemon_that_lets_nobody_in_holds_no_command_up(@TempDir Path folder) throws Exception {
        Home hung = new Home(folder, folder, folder, folder, folder);
        List<ControlClient> queue = new ArrayList<>();
        try (var neverAccepts = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            neverAccepts.bind(UnixDomainSocketAddress.of(hung.socket()), 2);

            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10; i++) {
                            queue.add(ControlClient.connect(hung));
                        }
                    })
                    .isInstanceOfSatisfying(
                            UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DAEMON_HANGS))
                    .hasMessage("the daemon of " + folder + " runs, but does not answer");
        }
        queue.forEach(ControlClient::close);
    }

    @Test
    @Tag("slow")
    void a_daemon_that_does_not_answer_is_named_soon_and_does_not_find_the_request_later(@TempDir Path folder)
            throws Exception {
        Home hung = new Home(folder, folder, folder, folder, folder);
        long pid = ProcessHandle.current().pid();
        Files.writeString(hung.lock(), Long.toString(pid));
        try (var neverAnswers = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            neverAnswers.bind(UnixDomainSocketAddress.of(hung.socket()));

            try (ControlClient client = ControlClient.connect(hung)) {
                assertThatThrownBy(() -> client.call("daemon.stop")).isInstanceOfSatisfying(UserException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.DAEMON_HANGS);
                    assertThat(e.sentence()).isEqualTo("the daemon (process " + pid + ") runs, but does not answer");
                    assertThat(e.hint()).contains("bitween bugreport").contains("kill " + pid);
                });
            }

            try (SocketChannel late = neverAnswers.accept()) {
                assertThat(Channels.newInputStream(late).readAllBytes())
                        .asString()
                        .contains("\"version\"")
                        .doesNotContain("daemon.stop");
            }
        }
    }

    @Test
    @Tag("slow")
    void what_a_daemon_that_answers_works_on_may_take_longer_than_its_first_sign() throws Exception {
        try (ControlClient client = ControlClient.connect(home)) {
            CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.call("hang").text("result");
                } catch (UserException | InterruptedException e) {
                    return String.valueOf(e.getMessage());
                }
            });
            hung.await();

            assertThatThrownBy(() -> call.get(6, SECONDS)).isInstanceOf(TimeoutException.class);

            server.close();
            assertThat(call.get(5, SECONDS)).contains("the daemon went away");
        }
    }

    @Test
    void a_socket_that_a_dead_daemon_left_is_replaced() throws Exception {
        server.close();
        try (var stale = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            stale.bind(UnixDomainSocketAddress.of(home.socket()));
        }
        assertThat(home.socket()).exists();

        server = SocketServer.start(home, methods, CommandServer.NONE);

        try (ControlClient client = ControlClient.connect(home)) {
            assertThat(client.call("echo", Map.of("text", "x")).text("result")).isEqualTo("x");
        }
    }

    @Test
    void a_stop_that_a_client_asks_for_is_answered_before_the_connection_ends() throws Exception {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        methods.add("stop", "stops", List.of(), params -> {
            Thread lifecycle = new Thread(() -> {
                server.close();
                closed.complete(null);
            });
            lifecycle.start();
            while (Files.exists(home.socket())) {
                Thread.onSpinWait(); // until close has begun, and waits for this reply
            }
            return "stopping";
        });
        try (ControlClient client = ControlClient.connect(home)) {
            assertThat(client.call("stop").text("result")).isEqualTo("stopping");
        }
        closed.get(5, SECONDS);
    }

    @Test
    void close_interrupts_a_request_that_hangs() throws Exception {
        try (ControlClient client = ControlClient.connect(home)) {
            CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.call("hang").text("result");
                } catch (UserException | InterruptedException e) {
                    return String.valueOf(e.getMessage());
                }
            });
            hung.await();

            server.close();

            assertThat(call.get(5, SECONDS)).contains("the daemon went away");
        }
    }

    @Test
    void close_may_be_called_from_a_request_and_again() throws Exception {
        methods.add("close", "closes under itself", List.of(), params -> {
            server.close();
            return true;
        });

        try (Raw client = new Raw()) {
            client.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"close\"}\n");
            assertThat(client.readLine()).contains("true");
            assertThat(client.readLineOrReset()).isNull();
        }
        server.close();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** A client that sends what it likes. */
    private final class Raw implements AutoCloseable {
        private final SocketChannel channel;
        private final BufferedReader reader;

        Raw() throws IOException {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(home.socket()));
            reader =
                    new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
        }

        void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.UTF_8));
        }

        void send(byte[] bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }

        void sendUntilClosed(char letter, int count) {
            try {
                send(String.valueOf(letter).repeat(count));
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("pipe"); // the other side closed, as it should
            }
        }

        @org.jspecify.annotations.Nullable
        String readLine() throws IOException {
            return reader.readLine();
        }

        /** What was sent and not read makes the end a reset. */
        @org.jspecify.annotations.Nullable
        String readLineOrReset() {
            try {
                return reader.readLine();
            } catch (IOException e) {
                return null;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
