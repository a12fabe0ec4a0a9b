package bitween.bencode;

import bitween.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Any bytes are skipped, or refused. */
public final class BencodeFuzz {
    private BencodeFuzz() {}

    public static List<byte[]> seeds() {
        return Stream.of(
                        "d1:ai1e1:bl2:cd1:ee1:fd1:g0:ee",
                        "i-9223372036854775808e",
                        "l" + "l".repeat(32),
                        "99999999999:x")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            BencodeReader reader = BencodeReader.of(Bytes.of(input), 1 << 20, 10_000);
            reader.skip();
            reader.finish();
        } catch (BencodeException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("refused without a reason", e);
            }
        }
    }
}
