package bitween.link;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.Ticket;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Frames that a friend's device sends: each is read and understood, or ends the link. */
public final class FrameFuzz {
    private static final InfoHash HASH = new InfoHash("a".repeat(40));

    private FrameFuzz() {}

    public static List<byte[]> seeds() {
        Ticket ticket = new Ticket(Instant.EPOCH, Bytes.of(new byte[72]));
        return Stream.of(
                        Frame.ping(InetAddress.getLoopbackAddress()),
                        new Frame(Frame.Type.CALL),
                        Frame.ask(1, new PageQuery(PageQuery.Kind.CATALOGUE, null, "r", 7)),
                        Frame.ask(2, new PageQuery(PageQuery.Kind.INFO, HASH, "", 0)),
                        Frame.page(3, new Page("r", 3, 0, Bytes.of(new byte[] {1, 2, 3}))),
                        Frame.ticketWanted(4, HASH),
                        Frame.helpWanted(5, ticket),
                        Frame.ticket(6, ticket),
                        Frame.refusal(7, ErrorCode.UNKNOWN_SHARE))
                .map(frame -> frame.encoded().array())
                .toList();
    }

    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuffer rest = ByteBuffer.wrap(input);
        try {
            for (Frame frame = Frame.read(into -> fill(into, rest)); frame != null; ) {
                understand(frame);
                frame = Frame.read(into -> fill(into, rest));
            }
        } catch (IOException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("refused without a reason", e);
            }
        }
    }

    private static boolean fill(ByteBuffer into, ByteBuffer from) throws IOException {
        if (!from.hasRemaining()) {
            return false;
        }
        if (from.remaining() < into.remaining()) {
            throw new IOException("ended");
        }
        int count = into.remaining();
        into.put(from.slice().limit(count)).flip();
        from.position(from.position() + count);
        return true;
    }

    private static void understand(Frame frame) throws IOException {
        Object unused = switch (frame.type()) {
            case PING -> String.valueOf(frame.seen());
            case ALIVE, CALL -> frame;
            case ASK -> frame.query();
            case PAGE -> frame.page();
            case TICKET_WANTED -> frame.hash();
            case HELP_WANTED, TICKET -> frame.ticket();
            case REFUSAL -> frame.refusal();
        };
    }
}
