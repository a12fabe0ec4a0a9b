package bitween.testing.xmppserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Cuts one XML stream into its stanzas. Thread: the connection's reader; blocks until a whole stanza is there. */
final class StanzaReader {
    /** What Prosody and ejabberd (as Debian ships it) take from a client. */
    static final int STANZA_BYTES = 262_144;

    /** Decoder and parser read ahead, so the count may hold this much of the next stanza. */
    private static final int READ_AHEAD_BYTES = 16_384;

    /** Ten times what any known extension nests; the parse is recursive. */
    private static final int DEPTH = 100;

    private static final XMLInputFactory FACTORY = factory();

    private final Budget budget;
    private final XMLStreamReader xml;

    /** Reads the prolog and the opening tag of the stream, which {@link #header} returns. */
    StanzaReader(InputStream in) throws StreamException, IOException {
        budget = new Budget(in);
        try {
            xml = FACTORY.createXMLStreamReader(new InputStreamReader(budget, UTF_8.newDecoder()));
            while (xml.getEventType() != XMLStreamConstants.START_ELEMENT) {
                advance();
            }
        } catch (XMLStreamException e) {
            throw translated(e);
        }
    }

    Element header() {
        return new Element(xml.getLocalName(), namespace(), attributes(), List.of());
    }

    /** @return null when the client has closed its stream */
    @Nullable
    Element next() throws StreamException, IOException {
        try {
            while (true) {
                budget.left = STANZA_BYTES + READ_AHEAD_BYTES;
                switch (advance()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        return element(0);
                    }
                    case XMLStreamConstants.END_ELEMENT -> {
                        return null;
                    }
                    default -> {} // white space that keeps the connection alive: RFC 6120 section 4.6.1
                }
            }
        } catch (XMLStreamException e) {
            throw translated(e);
        }
    }

    private Element element(int depth) throws XMLStreamException, StreamException {
        if (depth > DEPTH) {
            throw new StreamException("policy-violation", "XML is nested too deep");
        }
        String name = xml.getLocalName();
        String namespace = namespace();
        Map<String, String> attributes = attributes();
        List<Node> content = new ArrayList<>();
        for (int event = advance(); event != XMLStreamConstants.END_ELEMENT; event = advance()) {
            content.add(event == XMLStreamConstants.START_ELEMENT ? element(depth + 1) : new Node.Text(xml.getText()));
        }
        return new Element(name, namespace, attributes, content);
    }

    private String namespace() {
        String uri = xml.getNamespaceURI();
        return uri == null ? "" : uri;
    }

    private Map<String, String> attributes() {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            String prefix = xml.getAttributePrefix(i);
            if (prefix == null || prefix.isEmpty()) {
                attributes.put(xml.getAttributeLocalName(i), xml.getAttributeValue(i));
            } else {
                if (!prefix.equals("xml")) {
                    attributes.put("xmlns:" + prefix, xml.getAttributeNamespace(i));
                }
                attributes.put(prefix + ":" + xml.getAttributeLocalName(i), xml.getAttributeValue(i));
            }
        }
        return attributes;
    }

    /** Lets through only what RFC 6120 section 11.1 leaves of XML. */
    private int advance() throws XMLStreamException, StreamException {
        int event = xml.next();
        return switch (event) {
            case XMLStreamConstants.START_ELEMENT,
                    XMLStreamConstants.END_ELEMENT,
                    XMLStreamConstants.CHARACTERS,
                    XMLStreamConstants.CDATA,
                    XMLStreamConstants.SPACE -> event;
            default -> throw new StreamException("restricted-xml", "comments, DTDs and the like are not XMPP");
        };
    }

    private StreamException translated(XMLStreamException e) throws IOException {
        if (budget.left < 0) {
            return new StreamException("policy-violation", "XML stanza is too big");
        }
        if (e.getNestedException() instanceof IOException lost) {
            throw lost;
        }
        if (budget.ended) {
            throw new IOException("the connection ended inside the stream", e);
        }
        return new StreamException("not-well-formed", "this is not XML");
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    /** Fails a read once one stanza has taken more than it may. */
    private static final class Budget extends FilterInputStream {
        int left = STANZA_BYTES + READ_AHEAD_BYTES;
        boolean ended;

        Budget(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            ended = count < 0;
            left -= Math.max(count, 0);
            if (left < 0) {
                throw new IOException("stanza over " + STANZA_BYTES + " bytes");
            }
            return count;
        }
    }
}
