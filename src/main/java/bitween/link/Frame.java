package bitween.link;

import bitween.bencode.BencodeException;
import bitween.bencode.BencodeReader;
import bitween.bencode.BencodeWriter;
import bitween.model.Announcement;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Offence;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.Ticket;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What daemons tell each other over a {@link Link}: a header of 9 bytes (type, number of the question, length of the body, big-endian), and a body in bencode.
 *
 * @param number the asker's own; an answer repeats it
 */
record Frame(Type type, int number, Bytes body) {
    static final int HEADER_BYTES = 9;
    /** A page, and room for what is said around it. */
    static final int MAX_BODY = Page.MAX_BYTES + 1_024;

    private static final int MAX_ELEMENTS = 32;
    /** Of the year 9999: so that no sum of times overflows. */
    private static final long MAX_SECONDS = 253_402_300_799L;

    /** The signs travel: never change them. */
    enum Type {
        /** A sign of life, answered with ALIVE. It may say from which address the one who gets it is seen to come. */
        PING('?'),
        ALIVE('!'),
        /** Asks for a page. */
        ASK('A'),
        /** Answers with a page. */
        PAGE('P'),
        /** Asks an owner for a ticket. */
        TICKET_WANTED('T'),
        /** Shows a ticket to whoever may help. */
        HELP_WANTED('H'),
        /** Asks to be dialled for BitTorrent, which may lead where the asker's own dialling does not; nothing answers it but the link. */
        CALL('C'),
        /** Answers both of these with a ticket. */
        TICKET('t'),
        /** Answers that there will be none, and why. */
        REFUSAL('N');

        private final byte sign;

        Type(char sign) {
            this.sign = (byte) sign;
        }

        private static Type of(byte sign) throws IOException {
            for (Type type : values()) {
                if (type.sign == sign) {
                    return type;
                }
            }
            throw new IOException("sent a frame of type " + sign); // as a newer bitween might: no offence
        }
    }

    Frame(Type type) {
        this(type, 0, Bytes.of(new byte[0]));
    }

    /** @param seen the other side's address, as it looks from here */
    static Frame ping(InetAddress seen) {
        return new Frame(
                Type.PING,
                0,
                new BencodeWriter()
                        .beginDictionary()
                        .key("seen")
                        .string(Bytes.of(seen.getAddress()))
                        .end()
                        .toBytes());
    }

    static Frame ask(int number, PageQuery query) {
        BencodeWriter body = new BencodeWriter().beginDictionary();
        InfoHash hash = query.hash();
        if (hash != null) {
            body.key("hash").string(Bytes.of(hash.bytes()));
        }
        if (!query.held().isEmpty()) {
            body.key("held").text(query.held());
        }
        body.key("of").text(query.kind().name()).key("offset").integer(query.offset());
        return new Frame(Type.ASK, number, body.end().toBytes());
    }

    static Frame page(int number, Page page) {
        Bytes body = new BencodeWriter()
                .beginDictionary()
                .key("content")
                .string(page.content())
                .key("offset")
                .integer(page.offset())
                .key("revision")
                .text(page.revision())
                .key("total")
                .integer(page.totalBytes())
                .end()
                .toBytes();
        return new Frame(Type.PAGE, number, body);
    }

    static Frame ticketWanted(int number, InfoHash hash) {
        return new Frame(
                Type.TICKET_WANTED,
                number,
                new BencodeWriter()
                        .beginDictionary()
                        .key("hash")
                        .string(Bytes.of(hash.bytes()))
                        .end()
                        .toBytes());
    }

    static Frame helpWanted(int number, Ticket ticket) {
        return new Frame(Type.HELP_WANTED, number, encoded(ticket));
    }

    static Frame ticket(int number, Ticket ticket) {
        return new Frame(Type.TICKET, number, encoded(ticket));
    }

    private static Bytes encoded(Ticket ticket) {
        return new BencodeWriter()
                .beginDictionary()
                .key("expires")
                .integer(ticket.expires().getEpochSecond())
                .key("signature")
                .string(ticket.signature())
                .end()
                .toBytes();
    }

    /** @throws IOException when it names no share */
    InfoHash hash() throws IOException {
        return parse(reader -> {
            byte[] hash = {};
            while (reader.hasMore()) {
                switch (reader.key()) {
                    case "hash" -> hash = reader.string();
                    default -> reader.skip();
                }
            }
            return InfoHash.of(hash);
        });
    }

    /** @throws IOException when it holds no ticket */
    Ticket ticket() throws IOException {
        return parse(reader -> {
            long expires = -1;
            byte[] signature = {};
            while (reader.hasMore()) {
                switch (reader.key()) {
                    case "expires" -> expires = reader.integer();
                    case "signature" -> signature = reader.string();
                    default -> reader.skip();
                }
            }
            if (expires < 0 || expires > MAX_SECONDS || signature.length == 0) {
                throw new IllegalArgumentException("no ticket: until " + expires);
            }
            return new Ticket(Instant.ofEpochSecond(expires), Bytes.of(signature));
        });
    }

