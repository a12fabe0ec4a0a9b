package bitween.xmpp.stanza;

import bitween.model.Announcement;
import bitween.model.Bytes;
import bitween.model.DevicePublicKey;
import bitween.model.Fingerprint;
import bitween.model.PeerAddress;
import bitween.model.SignedAnnouncement;
import bitween.model.SignedAnnouncement.Endorsement;
import java.io.IOException;
import java.net.Inet6Address;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.provider.ExtensionElementProvider;
import org.jivesoftware.smack.util.XmlStringBuilder;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.jspecify.annotations.Nullable;

/**
 * What a device says of itself, in its presence, signed: {@code <bitween xmlns='urn:bitween:1' name='laptop' rev='…' key='…' n='1700000000000' t='1700000000'
 * sig='…'><peer ip='192.0.2.1' port='6881'/><device id='…' sig='…'/></bitween>}. Whether the signature is good is not known here.
 */
public final class AnnouncementElement implements ExtensionElement {
    public static final String ELEMENT = "bitween";
    public static final String NAMESPACE = "urn:bitween:1";
    /** Room for a key, a signature, eight IPv6 addresses, four endorsements and a name. */
    static final int MAX_CHARS = 2_048;

    private static final String PEER = "peer";
    private static final String DEVICE = "device";
    /** What a device is called whose name has no printable character. */
    private static final String NAMELESS = "device";

    private final @Nullable SignedAnnouncement signed;
    private final String refusal;

    private AnnouncementElement(@Nullable SignedAnnouncement signed, String refusal) {
        this.signed = signed;
        this.refusal = refusal;
    }

    /** To send. */
    public static AnnouncementElement of(SignedAnnouncement signed) {
        return new AnnouncementElement(signed, "");
    }

    /** {@code name} as friends take it: cut to size, and a '?' for what they would refuse. */
    public static String printable(String name) {
        var clean = new StringBuilder();
        for (int c : name.strip().codePoints().toArray()) {
            if (clean.length() + Character.charCount(c) > Announcement.MAX_DEVICE_NAME) {
                break;
            }
            clean.appendCodePoint(isPrintable(c) ? c : '?');
        }
        return clean.isEmpty() ? NAMELESS : clean.toString();
    }

    /** @return null when what was received makes no sense; then {@link #refusal} says why */
    public @Nullable SignedAnnouncement signed() {
        return signed;
    }

    /** Empty when there is an announcement. Holds nothing of what was received. */
    public String refusal() {
        return refusal;
    }

    @Override
    public String getElementName() {
        return ELEMENT;
    }

    @Override
    public String getNamespace() {
        return NAMESPACE;
    }

    @Override
    public XmlStringBuilder toXML(XmlEnvironment enclosing) {
        var xml = new XmlStringBuilder(this, enclosing);
        if (signed == null) {
            return xml.closeEmptyElement();
        }
        Announcement announcement = signed.announcement();
        xml.attribute("name", announcement.deviceName())
                .attribute("rev", announcement.revision())
                .attribute("key", base64(signed.key().spki()))
                .attribute("n", Long.toString(signed.counter()))
                .attribute("t", Long.toString(signed.time().getEpochSecond()))
                .attribute("sig", base64(signed.signature()));
        xml.rightAngleBracket();
        for (PeerAddress peer : announcement.addresses()) {
            xml.halfOpenElement(PEER)
                    .attribute("ip", peer.ip().getHostAddress())
                    .attribute("port", peer.port())
                    .closeEmptyElement();
        }
        for (Endorsement endorsement : signed.endorsements()) {
            xml.halfOpenElement(DEVICE)
                    .attribute("id", endorsement.device().hex())
                    .attribute("sig", base64(endorsement.signature()))
                    .closeEmptyElement();
        }
        return xml.closeElement(this);
    }

