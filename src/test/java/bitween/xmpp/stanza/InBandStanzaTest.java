package bitween.xmpp.stanza;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Bytes;
import java.util.Random;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.provider.ProviderManager;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Through Smack's own parser, as everything that comes from outside. */
class InBandStanzaTest {
    @BeforeAll
    static void register() {
        for (InBandStanza.Step step : InBandStanza.Step.values()) {
            ProviderManager.addIQProvider(step.element(), InBandStanza.NAMESPACE, new InBandStanza.Provider(step));
        }
    }

    @Test
    void the_largest_block_comes_back_as_it_was_sent_in_a_stanza_under_6_KiB() throws Exception {
        byte[] block = new byte[InBandStanza.MAX_BLOCK_BYTES];
        new Random(1).nextBytes(block);
        String xml = InBandStanza.data("f".repeat(32), 65_535, Bytes.of(block))
                .toXML()
                .toString();

        InBandStanza back = parsed(xml);

        assertThat(back.refusal()).isEmpty();
        assertThat(back.data()).isEqualTo(Bytes.of(block));
        assertThat(back.sid()).isEqualTo("f".repeat(32));
        assertThat(back.number()).isEqualTo(65_535);
        assertThat(xml).hasSizeLessThan(6 << 10);
    }

    @Test
    void a_stream_is_opened_and_closed_by_name() throws Exception {
        InBandStanza open = parsed(InBandStanza.open("a1", 4_096).toXML().toString());
        InBandStanza close = parsed(InBandStanza.close("a1").toXML().toString());

        assertThat(open.number()).isEqualTo(4_096);
        assertThat(open.getType()).isEqualTo(IQ.Type.set);
        assertThat(open.sid()).isEqualTo("a1").isEqualTo(close.sid());
        assertThat(open.refusal() + close.refusal()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<open/>",
                "<open sid='a'/>",
                "<open sid='a' block-size='abc'/>",
                "<open sid='a' block-size='-1'/>",
                "<open sid='a' block-size='65536'/>",
                "<open sid='a' block-size='4096' stanza='message'/>",
                "<open sid='a b' block-size='4096'/>",
                "<open sid='' block-size='4096'/>",
                "<open sid='ä' block-size='4096'/>",
                "<data sid='a'>AAAA</data>",
                "<data sid='a' seq='zzz'>AAAA</data>",
                "<data sid='a' seq='65536'>AAAA</data>",
                "<data sid='a' seq='0'>A</data>",
                "<data sid='a' seq='0'>AA=A</data>",
                "<data sid='a' seq='0'>AA AA</data>",
                "<data sid='a' seq='0'>not base64!</data>",
                "<data seq='0'>AAAA</data>",
                "<close/>"
            })
    void what_makes_no_sense_is_refused_and_nothing_of_it_kept(String element) throws Exception {
        String spaced = element.replaceFirst("<(\\w+)", "<$1 xmlns='http://jabber.org/protocol/ibb'");

        InBandStanza stanza = parsed("<iq type='set' id='1'>" + spaced + "</iq>");

        assertThat(stanza.refusal()).isEqualTo("an attribute or the base64 is none");
        assertThat(stanza.data().size()).isZero();
    }

    @Test
    void more_than_a_block_is_not_even_read() throws Exception {
        String text = "A".repeat(8_192);

        InBandStanza stanza =
                parsed("<iq type='set' id='1'><data xmlns='http://jabber.org/protocol/ibb' sid='a' seq='0'>" + text
                        + "</data></iq>");

        assertThat(stanza.refusal()).isNotEmpty();
    }

    private static InBandStanza parsed(String xml) throws Exception {
        return (InBandStanza) PacketParserUtils.<IQ>parseStanza(xml);
    }
}