    /** Tells a friend no more than it needs: no path, no hint, no cause. */
    static Frame refusal(int number, ErrorCode code) {
        return new Frame(
                Type.REFUSAL,
                number,
                new BencodeWriter()
                        .beginDictionary()
                        .key("code")
                        .text(code.name())
                        .end()
                        .toBytes());
    }

    /**
     * Which address of ours the other side sees; null when it does not say.
     *
     * @throws IOException when that is no address
     */
    @Nullable
    InetAddress seen() throws IOException {
        if (body.size() == 0) {
            return null;
        }
        byte[] ip = parse(reader -> {
            byte[] seen = {};
            while (reader.hasMore()) {
                switch (reader.key()) {
                    case "seen" -> seen = reader.string();
                    default -> reader.skip();
                }
            }
            return seen;
        });
        try {
            return ip.length == 0 ? null : InetAddress.getByAddress(ip);
        } catch (UnknownHostException e) {
            throw new OffenceException(
                    Offence.BROKEN_QUESTIONS, "it sees us at an address of " + ip.length + " bytes", e);
        }
    }

    /** @throws IOException when it is nothing that we know */
    PageQuery query() throws IOException {
        return parse(reader -> {
            String kind = "";
            InfoHash hash = null;
            String held = "";
            long offset = -1;
            while (reader.hasMore()) {
                switch (reader.key()) {
                    case "hash" -> hash = InfoHash.of(reader.string());
                    case "held" -> held = reader.text();
                    case "of" -> kind = reader.text();
                    case "offset" -> offset = reader.integer();
                    default -> reader.skip();
                }
            }
            return new PageQuery(PageQuery.Kind.valueOf(kind), hash, held, Math.toIntExact(offset));
        });
    }

    /** @throws IOException when it is no page */
    Page page() throws IOException {
        return parse(reader -> {
            String revision = "";
            byte[] content = {};
            long total = -1;
            long offset = -1;
            while (reader.hasMore()) {
                switch (reader.key()) {
                    case "content" -> content = reader.string();
                    case "offset" -> offset = reader.integer();
                    case "revision" -> revision = reader.text();
                    case "total" -> total = reader.integer();
                    default -> reader.skip();
                }
            }
            if (revision.length() > Announcement.MAX_REVISION || (content.length == 0 && total > offset)) {
                throw new IllegalArgumentException("a page that brings nothing would be asked for again and again");
            }
            return new Page(revision, Math.toIntExact(total), Math.toIntExact(offset), Bytes.of(content));
        });
    }

    /** Why a question was refused. An unknown code is a newer bitween's. */
    ErrorCode refusal() throws IOException {
        return parse(reader -> {
            String code = "";
            while (reader.hasMore()) {
                switch (reader.key()) {
                    case "code" -> code = reader.text();
                    default -> reader.skip();
                }
            }
            return code.equals(ErrorCode.UNKNOWN_SHARE.name()) ? ErrorCode.UNKNOWN_SHARE : ErrorCode.FRIEND_REFUSED;
        });
    }

    ByteBuffer encoded() {
        byte[] bytes = body.toArray();
        return ByteBuffer.allocate(HEADER_BYTES + bytes.length)
                .put(type.sign)
                .putInt(number)
                .putInt(bytes.length)
                .put(bytes)
                .flip();
    }

    /** Where frames come from. */
    interface Source {
        /** Fills {@code into} and flips it. @return false when the stream ended before the first byte */
        boolean fill(ByteBuffer into) throws IOException;
    }

    /**
     * @return the next frame; null when the other side has ended the link
     * @throws IOException when it sends what is no frame
     */
    static @Nullable Frame read(Source source) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        if (!source.fill(header)) {
            return null;
        }
        Type type = Type.of(header.get());
        int number = header.getInt();
        int length = header.getInt();
        if (length < 0 || length > MAX_BODY) {
            throw new OffenceException(Offence.BROKEN_QUESTIONS, "a " + type + " of " + length + " bytes");
        }
        ByteBuffer body = ByteBuffer.allocate(length);
        if (length > 0 && !source.fill(body)) {
            throw new EOFException("ended in the middle of a message");
        }
        return new Frame(type, number, Bytes.of(body.array()));
    }

    private interface Parser<T> {
        T parse(BencodeReader reader) throws BencodeException;
    }

    private <T> T parse(Parser<T> parser) throws IOException {
        try {
            BencodeReader reader = BencodeReader.of(body, MAX_BODY, MAX_ELEMENTS);
            reader.beginDictionary();
            T parsed = parser.parse(reader);
            reader.end();
            reader.finish();
            return parsed;
        } catch (BencodeException | IllegalArgumentException | ArithmeticException e) {
            throw new OffenceException(Offence.BROKEN_QUESTIONS, "a broken " + type + ": " + e.getMessage(), e);
        }
    }
}
