package bitween.catalogue;

import bitween.model.Bytes;
import bitween.model.UserException;
import java.util.List;

/** A list that is understood is the same when it is written and read again; compressed bytes never grow beyond their limit. */
public final class ListFuzz {
    private static final int LIMIT = 1 << 20;

    private ListFuzz() {}

    public static List<byte[]> seeds() {
        Bytes list = Lists.document(Lists.share("music", 'a'), Lists.share("films", 'b'));
        return List.of(list.toArray(), Compressed.deflate(list).toArray());
    }

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            if (Compressed.inflate(Bytes.of(input), LIMIT).size() > LIMIT) {
                throw new AssertionError("inflated beyond the limit");
            }
        } catch (UserException e) {
            readPlain(input);
        }
    }

    private static void readPlain(byte[] input) {
        try {
            ListDifference read = CatalogueDocument.decode(Bytes.of(input));
            ListDifference again = CatalogueDocument.decode(CatalogueDocument.encode(read));
            if (!again.equals(read)) {
                throw new AssertionError("read as something else: " + read + ", " + again);
            }
            read.applyTo("", List.of());
        } catch (UserException e) {
            if (e.sentence().isEmpty()) {
                throw new AssertionError("refused without a reason", e);
            }
        }
    }
}
