package bitween.xmpp.stanza;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.jspecify.annotations.Nullable;

/**
 * An element from outside before anybody made sense of it: its attributes and text, and the attributes of its children of some names. What else is inside is
 * left for later versions and skipped.
 *
 * @param tooLarge whether it exceeded the limit; what is held is then incomplete
 */
record RawElement(Map<String, String> attributes, String text, List<Child> children, boolean tooLarge) {
    /** Brackets and a slash. */
    private static final int ELEMENT_MARKUP = 3;
    /** A space, an equals sign, two quotes. */
    private static final int ATTRIBUTE_MARKUP = 4;

    /** A direct child; what it contains is skipped. */
    record Child(String name, Map<String, String> attributes) {}

    /** Reads to the end of the element at which {@code parser} stands, and holds no more than {@code maxChars} of it: of its children those of {@code names}. */
    static RawElement read(XmlPullParser parser, Set<String> names, int maxChars)
            throws IOException, XmlPullParserException {
        int depth = parser.getDepth();
        String namespace = parser.getNamespace();
        Map<String, String> attributes = Map.of();
        List<Child> children = new ArrayList<>();
        var text = new StringBuilder();
        int chars = 0;
        for (XmlPullParser.Event event = parser.getEventType(); ; event = parser.next()) {
            int below = parser.getDepth() - depth;
            if (event == XmlPullParser.Event.END_ELEMENT && below == 0) {
                return new RawElement(attributes, text.toString(), children, chars > maxChars);
            } else if (event == XmlPullParser.Event.START_ELEMENT) {
                chars += sizeOf(parser);
                if (chars <= maxChars && below == 0) {
                    attributes = attributesOf(parser);
                } else if (chars <= maxChars && below == 1 && isNamed(parser, names, namespace)) {
                    children.add(new Child(parser.getName(), attributesOf(parser)));
                }
            } else if (event == XmlPullParser.Event.TEXT_CHARACTERS) {
                String part = parser.getText();
                chars += part.length();
                if (chars <= maxChars && below == 0) {
                    text.append(part);
                }
            }
        }
    }

    @Nullable
    String attribute(String name) {
        return attributes.get(name);
    }

    /** The attributes of the children of one name. */
    List<Map<String, String>> children(String name) {
        return children.stream()
                .filter(child -> child.name().equals(name))
                .map(Child::attributes)
                .toList();
    }

    private static boolean isNamed(XmlPullParser parser, Set<String> names, String namespace) {
        return names.contains(parser.getName()) && namespace.equals(parser.getNamespace());
    }

    private static Map<String, String> attributesOf(XmlPullParser parser) {
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i < parser.getAttributeCount(); i++) {
            String namespace = parser.getAttributeNamespace(i);
            if (namespace == null || namespace.isEmpty()) {
                attributes.put(parser.getAttributeName(i), parser.getAttributeValue(i));
            }
        }
        return attributes;
    }

    private static int sizeOf(XmlPullParser parser) {
        int size = parser.getName().length() + ELEMENT_MARKUP;
        for (int i = 0; i < parser.getAttributeCount(); i++) {
            size += parser.getAttributeName(i).length()
                    + parser.getAttributeValue(i).length()
                    + ATTRIBUTE_MARKUP;
        }
        return size;
    }
}
