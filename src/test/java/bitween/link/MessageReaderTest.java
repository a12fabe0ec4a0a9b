package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MessageReaderTest {
    private final List<String> came = new ArrayList<>();
    private final MessageReader reader = new MessageReader(new Heard(came), true);

    /** However the bytes are cut. */
    @Property(tries = 200)
    void each_block_is_found_wherever_the_bytes_are_cut(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        List<String> expected = new ArrayList<>();
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        sent.writeBytes(new byte[PeerHandshake.BYTES]);
        for (int i = 0; i < 50; i++) {
            if (random.nextBoolean()) {
                int piece = random.nextInt(1_000);
                int begin = random.nextInt(16) * 16_384;
                sent.writeBytes(message(7, 8 + random.nextInt(300), piece, begin));
                expected.add(piece + ":" + begin);
            } else {
                int id = random.nextInt(7);
                sent.writeBytes(message(id, random.nextInt(300), 7, 7));
                if (id == 6) {
                    expected.add("request");
                }
                sent.writeBytes(new byte[4]); // a keep-alive
            }
        }
        List<String> found = new ArrayList<>();
        MessageReader cut = new MessageReader(new Heard(found), true);
        ByteBuffer rest = ByteBuffer.wrap(sent.toByteArray());
        while (rest.hasRemaining()) {
            int some = Math.min(rest.remaining(), 1 + random.nextInt(200));
            ByteBuffer part = rest.slice().limit(some);
            cut.see(part);
            assertThat(part.remaining()).isEqualTo(some);
            rest.position(rest.position() + some);
        }

        assertThat(found).isEqualTo(expected);
    }

    @Test
    void a_block_came_once_it_is_whole() throws IOException {
        ByteBuffer block = ByteBuffer.wrap(message(7, 20, 3, 0));
        MessageReader serving = new MessageReader(new Heard(came), false);

        serving.see(block.slice().limit(24));
        assertThat(came).isEmpty();

        serving.see(block.slice().position(24));
        assertThat(came).containsExactly("3:0");
    }

    @Test
    void a_message_too_short_for_a_block_is_none() throws IOException {
        reader.see(ByteBuffer.allocate(PeerHandshake.BYTES));
        reader.see(ByteBuffer.wrap(message(7, 7, 1, 1)));
        reader.see(ByteBuffer.wrap(message(7, 8, 2, 0)));

        assertThat(came).containsExactly("2:0");
    }

    private record Heard(List<String> all) implements MessageReader.Messages {
        @Override
        public void block(int piece, int begin) {
            all.add(piece + ":" + begin);
        }

        @Override
        public void handshake(byte[] raw, int seen) {
            assertThat(seen).isBetween(1, raw.length);
        }

        @Override
        public void message(int id, long lengthBytes, ByteBuffer body) {
            if (id == MessageReader.REQUEST) {
                all.add("request");
            }
        }
    }

    /** @param bytes after the id; at least as many of the two numbers as fit */
    private static byte[] message(int id, int bytes, int piece, int begin) {
        byte[] numbers = ByteBuffer.allocate(8).putInt(piece).putInt(begin).array();
        return ByteBuffer.allocate(5 + bytes)
                .putInt(1 + bytes)
                .put((byte) id)
                .put(numbers, 0, Math.min(bytes, 8))
                .array();
    }
}
