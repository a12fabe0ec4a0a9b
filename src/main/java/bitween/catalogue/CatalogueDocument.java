package bitween.catalogue;

import bitween.bencode.BencodeException;
import bitween.bencode.BencodeReader;
import bitween.bencode.BencodeWriter;
import bitween.model.Bytes;
import bitween.model.ContentId;
import bitween.model.Former;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.UserException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A catalogue as it travels, or what changed in it: a dictionary with {@code base}, {@code changed}, {@code digest} and {@code removed} (info-hashes of 20 bytes, one after the
 * other), see {@link ListDifference}. Of each share that is new or other it has a dictionary with {@code content}, {@code files}, {@code hash}, {@code kept} (which former revisions can be had, see {@link Former#encoded}), {@code name}, {@code reshare} (1: its
 * owner lets it be shared on), {@code revision} (of a live share), {@code sent} (1: an offer to the asker), {@code size}, {@code unavailable} (1: nothing of it can be had at the moment). Unknown keys are skipped, so that a newer bitween may say more.
 */
final class CatalogueDocument {
    private static final int HASH_BYTES = 20;
    private static final int MAX_ELEMENTS = ListDifference.MAX_SHARES * 20;

    private CatalogueDocument() {}

    static Bytes encode(ListDifference difference) {
        BencodeWriter writer = new BencodeWriter().beginDictionary();
        writer.key("base").text(difference.base());
        writer.key("changed").beginList();
        difference.changed().forEach(share -> write(share, writer));
        writer.end();
        writer.key("digest").string(difference.digest());
        ByteBuffer removed = ByteBuffer.allocate(difference.removed().size() * HASH_BYTES);
        difference.removed().forEach(hash -> removed.put(hash.bytes()));
        writer.key("removed").string(Bytes.of(removed.array()));
        return writer.end().toBytes();
    }

    private static void write(Share share, BencodeWriter writer) {
        writer.beginDictionary();
        writer.key("content").string(Bytes.of(share.content().bytes()));
        writer.key("files").integer(share.files());
        writer.key("hash").string(Bytes.of(share.hash().bytes()));
        if (!share.kept().isEmpty()) {
            writer.key("kept").string(Former.encoded(share.kept()));
        }
        writer.key("name").text(share.name());
        if (share.reshare()) {
            writer.key("reshare").integer(1);
        }
        if (share.revision() > 0) {
            writer.key("revision").integer(share.revision());
        }
        if (share.sent()) {
            writer.key("sent").integer(1);
        }
        writer.key("size").integer(share.sizeBytes());
        if (share.unavailable()) {
            writer.key("unavailable").integer(1);
        }
        writer.end();
    }

    /** @throws UserException BAD_METADATA, saying what is wrong with it */
    static ListDifference decode(Bytes document) {
        try {
            BencodeReader reader = BencodeReader.of(document, Compressed.MAX_LIST_BYTES, MAX_ELEMENTS);
            String base = "";
            List<Share> changed = List.of();
            byte[] digest = {};
            List<InfoHash> removed = List.of();
            reader.beginDictionary();
            while (reader.hasMore()) {
                switch (reader.key()) {
                    case "base" -> base = reader.text();
                    case "changed" -> changed = shares(reader);
                    case "digest" -> digest = reader.string();
                    case "removed" -> removed = hashes(reader.string());
                    default -> reader.skip();
                }
            }
            reader.end();
            reader.finish();
            requireEachOnce(changed, removed);
            return new ListDifference(base, changed, removed, Bytes.of(digest));
        } catch (BencodeException | IllegalArgumentException e) {
            throw ListDifference.broken(String.valueOf(e.getMessage()), e);
        }
    }

    private static List<Share> shares(BencodeReader reader) throws BencodeException {
        List<Share> shares = new ArrayList<>();
        reader.beginList();
        while (reader.hasMore()) {
            requireFew(shares.size() + 1);
            shares.add(share(reader));
        }
        reader.end();
        return shares;
    }

    private static List<InfoHash> hashes(byte[] joined) {
        requireFew((joined.length + HASH_BYTES - 1) / HASH_BYTES);
        List<InfoHash> hashes = new ArrayList<>();
        for (int from = 0; from < joined.length; from += HASH_BYTES) {
            hashes.add(InfoHash.of(Arrays.copyOfRange(joined, from, Math.min(from + HASH_BYTES, joined.length))));
        }
        return hashes;
    }

    private static void requireFew(int shares) {
        if (shares > ListDifference.MAX_SHARES) {
            throw new IllegalArgumentException("it has more than " + ListDifference.MAX_SHARES + " shares");
        }
    }

    private static void requireEachOnce(List<Share> changed, List<InfoHash> removed) {
        Set<InfoHash> hashes = new HashSet<>();
        Stream.concat(changed.stream().map(Share::hash), removed.stream()).forEach(hash -> {
            if (!hashes.add(hash)) {
                throw new IllegalArgumentException("it names " + hash + " twice");
            }
        });
    }

    private static Share share(BencodeReader reader) throws BencodeException {
        byte[] content = {};
        byte[] hash = {};
        List<Former> kept = List.of();
        String name = "";
        long size = -1;
        long files = -1;
        long reshare = 0;
        long revision = 0;
        long sent = 0;
        long unavailable = 0;
        reader.beginDictionary();
        while (reader.hasMore()) {
            switch (reader.key()) {
                case "content" -> content = reader.string();
                case "files" -> files = reader.integer();
                case "hash" -> hash = reader.string();
                case "kept" -> kept = Former.decoded(reader.string());
                case "name" -> name = reader.text();
                case "reshare" -> reshare = reader.integer();
                case "revision" -> revision = reader.integer();
                case "sent" -> sent = reader.integer();
                case "size" -> size = reader.integer();
                case "unavailable" -> unavailable = reader.integer();
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
        if (revision < 0 || revision > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a share has no revision " + revision);
        }
        return new Share(
                name,
                InfoHash.of(hash),
                ContentId.of(content),
                size,
                (int) files,
                reshare == 1,
                (int) revision,
                unavailable == 1,
                kept,
                sent == 1);
    }
}