    private static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toArray());
    }

    /** No control, format (also what turns the writing direction), private or unassigned characters, no halves of surrogate pairs, no line breaks. */
    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** Parses what anybody may send. */
    public static final class Provider extends ExtensionElementProvider<AnnouncementElement> {
        @Override
        public AnnouncementElement parse(XmlPullParser parser, int initialDepth, XmlEnvironment environment)
                throws XmlPullParserException, IOException {
            RawElement raw = RawElement.read(parser, Set.of(PEER, DEVICE), MAX_CHARS);
            try {
                return new AnnouncementElement(signed(raw), "");
            } catch (Refused e) {
                return new AnnouncementElement(null, e.why);
            }
        }

        private static SignedAnnouncement signed(RawElement raw) throws Refused {
            if (raw.tooLarge()) {
                throw new Refused("larger than " + MAX_CHARS + " characters");
            }
            Announcement announcement = announcement(raw);
            List<Map<String, String>> devices = raw.children(DEVICE);
            if (devices.size() > SignedAnnouncement.MAX_ENDORSEMENTS) {
                throw new Refused("vouches for more than " + SignedAnnouncement.MAX_ENDORSEMENTS + " devices");
            }
            try {
                List<Endorsement> endorsements = devices.stream()
                        .map(device -> new Endorsement(
                                new Fingerprint(device.getOrDefault("id", "")), decoded(device.get("sig"))))
                        .toList();
                return new SignedAnnouncement(
                        announcement,
                        new DevicePublicKey(decoded(raw.attribute("key"))),
                        number(raw.attribute("n")),
                        Instant.ofEpochSecond(number(raw.attribute("t"))),
                        endorsements,
                        decoded(raw.attribute("sig")));
            } catch (IllegalArgumentException e) {
                throw new Refused("its key, signature or counter is none");
            }
        }

        private static Bytes decoded(@Nullable String base64) {
            if (base64 == null) {
                throw new IllegalArgumentException("missing");
            }
            return Bytes.of(Base64.getDecoder().decode(base64));
        }

        /** Digits that fit a long: no sign, no space. */
        private static long number(@Nullable String digits) {
            if (digits == null || !digits.matches("[0-9]{1,15}")) {
                throw new IllegalArgumentException("no number");
            }
            return Long.parseLong(digits);
        }

        private static Announcement announcement(RawElement raw) throws Refused {
            String name = raw.attribute("name");
            if (name == null
                    || name.isBlank()
                    || name.length() > Announcement.MAX_DEVICE_NAME
                    || !name.codePoints().allMatch(AnnouncementElement::isPrintable)) {
                throw new Refused("its name is not 1 to " + Announcement.MAX_DEVICE_NAME + " printable characters");
            }
            String revision = raw.attributes().getOrDefault("rev", "");
            if (!revision.matches("[A-Za-z0-9_-]{0," + Announcement.MAX_REVISION + "}")) {
                throw new Refused("its revision is not up to " + Announcement.MAX_REVISION + " of A-Z a-z 0-9 _ -");
            }
            if (raw.children(PEER).size() > Announcement.MAX_ADDRESSES) {
                throw new Refused("more than " + Announcement.MAX_ADDRESSES + " addresses");
            }
            List<PeerAddress> addresses = new ArrayList<>();
            for (Map<String, String> peer : raw.children(PEER)) {
                addresses.add(address(peer));
            }
            return new Announcement(name, addresses, revision);
        }

        private static PeerAddress address(Map<String, String> peer) throws Refused {
            String ip = peer.getOrDefault("ip", "");
            try {
                PeerAddress address = PeerAddress.parse(
                        (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + peer.getOrDefault("port", ""));
                if (address.ip() instanceof Inet6Address || ip.indexOf(':') < 0) {
                    return address;
                }
                throw new Refused("an IPv4 address is written as an IPv6 one");
            } catch (IllegalArgumentException e) {
                throw new Refused("an address is not an IP literal with a port from 1 to 65535");
            }
        }
    }

    /** Says what is wrong with a received element. */
    private static final class Refused extends Exception {
        private final String why;

        private Refused(String why) {
            super(why);
            this.why = why;
        }
    }
}
