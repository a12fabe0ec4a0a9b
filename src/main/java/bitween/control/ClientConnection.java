package bitween.control;

import bitween.control.client.Lines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** One client: reads a line, answers it, reads the next. Thread: {@code control-n}; {@link #finish} and {@link #disconnect} from any. */
final class ClientConnection {
    private static final Logger log = LogManager.getLogger(ClientConnection.class);
    /** The longest request names a path of 4 KiB; what is longer is no client of ours. */
    static final int MAX_LINE_BYTES = 1 << 20;

    private final int number;
    private final SocketChannel channel;
    private final JsonRpc rpc;
    private final CommandServer commands;
    private final Consumer<ClientConnection> onLeave;
    private final Thread thread;
    private final Lines lines = new Lines(MAX_LINE_BYTES);
    private final ByteBuffer read = ByteBuffer.allocate(8_192);

    private volatile long lastHeard = System.nanoTime();
    /** Guarded by this, like finishing. */
    private boolean answering;

    private boolean finishing;

    /** @param number from 1; names the thread */
    ClientConnection(
            int number,
            SocketChannel channel,
            JsonRpc rpc,
            CommandServer commands,
            Consumer<ClientConnection> onLeave) {
        this.number = number;
        this.channel = channel;
        this.rpc = rpc;
        this.commands = commands;
        this.onLeave = onLeave;
        thread = new Thread(this::run, "control-" + number);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    int number() {
        return number;
    }

    /** How long nothing came from the client. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lastHeard);
    }

    private void run() {
        try (channel) {
            serve();
        } catch (ClosedChannelException | InterruptedException e) {
            log.debug("{} was disconnected", this);
        } catch (IOException e) {
            log.debug("{} went away: {}", this, e.getMessage()); // in the middle of a reply: its own choice
        } finally {
            onLeave.accept(this);
        }
    }

    private void serve() throws IOException, InterruptedException {
        while (true) {
            @Nullable String reply = null;
            try {
                String line = nextLine();
                if (line == null || !begin()) {
                    return;
                }
                if (line.equals(CommandServer.GREETING)) {
                    send(channel, line);
                    commands.serve(channel);
                    return;
                }
                reply = line.isBlank() ? null : rpc.handle(line);
            } catch (CharacterCodingException e) {
                reply = JsonRpc.malformed("this is not UTF-8");
            } catch (Lines.LineTooLong e) {
                send(channel, JsonRpc.malformed(String.valueOf(e.getMessage())));
                return;
            }
            if (reply != null) {
                send(channel, reply);
            }
            if (!end()) {
                return;
            }
        }
    }

    private @Nullable String nextLine() throws IOException, Lines.LineTooLong {
        String line = lines.next();
        while (line == null) {
            read.clear();
            if (channel.read(read) < 0) {
                return null;
            }
            lastHeard = System.nanoTime();
            lines.add(read.flip());
            line = lines.next();
        }
        return line;
    }

    private synchronized boolean begin() {
        answering = !finishing;
        return answering;
    }

    private synchronized boolean end() {
        answering = false;
        return !finishing;
    }

    private static void send(SocketChannel channel, String reply) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((reply + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Tells a client why there is no room. The line fits any socket's buffer, so this does not block. */
    static void refuse(SocketChannel channel, String reply) {
        try (channel) {
            send(channel, reply);
        } catch (IOException e) {
            log.debug("a client went away before it was refused: {}", e.getMessage());
        }
    }

    /** Ends the connection once the request under way, if there is one, is answered. */
    synchronized void finish() {
        finishing = true;
        if (!answering) {
            closeChannel();
        }
    }

    /** Ends the connection now, and interrupts what its request waits for. */
    void disconnect() {
        synchronized (this) {
            finishing = true;
        }
        if (Thread.currentThread() != thread) {
            thread.interrupt();
            closeChannel();
        }
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("{} did not close: {}", this, e.getMessage());
        }
    }

    /** @return whether it ended by then; true at once for its own thread, which nobody waits for */
    boolean join(long deadlineNanos) {
        if (Thread.currentThread() == thread) {
            return true;
        }
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadlineNanos - System.nanoTime()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    @Override
    public String toString() {
        return "client " + number;
    }
}
