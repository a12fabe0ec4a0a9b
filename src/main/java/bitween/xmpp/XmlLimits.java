package bitween.xmpp;

import java.util.Map;

/**
 * What the JDK takes of XML. Where it takes no more, the connection ends, whoever sent that: of an element with many attributes or a long name, and from JDK 24 on
 * also of depth, and of 100,000 escaped characters in the whole life of a stream. Servers let no stanza be longer than 262,144 bytes; for what counts over a
 * stream's life these are JDK 17's limits, where 0 is none.
 */
final class XmlLimits {
    private static final Map<String, String> LIMITS = Map.of(
            "jdk.xml.elementAttributeLimit", "262144",
            "jdk.xml.maxXMLNameLimit", "262144",
            "jdk.xml.maxElementDepth", "262144",
            "jdk.xml.maxGeneralEntitySizeLimit", "0",
            "jdk.xml.totalEntitySizeLimit", "50000000");

    static {
        LIMITS.forEach((name, limit) -> System.setProperty(name, System.getProperty(name, limit)));
    }

    private XmlLimits() {}

    /** For every parser that is made after this; what the user has set stays. Idempotent. */
    static void set() {
        // it is done once this class is loaded
    }
}
