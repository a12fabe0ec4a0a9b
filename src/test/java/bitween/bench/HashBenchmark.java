package bitween.bench;

import bitween.torrent.format.HashedShare;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.Scan;
import bitween.torrent.format.ShareScanner;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code HashBenchmark PATH RUNS}: makes a share of PATH over and over, from reading its folders to the encoded info dictionary, and prints the bytes and
 * the nanoseconds of each run. The first one, which warms the page cache and the JIT, is left out.
 */
public final class HashBenchmark {
    private HashBenchmark() {}

    public static void main(String[] arguments) {
        Path path = Path.of(arguments[0]).toAbsolutePath();
        int runs = Integer.parseInt(arguments[1]);
        try (Hasher hasher = new Hasher()) {
            for (int run = 0; run <= runs; run++) {
                long begin = System.nanoTime();
                Scan scan = hasher.scan(scanner(), path, null).join();
                HashedShare share = hasher.hash(scan, bytes -> {}).join();
                long tookNs = System.nanoTime() - begin;
                if (run > 0) {
                    System.out.println(share.info().totalBytes() + " " + tookNs);
                }
            }
        }
    }

    static ShareScanner scanner() {
        return new ShareScanner(new ShareScanner.Rules(
                ".bitweenignore", false, Path.of(System.getProperty("user.home")), List.of(), Path.of("downloads")));
    }
}
