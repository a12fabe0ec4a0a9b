package bitween.catalogue;

import bitween.bencode.BencodeException;
import bitween.bencode.BencodeReader;
import bitween.bencode.BencodeWriter;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Revision;
import bitween.model.UserException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The history of a live share as it travels: a list, the newest first, of dictionaries with {@code files}, {@code hash}, {@code made} (milliseconds since 1970), {@code number},
 * {@code size}. Unknown keys are skipped.
 */
final class HistoryDocument {
    /** Ten times what it takes. */
    static final int MAX_BYTES = 128 * 1024;

    private static final int MAX_ELEMENTS = Revision.MAX_KEPT * 32;

    private HistoryDocument() {}

    static Bytes encode(List<Revision> revisions) {
        BencodeWriter writer = new BencodeWriter().beginList();
        for (Revision revision : revisions) {
            writer.beginDictionary();
            writer.key("files").integer(revision.files());
            writer.key("hash").string(Bytes.of(revision.hash().bytes()));
            writer.key("made").integer(revision.made().toEpochMilli());
            writer.key("number").integer(revision.number());
            writer.key("size").integer(revision.sizeBytes()).end();
        }
        return writer.end().toBytes();
    }

    /** @throws UserException BAD_METADATA, saying what is wrong with it */
    static List<Revision> decode(Bytes document) {
        try {
            BencodeReader reader = BencodeReader.of(document, MAX_BYTES, MAX_ELEMENTS);
            List<Revision> revisions = new ArrayList<>();
            long last = Long.MAX_VALUE;
            reader.beginList();
            while (reader.hasMore()) {
                Revision revision = revision(reader);
                if (revision.number() >= last || revisions.size() == Revision.MAX_KEPT) {
                    throw new IllegalArgumentException("its revisions are too many, or not in order");
                }
                last = revision.number();
                revisions.add(revision);
            }
            reader.end();
            reader.finish();
            return List.copyOf(revisions);
        } catch (BencodeException | IllegalArgumentException | ArithmeticException | DateTimeException e) {
            throw new UserException(
                    ErrorCode.BAD_METADATA, "a friend's device sent a broken history: " + e.getMessage(), "", e);
        }
    }

    private static Revision revision(BencodeReader reader) throws BencodeException {
        long files = -1;
        byte[] hash = {};
        long made = 0;
        long number = 0;
        long size = -1;
        reader.beginDictionary();
        while (reader.hasMore()) {
            switch (reader.key()) {
                case "files" -> files = reader.integer();
                case "hash" -> hash = reader.string();
                case "made" -> made = reader.integer();
                case "number" -> number = reader.integer();
                case "size" -> size = reader.integer();
                default -> reader.skip();
            }
        }
        reader.end();
        return new Revision(
                Math.toIntExact(number), InfoHash.of(hash), Instant.ofEpochMilli(made), Math.toIntExact(files), size);
    }
}
