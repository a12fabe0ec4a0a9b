package bitween.xmpp;

import java.io.IOException;
import java.io.Reader;
import javax.xml.namespace.QName;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.jivesoftware.smack.xml.XmlPullParserFactory;
import org.jspecify.annotations.Nullable;

/**
 * A parser that does not see what is nested too deep. Smack reads by recursion whatever it has no parser for, so that a stanza of anybody's, a few kilobytes of
 * elements in elements, ended the thread that reads, and with it the connection. Thread: the one that reads.
 */
final class ShallowParser implements XmlPullParser {
    /** The stream is 1, a stanza 2; what the protocols nest most, archived and forwarded, stays below 20. */
    static final int MAX_DEPTH = 64;

    private final XmlPullParser deep;

    private ShallowParser(XmlPullParser deep) {
        this.deep = deep;
    }

    static XmlPullParserFactory over(XmlPullParserFactory usual) {
        return new XmlPullParserFactory() {
            @Override
            public XmlPullParser newXmlPullParser(Reader reader) throws XmlPullParserException {
                return new ShallowParser(usual.newXmlPullParser(reader));
            }
        };
    }

    @Override
    public Event next() throws IOException, XmlPullParserException {
        Event event = deep.next();
        while (event == Event.START_ELEMENT && deep.getDepth() > MAX_DEPTH) {
            skip();
            event = deep.next();
        }
        return event;
    }

    @Override
    public TagEvent nextTag() throws IOException, XmlPullParserException {
        TagEvent tag = deep.nextTag();
        while (tag == TagEvent.START_ELEMENT && deep.getDepth() > MAX_DEPTH) {
            skip();
            tag = deep.nextTag();
        }
        return tag;
    }

    /** To the end of the element that has just begun. */
    private void skip() throws IOException, XmlPullParserException {
        int depth = deep.getDepth();
        Event event = deep.getEventType();
        while (event != Event.END_DOCUMENT && !(event == Event.END_ELEMENT && deep.getDepth() == depth)) {
            event = deep.next();
        }
    }

    @Override
    public String nextText() throws IOException, XmlPullParserException {
        return deep.nextText();
    }

    @Override
    public Object getProperty(String name) {
        return deep.getProperty(name);
    }

    @Override
    public String getInputEncoding() {
        return deep.getInputEncoding();
    }

    @Override
    public int getNamespaceCount() throws XmlPullParserException {
        return deep.getNamespaceCount();
    }

    @Override
    public String getNamespacePrefix(int position) throws XmlPullParserException {
        return deep.getNamespacePrefix(position);
    }

    @Override
    public String getNamespaceUri(int position) throws XmlPullParserException {
        return deep.getNamespaceUri(position);
    }

    @Override
    public String getNamespace(@Nullable String prefix) {
        return deep.getNamespace(prefix);
    }

    @Override
    public int getDepth() {
        return deep.getDepth();
    }

    @Override
    public String getPositionDescription() {
        return deep.getPositionDescription();
    }

    @Override
    public int getLineNumber() {
        return deep.getLineNumber();
    }

    @Override
    public int getColumnNumber() {
        return deep.getColumnNumber();
    }

    @Override
    public boolean isWhiteSpace() throws XmlPullParserException {
        return deep.isWhiteSpace();
    }

    @Override
    public String getText() {
        return deep.getText();
    }

    @Override
    public String getNamespace() {
        return deep.getNamespace();
    }

    @Override
    public String getName() {
        return deep.getName();
    }

    @Override
    public QName getQName() {
        return deep.getQName();
    }

    @Override
    public String getPrefix() {
        return deep.getPrefix();
    }

    @Override
    public int getAttributeCount() {
        return deep.getAttributeCount();
    }

    @Override
    public String getAttributeNamespace(int index) {
        return deep.getAttributeNamespace(index);
    }

    @Override
    public String getAttributeName(int index) {
        return deep.getAttributeName(index);
    }

    @Override
    public QName getAttributeQName(int index) {
        return deep.getAttributeQName(index);
    }

    @Override
    public String getAttributePrefix(int index) {
        return deep.getAttributePrefix(index);
    }

    @Override
    public String getAttributeType(int index) {
        return deep.getAttributeType(index);
    }

    @Override
    public String getAttributeValue(int index) {
        return deep.getAttributeValue(index);
    }

    @Override
    public String getAttributeValue(@Nullable String namespace, String name) {
        return deep.getAttributeValue(namespace, name);
    }

    @Override
    public Event getEventType() throws XmlPullParserException {
        return deep.getEventType();
    }

    @Override
    public boolean supportsRoundtrip() {
        return deep.supportsRoundtrip();
    }
}
