package bitween.bench;

import bitween.model.Bytes;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.Scan;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * {@code TorrentFile PATH FILE [TRACKER]}: writes PATH's metadata as a .torrent, for the clients that we are compared with, and prints its info-hash.
 */
public final class TorrentFile {
    private TorrentFile() {}

    public static void main(String[] arguments) throws IOException, NoSuchAlgorithmException {
        try (Hasher hasher = new Hasher()) {
            Scan scan = hasher.scan(
                            HashBenchmark.scanner(), Path.of(arguments[0]).toAbsolutePath(), null)
                    .join();
            Bytes encoded = hasher.hash(scan, bytes -> {}).join().encoded();
            byte[] info = encoded.toArray();
            try (OutputStream out = Files.newOutputStream(Path.of(arguments[1]))) {
                String announce = arguments.length > 2 ? "8:announce" + arguments[2].length() + ":" + arguments[2] : "";
                out.write(("d" + announce + "4:info").getBytes(StandardCharsets.US_ASCII));
                out.write(info);
                out.write('e');
            }
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(info);
            System.out.println(HexFormat.of().formatHex(hash));
        }
    }
}
