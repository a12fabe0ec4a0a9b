package bitween.torrent.format;

import bitween.model.Bytes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rules of {@link InfoDictionary}. */
final class InfoRules {
    /** 1,048,576 pieces of 16 MiB take 20; the rest is for names. */
    static final int MAX_BYTES = 32 << 20;

    static final int MAX_FILES = 250_000;
    static final int MAX_EMPTY_FOLDERS = 250_000;

    /**
     * libtorrent compares the folder of a file with every one before; 50,000 take it some seconds, and the time grows
     * with the square.
     */
    static final int MAX_FULL_FOLDERS = 50_000;

    /** libtorrent's parser gives up at 2,000,000 elements; the rest is for the dictionary around this one. */
    static final int MAX_ELEMENTS = 1_990_000;

    /**
     * Just under 16 TiB: libtorrent numbers the 16 KiB blocks of a file with half an int. Also below its 48 bits for a
     * whole torrent.
     */
    static final long MAX_TOTAL_BYTES = (1L << 44) - (1L << 15);

    /** What a dictionary without files has in elements and bytes, at most, besides its name and pieces. */
    private static final int ELEMENTS = 20;

    private static final long ENCODED_BYTES = 200;

    /** Of a file: {@code d6:lengthi…e4:pathl…ee}, besides its path; the size has at most 14 digits. */
    private static final int ELEMENTS_PER_FILE = 7;

    private static final int ENCODED_BYTES_PER_FILE = 40;
    /** Of a path of {@code dirs}. */
    private static final int ELEMENTS_PER_FOLDER = 2;
    /** Of a name: its length and a colon. */
    private static final int ENCODED_BYTES_PER_NAME = 4;

    private InfoRules() {}

    /** @throws IllegalArgumentException with the end of a sentence that begins with "the metadata" */
    static void check(
            String name,
            int pieceLength,
            Bytes pieces,
            boolean folder,
            List<FileEntry> files,
            List<List<String>> emptyFolders,
            Bytes salt) {
        Names.refusal(name).ifPresent(reason -> refuse("names the share " + Names.quoted(name) + ", which " + reason));
        if (Integer.bitCount(pieceLength) != 1 || pieceLength < PieceLength.MIN || pieceLength > PieceLength.MAX) {
            refuse("has pieces of " + pieceLength + " bytes, where powers of two from 16 KiB to 16 MiB are possible");
        }
        if (salt.size() != InfoDictionary.SALT_BYTES) {
            refuse("has a salt of " + salt.size() + " bytes instead of " + InfoDictionary.SALT_BYTES);
        }
        if (!folder
                && (files.size() != 1
                        || !emptyFolders.isEmpty()
                        || !files.get(0).path().equals(List.of(name)))) {
            refuse("tells of a single file, but not of its name alone");
        }
        sizeRefusal(name, files, emptyFolders).ifPresent(InfoRules::refuse);
        checkPieces(pieceLength, pieces, files);
        checkPaths(name, files, emptyFolders);
    }

    /**
     * Why a share of so much cannot be, whatever its pieces; the end of a sentence that begins with the share or its
     * metadata.
     */
    static Optional<String> sizeRefusal(String name, List<FileEntry> files, List<List<String>> emptyFolders) {
        if (files.size() > MAX_FILES) {
            return Optional.of("has " + files.size() + " files, " + MAX_FILES + " are possible");
        }
        if (emptyFolders.size() > MAX_EMPTY_FOLDERS) {
            return Optional.of("has " + emptyFolders.size() + " empty folders, " + MAX_EMPTY_FOLDERS + " are possible");
        }
        long total = 0;
        long elements = ELEMENTS;
        long encoded = ENCODED_BYTES + Names.utf8Length(name);
        int fullFolders = 0;
        List<String> lastFolder = List.of();
        for (FileEntry file : files) {
            total += file.sizeBytes();
            if (file.sizeBytes() < 0 || file.sizeBytes() > MAX_TOTAL_BYTES || total > MAX_TOTAL_BYTES) {
                return Optional.of("has files of more than 16 TiB, or a size that cannot be");
            }
            elements += ELEMENTS_PER_FILE + file.path().size();
            encoded += ENCODED_BYTES_PER_FILE + encodedBytes(file.path());
            List<String> folder = file.path().subList(0, Math.max(0, file.path().size() - 1));
            fullFolders += folder.equals(lastFolder) ? 0 : 1;
            lastFolder = folder;
        }
        for (List<String> path : emptyFolders) {
            elements += ELEMENTS_PER_FOLDER + path.size();
            encoded += ELEMENTS_PER_FOLDER + encodedBytes(path);
        }
        encoded += InfoDictionary.PIECE_HASH_BYTES * (total / PieceLength.of(total) + 1);
        if (fullFolders > MAX_FULL_FOLDERS) {
            return Optional.of("has files in " + fullFolders + " folders, " + MAX_FULL_FOLDERS + " are possible");
        }
        return elements > MAX_ELEMENTS || encoded > MAX_BYTES
                ? Optional.of("has more names, or longer ones, than fit into 32 MiB and 2 million elements of metadata")
                : Optional.empty();
    }

    private static long encodedBytes(List<String> path) {
        return path.stream()
                .mapToLong(element -> ENCODED_BYTES_PER_NAME + Names.utf8Length(element))
                .sum();
    }

    private static void checkPieces(int pieceLength, Bytes pieces, List<FileEntry> files) {
        long total = files.stream().mapToLong(FileEntry::sizeBytes).sum();
        long due = (total + pieceLength - 1) / pieceLength * InfoDictionary.PIECE_HASH_BYTES;
        if (pieces.size() != due) {
            refuse("has " + pieces.size() + " bytes of hashes, though pieces of " + pieceLength + " bytes and files of "
                    + total + " need " + due);
        }
    }

    private static void checkPaths(String name, List<FileEntry> files, List<List<String>> emptyFolders) {
        Clashes clashes = new Clashes();
        List<String> last = null;
        for (FileEntry file : files) {
            checkPath(name, file.path(), last);
            if (!clashes.addFile(file.path())) {
                refuse("has " + Names.quoted(file.path()) + " twice, or as file and folder, when case is ignored");
            }
            last = file.path();
        }
        last = null;
        for (List<String> path : emptyFolders) {
            checkPath(name, path, last);
            if (!clashes.addEmptyFolder(path)) {
                refuse("has " + Names.quoted(path) + " as an empty folder and as something else");
            }
            last = path;
        }
    }

    private static void checkPath(String name, List<String> path, @Nullable List<String> last) {
        for (String element : path) {
            Names.refusal(element)
                    .ifPresent(reason -> refuse("has the name " + Names.quoted(element) + ", which " + reason));
        }
        Names.pathRefusal(name, path)
                .ifPresent(reason -> refuse("has the path " + Names.quoted(path) + ", which " + reason));
        if (last != null && PathOrder.PATHS.compare(last, path) >= 0) {
            refuse("has " + Names.quoted(path) + " after " + Names.quoted(last) + ", which is out of order");
        }
    }

    private static void refuse(String reason) {
        throw new IllegalArgumentException(reason);
    }
}
