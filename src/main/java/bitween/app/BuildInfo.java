package bitween.app;

import bitween.control.client.Versions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** What this program was built of; the build writes it into a resource. */
final class BuildInfo {
    private static final String RESOURCE = "/bitween/versions.properties";

    private BuildInfo() {}

    /** @param libtorrent as the native library says; null where it is not loaded: then the one that libtorrent4j was built of */
    static Versions versions(@Nullable String libtorrent) {
        Properties built = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program was built without " + RESOURCE);
            }
            built.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Versions(
                built.getProperty("bitween"),
                System.getProperty("java.version"),
                libtorrent == null ? built.getProperty("libtorrent4j").replaceFirst("-.*", "") : libtorrent,
                built.getProperty("libtorrent4j"),
                built.getProperty("smack"),
                built.getProperty("sqlite"));
    }
}
