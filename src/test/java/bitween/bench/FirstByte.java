package bitween.bench;

import bitween.config.Home;
import bitween.config.Homes;
import bitween.control.client.ControlClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code FirstByte HOME DOWNLOADS REF...}: gets one share, a file of random bytes, after the other through the daemon of HOME, and prints for each the microseconds from the request
 * until the request is answered and until bytes of it are in a file below DOWNLOADS.
 */
public final class FirstByte {
    private static final long PATIENCE_SECONDS = 60;
    private static final int ENOUGH_BYTES = 16;

    private FirstByte() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Path.of(arguments[0]);
        Home home = Homes.resolve(directory, Map.of(), directory);
        Path downloads = Path.of(arguments[1]);
        for (String ref : Arrays.asList(arguments).subList(2, arguments.length)) {
            try (ControlClient client = ControlClient.connect(home)) {
                long begin = System.nanoTime();
                client.call("job.get", Map.of("ref", ref));
                long answered = System.nanoTime();
                awaitBytes(downloads, ref.substring(ref.indexOf('/') + 1));
                System.out.println((answered - begin) / 1_000 + " " + (System.nanoTime() - begin) / 1_000);
            }
        }
    }

    private static void awaitBytes(Path downloads, String name) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!hasBytes(downloads.resolve(name)) && !isStaged(downloads, name)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("no byte of " + name + " came");
            }
            TimeUnit.MICROSECONDS.sleep(500);
        }
    }

    private static boolean isStaged(Path downloads, String name) throws IOException {
        try (DirectoryStream<Path> staging = Files.newDirectoryStream(downloads, ".bitween-*")) {
            for (Path folder : staging) {
                if (hasBytes(folder.resolve(name))) {
                    return true;
                }
            }
            return false;
        }
    }

    /** What has not come yet is zeros. */
    private static boolean hasBytes(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            byte[] first = content.readNBytes(ENOUGH_BYTES);
            return !Arrays.equals(first, new byte[first.length]);
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
