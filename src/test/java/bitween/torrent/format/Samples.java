package bitween.torrent.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import bitween.model.Bytes;
import bitween.model.InfoHash;
import java.util.ArrayList;
import java.util.List;

/** Info dictionaries for tests. Their pieces hash to nothing. */
final class Samples {
    static final int PIECE = 256 << 10;
    static final Bytes SALT = Bytes.of("0123456789abcdef".getBytes(UTF_8));

    private Samples() {}

    /** A folder of files with 1, 2, … bytes at these paths, which use slashes; a path with a slash at its end is an empty folder. */
    static InfoDictionary folder(String name, String... paths) {
        List<FileEntry> files = new ArrayList<>();
        List<List<String>> empty = new ArrayList<>();
        for (String path : paths) {
            if (path.endsWith("/")) {
                empty.add(List.of(path.split("/")));
            } else {
                files.add(new FileEntry(List.of(path.split("/")), files.size() + 1L));
            }
        }
        return new InfoDictionary(name, PIECE, pieces(files), true, files, empty, SALT);
    }

    static InfoDictionary file(String name, long sizeBytes) {
        List<FileEntry> files = List.of(new FileEntry(List.of(name), sizeBytes));
        return new InfoDictionary(name, PIECE, pieces(files), false, files, List.of(), SALT);
    }

    static Bytes pieces(List<FileEntry> files) {
        long total = files.stream().mapToLong(FileEntry::sizeBytes).sum();
        return Bytes.of(new byte[(int) ((total + PIECE - 1) / PIECE * InfoDictionary.PIECE_HASH_BYTES)]);
    }

    static Bytes latin1(String text) {
        return Bytes.of(text.getBytes(ISO_8859_1));
    }

    static InfoHash hash(Bytes info) {
        return InfoHash.of(Digests.sha1().digest(info.toArray()));
    }
}
