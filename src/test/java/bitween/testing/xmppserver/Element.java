package bitween.testing.xmppserver;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An XML element, never changed once made; prefixes of elements are dropped, those of attributes kept in the name. */
record Element(String name, String namespace, Map<String, String> attributes, List<Node> content) implements Node {

    Element {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        content = List.copyOf(content);
    }

    static Element of(String name, String namespace) {
        return new Element(name, namespace, Map.of(), List.of());
    }

    Element with(String attribute, @Nullable String value) {
        var changed = new LinkedHashMap<>(attributes);
        if (value == null) {
            changed.remove(attribute);
        } else {
            changed.put(attribute, value);
        }
        return new Element(name, namespace, changed, content);
    }

    Element containing(Node... more) {
        var grown = new ArrayList<>(content);
        grown.addAll(List.of(more));
        return new Element(name, namespace, attributes, grown);
    }

    Element containing(String text) {
        return containing(new Node.Text(text));
    }

    /** The answer of an IQ or the bounce of a stanza: same id, addresses swapped, without content. */
    Element reply(String type) {
        return of(name, namespace)
                .with("id", attribute("id"))
                .with("type", type)
                .with("from", attribute("to"))
                .with("to", attribute("from"));
    }

    /** RFC 6120 section 8.3; {@code condition} is one of its section 8.3.3. */
    Element error(String condition) {
        return reply("error")
                .containing(of("error", namespace).with("type", "cancel").containing(of(condition, Ns.STANZA_ERRORS)));
    }

    @Nullable
    String attribute(String attribute) {
        return attributes.get(attribute);
    }

    Stream<Element> children() {
        return content.stream().filter(Element.class::isInstance).map(Element.class::cast);
    }

    @Nullable
    Element child(String childName, String childNamespace) {
        return children()
                .filter(child -> child.is(childName, childNamespace))
                .findFirst()
                .orElse(null);
    }

    boolean is(String otherName, String otherNamespace) {
        return name.equals(otherName) && namespace.equals(otherNamespace);
    }

    String text() {
        return content.stream()
                .filter(Node.Text.class::isInstance)
                .map(text -> ((Node.Text) text).value())
                .collect(Collectors.joining());
    }

    /** As it stands inside a stream whose default namespace is {@code jabber:client}. */
    String toXml() {
        var xml = new StringBuilder();
        write(xml, Ns.CLIENT);
        return xml.toString();
    }

    private void write(StringBuilder xml, String outerNamespace) {
        xml.append('<').append(name);
        if (!namespace.equals(outerNamespace)) {
            writeAttribute(xml, "xmlns", namespace);
        }
        attributes.forEach((attribute, value) -> writeAttribute(xml, attribute, value));
        if (content.isEmpty()) {
            xml.append("/>");
            return;
        }
        xml.append('>');
        for (Node node : content) {
            if (node instanceof Element element) {
                element.write(xml, namespace);
            } else if (node instanceof Node.Text text) {
                escape(xml, text.value(), false);
            }
        }
        xml.append("</").append(name).append('>');
    }

    private static void writeAttribute(StringBuilder xml, String attribute, String value) {
        xml.append(' ').append(attribute).append("='");
        escape(xml, value, true);
        xml.append('\'');
    }

    private static void escape(StringBuilder xml, String text, boolean inAttribute) {
        for (int i = 0; i < text.length(); i++) {
            char sign = text.charAt(i);
            switch (sign) {
                case '&' -> xml.append("&amp;");
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '\'' -> xml.append("&apos;");
                case '\r' -> xml.append("&#13;");
                case '\n', '\t' -> xml.append(inAttribute ? "&#" + (int) sign + ";" : String.valueOf(sign));
                default -> xml.append(sign);
            }
        }
    }
}
