package bitween.torrent.format;

import bitween.bencode.BencodeException;
import bitween.bencode.BencodeReader;
import bitween.bencode.BencodeWriter;
import bitween.model.Bytes;
import bitween.model.ContentId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@link InfoDictionary}. What is read is written again as the same bytes. */
final class InfoFormat {
    private @Nullable String name;
    private @Nullable List<FileEntry> files;
    private @Nullable Bytes pieces;
    private @Nullable Bytes salt;
    private List<List<String>> emptyFolders = List.of();
    private long length = -1;
    private long pieceLength = -1;
    private boolean isPrivate;

    private InfoFormat() {}

    /**
     * @throws BencodeException if it is no bencode, or has other keys or types than an info dictionary
     * @throws IllegalArgumentException if it breaks a rule of {@link InfoRules}
     */
    static InfoDictionary read(Bytes content) throws BencodeException {
        BencodeReader reader = BencodeReader.of(content, InfoRules.MAX_BYTES, InfoRules.MAX_ELEMENTS);
        InfoFormat parts = new InfoFormat();
        reader.beginDictionary();
        while (reader.hasMore()) {
            parts.readKey(reader);
        }
        reader.end();
        reader.finish();
        return parts.dictionary();
    }

    static Bytes write(InfoDictionary info) {
        BencodeWriter writer = new BencodeWriter().beginDictionary();
        if (!info.emptyFolders().isEmpty()) {
            writer.key("dirs").beginList();
            info.emptyFolders().forEach(path -> write(writer, path));
            writer.end();
        }
        if (info.folder()) {
            writer.key("files").beginList();
            for (FileEntry file : info.files()) {
                writer.beginDictionary().key("length").integer(file.sizeBytes()).key("path");
                write(writer, file.path());
                writer.end();
            }
            writer.end();
        } else {
            writer.key("length").integer(info.totalBytes());
        }
        return writer.key("name")
                .text(info.name())
                .key("piece length")
                .integer(info.pieceLength())
                .key("pieces")
                .string(info.pieces())
                .key("private")
                .integer(1)
                .key("salt")
                .string(info.salt())
                .end()
                .toBytes();
    }

    static ContentId contentId(InfoDictionary info) {
        MessageDigest digest = Digests.sha256();
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
        digest.update(number.putLong(0, info.pieceLength()).array());
        digest.update(number.putLong(0, info.files().size()).array());
        for (FileEntry file : info.files()) {
            digest.update(number.putLong(0, file.sizeBytes()).array());
        }
        return ContentId.of(digest.digest(info.pieces().toArray()));
    }

    private void readKey(BencodeReader reader) throws BencodeException {
        String key = reader.key();
        switch (key) {
            case "dirs" -> emptyFolders = readFolders(reader);
            case "files" -> files = readFiles(reader);
            case "length" -> length = reader.integer();
            case "name" -> name = reader.text();
            case "piece length" -> pieceLength = reader.integer();
            case "pieces" -> pieces = Bytes.of(reader.string());
            case "private" -> isPrivate = reader.integer() == 1;
            case "salt" -> salt = Bytes.of(reader.string());
            default ->
                throw new IllegalArgumentException("has the key " + Names.quoted(key) + ", which is not allowed");
        }
    }

    private InfoDictionary dictionary() {
        if (name == null || pieces == null || salt == null || pieceLength < 0 || !isPrivate) {
            throw new IllegalArgumentException("lacks name, pieces, salt, piece length, or private = 1");
        }
        if (pieceLength > PieceLength.MAX) {
            throw new IllegalArgumentException("has pieces of " + pieceLength + " bytes, more than 16 MiB");
        }
        if ((files == null) == (length < 0)) {
            throw new IllegalArgumentException("must have either files or a length, and has both or neither");
        }
        boolean folder = files != null;
        List<FileEntry> entries = files == null ? List.of(new FileEntry(List.of(name), length)) : files;
        return new InfoDictionary(name, (int) pieceLength, pieces, folder, entries, emptyFolders, salt);
    }

    private static List<FileEntry> readFiles(BencodeReader reader) throws BencodeException {
        List<FileEntry> files = new ArrayList<>();
        List<String> path = List.of();
        reader.beginList();
        while (reader.hasMore()) {
            reader.beginDictionary();
            expectKey(reader, "length");
            long length = reader.integer();
            expectKey(reader, "path");
            path = readPath(reader, path);
            if (reader.hasMore()) {
                throw new IllegalArgumentException("has a file with more than length and path: " + Names.quoted(path)
                        + " with " + Names.quoted(reader.key()));
            }
            reader.end();
            files.add(new FileEntry(path, length));
        }
        reader.end();
        return files;
    }

    private static List<List<String>> readFolders(BencodeReader reader) throws BencodeException {
        List<List<String>> folders = new ArrayList<>();
        List<String> path = List.of();
        reader.beginList();
        while (reader.hasMore()) {
            path = readPath(reader, path);
            folders.add(path);
        }
        reader.end();
        if (folders.isEmpty()) {
            throw new IllegalArgumentException("has an empty list of empty folders");
        }
        return folders;
    }

    private static void expectKey(BencodeReader reader, String expected) throws BencodeException {
        String key = reader.hasMore() ? reader.key() : "";
        if (!key.equals(expected)) {
            throw new IllegalArgumentException(
                    "has a file with the key " + Names.quoted(key) + " in place of " + expected);
        }
    }

    /** @param last the path before, whose strings are used again: most files have the folders of the one before */
    private static List<String> readPath(BencodeReader reader, List<String> last) throws BencodeException {
        List<String> path = new ArrayList<>();
        reader.beginList();
        while (reader.hasMore()) {
            String element = reader.text();
            int depth = path.size();
            if (depth == Names.MAX_DEPTH) {
                throw new IllegalArgumentException("has a path more than " + Names.MAX_DEPTH + " levels deep");
            }
            path.add(depth < last.size() && last.get(depth).equals(element) ? last.get(depth) : element);
        }
        reader.end();
        return path;
    }

    private static void write(BencodeWriter writer, List<String> path) {
        writer.beginList();
        path.forEach(writer::text);
        writer.end();
    }
}
