package bitween.xmpp.stanza;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Announcement;
import bitween.model.Bytes;
import bitween.model.Fingerprint;
import bitween.model.PeerAddress;
import bitween.model.SignedAnnouncement;
import bitween.model.SignedAnnouncement.Endorsement;
import bitween.testing.Signed;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.StanzaBuilder;
import org.jivesoftware.smack.provider.ProviderManager;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Through Smack's own parser, as everything that comes from outside. */
class HostileStanzasTest {
    private static final String X = "<bitween xmlns='urn:bitween:1'" + Signed.attributes();
    private static final String PEER = "<peer ip='192.0.2.1' port='7000'/>";

    @BeforeAll
    static void register() {
        ProviderManager.addExtensionProvider(
                AnnouncementElement.ELEMENT, AnnouncementElement.NAMESPACE, new AnnouncementElement.Provider());
    }

    @Test
    void an_announcement_comes_back_as_it_was_sent() throws Exception {
        var announcement = new Announcement(
                "Jürgen's <laptop> & \"phone\" 💻",
                List.of(PeerAddress.parse("192.0.2.1:6881"), PeerAddress.parse("[2001:db8::1]:65535")),
                "Ab-_9");
        Presence presence = StanzaBuilder.buildPresence()
                .addExtension(AnnouncementElement.of(Signed.of(announcement)))
                .build();

        assertThat(parsed(presence.toXML().toString()).signed()).isEqualTo(Signed.of(announcement));
    }

    static List<String> laterAnnouncements() {
        return List.of(
                X + "name='x'/>",
                X + "name='x' rev=''/>",
                X + "name='x' rev='r' later='attribute'><key xmlns='urn:later'>abc</key>" + PEER + "<sig/></bitween>",
                X + "name='x'>text<peer ip='::1' port='1'/></bitween>",
                X + "name='x'><nested>" + PEER + "</nested></bitween>");
    }

    @ParameterizedTest
    @MethodSource("laterAnnouncements")
    void what_later_versions_may_add_is_skipped(String element) throws Exception {
        assertThat(parsed("<presence>" + element + "</presence>").signed()).isNotNull();
    }

    static List<String> refusedAnnouncements() {
        return List.of(
                X + "/>",
                X + "name=''/>",
                X + "name='   '/>",
                X + "name='" + "n".repeat(65) + "'/>",
                X + "name='a&#9;b'/>",
                X + "name='a&#10;b'/>",
                X + "name='a&#133;b'/>",
                X + "name='a&#155;31mb'/>",
                X + "name='a&#8238;b'/>",
                X + "name='a&#8294;b'/>",
                X + "name='a&#8203;b'/>",
                X + "name='a&#65279;b'/>",
                X + "name='a&#8232;b'/>",
                X + "name='a&#57344;b'/>",
                X + "name='x' rev='" + "r".repeat(65) + "'/>",
                X + "name='x' rev='a b'/>",
                X + "name='x' rev='ä'/>",
                X + "name='x' rev='a&#10;'/>",
                X + "name='x' rev='../..'/>",
                X + "name='x'><peer/></bitween>",
                X + "name='x'><peer ip='192.0.2.1'/></bitween>",
                X + "name='x'><peer port='7000'/></bitween>",
                X + "name='x'><peer ip='' port='7000'/></bitween>",
                X + "name='x'><peer ip='localhost' port='7000'/></bitween>",
                X + "name='x'><peer ip='example.org' port='7000'/></bitween>",
                X + "name='x'><peer ip='999.1.1.1' port='7000'/></bitween>",
                X + "name='x'><peer ip='1.2.3' port='7000'/></bitween>",
                X + "name='x'><peer ip='1.2.3.4.5' port='7000'/></bitween>",
                X + "name='x'><peer ip='0x7f000001' port='7000'/></bitween>",
                X + "name='x'><peer ip='2130706433' port='7000'/></bitween>",
                X + "name='x'><peer ip='010.0.0.1' port='7000'/></bitween>",
                X + "name='x'><peer ip='192.0.2.1 ' port='7000'/></bitween>",
                X + "name='x'><peer ip='::ffff:127.0.0.1' port='7000'/></bitween>",
                X + "name='x'><peer ip='fe80::1%eth0' port='7000'/></bitween>",
                X + "name='x'><peer ip='[2001:db8::1]' port='7000'/></bitween>",
                X + "name='x'><peer ip=':::' port='7000'/></bitween>",
                X + "name='x'><peer ip='dead.beef:' port='7000'/></bitween>",
                X + "name='x'><peer ip='192.0.2.1' port='0'/></bitween>",
                X + "name='x'><peer ip='192.0.2.1' port='65536'/></bitween>",
                X + "name='x'><peer ip='192.0.2.1' port='-1'/></bitween>",
                X + "name='x'><peer ip='192.0.2.1' port='+80'/></bitween>",
                X + "name='x'><peer ip='192.0.2.1' port='99999999999'/></bitween>",
                X + "name='x'><peer ip='192.0.2.1' port='٧٠٠٠'/></bitween>",
                X + "name='x'><peer ip='192.0.2.1' port='7000'/><peer ip='nonsense' port='7000'/></bitween>",
                X + "name='x'>" + PEER.repeat(9) + "</bitween>",
                X + "name='x' later='" + "l".repeat(3_000) + "'/>",
                X + "name='x'>" + "t".repeat(100_000) + "</bitween>",
                X + "name='x'>" + ("<deep>".repeat(20) + "</deep>".repeat(20)).repeat(25) + "</bitween>",
                X + "name='x'>" + PEER.repeat(5_000) + "</bitween>");
    }

