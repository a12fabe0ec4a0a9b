package bitween.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * A network between clients and a server on this machine that breaks as networks do: it can hold back what either side says, be slow, reset connections, lose
 * them, or take new ones only to close them or to say nothing, and it never tells the server that a client has gone. Thread: one that accepts, and two a connection.
 */
public final class TcpProxy implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(TcpProxy.class);

    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile boolean closesAtOnce;
    private volatile boolean saysNothing;
    /** Connections up to this number are lost. */
    private volatile int lost;

    private final Gate toServer = new Gate();
    private final Gate toClient = new Gate();

    private TcpProxy(InetSocketAddress target, ServerSocket listener) {
        this.target = target;
        this.listener = listener;
    }

    /** @param port the server's, on loopback */
    public static TcpProxy to(int port) throws IOException {
        return to("127.0.0.1:" + port);
    }

    /** @param target ADDRESS:PORT */
    public static TcpProxy to(String target) throws IOException {
        int colon = target.indexOf(':');
        var address = new InetSocketAddress(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
        var proxy = new TcpProxy(address, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        daemon("proxy-accept", proxy::accept);
        return proxy;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** From now on nothing that clients say arrives, until {@link #release}. */
    public void holdToServer() {
        toServer.hold(true);
    }

    /** From now on nothing that the server says arrives, until {@link #release}. */
    public void holdToClient() {
        toClient.hold(true);
    }

    /** From now on no more than this passes, each way, all connections together; the first {@code burstBytes} of it at once. */
    public void limit(int bytesPerSecond, int burstBytes) {
        toServer.limit(bytesPerSecond, burstBytes);
        toClient.limit(bytesPerSecond, burstBytes);
    }

    /** What was held back arrives. */
    public void release() {
        toServer.hold(false);
        toClient.hold(false);
    }

    /** What stands is reset, towards both sides. */
    public void reset() throws IOException {
        for (Socket socket : List.copyOf(sockets)) {
            socket.setSoLinger(true, 0);
            socket.close();
            sockets.remove(socket);
        }
    }

    /** What stands carries nothing any more and nobody is told, as when a router forgets it; new connections are as good as ever. */
    public void lose() {
        lost = connections.get();
    }

    /** Whether new connections are taken and closed before a word is said, as by something in front of a server that is away. */
    public void closesAtOnce(boolean now) {
        closesAtOnce = now;
    }

    /** Whether new connections are taken and left alone, for good, as by a server that hangs. */
    public void saysNothing(boolean now) {
        saysNothing = now;
    }

    /** How often somebody came, whatever became of it. */
    public int attempts() {
        return attempts.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                welcome(listener.accept());
            } catch (IOException e) {
                log.debug("no connection: {}", e.getMessage());
            }
        }
    }

    private void welcome(Socket client) throws IOException {
        attempts.incrementAndGet();
        if (saysNothing) {
            sockets.add(client);
            return;
        }
        Socket server;
        try {
            if (closesAtOnce) {
                throw new SocketException("closed at once");
            }
            server = new Socket(target.getAddress(), target.getPort());
        } catch (IOException e) {
            client.close();
            throw e;
        }
        sockets.add(client);
        sockets.add(server);
        int number = connections.incrementAndGet();
        daemon("proxy-up", () -> pump(number, client, server, toServer));
        daemon("proxy-down", () -> pump(number, server, client, toClient));
    }

    /** To the end of {@code from}, which {@code to} does not hear of. */
    private void pump(int number, Socket from, Socket to, Gate gate) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8_192];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                gate.pass(count);
                if (number > lost) {
                    out.write(buffer, 0, count);
                }
            }
        } catch (SocketException e) {
            log.debug("one side is gone: {}", e.getMessage());
        } catch (IOException e) {
            log.warn("the pump failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Cuts everything. */
    @Override
    public void close() throws IOException {
        listener.close();
        release();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Lets through, or not, or not so fast. */
    private static final class Gate {
        private boolean held;
        /** 0: as fast as can be. */
        private int bytesPerSecond;

        /** When all that has passed is paid for. */
        private long paidNs;

        synchronized void limit(int rate, int burstBytes) {
            bytesPerSecond = rate;
            paidNs = System.nanoTime() - costNs(burstBytes);
        }

        private long costNs(int bytes) {
            return TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond;
        }

        synchronized void hold(boolean now) {
            held = now;
            notifyAll();
        }

        synchronized void pass(int bytes) throws InterruptedException {
            while (held) {
                wait();
            }
            if (bytesPerSecond > 0) {
                paidNs += costNs(bytes);
                for (long left = paidNs - System.nanoTime(); left > 0; left = paidNs - System.nanoTime()) {
                    wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
                }
            }
        }
    }
}
