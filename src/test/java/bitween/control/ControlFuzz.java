package bitween.control;

import bitween.control.client.Json;
import bitween.control.client.Lines;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a client of the socket may write: each line is answered by one line of JSON. */
public final class ControlFuzz {
    private static final JsonRpc RPC = new JsonRpc(new Methods());

    private static final AtomicLong REFUSED = new AtomicLong();

    private ControlFuzz() {}

    public static List<byte[]> seeds() {
        return Stream.of(
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"Api.methods\",\"params\":{\"a\":[1.5e3,null,true]}}\n",
                        "{\"jsonrpc\":\"2.0\",\"id\":\"\\u0000\",\"method\":\"status\"}\n[]\n",
                        "[".repeat(33) + "\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        Lines lines = new Lines(4_096);
        lines.add(ByteBuffer.wrap(input));
        try {
            for (String line = next(lines); line != null; line = next(lines)) {
                String reply = RPC.handle(line);
                if (reply != null && (reply.indexOf('\n') >= 0 || Json.read(reply) == null)) {
                    throw new AssertionError("answered by what is no line of JSON: " + reply);
                }
            }
        } catch (Lines.LineTooLong e) {
            return; // the connection ends
        }
    }

    private static @Nullable String next(Lines lines) throws Lines.LineTooLong {
        while (true) {
            try {
                return lines.next();
            } catch (CharacterCodingException e) {
                REFUSED.incrementAndGet(); // it is consumed, and told
            }
        }
    }
}
