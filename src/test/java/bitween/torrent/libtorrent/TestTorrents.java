package bitween.torrent.libtorrent;

import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.torrent.TorrentEngine.Torrent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes folders, the info dictionaries of what is in them, and the link folders that libtorrent sees. */
final class TestTorrents {
    static final int PIECE = 256 << 10;

    /** An info dictionary and its hash. */
    record Made(InfoHash hash, Bytes info, String name, int pieces) {
        Torrent torrent(Path savePath, Torrent.Start start, @Nullable Bytes resumeData) {
            return new Torrent(hash, info, savePath, start, resumeData);
        }
    }

    private TestTorrents() {}

    static Made of(Path content) throws IOException {
        return of(content, PIECE, Map.of());
    }

    /** @param extra more keys for the info dictionary */
    static Made of(Path content, int pieceBytes, Map<String, Object> extra) throws IOException {
        Map<String, Object> info = new TreeMap<>(extra);
        String name = content.getFileName().toString();
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(content)) {
            List<Object> entries = new ArrayList<>();
            try (Stream<Path> walk = Files.walk(content)) {
                walk.filter(Files::isRegularFile).sorted().forEach(files::add);
            }
            for (Path file : files) {
                List<Object> path = new ArrayList<>();
                content.relativize(file).forEach(part -> path.add(part.toString()));
                entries.add(Map.of("length", Files.size(file), "path", path));
            }
            info.put("files", entries);
        } else {
            files.add(content);
            info.put("length", Files.size(content));
        }
        byte[] pieces = pieces(files, pieceBytes);
        info.putIfAbsent("private", 1L);
        info.put("name", name);
        info.put("piece length", (long) pieceBytes);
        info.put("pieces", pieces);
        info.put("salt", new byte[16]);
        var out = new ByteArrayOutputStream();
        write(out, info);
        return new Made(
                InfoHash.of(sha1().digest(out.toByteArray())), Bytes.of(out.toByteArray()), name, pieces.length / 20);
    }

    /** home/links/HASH with the link NAME to {@code content}, as the worker makes it. */
    static Path link(Path home, Made made, Path content) throws IOException {
        Path folder = Files.createDirectories(
                home.resolve("links").resolve(made.hash().hex()));
        Path link = folder.resolve(made.name());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, content.toAbsolutePath());
        return folder;
    }

    static Path random(Path file, long bytes, long seed) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        var random = new Random(seed);
        byte[] block = new byte[1 << 20];
        try (var out = Files.newOutputStream(file)) {
            for (long left = bytes; left > 0; left -= block.length) {
                random.nextBytes(block);
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        }
        return file;
    }

    /** Relative path to SHA-1 of every file below {@code root}, or of {@code root} itself under "". */
    static Map<String, String> contents(Path root) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Iterator<Path> files = walk.filter(Files::isRegularFile).iterator(); files.hasNext(); ) {
                Path file = files.next();
                contents.put(
                        root.relativize(file).toString(),
                        InfoHash.of(pieces(List.of(file), Integer.MAX_VALUE >> 4, true))
                                .hex());
            }
        }
        return contents;
    }

    private static byte[] pieces(List<Path> files, int pieceBytes) throws IOException {
        return pieces(files, pieceBytes, false);
    }

    private static byte[] pieces(List<Path> files, int pieceBytes, boolean whole) throws IOException {
        var hashes = new ByteArrayOutputStream();
        MessageDigest sha1 = sha1();
        byte[] buffer = new byte[Math.min(pieceBytes, 1 << 20)];
        int filled = 0;
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                while (true) {
                    int count =
                            in.read(buffer, 0, whole ? buffer.length : Math.min(buffer.length, pieceBytes - filled));
                    if (count < 0) {
                        break;
                    }
                    sha1.update(buffer, 0, count);
                    filled += count;
                    if (!whole && filled == pieceBytes) {
                        hashes.writeBytes(sha1.digest());
                        filled = 0;
                    }
                }
            }
        }
        if (filled > 0 || whole) {
            hashes.writeBytes(sha1.digest());
        }
        return hashes.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, Object value) {
        if (value instanceof Long number) {
            out.writeBytes(ascii("i" + number + "e"));
        } else if (value instanceof byte[] bytes) {
            out.writeBytes(ascii(bytes.length + ":"));
            out.writeBytes(bytes);
        } else if (value instanceof String text) {
            write(out, text.getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof List<?> list) {
            out.write('l');
            list.forEach(one -> write(out, one));
            out.write('e');
        } else if (value instanceof Map<?, ?> map) {
            out.write('d');
            map.keySet().stream()
                    .map(Object::toString)
                    .sorted((a, b) -> Arrays.compareUnsigned(
                            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)))
                    .forEach(key -> {
                        write(out, key);
                        write(out, Objects.requireNonNull(map.get(key)));
                    });
            out.write('e');
        } else {
            throw new IllegalArgumentException("not bencodable: " + value);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
