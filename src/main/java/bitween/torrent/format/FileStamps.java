package bitween.torrent.format;

import bitween.model.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** How the files of a share were at a moment, in the order of its info dictionary. */
public record FileStamps(List<FileStamp> each) {
    private static final int BYTES = 3 * Long.BYTES;

    public FileStamps {
        each = List.copyOf(each);
    }

    /** As they were before they were read. */
    public static FileStamps of(Scan scan) {
        return new FileStamps(scan.files().stream()
                .map(file -> FileStamp.of(file.entry().sizeBytes(), file.modified(), file.key()))
                .toList());
    }

    /** @return empty when these are not the stamps of so many files */
    public static Optional<FileStamps> parse(Bytes encoded, int files) {
        if (encoded.size() != files * BYTES) {
            return Optional.empty();
        }
        ByteBuffer from = ByteBuffer.wrap(encoded.toArray());
        List<FileStamp> each = new ArrayList<>(files);
        for (int file = 0; file < files; file++) {
            each.add(new FileStamp(from.getLong(), from.getLong(), from.getLong()));
        }
        return Optional.of(new FileStamps(each));
    }

    public Bytes encoded() {
        ByteBuffer to = ByteBuffer.allocate(each.size() * BYTES);
        each.forEach(stamp ->
                to.putLong(stamp.sizeBytes()).putLong(stamp.modifiedNanos()).putLong(stamp.inode()));
        return Bytes.of(to.array());
    }

    /** These were read, and are not what was hashed: as long as they look so, nobody has to read them again. */
    public FileStamps refuted(BitSet wrong) {
        List<FileStamp> left = new ArrayList<>(each);
        wrong.stream().forEach(file -> left.set(file, each.get(file).refuted()));
        return new FileStamps(left);
    }
}
