package bitween.link;

import static bitween.link.EvilServer.BOB;

import bitween.model.Bytes;
import bitween.model.Jid;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What an evil server writes: stanzas in anybody's name, and announcements that were altered. */
final class Forged {
    private Forged() {}

    /** A change of a roster; in nobody's name, as a client's own server sends it. */
    static String push(@Nullable String from, Jid contact, String subscription) {
        return "<iq type='set' id='evil'" + (from == null ? "" : " from='" + from + "'")
                + "><query xmlns='jabber:iq:roster'><item jid='" + contact + "' subscription='" + subscription
                + "'/></query></iq>";
    }

    static String presence(String from, String announcement) {
        return "<presence from='" + from + "'>" + announcement + "</presence>";
    }

    static String forwarded(String stanza) {
        return "<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>"
                + stanza.replaceFirst("^<(\\w+)", "<$1 xmlns='jabber:client'") + "</forwarded>";
    }

    static String endorsed(String announcement, DeviceKey by) {
        var word = Announcements.endorse(by, BOB, by.fingerprint());
        return announcement.replace(
                "</bitween>",
                "<device id='" + by.fingerprint().hex() + "' sig='" + base64(word.signature()) + "'/></bitween>");
    }

    static String signed(String announcement, Bytes signature) {
        return announcement.replaceFirst(" sig='[^']*'", " sig='" + base64(signature) + "'");
    }

    static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toArray());
    }

    static String open(String from, String sid, String blockSize) {
        return "<iq type='set' id='evil' from='" + from + "'><open xmlns='http://jabber.org/protocol/ibb' sid='" + sid
                + "' block-size='" + blockSize + "' stanza='iq'/></iq>";
    }
}