    @ParameterizedTest
    @MethodSource("refusedAnnouncements")
    void an_announcement_without_sense_is_refused_whole_and_the_presence_lives(String element) throws Exception {
        Presence presence = presence(
                "<presence from='a@b.test/c' type='unavailable'>" + element + "<status>after</status></presence>");

        AnnouncementElement parsed = presence.getExtension(AnnouncementElement.class);
        assertThat(parsed.signed()).isNull();
        assertThat(parsed.refusal()).isNotEmpty().hasSizeLessThan(100);
        assertThat(presence.getStatus()).isEqualTo("after");
    }

    @Test
    void nothing_inside_an_announcement_is_taken_for_the_presences_own() throws Exception {
        Presence presence = presence("<presence>" + X + "><status>forged</status><priority>100</priority>"
                + "<bitween xmlns='urn:bitween:1' name='inner'/></bitween></presence>");

        assertThat(presence.getStatus()).isNull();
        assertThat(presence.getExtensions()).hasSize(1);
    }

    @Test
    void an_announcement_with_all_that_fits_stays_under_2_kib() throws Exception {
        PeerAddress longest = PeerAddress.parse("[2001:db8:1111:2222:3333:4444:5555:6666]:65535");
        Bytes signature = Bytes.of(new byte[SignedAnnouncement.MAX_SIGNATURE_BYTES]);
        var full = new SignedAnnouncement(
                new Announcement("n".repeat(64), Collections.nCopies(8, longest), "r".repeat(64)),
                Signed.KEY,
                999_999_999_999_999L,
                Instant.ofEpochSecond(99_999_999_999L),
                Collections.nCopies(4, new Endorsement(new Fingerprint("ab".repeat(32)), signature)),
                signature);

        String xml = StanzaBuilder.buildPresence()
                .addExtension(AnnouncementElement.of(full))
                .build()
                .toXML()
                .toString();

        assertThat(xml.length()).isLessThan(2_048);
        assertThat(parsed(xml).signed()).isEqualTo(full);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n='1' t='0' sig='AQID'",
                "n='1' t='0' key='AQID' sig='AQID'",
                "n='-1' t='0' SIGNED",
                "n='1e3' t='0' SIGNED",
                "n='99999999999999999999' t='0' SIGNED",
                "n='1' SIGNED",
                "t='0' SIGNED",
                "n='1' t='0' key='***' sig='AQID'"
            })
    void an_announcement_without_a_key_a_signature_and_a_counter_is_refused(String attributes) throws Exception {
        String key = Base64.getEncoder().encodeToString(Signed.KEY.spki().toArray());
        String signed = attributes.replace("SIGNED", "key='" + key + "' sig='AQID'");

        assertThat(parsed("<presence><bitween xmlns='urn:bitween:1' name='x' " + signed + "/></presence>")
                        .signed())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u0007\u202E", "  my laptop "})
    void a_name_to_send_is_one_that_friends_take(@Nullable String name) throws Exception {
        String printable = AnnouncementElement.printable(requireNonNull(name));

        Presence presence = StanzaBuilder.buildPresence()
                .addExtension(AnnouncementElement.of(Signed.of(new Announcement(printable, List.of(), ""))))
                .build();

        assertThat(parsed(presence.toXML().toString()).signed()).isNotNull();
    }

    @Test
    void a_long_name_is_cut_between_characters() {
        assertThat(AnnouncementElement.printable("x" + "💻".repeat(60))).isEqualTo("x" + "💻".repeat(31));
    }

    private static AnnouncementElement parsed(String presence) throws Exception {
        return presence(presence).getExtension(AnnouncementElement.class);
    }

    private static Presence presence(String xml) throws Exception {
        return PacketParserUtils.parsePresence(PacketParserUtils.getParserFor(xml));
    }
}
