package bitween.torrent.format;

import bitween.model.Bytes;
import bitween.model.UserException;
import java.util.List;

/** What is valid is written as it was read, whatever it is; the rest is refused. */
public final class MetadataFuzz {
    private MetadataFuzz() {}

    public static List<byte[]> seeds() {
        return List.of(
                Samples.folder("album", "a.flac", "b/c.flac", "empty/")
                        .encoded()
                        .toArray(),
                Samples.file("film.mkv", 1_000_000).encoded().toArray(),
                Samples.file("é\u0301 CON", 0).encoded().toArray());
    }

    public static void fuzzerTestOneInput(byte[] input) {
        Bytes bytes = Bytes.of(input);
        InfoDictionary read;
        try {
            read = MetadataValidator.validate(bytes, Samples.hash(bytes));
        } catch (UserException e) {
            return; // as it says
        }
        if (!read.encoded().equals(bytes)) {
            throw new AssertionError("read as something else");
        }
    }
}
