package bitween.testing;

import static bitween.testing.PeerWire.BLOCK_BYTES;

import bitween.model.InfoHash;
import bitween.testing.BadPeer.Strategy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** What bad peers do. Each ends when the other side has had enough, or has had all of it. */
public final class BadHabits {
    private static final int MANY = 20_000;
    private static final int DEEP = 200_000;

    private BadHabits() {}

    /** Towards somebody who comes for a share. */
    public static Map<String, Strategy> ofSources() {
        Map<String, Strategy> habits = new LinkedHashMap<>();
        habits.put("silent", (wire, hash) -> wire.readAll());
        habits.put("half a handshake", BadHabits::beginsItsHandshake);
        habits.put("another protocol", BadHabits::speaksHttp);
        habits.put("huge length", BadHabits::announcesHugeMessages);
        habits.put("bad bitfield", BadHabits::sendsBadBitfields);
        habits.put("rubbish", BadHabits::sendsRubbish);
        habits.put("liar", BadHabits::promisesAllAndAnswersNothing);
        habits.put("never unchokes", BadHabits::neverUnchokes);
        habits.put("have flood", BadHabits::floodsWithHaves);
        habits.put("unrequested", BadHabits::sendsWhatNobodyAskedFor);
        habits.put("metadata liar", BadHabits::liesAboutMetadata);
        habits.put("extension bomb", BadHabits::sendsNestedExtensions);
        habits.put("address spray", BadHabits::spraysAddresses);
        return habits;
    }

    /** Towards somebody who has a share. */
    public static Map<String, Strategy> ofTakers() {
        Map<String, Strategy> habits = new LinkedHashMap<>();
        habits.put("request flood", BadHabits::floodsWithRequests);
        habits.put("bad requests", BadHabits::asksForWhatThereIsNot);
        habits.put("choke flapping", BadHabits::flaps);
        habits.put("resets", BadHabits::resets);
        habits.put("never reads", BadHabits::neverReads);
        return habits;
    }

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

    private static void beginsItsHandshake(PeerWire wire, InfoHash hash) throws IOException {
        wire.raw("\u0013BitTorrent pro".getBytes(StandardCharsets.ISO_8859_1));
        wire.readAll();
    }

    private static void speaksHttp(PeerWire wire, InfoHash hash) throws IOException {
        wire.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        wire.readAll();
    }

    private static void announcesHugeMessages(PeerWire wire, InfoHash hash) throws IOException {
        wire.writeHandshake(hash);
        wire.raw(PeerWire.ints(Integer.MAX_VALUE, -1, Integer.MIN_VALUE));
        wire.readAll();
    }

    private static void sendsBadBitfields(PeerWire wire, InfoHash hash) throws IOException {
        wire.writeHandshake(hash);
        wire.write(PeerWire.BITFIELD);
        wire.write(PeerWire.BITFIELD, new byte[1_000_000]);
        wire.write(PeerWire.BITFIELD, (byte) 0xFF);
        wire.readAll();
    }

    private static void promisesAllAndAnswersNothing(PeerWire wire, InfoHash hash) throws IOException {
        wire.writeHandshake(hash);
        wire.write(PeerWire.HAVE_ALL);
        wire.write(PeerWire.UNCHOKE);
        wire.readAll();
    }

    private static void neverUnchokes(PeerWire wire, InfoHash hash) throws IOException {
        wire.writeHandshake(hash);
        wire.write(PeerWire.HAVE_ALL);
        wire.readAll();
    }

    private static void floodsWithHaves(PeerWire wire, InfoHash hash) throws IOException {
        wire.writeHandshake(hash);
        for (int i = 0; i < MANY; i++) {
            wire.writeInts(PeerWire.HAVE, 0);
            wire.writeInts(PeerWire.HAVE, i % 3 == 0 ? -1 : i);
        }
        wire.readAll();
    }

    private static void sendsWhatNobodyAskedFor(PeerWire wire, InfoHash hash) throws IOException {
        wire.writeHandshake(hash);
        wire.write(PeerWire.HAVE_ALL);
        byte[] block = new byte[8 + BLOCK_BYTES];
        for (int i = 0; i < MANY / 10; i++) {
            ByteBuffer.wrap(block).putInt(i % 4).putInt(BLOCK_BYTES * (i % 16));
            wire.write(PeerWire.PIECE, block);
        }
        wire.readAll();
    }

