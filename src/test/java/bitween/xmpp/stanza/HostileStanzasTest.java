package bitween.xmpp.stanza;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Announcement;
import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.PeerAddress;
import java.util.List;
import java.util.Random;
import org.jivesoftware.smack.packet.IQ;
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
    private static final InfoHash HASH = new InfoHash("0123456789abcdef0123456789abcdef01234567");
    private static final String X = "<bitween xmlns='urn:bitween:1' ";
    private static final String PEER = "<peer ip='192.0.2.1' port='7000'/>";

    @BeforeAll
    static void register() {
        ProviderManager.addExtensionProvider(
                AnnouncementElement.ELEMENT, AnnouncementElement.NAMESPACE, new AnnouncementElement.Provider());
        ProviderManager.addIQProvider(PageIq.ELEMENT, PageIq.NAMESPACE, new PageIq.Provider());
    }

    @Test
    void an_announcement_comes_back_as_it_was_sent() throws Exception {
        var announcement = new Announcement(
                "Jürgen's <laptop> & \"phone\" 💻",
                List.of(PeerAddress.parse("192.0.2.1:6881"), PeerAddress.parse("[2001:db8::1]:65535")),
                "Ab-_9");
        Presence presence = StanzaBuilder.buildPresence()
                .addExtension(AnnouncementElement.of(announcement))
                .build();

        assertThat(parsed(presence.toXML().toString()).announcement()).isEqualTo(announcement);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                X + "name='x'/>",
                X + "name='x' rev=''/>",
                X + "name='x' rev='r' later='attribute'><key xmlns='urn:later'>abc</key>" + PEER + "<sig/></bitween>",
                X + "name='x'>text<peer ip='::1' port='1'/></bitween>",
                X + "name='x'><nested>" + PEER + "</nested></bitween>"
            })
    void what_later_versions_may_add_is_skipped(String element) throws Exception {
        assertThat(parsed("<presence>" + element + "</presence>").announcement())
                .isNotNull();
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
                X + "name='x'>" + "<deep>".repeat(500) + "</deep>".repeat(500) + "</bitween>",
                X + "name='x'>" + PEER.repeat(5_000) + "</bitween>");
    }

    @ParameterizedTest
    @MethodSource("refusedAnnouncements")
    void an_announcement_without_sense_is_refused_whole_and_the_presence_lives(String element) throws Exception {
        Presence presence = presence(
                "<presence from='a@b.test/c' type='unavailable'>" + element + "<status>after</status></presence>");

        AnnouncementElement parsed = presence.getExtension(AnnouncementElement.class);
        assertThat(parsed.announcement()).isNull();
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
    void a_page_and_its_question_come_back_as_they_were_sent() throws Exception {
        byte[] bytes = new byte[Page.MAX_BYTES];
        new Random(7).nextBytes(bytes);
        var query = new PageQuery(PageQuery.Kind.DIGESTS, HASH, 5_700);
        var page = new Page("rev_1", 20_000, 5_700, Bytes.of(bytes));

        PageIq question = iq(PageIq.get(query).toXML().toString());
        PageIq answer = iq(PageIq.result(question, page).toXML().toString());

        assertThat(question.query()).isEqualTo(query);
        assertThat(question.page()).isNull();
        assertThat(answer.query()).isEqualTo(query);
        assertThat(answer.page()).isEqualTo(page);
        assertThat(answer.toXML().length()).isLessThan(8_192);
    }

    @Test
    void an_empty_page_and_the_catalogue_need_no_bytes_and_no_hash() throws Exception {
        var query = new PageQuery(PageQuery.Kind.CATALOGUE, null, 0);

        PageIq answer = iq(PageIq.result(PageIq.get(query), new Page("", 0, 0, Bytes.EMPTY))
                .toXML()
                .toString());

        assertThat(answer.page()).isEqualTo(new Page("", 0, 0, Bytes.EMPTY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "of='catalogue'",
                "of='catalogue' offset=''",
                "of='catalogue' offset='-1'",
                "of='catalogue' offset='+1'",
                "of='catalogue' offset='1e3'",
                "of='catalogue' offset='2147483648'",
                "of='catalogue' offset='99999999999999999999'",
                "of='CATALOGUE' offset='0'",
                "of='secrets' offset='0'",
                "of='catalogue' offset='0' hash='0123456789abcdef0123456789abcdef01234567'",
                "of='info' offset='0'",
                "of='info' offset='0' hash='zz'",
                "of='info' offset='0' hash='0123456789ABCDEF0123456789ABCDEF01234567'",
                "of='digests' offset='0' hash='../../etc/passwd'"
            })
    void a_question_without_sense_asks_nothing(String attributes) throws Exception {
        assertThat(iq("<iq type='get' id='1'><page xmlns='urn:bitween:1' " + attributes + "/></iq>")
                        .query())
                .isNull();
    }

    static List<String> refusedPages() {
        String start = "<page xmlns='urn:bitween:1' of='catalogue' offset='0' ";
        return List.of(
                start + "size='x' rev='r'>AAAA</page>",
                start + "size='-3' rev='r'>AAAA</page>",
                start + "size='2' rev='r'>AAAA</page>",
                start + "size='3' rev='r'>AAA*</page>",
                start + "size='3' rev='r'>A A A A</page>",
                start + "size='3' rev='r'>A</page>",
                start + "size='3' rev='r'>AAAA\n</page>",
                start + "size='9' rev='" + "r".repeat(65) + "'>AAAA</page>",
                start + "size='9999' rev='r'>" + "A".repeat(7_604) + "</page>",
                start + "size='99999999' rev='r'>" + "A".repeat(100_000) + "</page>",
                start + "size='9' rev='r'>" + "<page xmlns='urn:bitween:1'/>".repeat(2_000) + "</page>",
                start + "size='9' rev='r'/>");
    }

    @ParameterizedTest
    @MethodSource("refusedPages")
    void a_page_without_sense_is_no_page(String element) throws Exception {
        PageIq parsed = iq("<iq type='result' id='1'>" + element + "</iq>");

        assertThat(parsed.page()).isNull();
        assertThat(parsed.getStanzaId()).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u0007\u202E", "  my laptop "})
    void a_name_to_send_is_one_that_friends_take(@Nullable String name) throws Exception {
        String printable = AnnouncementElement.printable(requireNonNull(name));

        Presence presence = StanzaBuilder.buildPresence()
                .addExtension(AnnouncementElement.of(new Announcement(printable, List.of(), "")))
                .build();

        assertThat(parsed(presence.toXML().toString()).announcement()).isNotNull();
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

    private static PageIq iq(String xml) throws Exception {
        IQ iq = PacketParserUtils.parseStanza(xml);
        return (PageIq) iq;
    }
}
