package bitween.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/** Runs the command lines of clients that leave that to the daemon. */
@FunctionalInterface
public interface CommandServer {
    /** A client that says this instead of a request is such a client, and knows from the same line in answer that this daemon is such a daemon. */
    String GREETING = "command 1";

    /** Takes no commands. */
    CommandServer NONE = channel -> {};

    /**
     * Says all else that is said on {@code channel}, and returns when the client is gone. Thread: {@code control-n}, which may wait for that long.
     *
     * @throws InterruptedException when the daemon stops
     */
    void serve(SocketChannel channel) throws IOException, InterruptedException;
}
