package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Which TLS is at the two ends of a test's connection. */
enum Engines {
    BORING_TO_BORING(true, true),
    BORING_TO_JDK(true, false),
    JDK_TO_BORING(false, true),
    JDK_TO_JDK(false, false);

    private final boolean boringDials;
    private final boolean boringAccepts;

    Engines(boolean boringDials, boolean boringAccepts) {
        this.boringDials = boringDials;
        this.boringAccepts = boringAccepts;
    }

    Tls dialler(DeviceKey key) {
        return boringDials ? boring(key) : Tls.jdk(key);
    }

    Tls acceptor(DeviceKey key) {
        return boringAccepts ? boring(key) : Tls.jdk(key);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Where these tests run, the native has to load. */
    static Tls boring(DeviceKey key) {
        assertThat(BoringTls.unavailable(Natives.DIRECTORY)).isNull();
        return new BoringTls(key);
    }

    private static final class Natives {
        static final Path DIRECTORY = directory();

        private static Path directory() {
            try {
                Path directory = Files.createTempDirectory("bitween-natives");
                directory.toFile().deleteOnExit();
                return directory;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
