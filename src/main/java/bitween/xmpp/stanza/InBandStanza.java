package bitween.xmpp.stanza;

import bitween.model.Bytes;
import java.io.IOException;
import java.util.Base64;
import java.util.Set;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.IqData;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.provider.IqProvider;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.jspecify.annotations.Nullable;

/**
 * A step of a stream of bytes within IQ stanzas (XEP-0047 section 2): {@code <open sid='…' block-size='4096' stanza='iq'/>}, {@code <data sid='…'
 * seq='0'>…</data>} in base64, {@code <close sid='…'/>}.
 */
public final class InBandStanza extends IQ {
    public static final String NAMESPACE = "http://jabber.org/protocol/ibb";
    /** Of a block before it is base64. With all that is around it in a stanza it stays under 6 KiB, which the tightest servers let through. */
    public static final int MAX_BLOCK_BYTES = 4_096;
    /** A block of that size in base64, and room for the rest. */
    static final int MAX_CHARS = 5_464 + 512;
    /** Our own have 32; whoever names streams at greater length is not one of us. */
    private static final String SID = "[!-~]{1,64}";

    private static final int MAX_NUMBER = 65_535;

    private final Step step;
    private final String sid;
    private final int number;
    private final Bytes data;
    private final String refusal;

    /** What a stanza is about. */
    public enum Step {
        OPEN("open"),
        DATA("data"),
        CLOSE("close");

        private final String element;

        Step(String element) {
            this.element = element;
        }

        public String element() {
            return element;
        }
    }

    private InBandStanza(Step step, String sid, int number, Bytes data, String refusal) {
        super(step.element, NAMESPACE);
        this.step = step;
        this.sid = sid;
        this.number = number;
        this.data = data;
        this.refusal = refusal;
        setType(Type.set);
    }

    public static InBandStanza open(String sid, int blockBytes) {
        return new InBandStanza(Step.OPEN, sid, blockBytes, Bytes.of(new byte[0]), "");
    }

    public static InBandStanza data(String sid, int sequence, Bytes block) {
        return new InBandStanza(Step.DATA, sid, sequence, block, "");
    }

    public static InBandStanza close(String sid) {
        return new InBandStanza(Step.CLOSE, sid, 0, Bytes.of(new byte[0]), "");
    }

    /** The stream's name, which whoever opened it gave it. */
    public String sid() {
        return sid;
    }

    /** Of an OPEN the block size in bytes, of DATA the sequence number: 0 to 65,535. */
    public int number() {
        return number;
    }

    public Bytes data() {
        return data;
    }

    /** Why what was received makes no sense; empty when it does. Holds nothing of what was received. */
    public String refusal() {
        return refusal;
    }

    @Override
    protected IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
        xml.attribute("sid", sid);
        switch (step) {
            case OPEN -> xml.attribute("block-size", number).attribute("stanza", "iq");
            case DATA -> xml.attribute("seq", number);
            case CLOSE -> {}
        }
        xml.rightAngleBracket();
        xml.append(Base64.getEncoder().encodeToString(data.toArray()));
        return xml;
    }

    /** Parses what anybody may send. */
    public static final class Provider extends IqProvider<InBandStanza> {
        private final Step step;

        public Provider(Step step) {
            this.step = step;
        }

        @Override
        public InBandStanza parse(XmlPullParser parser, int initialDepth, IqData iq, XmlEnvironment environment)
                throws XmlPullParserException, IOException {
            RawElement raw = RawElement.read(parser, Set.of(), MAX_CHARS);
            try {
                return parsed(raw);
            } catch (IllegalArgumentException e) {
                return new InBandStanza(step, "", 0, Bytes.of(new byte[0]), "an attribute or the base64 is none");
            }
        }

        private InBandStanza parsed(RawElement raw) {
            String sid = raw.attributes().getOrDefault("sid", "");
            if (raw.tooLarge() || !sid.matches(SID)) {
                throw new IllegalArgumentException("too large, or without a name");
            }
            return switch (step) {
                case OPEN -> {
                    if (!raw.attributes().getOrDefault("stanza", "iq").equals("iq")) {
                        throw new IllegalArgumentException("messages are for people");
                    }
                    yield open(sid, number(raw.attribute("block-size")));
                }
                case DATA ->
                    data(
                            sid,
                            number(raw.attribute("seq")),
                            Bytes.of(Base64.getDecoder().decode(raw.text().strip())));
                case CLOSE -> close(sid);
            };
        }

        private static int number(@Nullable String digits) {
            int number = digits != null && digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : -1;
            if (number < 0 || number > MAX_NUMBER) {
                throw new IllegalArgumentException("no number");
            }
            return number;
        }
    }
}