    private static void liesAboutMetadata(PeerWire wire, InfoHash hash) throws IOException {
        wire.writeHandshake(hash);
        extended(wire, 0, "d1:md11:ut_metadatai2ee13:metadata_sizei1000000000ee");
        extended(wire, 0, "d1:md11:ut_metadatai2ee13:metadata_sizei-1ee");
        extended(wire, 2, "d8:msg_typei1e5:piecei0e10:total_sizei1000000000ee" + "x".repeat(BLOCK_BYTES));
        extended(wire, 2, "d8:msg_typei0e5:piecei-1ee");
        wire.readAll();
    }

    private static void sendsNestedExtensions(PeerWire wire, InfoHash hash) throws IOException {
        wire.writeHandshake(hash);
        extended(wire, 0, "l".repeat(DEEP) + "e".repeat(DEEP));
        extended(wire, 0, "d1:md".repeat(DEEP));
        wire.readAll();
    }

    /** Addresses of the network for documentation (RFC 5737): nobody is there. */
    private static void spraysAddresses(PeerWire wire, InfoHash hash) throws IOException {
        wire.writeHandshake(hash);
        extended(wire, 0, "d1:md6:ut_pexi1eee");
        StringBuilder added = new StringBuilder();
        for (int i = 0; i < MANY / 4; i++) {
            added.append("\u00CB\u0000q")
                    .append((char) (i % 254 + 1))
                    .append((char) (i / 254))
                    .append((char) 80);
        }
        String peers = added.toString();
        extended(wire, 1, "d5:added" + peers.length() + ":" + peers + "7:added.f0:e");
        wire.readAll();
    }

    private static void floodsWithRequests(PeerWire wire, InfoHash hash) throws IOException {
        wire.readHandshake();
        wire.write(PeerWire.INTERESTED);
        ByteBuffer flood = ByteBuffer.allocate(17 * MANY);
        for (int i = 0; i < MANY; i++) {
            flood.put(PeerWire.framed(PeerWire.REQUEST, PeerWire.ints(0, 0, BLOCK_BYTES)));
        }
        wire.raw(flood.array());
        wire.raw(flood.array());
    }

    private static void asksForWhatThereIsNot(PeerWire wire, InfoHash hash) throws IOException {
        wire.readHandshake();
        wire.write(PeerWire.INTERESTED);
        for (int i = 0; i < MANY / 100; i++) {
            wire.writeInts(PeerWire.REQUEST, -1, 0, BLOCK_BYTES);
            wire.writeInts(PeerWire.REQUEST, Integer.MAX_VALUE, 0, BLOCK_BYTES);
            wire.writeInts(PeerWire.REQUEST, 0, -1, BLOCK_BYTES);
            wire.writeInts(PeerWire.REQUEST, 0, 0, 0);
            wire.writeInts(PeerWire.REQUEST, 0, 0, Integer.MIN_VALUE);
            wire.writeInts(PeerWire.CANCEL, 7, 7, 7);
        }
        wire.readAll();
    }

    private static void flaps(PeerWire wire, InfoHash hash) throws IOException {
        wire.readHandshake();
        for (int i = 0; i < MANY / 10; i++) {
            wire.write(PeerWire.INTERESTED);
            wire.write(PeerWire.CHOKE);
            wire.writeInts(PeerWire.REQUEST, 0, 0, BLOCK_BYTES);
            wire.writeInts(PeerWire.CANCEL, 0, 0, BLOCK_BYTES);
            wire.write(PeerWire.INTERESTED + 1);
            wire.write(PeerWire.UNCHOKE);
        }
    }

    private static void resets(PeerWire wire, InfoHash hash) throws IOException {
        wire.readHandshake();
        wire.write(PeerWire.INTERESTED);
        wire.reset();
    }

    private static void neverReads(PeerWire wire, InfoHash hash) throws IOException {
        wire.readHandshake();
        wire.write(PeerWire.INTERESTED);
        while (true) { // until nobody takes it any more, and then until the end
            wire.writeInts(PeerWire.REQUEST, 0, 0, BLOCK_BYTES);
        }
    }

    private static void extended(PeerWire wire, int id, String bencoded) throws IOException {
        byte[] text = bencoded.getBytes(StandardCharsets.ISO_8859_1);
        wire.write(
                PeerWire.EXTENDED,
                ByteBuffer.allocate(1 + text.length).put((byte) id).put(text).array());
    }
}
