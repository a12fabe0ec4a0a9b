package bitween.xmpp.stanza;

import bitween.model.Announcement;
import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.model.Page;
import bitween.model.PageQuery;
import java.io.IOException;
import java.util.Base64;
import java.util.Locale;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.IqData;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.provider.IqProvider;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a device for a page, and answers: a get {@code <page xmlns='urn:bitween:1' of='info' hash='…' offset='0'/>}, and a result that repeats these and adds
 * {@code rev}, {@code size} and the bytes in base64.
 */
public final class PageIq extends IQ {
    public static final String ELEMENT = "page";
    public static final String NAMESPACE = AnnouncementElement.NAMESPACE;
    /** RFC 4648: four characters for each three bytes. */
    private static final int MAX_BASE64 = (Page.MAX_BYTES + 2) / 3 * 4;

    /** The base64, and room for the attributes. */
    static final int MAX_CHARS = MAX_BASE64 + 512;

    private final @Nullable PageQuery query;
    private final @Nullable Page page;

    private PageIq(@Nullable PageQuery query, @Nullable Page page) {
        super(ELEMENT, NAMESPACE);
        this.query = query;
        this.page = page;
    }

    public static PageIq get(PageQuery query) {
        var iq = new PageIq(query, null);
        iq.setType(Type.get);
        return iq;
    }

    public static PageIq result(PageIq request, Page page) {
        var iq = new PageIq(request.query, page);
        iq.setType(Type.result);
        iq.setTo(request.getFrom());
        iq.setStanzaId(request.getStanzaId());
        return iq;
    }

    /** @return what is asked; null when what was received makes no sense */
    public @Nullable PageQuery query() {
        return query;
    }

    /** @return the answer; null in a question, and when what was received makes no sense */
    public @Nullable Page page() {
        return page;
    }

    @Override
    protected IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
        if (query != null) {
            xml.attribute("of", query.kind().name().toLowerCase(Locale.ROOT));
            InfoHash hash = query.hash();
            if (hash != null) {
                xml.attribute("hash", hash.hex());
            }
            xml.attribute("offset", query.offset());
        }
        if (page == null) {
            xml.setEmptyElement();
            return xml;
        }
        xml.attribute("rev", page.revision()).attribute("size", page.totalBytes());
        xml.rightAngleBracket();
        xml.append(Base64.getEncoder().encodeToString(page.content().toArray()));
        return xml;
    }

    /** Parses what anybody may send. */
    public static final class Provider extends IqProvider<PageIq> {
        @Override
        public PageIq parse(XmlPullParser parser, int initialDepth, IqData iq, XmlEnvironment environment)
                throws XmlPullParserException, IOException {
            RawElement raw = RawElement.read(parser, "", MAX_CHARS);
            try {
                PageQuery query = query(raw);
                return new PageIq(query, raw.attribute("size") == null ? null : page(raw, query.offset()));
            } catch (IllegalArgumentException e) {
                return new PageIq(null, null); // the reply says bad-request; the sender knows best what it sent
            }
        }

        private static PageQuery query(RawElement raw) {
            if (raw.tooLarge()) {
                throw new IllegalArgumentException("larger than " + MAX_CHARS + " characters");
            }
            PageQuery.Kind kind = switch (raw.attributes().getOrDefault("of", "")) {
                case "catalogue" -> PageQuery.Kind.CATALOGUE;
                case "info" -> PageQuery.Kind.INFO;
                case "digests" -> PageQuery.Kind.DIGESTS;
                default -> throw new IllegalArgumentException("a page of nothing that there is");
            };
            String hash = raw.attribute("hash");
            return new PageQuery(kind, hash == null ? null : new InfoHash(hash), number(raw, "offset"));
        }

        private static Page page(RawElement raw, int offset) {
            String revision = raw.attributes().getOrDefault("rev", "");
            if (revision.length() > Announcement.MAX_REVISION || raw.text().length() > MAX_BASE64) {
                throw new IllegalArgumentException("too large for a page");
            }
            var page = new Page(
                    revision,
                    number(raw, "size"),
                    offset,
                    Bytes.of(Base64.getDecoder().decode(raw.text())));
            if (page.content().size() == 0 && page.totalBytes() > offset) {
                throw new IllegalArgumentException("a page that brings nothing would be asked for again and again");
            }
            return page;
        }

        /** @throws IllegalArgumentException unless it is digits that fit an int: no sign, no space */
        private static int number(RawElement raw, String name) {
            String digits = raw.attributes().getOrDefault(name, "");
            if (!digits.matches("[0-9]{1,10}")) {
                throw new IllegalArgumentException(name + " is no number");
            }
            return Integer.parseInt(digits);
        }
    }
}
