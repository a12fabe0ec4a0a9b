package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.InfoHash;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerHandshakeTest {
    private static final InfoHash HASH = new InfoHash("0123456789abcdef0123456789abcdef01234567");

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 68, 200})
    void a_handshake_is_read_however_its_bytes_come(int atOnce) throws IOException {
        ByteBuffer sent = handshake();

        PeerHandshake read = PeerHandshake.read(inPartsOf(atOnce, sent));

        assertThat(read.hash()).isEqualTo(HASH);
        assertThat(read.buffer()).isEqualTo(handshake());
    }

    @Test
    void what_follows_stays_where_it_is() throws IOException {
        ByteBuffer sent =
                ByteBuffer.allocate(100).put(handshake()).put((byte) 42).rewind();

        PeerHandshake.read(inPartsOf(100, sent));

        assertThat(sent.get()).isEqualTo((byte) 42);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001", "\u0013BitTorrent protocoX", "\u0000"})
    void another_protocol_is_noticed_at_its_first_wrong_byte(String sent) {
        ByteBuffer bytes = ByteBuffer.wrap(sent.getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> PeerHandshake.read(inPartsOf(1, bytes)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no handshake of BitTorrent");
    }

    @Test
    void one_that_ends_early_is_none() {
        ByteBuffer bytes = handshake().limit(67);

        assertThatThrownBy(() -> PeerHandshake.read(inPartsOf(67, bytes)))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("67 of the 68");
    }

    static ByteBuffer handshake() {
        return handshake(HASH);
    }

    static ByteBuffer handshake(InfoHash hash) {
        return ByteBuffer.allocate(PeerHandshake.BYTES)
                .put("\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1))
                .put(new byte[8])
                .put(hash.bytes())
                .put("-BW0100-abcdefghijkl".getBytes(StandardCharsets.US_ASCII))
                .flip();
    }

    private static PeerHandshake.Source inPartsOf(int atOnce, ByteBuffer sent) {
        return into -> {
            if (!sent.hasRemaining()) {
                return -1;
            }
            int count = Math.min(Math.min(atOnce, sent.remaining()), into.remaining());
            for (int i = 0; i < count; i++) {
                into.put(sent.get());
            }
            return count;
        };
    }
}
