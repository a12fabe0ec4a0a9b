package bitween.control;

import bitween.config.Home;
import bitween.files.PrivateFiles;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Serves clients on the Unix socket of the home. Thread: {@code control} accepts; {@code control-n} serves the client in slot n, one request after the
 * other.
 */
public final class SocketServer implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(SocketServer.class);
    /** Far more than one person's commands and programs; each costs a thread. */
    static final int MAX_CLIENTS = 64;
    /** When every slot is taken, a client that was silent for this long gives way. Longer than any call may wait. */
    private static final Duration SILENT = Duration.ofMinutes(2);
    /** At the end: how long requests under way may take to be answered, and then to leave. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final Path socket;
    private final JsonRpc rpc;
    private final CommandServer commands;
    private final int maxClients;
    private final Duration silent;
    private final ServerSocketChannel server;
    private final Thread acceptor;
    /** Slot n is client n + 1. Guarded by itself. */
    private final @Nullable ClientConnection[] clients;

    private volatile boolean closed;

    private SocketServer(
            Path socket,
            JsonRpc rpc,
            CommandServer commands,
            int maxClients,
            Duration silent,
            ServerSocketChannel server) {
        this.socket = socket;
        this.rpc = rpc;
        this.commands = commands;
        this.maxClients = maxClients;
        this.silent = silent;
        this.server = server;
        clients = new ClientConnection[maxClients];
        acceptor = new Thread(this::accept, "control");
        acceptor.setDaemon(true);
    }

    /**
     * Listens. The caller holds the home's instance lock: a socket that is there already belongs to nobody who lives, and is replaced.
     *
     * @throws UserException HOME_UNSAFE when the folder is not ours alone, or takes no socket
     */
    public static SocketServer start(Home home, Methods methods, CommandServer commands) {
        return start(home, methods, commands, MAX_CLIENTS, SILENT);
    }

    static SocketServer start(Home home, Methods methods, CommandServer commands, int maxClients, Duration silent) {
        Path socket = home.socket();
        try {
            var listening = new SocketServer(socket, new JsonRpc(methods), commands, maxClients, silent, bind(socket));
            listening.acceptor.start();
            return listening;
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.HOME_UNSAFE,
                    "the control socket " + socket + " cannot be made: " + e,
                    "the folder has to be yours and writable",
                    e);
        }
    }

    private static ServerSocketChannel bind(Path socket) throws IOException {
        PrivateFiles.directory(Objects.requireNonNull(socket.getParent()));
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void accept() {
        while (!closed) {
            try {
                admit(server.accept());
            } catch (AsynchronousCloseException e) {
                log.debug("the control socket is closed");
            } catch (IOException e) {
                if (!closed) {
                    log.warn("a client could not be accepted", e);
                    pause();
                }
            }
        }
    }

    /** Out of file descriptors, most likely: the next attempt fails the same way until some are free. */
    private void pause() {
        synchronized (clients) {
            try {
                if (!closed) {
                    clients.wait(1_000);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void admit(SocketChannel channel) {
        synchronized (clients) {
            int slot = closed ? -1 : freeSlot();
            if (slot < 0) {
                ClientConnection.refuse(
                        channel, JsonRpc.busy("the daemon has " + maxClients + " clients, which is the limit"));
                return;
            }
            var client = new ClientConnection(slot + 1, channel, rpc, commands, this::left);
            clients[slot] = client;
            client.start();
        }
    }

    private int freeSlot() {
        for (int slot = 0; slot < clients.length; slot++) {
            if (clients[slot] == null) {
                return slot;
            }
        }
        Optional<ClientConnection> idlest = Arrays.stream(clients)
                .flatMap(client -> Optional.ofNullable(client).stream())
                .max(Comparator.comparing(ClientConnection::silence));
        if (idlest.isEmpty() || idlest.get().silence().compareTo(silent) < 0) {
            return -1;
        }
        log.info("{} was silent for a while and gives way to a new client", idlest.get());
        idlest.get().disconnect();
        return idlest.get().number() - 1;
    }

    private void left(ClientConnection client) {
        synchronized (clients) {
            int slot = client.number() - 1;
            if (clients[slot] == client) {
                clients[slot] = null;
            }
        }
    }

    /**
     * Takes no new client, lets requests under way end within half a second, and interrupts what still waits. Idempotent; from any thread, also from a
     * client's own, which is not waited for.
     */
    @Override
    public void close() {
        ClientConnection[] left;
        synchronized (clients) {
            closed = true;
            left = Arrays.stream(clients).filter(Objects::nonNull).toArray(ClientConnection[]::new);
            clients.notifyAll();
        }
        try (server) {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            log.warn("the control socket did not close cleanly", e);
        }
        for (ClientConnection client : left) {
            client.finish();
        }
        long deadline = System.nanoTime() + GRACE.toNanos();
        for (ClientConnection client : left) {
            client.join(deadline);
        }
        for (ClientConnection client : left) {
            client.disconnect();
        }
        long last = System.nanoTime() + GRACE.toNanos();
        for (ClientConnection client : left) {
            if (!client.join(last)) {
                log.warn("{} did not end within {} ms", client, 2 * GRACE.toMillis());
            }
        }
    }
}
