package bitween.cli.remote;

import bitween.cli.Cli;
import bitween.cli.Environment;
import bitween.cli.Terminal;
import bitween.config.Home;
import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs commands of clients. Thread: {@code control-n} hears a client; its command runs on {@code command-n}. */
public final class RemoteCommands {
    /** Those that ask a daemon and print the answer. The others start or end daemons, or look at this machine. */
    static final Set<String> TAKEN = Set.of(
            "status top events friends friend block unblock trust verify limit config away back share grant revoke shares unshare send offers decline log diff import ls find want follow unfollow get jobs info priority pause resume rm recheck relocate move complete"
                    .split(" "));

    /** Each has a thread and a connection of its own. More than one person looks at; the next ones run where they were typed. */
    static final int MAX_COMMANDS = 16;

    private final Home home;
    private final String program;
    private final String zone;
    private final Function<Invocation, Environment> environments;
    private final Semaphore free = new Semaphore(MAX_COMMANDS);
    private final AtomicInteger started = new AtomicInteger();

    /**
     * @param home of this daemon
     * @param program which file this program is; a client of another one runs its commands itself, as what it says may be said otherwise by now
     * @param zone whose time this process shows
     */
    public RemoteCommands(Home home, String program, String zone, Function<Invocation, Environment> environments) {
        this.home = home;
        this.program = program;
        this.zone = zone;
        this.environments = environments;
    }

    /** Hears the client until it is gone; what it began is over then, too. */
    public void serve(SocketChannel channel) throws IOException {
        Frames frames = new Frames(channel);
        Invocation invocation = begun(frames.read());
        Environment environment = invocation == null ? null : environmentOf(invocation);
        if (invocation == null || environment == null || !free.tryAcquire()) {
            frames.write(Frames.REFUSED, new byte[0]);
            return;
        }
        RemoteTerminal terminal = new RemoteTerminal(frames, invocation);
        Thread command = new Thread(
                () -> {
                    try {
                        run(invocation, environment, terminal, frames);
                    } finally {
                        free.release();
                    }
                },
                "command-" + started.incrementAndGet());
        command.setDaemon(true);
        command.start();
        try {
            hear(frames, terminal, command);
        } finally {
            command.interrupt();
        }
    }

    /** @return null when it is none that this daemon knows how to read */
    private static @Nullable Invocation begun(Frames.Frame frame) {
        try {
            return frame.kind() == Frames.BEGIN ? Invocation.read(frame.content()) : null;
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    /** @return null when it is not for this daemon to run */
    private @Nullable Environment environmentOf(Invocation invocation) {
        String[] arguments = invocation.arguments().toArray(new String[0]);
        if (program.isEmpty()
                || !program.equals(invocation.program())
                || !zone.equals(invocation.zone())
                || !TAKEN.contains(Cli.named(arguments))
                || readsInput(arguments)) {
            return null;
        }
        Environment environment = environments.apply(invocation);
        try {
            Path named = invocation.home().isEmpty()
                    ? null
                    : invocation.workingDirectory().resolve(invocation.home()).normalize();
            return environment.homes().find(named).equals(home) ? environment : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** The client's, which stays with it. */
    private static boolean readsInput(String[] arguments) {
        return Cli.named(arguments).equals("send") && Arrays.asList(arguments).contains("-");
    }

    private static void run(Invocation invocation, Environment environment, RemoteTerminal terminal, Frames frames) {
        String[] arguments = invocation.arguments().toArray(new String[0]);
        try {
            int exitCode = Cli.run(
                    arguments,
                    environment.withClients(
                            there -> new Patient(environment.clients().apply(there), terminal)),
                    terminal);
            terminal.finish();
            frames.exit(terminal.ended(exitCode));
        } catch (IOException e) {
            Thread.currentThread().interrupt(); // the client has gone away, or was sent away: nobody waits for more
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void hear(Frames frames, RemoteTerminal terminal, Thread command) throws IOException {
        while (true) {
            Frames.Frame frame = frames.read();
            if (frame.kind() == Frames.SIGNAL) {
                terminal.interrupt(frame.number());
                command.interrupt();
            } else {
                terminal.heard(frame);
            }
        }
    }

    /** Lets the client see what was said so far before it waits for the daemon. */
    private record Patient(ControlClient daemon, RemoteTerminal terminal) implements ControlClient {
        @Override
        public Answer call(String method, Map<String, ? extends @Nullable Object> params) throws InterruptedException {
            terminal.flush();
            Terminal.Watch reader = terminal.interruptWhenFollowed();
            try {
                return daemon.call(method, params);
            } finally {
                reader.close();
            }
        }

        @Override
        public void close() {
            daemon.close();
        }
    }
}
