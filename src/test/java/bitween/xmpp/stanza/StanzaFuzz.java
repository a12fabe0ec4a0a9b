package bitween.xmpp.stanza;

import bitween.model.Announcement;
import bitween.model.PeerAddress;
import bitween.testing.Signed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jivesoftware.smack.packet.StanzaBuilder;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.jspecify.annotations.Nullable;

/** The elements that are ours, as anybody may send them: understood, and then written the same again, or refused. */
public final class StanzaFuzz {
    private StanzaFuzz() {}

    public static List<byte[]> seeds() {
        var announcement = new Announcement(
                "laptop", List.of(PeerAddress.parse("192.0.2.1:6881"), PeerAddress.parse("[2001:db8::1]:1")), "Ab-_9");
        return Stream.of(
                        AnnouncementElement.of(Signed.of(announcement)).toXML().toString(),
                        "<open xmlns='http://jabber.org/protocol/ibb' sid='a1' block-size='4096'/>",
                        "<data xmlns='http://jabber.org/protocol/ibb' sid='a1' seq='7'>AAAA</data>",
                        "<close xmlns='http://jabber.org/protocol/ibb' sid='a1'/>")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        String xml = new String(input, StandardCharsets.UTF_8);
        try {
            XmlPullParser parser = parser(xml);
            if (AnnouncementElement.NAMESPACE.equals(parser.getNamespace())) { // Smack asks nobody else
                readAnnouncement(parser);
            } else if (InBandStanza.NAMESPACE.equals(parser.getNamespace())) {
                for (InBandStanza.Step step : InBandStanza.Step.values()) {
                    InBandStanza read = parsed(step, xml);
                    if (!read.refusal().isEmpty() && read.data().size() > 0) {
                        throw new AssertionError("refused, and kept");
                    }
                }
            }
        } catch (XmlPullParserException | IOException e) {
            return; // no XML, which ends the stream
        }
    }

    private static void readAnnouncement(XmlPullParser parser) throws Exception {
        AnnouncementElement read = new AnnouncementElement.Provider().parse(parser, 1, XmlEnvironment.EMPTY);
        if ((read.signed() == null) == read.refusal().isEmpty()) {
            throw new AssertionError("neither understood nor refused");
        }
        if (read.signed() != null && !read.signed().equals(again(read))) {
            throw new AssertionError("written as something else");
        }
    }

    private static @Nullable Object again(AnnouncementElement read) throws Exception {
        return new AnnouncementElement.Provider()
                .parse(parser(read.toXML().toString()), 1, XmlEnvironment.EMPTY)
                .signed();
    }

    private static InBandStanza parsed(InBandStanza.Step step, String xml) throws Exception {
        return new InBandStanza.Provider(step)
                .parse(parser(xml), 1, StanzaBuilder.buildIqData("1"), XmlEnvironment.EMPTY);
    }

    private static XmlPullParser parser(String xml) throws XmlPullParserException, IOException {
        return PacketParserUtils.getParserFor(xml);
    }
}
