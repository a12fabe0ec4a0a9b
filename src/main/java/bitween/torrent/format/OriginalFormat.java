package bitween.torrent.format;

import bitween.bencode.BencodeException;
import bitween.bencode.BencodeReader;
import bitween.model.Bytes;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Reads what the libtorrent of the first bitween wrote, as far as an import needs it. Pure but for its log. */
public final class OriginalFormat {
    private static final Logger log = LogManager.getLogger(OriginalFormat.class);

    private OriginalFormat() {}

    /**
     * Of an info dictionary.
     *
     * @param name foreign text, which {@link Names} has not seen
     * @param salted whether it has a salt, without which {@link InfoDictionary} takes none
     */
    public record Info(String name, boolean salted) {}

    /**
     * @param torrent a .torrent file (BEP 3)
     * @return null when it is none
     */
    public static @Nullable Info info(Bytes torrent) {
        try {
            Info info = null;
            BencodeReader reader = reader(torrent);
            while (reader.hasMore()) {
                if (reader.key().equals("info")) {
                    info = info(reader);
                } else {
                    reader.skip();
                }
            }
            reader.end();
            reader.finish();
            return info;
        } catch (BencodeException e) {
            log.debug("a torrent of the first bitween: {}", e.getMessage());
            return null;
        }
    }

    private static @Nullable Info info(BencodeReader reader) throws BencodeException {
        String name = null;
        boolean salted = false;
        reader.beginDictionary();
        while (reader.hasMore()) {
            String key = reader.key();
            salted |= key.equals("salt");
            if (key.equals("name")) {
                name = reader.text();
            } else {
                reader.skip();
            }
        }
        reader.end();
        return name == null ? null : new Info(name, salted);
    }

    /**
     * Whether a download was under way: in resume data (libtorrent's {@code write_resume_data}), {@code pieces} has a byte for each piece, whose lowest
     * bit says that it is there.
     *
     * @return false also when {@code resume} does not tell
     */
    public static boolean isUnfinished(Bytes resume) {
        try {
            boolean unfinished = false;
            BencodeReader reader = reader(resume);
            while (reader.hasMore()) {
                if (reader.key().equals("pieces")) {
                    for (byte piece : reader.string()) {
                        unfinished |= (piece & 1) == 0;
                    }
                } else {
                    reader.skip();
                }
            }
            return unfinished;
        } catch (BencodeException e) {
            log.debug("resume data of the first bitween: {}", e.getMessage());
            return false;
        }
    }

    /** In the dictionary that {@code content} is to be. */
    private static BencodeReader reader(Bytes content) throws BencodeException {
        BencodeReader reader = BencodeReader.of(content, content.size(), InfoRules.MAX_ELEMENTS);
        reader.beginDictionary();
        return reader;
    }
}
