package bitween.testing;

import bitween.model.InfoHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

/** What bad peers do to whoever wants something of them, or has something. Each ends when the other side has had enough. */
public final class BadHabits {
    private BadHabits() {}

    /** Has everything, and sends something else. */
    public static void sendsRubbish(PeerWire wire, InfoHash hash) throws IOException {
        wire.writeHandshake(hash);
        wire.write(PeerWire.HAVE_ALL);
        wire.write(PeerWire.UNCHOKE);
        Random random = new Random(1);
        while (true) {
            PeerWire.Message message = wire.read();
            if (message.id() == PeerWire.REQUEST) {
                ByteBuffer request = message.payload();
                ByteBuffer piece = ByteBuffer.allocate(8 + request.getInt(8));
                random.nextBytes(piece.array());
                piece.putInt(request.getInt(0)).putInt(request.getInt(4));
                wire.write(PeerWire.PIECE, piece.array());
            }
        }
    }
}
