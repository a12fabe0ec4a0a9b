package bitween.link.mapping;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** What a router does on one UDP port, on this machine: answers each packet as it is told to, in a thread of its own. */
final class FakeRouter implements AutoCloseable {
    private final DatagramSocket socket;
    private final DatagramSocket elsewhere;
    private final UnaryOperator<List<byte[]>> script;
    /** What came, oldest first. */
    final List<ByteBuffer> heard = new CopyOnWriteArrayList<>();
    /** Whether it answers from another port, as somebody else would. */
    volatile boolean isSomebodyElse;

    /** @param script gets one packet, gives the answers */
    FakeRouter(UnaryOperator<List<byte[]>> script) throws IOException {
        this.script = script;
        socket = new DatagramSocket(new InetSocketAddress(loopback(), 0));
        elsewhere = new DatagramSocket(new InetSocketAddress(loopback(), 0));
        Thread thread = new Thread(this::run, "fake-router");
        thread.setDaemon(true);
        thread.start();
    }

    static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private void run() {
        try {
            while (!socket.isClosed()) {
                DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
                socket.receive(packet);
                byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
                heard.add(ByteBuffer.wrap(question));
                for (byte[] answer : script.apply(List.of(question))) {
                    (isSomebodyElse ? elsewhere : socket)
                            .send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (SocketException e) {
            assert socket.isClosed() : e;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        socket.close();
        elsewhere.close();
    }
}
