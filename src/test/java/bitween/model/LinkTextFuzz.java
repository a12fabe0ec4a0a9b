package bitween.model;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Magnet links and addresses, as people paste them and devices announce them. */
public final class LinkTextFuzz {
    private LinkTextFuzz() {}

    public static List<byte[]> seeds() {
        return Stream.of(
                        "magnet:?xt=urn:btih:" + "0a".repeat(20) + "&dn=a%20b%C3%A9&tr=x",
                        "abcdefghijklmnopqrstuvwxyz234567",
                        "[2001:db8::1]:6881",
                        "192.0.2.1:65535",
                        "name@example.org")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        try {
            Magnet magnet = Magnet.parse(text);
            if (!Magnet.parse(magnet.toString()).equals(magnet)) {
                throw new AssertionError("another link than " + magnet);
            }
        } catch (IllegalArgumentException e) {
            address(text);
        }
    }

    private static void address(String text) {
        try {
            PeerAddress address = PeerAddress.parse(text);
            if (!PeerAddress.parse(address.toString()).equals(address)) {
                throw new AssertionError("another address than " + address);
            }
        } catch (IllegalArgumentException e) {
            jid(text);
        }
    }

    private static void jid(String text) {
        try {
            if (new Jid(text).toString().isEmpty()) {
                throw new AssertionError("nobody");
            }
        } catch (IllegalArgumentException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("refused without a reason", e);
            }
        }
    }
}
