package bitween.xmpp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.xml.namespace.QName;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.iqrequest.IQRequestHandler;
import org.jivesoftware.smack.packet.AbstractIqBuilder;
import org.jivesoftware.smack.packet.ErrorIQ;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.packet.StanzaError.Condition;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smack.util.ParserUtils;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.jspecify.annotations.Nullable;

/**
 * Smack 4.4.8's connection without the two ways in which anybody who knows our address could end it: a stanza that makes a parser throw (an IQ without a
 * child, a roster item without a JID), and a question that no handler knows, which Smack answers with broken XML.
 */
final class SturdyConnection extends XMPPTCPConnection {
    private static final Logger log = LogManager.getLogger(SturdyConnection.class);

    /** Which questions have a handler of ours. */
    private final Set<Question> answered = ConcurrentHashMap.newKeySet();

    private final Supplier<@Nullable Socket> socket;

    /** @param socket the one that Smack connected last; it does not tell itself */
    SturdyConnection(XMPPTCPConnectionConfiguration configuration, Supplier<@Nullable Socket> socket) {
        super(configuration);
        this.socket = socket;
    }

    /** Which address of ours it leaves from; null while it is not connected. */
    @Nullable
    InetAddress localAddress() {
        Socket connected = socket.get();
        return connected == null || !connected.isConnected() || connected.isClosed()
                ? null
                : connected.getLocalAddress();
    }

    /** What we answer instead of a result. It repeats nothing of the question. */
    static IQ refusal(IQ question, Condition condition) {
        return ErrorIQ.builder(
                        StanzaError.getBuilder(condition).build(), AbstractIqBuilder.createErrorResponse(question))
                .build();
    }

    /** Lets {@code handler} answer; questions that none answers are refused, whatever Smack has loaded. */
    void answerBy(IQRequestHandler handler) {
        registerIQRequestHandler(handler);
        answered.add(new Question(new QName(handler.getNamespace(), handler.getElement()), handler.getType()));
    }

    @Override
    protected void parseAndProcessStanza(XmlPullParser parser)
            throws XmlPullParserException, IOException, InterruptedException {
        int depth = parser.getDepth();
        try {
            super.parseAndProcessStanza(parser);
        } catch (RuntimeException | AssertionError e) {
            log.debug("dropped a stanza that makes Smack stumble: {}", e.toString());
            ParserUtils.forwardToEndTagOfDepth(parser, depth);
        }
    }

    @Override
    protected void processStanza(Stanza stanza) throws InterruptedException {
        if (stanza instanceof IQ question
                && question.isRequestIQ()
                && !answered.contains(new Question(question.getChildElementQName(), question.getType()))) {
            asyncGo(() -> refuse(question)); // this is the thread that reads; sending may block
        } else {
            super.processStanza(stanza);
        }
    }

    private void refuse(IQ question) {
        try {
            sendStanza(refusal(question, Condition.service_unavailable));
        } catch (SmackException.NotConnectedException e) {
            log.debug("not refused, the connection is gone: {}", question);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Question(QName child, IQ.Type type) {}
}
