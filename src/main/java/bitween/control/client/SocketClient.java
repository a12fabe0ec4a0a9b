package bitween.control.client;

import bitween.config.Home;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection over the Unix socket. */
final class SocketClient implements ControlClient {
    /** Longer than the daemon itself ever waits (60 s), so its own error arrives first. */
    private static final Duration REPLY_LIMIT = Duration.ofSeconds(90);
    /** Whoever answers at all does so in milliseconds, however busy the machine is. */
    private static final Duration SIGN_LIMIT = Duration.ofSeconds(5);
    /** The largest list that the daemon gives, 10,000 long file names, is a tenth of it. */
    private static final int MAX_LINE_BYTES = 64 << 20;

    private final Home home;
    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer read = ByteBuffer.allocate(64 << 10);
    private final Lines lines = new Lines(MAX_LINE_BYTES);
    private long lastId;
    /** Whether the daemon has ever answered here: what hangs accepts connections, too, as the system does that for it. */
    private boolean answers;

    private SocketClient(Home home, SocketChannel channel) throws IOException {
        this.home = home;
        this.channel = channel;
        selector = Selector.open();
        key = channel.register(selector, SelectionKey.OP_READ);
    }

    static SocketClient connect(Home home) {
        boolean wasThere =
                Files.exists(home.socket()); // asked before: a daemon that is just coming up is none that hangs
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.configureBlocking(false); // else a queue of clients whom nobody lets in would hold us up for ever
            channel.connect(UnixDomainSocketAddress.of(home.socket()));
            return new SocketClient(home, channel);
        } catch (IOException | UnsupportedOperationException e) {
            throw whyNot(home, wasThere, e);
        }
    }

    private static UserException whyNot(Home home, boolean exists, Exception e) {
        if (exists && !Files.isWritable(home.socket())) {
            return new UserException(
                    ErrorCode.DAEMON_NOT_RUNNING,
                    "the daemon's socket " + home.socket() + " belongs to somebody else",
                    "name your own home with --home DIR",
                    e);
        }
        if (exists && e instanceof SocketException && !(e instanceof ConnectException)) { // which is a refusal
            UserException hangs = HungDaemon.of(home); // the queue of those who wait to be let in is full
            hangs.initCause(e);
            return hangs;
        }
        return new UserException(
                ErrorCode.DAEMON_NOT_RUNNING,
                "no bitween daemon runs for " + home.config(),
                "start it with: bitween daemon",
                e);
    }

    /**
     * What is asked first of all is {@code version}, which changes nothing: a daemon that does not answer is not to find the real request when it goes on,
     * long after its sender was told that it hangs.
     */
    @Override
    public Answer call(String method, Map<String, ? extends @Nullable Object> params) throws InterruptedException {
        if (!answers) {
            Answer sign = exchange("version", Map.of(), SIGN_LIMIT);
            if (!sign.has("id")) { // it answers nobody in particular: there is no room for us
                return resultOf(sign);
            }
            answers = true;
        }
        return resultOf(exchange(method, params, REPLY_LIMIT));
    }

    private Answer exchange(String method, Map<String, ? extends @Nullable Object> params, Duration limit)
            throws InterruptedException {
        Map<String, @Nullable Object> given = new LinkedHashMap<>(params);
        given.values().removeIf(value -> value == null);
        Map<String, @Nullable Object> request = new LinkedHashMap<>();
        request.put("jsonrpc", "2.0");
        request.put("id", ++lastId);
        request.put("method", method);
        request.put("params", given);
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            write(ByteBuffer.wrap((Json.write(request) + "\n").getBytes(StandardCharsets.UTF_8)), deadline);
            return Answer.of(Json.read(readLine(deadline)));
        } catch (IOException | Lines.LineTooLong | Json.MalformedJson e) {
            close();
            throw new UserException(
                    ErrorCode.DAEMON_NOT_RUNNING,
                    "the daemon went away while it was asked (" + e.getMessage() + ")",
                    "see its log, or start it with: bitween daemon",
                    e);
        }
    }

    private void write(ByteBuffer bytes, long deadline) throws IOException, InterruptedException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                await(SelectionKey.OP_WRITE, deadline);
            }
        }
    }

    private String readLine(long deadline) throws IOException, InterruptedException, Lines.LineTooLong {
        String line = lines.next();
        while (line == null) {
            await(SelectionKey.OP_READ, deadline);
            read.clear();
            if (channel.read(read) < 0) {
                throw new IOException("it closed the connection");
            }
            lines.add(read.flip());
            line = lines.next();
        }
        return line;
    }

    private void await(int operation, long deadline) throws IOException, InterruptedException {
        key.interestOps(operation);
        long leftMs = (deadline - System.nanoTime()) / 1_000_000;
        if (leftMs > 0) {
            selector.select(leftMs);
        }
        selector.selectedKeys().clear();
        if (Thread.interrupted()) {
            close();
            throw new InterruptedException();
        }
        if (deadline - System.nanoTime() <= 0) {
            close();
            throw late();
        }
    }

    private UserException late() {
        return answers
                ? new UserException(
                        ErrorCode.TIMED_OUT,
                        "the daemon gave no answer within " + REPLY_LIMIT.toSeconds() + " s",
                        "its log says what it does")
                : HungDaemon.of(home);
    }

    private static Answer resultOf(Answer reply) {
        if (!reply.has("error")) {
            return reply.view("result");
        }
        Answer error = reply.view("error");
        Answer data = error.view("data");
        throw new UserException(codeOf(data.text("code")), error.text("message"), data.text("hint"));
    }

    /** A daemon of a later version may know codes that this program does not. */
    private static ErrorCode codeOf(String name) {
        try {
            return ErrorCode.valueOf(name);
        } catch (IllegalArgumentException e) {
            return ErrorCode.INTERNAL;
        }
    }

    @Override
    public void close() {
        try (selector;
                channel) {
            key.cancel();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the control connection did not close", e);
        }
    }
}
