package bitween.xmpp;

import bitween.model.SignedAnnouncement;
import bitween.xmpp.stanza.AnnouncementElement;
import org.jivesoftware.smack.packet.Presence;

/** The presence by which contacts see this device. */
final class OwnPresence {
    /** RFC 6121 section 4.7.2.3: below zero, so that no chat message comes to us instead of to the person's phone. */
    private static final int PRIORITY = -1;

    private OwnPresence() {}

    static Presence of(SturdyConnection connection, SignedAnnouncement announcement) {
        return connection
                .getStanzaFactory()
                .buildPresenceStanza()
                .ofType(Presence.Type.available)
                .setMode(Presence.Mode.xa)
                .setStatus("file sharing daemon")
                .setPriority(PRIORITY)
                .addExtension(AnnouncementElement.of(announcement))
                .build();
    }
}
