package bitween.link.mapping;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** What a router, or whoever poses as one, describes itself by. */
public final class RouterFuzz {
    private RouterFuzz() {}

    public static List<byte[]> seeds() {
        return Stream.of(
                        "<?xml version='1.0'?><device xmlns=\"x\"><!-- c --><s:item a='1'>one</s:item><b/>&lt;</device>",
                        "<a>".repeat(31) + "</a>".repeat(31))
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            RouterXml.parse(new String(input, StandardCharsets.UTF_8));
        } catch (IOException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("refused without a reason", e);
            }
        }
    }
}
