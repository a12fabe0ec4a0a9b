package bitween.link;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Watches any number of doors, and hands on who comes in. Thread: one of its own accepts; everything else any. */
final class Acceptor implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(Acceptor.class);
    private static final long CLOSE_MS = 1_000;

    private final Selector selector;
    private final Consumer<SocketChannel> guests;
    private final Thread thread;

    private Acceptor(Selector selector, String name, Consumer<SocketChannel> guests) {
        this.selector = selector;
        this.guests = guests;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /**
     * @param name of the thread
     * @param guests gets each connection, which is blocking; must only hand it on, and owns it then
     * @throws IOException when the system has no selector left
     */
    static Acceptor start(String name, Consumer<SocketChannel> guests) throws IOException {
        Acceptor acceptor = new Acceptor(Selector.open(), name, guests);
        acceptor.thread.start();
        return acceptor;
    }

    /**
     * Accepts at {@code door}, too, until it is closed.
     *
     * @throws IOException when the acceptor is closed already
     */
    void watch(ServerSocketChannel door) throws IOException {
        try {
            door.configureBlocking(false);
            door.register(selector, SelectionKey.OP_ACCEPT);
        } catch (ClosedSelectorException e) {
            throw new IOException("nobody is let in any more", e);
        }
        selector.wakeup();
    }

    /** A door was closed: only then does the system close it for good. */
    void forgetClosed() {
        selector.wakeup();
    }

    private void run() {
        while (selector.isOpen()) {
            try {
                selector.select(this::accept);
            } catch (ClosedSelectorException e) {
                return;
            } catch (IOException e) {
                log.error("nobody can be let in any more", e);
                return;
            }
        }
    }

    private void accept(SelectionKey key) {
        try {
            SocketChannel guest = Sockets.accept((ServerSocketChannel) key.channel());
            if (guest != null) {
                guests.accept(guest);
            }
        } catch (ClosedChannelException e) {
            log.debug("the door was closed while somebody came");
        }
    }

    /** Lets nobody in any more; who is in stays, and the doors are the caller's to close. Idempotent; within 1 s. */
    @Override
    public void close() {
        try {
            selector.close();
            thread.join(CLOSE_MS);
        } catch (IOException e) {
            log.debug("closing the selector failed: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
