package bitween.xmpp;

import bitween.model.AddressFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
import org.jivesoftware.smack.packet.TopLevelStreamElement;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smack.util.ParserUtils;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.jspecify.annotations.Nullable;

/**
 * Smack 4.4.8's connection without the two ways in which anybody who knows our address could end it: a stanza that makes a parser throw (an IQ without a
 * child, a roster item without a JID), and a question that no handler knows, which Smack answers with broken XML. And with a {@link #trySendStanza} that
 * does not wait, as Smack's does for this kind of connection.
 */
final class SturdyConnection extends XMPPTCPConnection {
    private static final Logger log = LogManager.getLogger(SturdyConnection.class);

    /** What nobody is there for is refused so often a second, which people's clients never need; beyond that there is silence. */
    static final int MAX_REFUSALS = 20;

    private final Backlog backlog = new Backlog();
    private final Allowance refusals = new Allowance(MAX_REFUSALS, Duration.ofSeconds(1), System::nanoTime);

    /** Which questions have a handler of ours. */
    private final Set<Question> answered = ConcurrentHashMap.newKeySet();

    private final Supplier<@Nullable Wire> wire;

    /** @param wire the one that Smack connected last; it does not tell itself */
    SturdyConnection(XMPPTCPConnectionConfiguration configuration, Supplier<@Nullable Wire> wire) {
        super(configuration);
        this.wire = wire;
    }

    /** Which address of ours it leaves from; null while it is not connected. */
    @Nullable
    InetAddress localAddress() {
        Socket connected = wire.get();
        return connected == null || !connected.isConnected() || connected.isClosed()
                ? null
                : connected.getLocalAddress();
    }

    /** When anything came from the server last, by {@link System#nanoTime}; long ago while it is not connected. */
    long heardNs() {
        Wire connected = wire.get();
        return connected == null ? 0 : connected.heardNs();
    }

    /** How much we have said to the server, with what TLS adds. */
    long sentBytes() {
        Wire connected = wire.get();
        return connected == null ? 0 : connected.sentBytes();
    }

    /** Ends TCP first: to close TLS waits, for ever if need be, for whoever writes to a server that does not read. */
    void cut() {
        Socket connected = wire.get();
        try {
            if (connected != null) {
                connected.close();
            }
        } catch (IOException e) {
            log.debug("closing the socket failed: {}", e.getMessage());
        }
        instantShutdown();
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
            refuse(question, Condition.service_unavailable);
        } else {
            super.processStanza(stanza);
        }
    }

    /** Refuses, if that needs no waiting and there was not too much of it: many ask, and each answer is another's bytes. Never blocks. */
    void refuse(IQ question, Condition condition) {
        if (refusals.take()) {
            try {
                boolean unused = trySendStanza(refusal(question, condition));
            } catch (SmackException.NotConnectedException e) {
                log.debug("not refused, the connection is gone: {}", question);
            }
        }
    }

    /** Never blocks. @return false when too much waits to be sent already */
    @Override
    public boolean trySendStanza(Stanza stanza) throws SmackException.NotConnectedException {
        return backlog.hasRoom() && super.trySendStanza(stanza);
    }

    @Override
    public boolean trySendStanza(Stanza stanza, long timeout, TimeUnit unit)
            throws SmackException.NotConnectedException, InterruptedException {
        return backlog.awaitRoom(Duration.of(timeout, unit.toChronoUnit()))
                && super.trySendStanza(stanza, timeout, unit);
    }

    @Override
    protected void sendStanzaInternal(Stanza stanza) throws SmackException.NotConnectedException, InterruptedException {
        backlog.added();
        try {
            super.sendStanzaInternal(stanza);
        } catch (SmackException.NotConnectedException | InterruptedException e) {
            backlog.removed();
            throw e;
        }
    }

    /** On the thread that writes, which has written it. */
    @Override
    protected void firePacketSendingListeners(TopLevelStreamElement written) {
        if (written instanceof Stanza) {
            backlog.removed();
        }
        super.firePacketSendingListeners(written);
    }

    private record Question(QName child, IQ.Type type) {}

    /** What is sent from an address that we no longer have arrives nowhere; TCP would try for many minutes. */
    boolean isStranded(List<AddressFilter.Network> all) {
        InetAddress from = localAddress();
        return from != null
                && !from.isLoopbackAddress()
                && all.stream().noneMatch(network -> network.address().equals(from));
    }
}
