package bitween.catalogue;

import bitween.bencode.BencodeException;
import bitween.bencode.BencodeReader;
import bitween.bencode.BencodeWriter;
import bitween.model.Bytes;
import bitween.model.ContentId;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.UserException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A catalogue as it travels: bencode, a list of dictionaries with {@code content}, {@code files}, {@code hash}, {@code name}, {@code reshare} (1: its owner lets it be shared on),
 * {@code size}. Unknown keys are
 * skipped, so that a newer bitween may say more.
 */
final class CatalogueDocument {
    /** Plain; 100,000 shares with names of usual length. */
    static final int MAX_BYTES = 16 * 1024 * 1024;

    static final int MAX_SHARES = 100_000;
    private static final int MAX_ELEMENTS = MAX_SHARES * 16;

    private CatalogueDocument() {}

    static Bytes encode(List<Share> shares) {
        BencodeWriter writer = new BencodeWriter().beginList();
        for (Share share : sorted(shares)) {
            writer.beginDictionary();
            writer.key("content")
                    .string(Bytes.of(HexFormat.of().parseHex(share.content().hex())));
            writer.key("files").integer(share.files());
            writer.key("hash").string(Bytes.of(share.hash().bytes()));
            writer.key("name").text(share.name());
            if (share.reshare()) {
                writer.key("reshare").integer(1);
            }
            writer.key("size").integer(share.sizeBytes());
            writer.end();
        }
        return writer.end().toBytes();
    }

    /** @throws UserException BAD_METADATA, saying what is wrong with it */
    static List<Share> decode(Bytes document) {
        try {
            BencodeReader reader = BencodeReader.of(document, MAX_BYTES, MAX_ELEMENTS);
            List<Share> shares = new ArrayList<>();
            Set<InfoHash> hashes = new HashSet<>();
            reader.beginList();
            while (reader.hasMore()) {
                if (shares.size() == MAX_SHARES) {
                    throw broken("it has more than " + MAX_SHARES + " shares", null);
                }
                Share share = share(reader);
                if (!hashes.add(share.hash())) {
                    throw broken("it names " + share.hash() + " twice", null);
                }
                shares.add(share);
            }
            reader.end();
            reader.finish();
            return shares;
        } catch (BencodeException | IllegalArgumentException e) {
            throw broken(String.valueOf(e.getMessage()), e);
        }
    }

    private static Share share(BencodeReader reader) throws BencodeException {
        byte[] content = {};
        byte[] hash = {};
        String name = "";
        long size = -1;
        long files = -1;
        long reshare = 0;
        reader.beginDictionary();
        while (reader.hasMore()) {
            switch (reader.key()) {
                case "content" -> content = reader.string();
                case "files" -> files = reader.integer();
                case "hash" -> hash = reader.string();
                case "name" -> name = reader.text();
                case "reshare" -> reshare = reader.integer();
                case "size" -> size = reader.integer();
                default -> reader.skip();
            }
        }
        reader.end();
        if (name.isEmpty()
                || name.indexOf('/') >= 0
                || name.getBytes(StandardCharsets.UTF_8).length > Share.MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "a share's name has 1 to " + Share.MAX_NAME_BYTES + " bytes and no slash");
        }
        if (files < 0 || files > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a share has no " + files + " files");
        }
        return new Share(name, InfoHash.of(hash), ContentId.of(content), size, (int) files, reshare == 1);
    }

    private static List<Share> sorted(List<Share> shares) {
        return shares.stream().sorted(Comparator.comparing(Share::hash)).toList();
    }

    private static UserException broken(String why, @org.jspecify.annotations.Nullable Exception cause) {
        String sentence = "a friend's device sent a broken list: " + why;
        return cause == null
                ? new UserException(ErrorCode.BAD_METADATA, sentence, "")
                : new UserException(ErrorCode.BAD_METADATA, sentence, "", cause);
    }
}
