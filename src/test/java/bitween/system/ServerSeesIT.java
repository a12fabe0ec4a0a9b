package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.EmbeddedServer;
import bitween.testing.Folders;
import bitween.testing.TestDaemon;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the XMPP server can read in a whole run: nothing of what is shared. */
class ServerSeesIT {
    /** What may be encoded bytes: a run of base64's or hexadecimal digits. */
    private static final Pattern ENCODED = Pattern.compile("[A-Za-z0-9+/_=-]{12,}");

    private static final int SIZE = 7_654_321;
    private static final int MAX_INFLATED = 1 << 20;

    @TempDir
    Path directory;

    private final Queue<String> stanzas = new ConcurrentLinkedQueue<>();

    @Test
    void no_stanza_of_a_whole_run_has_a_name_a_hash_or_a_size_of_a_share() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("Honeymoon-Xanadu"));
        Folders.file(folder.resolve("secretbeach.jpeg"), SIZE, 1);
        Answer share;
        try (EmbeddedServer server = new EmbeddedServer(directory, "alice", "bob")) {
            server.tap(stanzas::add);
            try (TestDaemon alice = TestDaemon.started(directory, server, "alice");
                    TestDaemon bob = TestDaemon.started(directory, server, "bob")) {
                alice.befriend(bob);
                share = alice.share(folder, "bob");
                bob.untilListed(alice, "Xanadu");
                bob.until(
                        "ls",
                        Map.of("path", "alice/Honeymoon-Xanadu"),
                        ls -> ls.fields().toString().contains("secretbeach"));
                assertThat(bob.get("alice/Honeymoon-Xanadu").text("state")).isEqualTo("COMPLETE");
                alice.call("share.revoke", Map.of("name", "Honeymoon-Xanadu", "from", List.of("bob")));
                alice.call("share.grant", Map.of("name", "Honeymoon-Xanadu", "to", List.of("everyone")));
                alice.call("share.rm", Map.of("name", "Honeymoon-Xanadu"));
                bob.until(
                        "ls",
                        Map.of("path", alice.jid()),
                        ls -> !ls.fields().toString().contains("Xanadu"));
            }
        }
        Map<String, byte[]> secrets = secrets(share);

        assertThat(stanzas).hasSizeGreaterThan(10).anyMatch(stanza -> stanza.contains("urn:bitween:1"));
        assertThat(stanzas.stream().flatMap(stanza -> found(stanza, secrets))).isEmpty();
        assertThat(secrets.entrySet())
                .as("what would be found")
                .allSatisfy(secret -> assertThat(disguises(secret.getValue()))
                        .allSatisfy(disguise -> assertThat(
                                        found("<x>" + disguise + "</x>", Map.of("it", secret.getValue())))
                                .contains("it")));
    }

    private static Map<String, byte[]> secrets(Answer share) {
        Map<String, byte[]> secrets = new LinkedHashMap<>();
        secrets.put("the share's name", text("Honeymoon"));
        secrets.put("a part of its name", text("Xanadu"));
        secrets.put("a file's name", text("secretbeach"));
        secrets.put("the info-hash", HexFormat.of().parseHex(share.text("hash")));
        secrets.put("the info-hash as text", text(share.text("hash")));
        secrets.put("the content id", HexFormat.of().parseHex(share.text("contentId")));
        secrets.put("the content id as text", text(share.text("contentId")));
        secrets.put("the size", text(Integer.toString(SIZE)));
        secrets.put("the size in bytes", ByteBuffer.allocate(8).putLong(SIZE).array());
        return secrets;
    }

    /** Ways to write it that are not encryption. */
    private static List<String> disguises(byte[] secret) throws IOException {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (var out = new java.util.zip.DeflaterOutputStream(deflated)) {
            out.write(text("some bytes before it "));
            out.write(secret);
            out.write(text(" and some after it"));
        }
        List<String> disguises = new ArrayList<>(List.of(
                HexFormat.of().formatHex(secret) + "0123456789ab",
                Base64.getEncoder().encodeToString(deflated.toByteArray())));
        for (String before : List.of("some bytes", "some bytes.", "some bytes..")) {
            byte[] whole = ByteBuffer.allocate(before.length() + secret.length + 10)
                    .put(text(before))
                    .put(secret)
                    .array();
            disguises.add(Base64.getEncoder().encodeToString(whole));
            disguises.add(Base64.getUrlEncoder().encodeToString(whole));
        }
        return disguises;
    }

    /** Which of them the stanza has, in plain text or in something encoded. */
    private static Stream<String> found(String stanza, Map<String, byte[]> secrets) {
        List<String> readings = new ArrayList<>(List.of(stanza));
        ENCODED.matcher(stanza).results().map(hit -> hit.group()).forEach(run -> readings.addAll(decoded(run)));
        return secrets.entrySet().stream()
                .filter(secret -> readings.stream()
                        .anyMatch(reading -> reading.toLowerCase(Locale.ROOT)
                                .contains(latin(secret.getValue()).toLowerCase(Locale.ROOT))))
                .map(Map.Entry::getKey);
    }

    private static List<String> decoded(String run) {
        List<String> readings = new ArrayList<>();
        String digits = run.replace('-', '+').replace('_', '/').replace("=", "");
        byte[] bytes =
                Base64.getDecoder().decode(digits.substring(0, digits.length() - (digits.length() % 4 == 1 ? 1 : 0)));
        readings.add(latin(bytes));
        readings.add(latin(inflated(bytes)));
        if (run.matches("[0-9a-fA-F]*")) {
            readings.add(latin(HexFormat.of().parseHex(run, 0, run.length() / 2 * 2)));
        }
        return readings;
    }

    private static byte[] inflated(byte[] bytes) {
        Inflater inflater = new Inflater();
        inflater.setInput(bytes);
        byte[] plain = new byte[MAX_INFLATED];
        try {
            return java.util.Arrays.copyOf(plain, inflater.inflate(plain));
        } catch (DataFormatException e) {
            return bytes; // not compressed
        } finally {
            inflater.end();
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
