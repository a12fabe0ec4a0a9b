package bitween.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * A network between a client and a server on this machine that breaks as networks do: it can hold back what either side says, or be slow, and it never tells
 * the server that a client has gone. Thread: one that accepts, and two a connection.
 */
public final class TcpProxy implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(TcpProxy.class);

    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
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

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(target.getAddress(), target.getPort());
                sockets.add(client);
                sockets.add(server);
                daemon("proxy-up", () -> pump(client, server, toServer));
                daemon("proxy-down", () -> pump(server, client, toClient));
            } catch (IOException e) {
                log.debug("no connection: {}", e.getMessage());
            }
        }
    }

    /** To the end of {@code from}, which {@code to} does not hear of. */
    private static void pump(Socket from, Socket to, Gate gate) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8_192];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                gate.pass(count);
                out.write(buffer, 0, count);
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
