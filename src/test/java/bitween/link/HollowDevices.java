package bitween.link;

import bitween.model.Announcement;
import bitween.model.Jid;
import bitween.model.PeerAddress;
import bitween.xmpp.stanza.AnnouncementElement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jivesoftware.smack.packet.XmlEnvironment;

/** Devices that announce themselves as any does, with keys of their own and good signatures, and are not where they say to be reached. */
public final class HollowDevices {
    private final PeerAddress address;
    private final Map<String, DeviceKey> keys = new ConcurrentHashMap<>();

    /** @param address of all of them */
    public HollowDevices(PeerAddress address) {
        this.address = address;
    }

    /** What somebody's device carries in its presence. */
    public String announcement(String jid) {
        Instant now = Instant.now();
        return AnnouncementElement.of(Announcements.sign(
                        keys.computeIfAbsent(jid, unused -> DeviceKey.create()),
                        new Jid(jid),
                        new Announcement("phone", List.of(address), "r1"),
                        now.toEpochMilli(),
                        now,
                        List.of()))
                .toXML(XmlEnvironment.EMPTY)
                .toString();
    }
}
