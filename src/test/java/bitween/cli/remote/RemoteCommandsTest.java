package bitween.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.cli.Environment;
import bitween.cli.FakeWorld;
import bitween.config.Home;
import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client's words are written here by hand. */
@Timeout(20)
class RemoteCommandsTest {
    private static final Home HOME = FakeWorld.home(Path.of("/home/me/.bitween"));

    private final FakeWorld world = new FakeWorld();
    private final Semaphore waiting = new Semaphore(0);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private Environment environment = world.environment();
    private final RemoteCommands commands = new RemoteCommands(HOME, "1:2", "UTC", invocation -> environment);
    private final List<SocketChannel> clients = new ArrayList<>();
    private ServerSocketChannel server;
    private Path socket;

    @BeforeEach
    void listen(@TempDir Path folder) throws IOException {
        socket = folder.resolve("s");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
    }

    @AfterEach
    void close() throws IOException {
        for (SocketChannel client : clients) {
            client.close();
        }
        server.close();
    }

    private Frames connected() throws IOException {
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        clients.add(client);
        SocketChannel accepted = server.accept();
        new Thread(() -> serve(accepted)).start();
        return new Frames(client);
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            commands.serve(channel);
        } catch (IOException gone) {
            assertThat(gone).isNotNull(); // as each client is in the end
        }
    }

    private Frames given(boolean isInteractive, String... arguments) throws IOException {
        return given("1:2", "UTC", "", isInteractive, arguments);
    }

    private Frames given(String program, String zone, String home, boolean isInteractive, String... arguments)
            throws IOException {
        Frames frames = connected();
        frames.write(
                Frames.BEGIN,
                InvocationTest.packed(Stream.concat(
                                Stream.of(program, zone, home, isInteractive ? "1" : "0", "/srv", "0"),
                                Stream.of(arguments))
                        .toArray(String[]::new)));
        return frames;
    }

    /** All that is said until the end, as "o:text"; each question is answered with y. */
    private static List<String> heard(Frames frames) throws IOException {
        List<String> heard = new ArrayList<>();
        while (true) {
            Frames.Frame frame = frames.read();
            switch (frame.kind()) {
                case Frames.EXIT -> {
                    heard.add("exit " + frame.number());
                    return heard;
                }
                case Frames.FINISHED -> frames.write(Frames.DONE, new byte[0]);
                case Frames.QUESTION -> {
                    heard.add("q:" + frame.text());
                    frames.write(Frames.LINE, new byte[] {'y'});
                }
                default -> heard.add(frame.kind() + ":" + frame.text());
            }
        }
    }

    /** The daemon's answers come from here. */
    private void hangs() {
        ControlClient hanging = new ControlClient() {
            @Override
            public Answer call(String method, Map<String, ? extends @Nullable Object> params)
                    throws InterruptedException {
                waiting.release();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                }
                return Answer.EMPTY;
            }

            @Override
            public void close() {}
        };
        environment = environment.withClients(home -> hanging);
    }

    @Test
    void a_command_prints_and_ends_at_the_client() throws IOException {
        world.answer("jobs", "{'jobs':[]}");

        assertThat(heard(given(false, "jobs", "--json"))).containsExactly("o:{\"jobs\":[]}\n", "exit 0");
        assertThat(heard(given(false, "jobs", "--jsn")))
                .containsExactly(
                        "e:bitween: there is no option '--jsn'\n",
                        "e:  did you mean --json? see: bitween jobs --help\n",
                        "exit 2");
    }

    @Test
    void what_this_daemon_is_not_for_is_left_to_the_client() throws IOException {
        assertThat(given("1:3", "UTC", "", false, "jobs").read().kind()).isEqualTo(Frames.REFUSED);
        assertThat(given("1:2", "CET", "", false, "jobs").read().kind()).isEqualTo(Frames.REFUSED);
        assertThat(given("1:2", "UTC", "other", false, "jobs").read().kind()).isEqualTo(Frames.REFUSED);
        assertThat(given(false, "stop").read().kind()).isEqualTo(Frames.REFUSED);
        assertThat(given(false, "--json", "shell").read().kind()).isEqualTo(Frames.REFUSED);
        assertThat(given(false, "jbos").read().kind()).isEqualTo(Frames.REFUSED);
        assertThat(given(false).read().kind()).isEqualTo(Frames.REFUSED);
        Frames later = connected();
        later.write('z', new byte[0]);
        assertThat(later.read().kind()).isEqualTo(Frames.REFUSED);
    }

    @Test
    void a_person_is_asked_at_the_client_and_nobody_else_is() throws IOException {
        world.answer("transfer.get", "{'id':3,'name':'Music','place':'/d/Music','state':'COMPLETE'}")
                .answer("job.rm", "{'name':'Music','place':'/d/Music','state':'COMPLETE','remains':true}");

        assertThat(heard(given(true, "rm", "Music")))
                .containsExactly(
                        "q:Forget the job Music? Its files stay. [y/N] ",
                        "o:Music is forgotten; it stays in /d/Music\n",
                        "exit 0");
        assertThat(heard(given(false, "rm", "Music")))
                .containsExactly("o:Music is forgotten; it stays in /d/Music\n", "exit 0");
    }

    @Test
    void a_signal_ends_the_command_with_its_exit_code() throws Exception {
        hangs();
        Frames client = given(false, "jobs");
        waiting.acquire();

        client.write(Frames.SIGNAL, ByteBuffer.allocate(4).putInt(130).array());

        assertThat(heard(client)).containsExactly("exit 130");
        interrupted.await();
    }

    @Test
    void the_end_of_a_client_ends_its_command() throws Exception {
        hangs();
        given(false, "jobs");
        waiting.acquire();

        clients.get(0).close();

        interrupted.await();
    }

    @Test
    void what_the_client_cannot_write_is_no_success_unless_nobody_wants_it() throws IOException {
        world.answer("jobs", "{'jobs':[]}");

        assertThat(lost("No space left on device"))
                .containsExactly("e:bitween: the output is not complete: No space left on device\n", "exit 1");
        assertThat(lost("Broken pipe")).containsExactly("exit 0");
    }

    @Test
    void what_goes_on_for_its_reader_alone_ends_with_the_reader() throws Exception {
        hangs();
        for (String line : List.of("events --follow", "top", "status --watch")) {
            Frames client = given(false, line.split(" "));
            waiting.acquire();

            client.write(Frames.LOST, "Broken pipe".getBytes(StandardCharsets.UTF_8));

            assertThat(heard(client)).as(line).containsExactly("exit 141");
        }
    }

    private List<String> lost(String reason) throws IOException {
        Frames client = given(false, "jobs");
        assertThat(client.read().kind()).isEqualTo(Frames.OUT);
        client.write(Frames.LOST, reason.getBytes(StandardCharsets.UTF_8));
        return heard(client);
    }

    @Test
    void of_many_at_once_the_last_are_left_to_the_client() throws Exception {
        hangs();
        List<Frames> taken = new ArrayList<>();
        for (int number = 0; number < RemoteCommands.MAX_COMMANDS; number++) {
            taken.add(given(false, "jobs"));
        }
        waiting.acquire(RemoteCommands.MAX_COMMANDS);

        assertThat(given(false, "jobs").read().kind()).isEqualTo(Frames.REFUSED);

        taken.get(0).write(Frames.SIGNAL, ByteBuffer.allocate(4).putInt(143).array());

        assertThat(heard(taken.get(0))).containsExactly("exit 143");
    }
}
