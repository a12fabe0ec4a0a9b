package bitween.link.mapping;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Just enough XML for what routers say: elements and text. A document type is refused, and with it every entity but the five that need none; so nothing is expanded
 * and nothing fetched. Attributes and prefixes of names are passed over.
 */
final class RouterXml {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_ELEMENTS = 2_000;

    private final String text;
    private final Deque<Element> open = new ArrayDeque<>();
    private int at;
    private int elements;

    private RouterXml(String text) {
        this.text = text;
    }

    /** An element, with all that is in it. */
    static final class Element {
        private final String name;
        private final StringBuilder text = new StringBuilder();
        private final List<Element> children = new ArrayList<>();

        private Element(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        /** Its own text, without that of its children. */
        String text() {
            return text.toString().strip();
        }

        /** What is of that name inside, however deep; in the order of the document. */
        Stream<Element> all(String wanted) {
            return children.stream()
                    .flatMap(child -> Stream.concat(
                            child.name.equals(wanted) ? Stream.of(child) : Stream.empty(), child.all(wanted)));
        }

        Optional<String> textOf(String wanted) {
            return all(wanted).findFirst().map(Element::text);
        }
    }

    /** @return an element without a name that holds the document */
    static Element parse(String text) throws IOException {
        return new RouterXml(text).parse();
    }

    private Element parse() throws IOException {
        Element document = new Element("");
        open.push(document);
        while (at < text.length()) {
            int tag = text.indexOf('<', at);
            characters(text.substring(at, tag < 0 ? text.length() : tag));
            if (tag < 0) {
                break;
            }
            at = tag;
            markup();
        }
        if (open.size() != 1) {
            throw new IOException("ends inside of an element");
        }
        return document;
    }

    private void markup() throws IOException {
        if (text.startsWith("<?", at)) {
            skipPast("?>");
        } else if (text.startsWith("<!--", at)) {
            skipPast("-->");
        } else if (text.startsWith("<!", at)) {
            throw new IOException("has a document type");
        } else if (text.startsWith("</", at)) {
            String name = localName(tag(2));
            if (open.size() == 1 || !open.pop().name.equals(name)) {
                throw new IOException("ends what it did not begin");
            }
        } else {
            String tag = tag(1);
            boolean empty = tag.endsWith("/");
            begin(localName(empty ? tag.substring(0, tag.length() - 1) : tag), empty);
        }
    }

    private void begin(String name, boolean empty) throws IOException {
        elements++;
        if (elements > MAX_ELEMENTS || open.size() > MAX_DEPTH) {
            throw new IOException("has more or deeper elements than a router's");
        }
        Element element = new Element(name);
        open.element().children.add(element);
        if (!empty) {
            open.push(element);
        }
    }

    /** What stands between here and the next &gt; that is in no quotes. */
    private String tag(int skip) throws IOException {
        char quote = 0;
        for (int end = at + skip; end < text.length(); end++) {
            char c = text.charAt(end);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '>') {
                String tag = text.substring(at + skip, end);
                at = end + 1;
                return tag;
            }
        }
        throw new IOException("ends inside of a tag");
    }

    private static String localName(String tag) throws IOException {
        String name = tag.strip().split("\\s", 2)[0];
        if (!name.matches("[A-Za-z_][A-Za-z0-9_.:-]*")) {
            throw new IOException("has an element without a name");
        }
        return name.substring(name.lastIndexOf(':') + 1);
    }

    private void skipPast(String end) throws IOException {
        int found = text.indexOf(end, at);
        if (found < 0) {
            throw new IOException("ends inside of a comment");
        }
        at = found + end.length();
    }

    private void characters(String raw) throws IOException {
        String plain = raw.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&apos;", "'");
        if (plain.replace("&amp;", "").indexOf('&') >= 0) {
            throw new IOException("has an entity of its own");
        }
        open.element().text.append(plain.replace("&amp;", "&"));
    }
}
