package bitween.torrent;

import bitween.bencode.BencodeException;
import bitween.bencode.BencodeReader;
import bitween.bencode.BencodeWriter;
import bitween.model.Bytes;
import bitween.model.Choice;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Selection;
import bitween.model.Share;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.UserException;
import bitween.torrent.format.Chosen;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A share or job as its file beside the database has it: a .torrent (BEP 3) that any BitTorrent program reads, with one more key, {@code bitween}, for what is not in
 * an info dictionary. Whom it is for is not in it.
 *
 * @param revision which one of a live share it is; 0: of none
 * @param digests SHA-256 of each file; null: not known yet
 * @param selection what a job gets of it; null: all
 */
record TorrentCopy(
        Transfer.Kind kind,
        String name,
        Path place,
        boolean reshare,
        ShareMode mode,
        int revision,
        Instant since,
        InfoDictionary info,
        @Nullable Bytes digests,
        @Nullable Selection selection) {
    /** A digest for each file, and names and paths beside the info dictionary. */
    static final int MAX_BYTES = 2 * MetadataValidator.MAX_BYTES;

    private static final int MAX_ELEMENTS = 3_000_000;

    static Bytes encoded(Transfer transfer, Share share, Bytes info, @Nullable Bytes digests) {
        BencodeWriter writer = new BencodeWriter();
        writer.beginDictionary().key("bitween").beginDictionary();
        Selection selection = transfer.selection();
        if (selection != null) {
            writer.key("choices").beginList();
            selection.choices().forEach(choice -> writer.text(choice.below()).text(choice.pattern()));
            writer.end();
        }
        if (digests != null) {
            writer.key("digests").string(digests);
        }
        if (selection != null) {
            writer.key("here").string(selection.here());
        }
        writer.key("kind").text(transfer.kind().name());
        if (transfer.mode() != ShareMode.USUAL) {
            writer.key("mode").text(transfer.mode().name());
        }
        writer.key("name").text(transfer.name());
        writer.key("place").text(transfer.place().toString());
        writer.key("reshare").integer(share.reshare() ? 1 : 0);
        if (share.revision() > 0) {
            writer.key("revision").integer(share.revision());
        }
        writer.key("since").integer(transfer.since().toEpochMilli());
        return writer.end().key("info").raw(info).end().toBytes();
    }

    /** @throws UserException BAD_METADATA: it is not what was written */
    static TorrentCopy read(Bytes content, InfoHash hash) {
        try {
            BencodeReader reader = BencodeReader.of(content, MAX_BYTES, MAX_ELEMENTS);
            reader.beginDictionary();
            require(reader, "bitween");
            reader.beginDictionary();
            String key = reader.key();
            List<Choice> choices = new ArrayList<>();
            if (key.equals("choices")) {
                reader.beginList();
                while (reader.hasMore()) {
                    choices.add(new Choice(reader.text(), reader.text()));
                }
                reader.end();
                key = reader.key();
            }
            Bytes digests = null;
            if (key.equals("digests")) {
                digests = Bytes.of(reader.string());
                key = reader.key();
            }
            Bytes here = Bytes.EMPTY;
            if (key.equals("here")) {
                here = Bytes.of(reader.string());
                key = reader.key();
            }
            Transfer.Kind kind = Transfer.Kind.valueOf(key.equals("kind") ? reader.text() : key);
            key = reader.key();
            ShareMode mode = ShareMode.USUAL;
            if (key.equals("mode")) {
                mode = ShareMode.valueOf(reader.text());
                key = reader.key();
            }
            require(key, "name");
            String name = reader.text();
            require(reader, "place");
            Path place = Path.of(reader.text());
            require(reader, "reshare");
            boolean reshare = reader.integer() != 0;
            key = reader.key();
            int revision = 0;
            if (key.equals("revision")) {
                revision = Math.toIntExact(reader.integer());
                key = reader.key();
            }
            require(key, "since");
            Instant since = Instant.ofEpochMilli(reader.integer());
            reader.end();
            require(reader, "info");
            InfoDictionary info = MetadataValidator.validate(reader.raw(), hash);
            reader.end();
            reader.finish();
            if (!place.isAbsolute() || (digests != null && digests.size() != info.digestsBytes())) {
                throw new IllegalArgumentException("what is beside the info dictionary does not fit it");
            }
            return new TorrentCopy(
                    kind, name, place, reshare, mode, revision, since, info, digests, selection(choices, here, info));
        } catch (UserException e) {
            throw e;
        } catch (BencodeException | IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            throw new UserException(
                    ErrorCode.BAD_METADATA, "the copy of " + hash + " is damaged: " + e.getMessage(), "", e);
        }
    }

    private static @Nullable Selection selection(List<Choice> choices, Bytes here, InfoDictionary info) {
        if (choices.isEmpty()) {
            return null;
        }
        Chosen chosen = Chosen.of(info, choices);
        return new Selection(choices, here, chosen.files().size(), chosen.totalBytes());
    }

    private static void require(BencodeReader reader, String wanted) throws BencodeException {
        require(reader.key(), wanted);
    }

    private static void require(String key, String wanted) {
        if (!key.equals(wanted)) {
            throw new IllegalArgumentException("'" + key + "' is where '" + wanted + "' has to be");
        }
    }
}
