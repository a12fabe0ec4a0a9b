package bitween.config;

import bitween.model.UserException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Whatever stands in bitween.toml is a configuration, or is refused with a sentence. */
public final class ConfigFuzz {
    private static final Home HOME = Home.in(Path.of("/tmp/nowhere"));

    static {
        // as where bitween runs: some of tomlj's own do not hold, and without them it names the mistake
        ConfigFuzz.class.getClassLoader().setPackageAssertionStatus("org.tomlj", false);
    }

    private ConfigFuzz() {}

    public static List<byte[]> seeds() {
        return Stream.of(
                        "[xmpp]\njid = \"alice@example.org\"\n[network]\nport = 7000\nallow = [\"loopback\", '10.0.0.0/8']\n",
                        "[downloads]\ndirectory = \"~/x\"\nactive = 3\n[sharing]\naudience = [\"@family\"]\nhidden = true\n",
                        "a.b.c = 1979-05-27T07:32:00Z\nd = { e = [0xff, inf], f = \"\"\"\n\\u0041\"\"\" }\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            ConfigFile.parse(
                    Path.of("bitween.toml"), new String(input, StandardCharsets.UTF_8), HOME, Path.of("/tmp/nobody"));
        } catch (UserException e) {
            if (e.sentence().isEmpty()) {
                throw new AssertionError("refused without a reason", e);
            }
        }
    }
}
