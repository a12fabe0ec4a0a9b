package bitween.link.mapping;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One question by UDP to the router, repeated as RFC 6886 section 3.1 has it but for fewer times, and its answer. */
final class RouterQuestion {
    /** An answer on the same wire takes milliseconds; a box that speaks nothing of this must not hold us up. */
    private static final int[] WAITS_MS = {250, 500, 1_000};
    /** RFC 6887 section 7: no message is longer. */
    private static final int MAX_BYTES = 1_100;

    private final InetSocketAddress router;
    private final BooleanSupplier givenUp;

    /** @param givenUp asked between waits whether we are closing */
    RouterQuestion(InetSocketAddress router, BooleanSupplier givenUp) {
        this.router = router;
        this.givenUp = givenUp;
    }

    /** Reads an answer. */
    interface Reader<T> {
        /**
         * @return null when this is no answer to the question: another may follow
         * @throws IOException when it is one, and says no
         */
        @Nullable
        T read(ByteBuffer answer) throws IOException;
    }

    /**
     * @param question made for the address from which it is asked
     * @throws IOException when nothing that makes sense came from the router
     */
    <T> T ask(Function<InetAddress, byte[]> question, Reader<T> reader) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(router); // the kernel then drops what comes from anybody else
            byte[] bytes = question.apply(socket.getLocalAddress());
            for (int waitMs : WAITS_MS) {
                socket.send(new DatagramPacket(bytes, bytes.length));
                T answer = await(socket, waitMs, reader);
                if (answer != null) {
                    return answer;
                }
                if (givenUp.getAsBoolean()) {
                    break;
                }
            }
        }
        throw new IOException("no answer from " + router);
    }

    private static <T> @Nullable T await(DatagramSocket socket, int waitMs, Reader<T> reader) throws IOException {
        long deadline = System.nanoTime() + waitMs * 1_000_000L;
        for (long leftMs = waitMs; leftMs > 0; leftMs = (deadline - System.nanoTime()) / 1_000_000) {
            DatagramPacket packet = new DatagramPacket(new byte[MAX_BYTES], MAX_BYTES);
            socket.setSoTimeout((int) leftMs);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                return null;
            }
            T answer = reader.read(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
            if (answer != null) {
                return answer;
            }
        }
        return null;
    }
}
