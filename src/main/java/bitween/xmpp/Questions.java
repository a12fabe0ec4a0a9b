package bitween.xmpp;

import bitween.bus.Mailbox;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.xmpp.stanza.AnnouncementElement;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jivesoftware.smack.iqrequest.AbstractIqRequestHandler;
import org.jivesoftware.smack.iqrequest.IQRequestHandler.Mode;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.StanzaError.Condition;
import org.jivesoftware.smack.roster.packet.RosterPacket;
import org.jivesoftware.smackx.disco.packet.DiscoverInfo;
import org.jivesoftware.smackx.ping.packet.Ping;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.BareJid;

/** What a connection answers: the server's roster pushes, and to friends what we are. Everybody else hears what an absent account would say. */
final class Questions {
    private final SturdyConnection connection;
    private final Mailbox mailbox;
    private final Contacts contacts;
    private final Jid self;
    private final Oddities oddities;
    private final BiConsumer<SturdyConnection, FullJid> onSign;

    private Questions(
            SturdyConnection connection,
            Mailbox mailbox,
            Contacts contacts,
            Jid self,
            Oddities oddities,
            BiConsumer<SturdyConnection, FullJid> onSign) {
        this.connection = connection;
        this.mailbox = mailbox;
        this.contacts = contacts;
        this.self = self;
        this.oddities = oddities;
        this.onSign = onSign;
    }

    /**
     * Before connecting.
     *
     * @param onPush called on the mailbox
     * @param onSign called on the mailbox with a friend's device that asked whether we are there, and so is there itself
     */
    static void register(
            SturdyConnection connection,
            Mailbox mailbox,
            Contacts contacts,
            Jid self,
            Oddities oddities,
            BiConsumer<SturdyConnection, RosterPacket> onPush,
            BiConsumer<SturdyConnection, FullJid> onSign) {
        var questions = new Questions(connection, mailbox, contacts, self, oddities, onSign);
        questions.on(RosterPacket.ELEMENT, RosterPacket.NAMESPACE, IQ.Type.set, iq -> questions.push(iq, onPush));
        questions.on(Ping.ELEMENT, Ping.NAMESPACE, IQ.Type.get, questions::pong);
        questions.on(DiscoverInfo.ELEMENT, DiscoverInfo.NAMESPACE, IQ.Type.get, questions::whatWeAre);
    }

    /** In order with presence, so that a new friend is in the roster before their presence is looked at. */
    private void on(String element, String namespace, IQ.Type type, Answer answer) {
        connection.answerBy(new AbstractIqRequestHandler(element, namespace, type, Mode.sync) {
            @Override
            public @Nullable IQ handleIQRequest(IQ question) {
                return answer.to(question);
            }
        });
    }

    /** The mailbox answers, unless it is full. */
    private @Nullable IQ later(IQ question, Runnable task) {
        try {
            mailbox.execute(task);
            return null;
        } catch (RejectedExecutionException e) {
            Jid asker = Addresses.person(question.getFrom());
            boolean known = asker != null && contacts.seesUs(asker);
            return SturdyConnection.refusal(
                    question, known ? Condition.resource_constraint : Condition.service_unavailable);
        }
    }

    /** RFC 6121 section 2.1.6: a push from anybody but our own account is a forgery. */
    private @Nullable IQ push(IQ push, BiConsumer<SturdyConnection, RosterPacket> onPush) {
        var from = push.getFrom();
        if (from != null && !(from instanceof BareJid && self.equals(Addresses.person(from)))) {
            oddities.seen(from, Oddities.Kind.FORGED_ROSTER);
            return SturdyConnection.refusal(push, Condition.service_unavailable);
        }
        IQ refusal = later(push, () -> onPush.accept(connection, (RosterPacket) push));
        return refusal == null ? IQ.createResultIQ(push) : refusal;
    }

    private IQ pong(IQ question) {
        if (!isFriendly(question)) {
            return SturdyConnection.refusal(question, Condition.service_unavailable);
        }
        FullJid asker = Addresses.sender(question);
        IQ refusal = asker == null ? null : later(question, () -> onSign.accept(connection, asker));
        return refusal == null ? IQ.createResultIQ(question) : refusal;
    }

    /** XEP-0030: people's clients show it, so that nobody takes us for a person. */
    private IQ whatWeAre(IQ question) {
        if (!isFriendly(question) || ((DiscoverInfo) question).getNode() != null) {
            return SturdyConnection.refusal(question, Condition.service_unavailable);
        }
        return DiscoverInfo.builder(connection)
                .ofType(IQ.Type.result)
                .addIdentity(new DiscoverInfo.Identity("client", "bitween", "bot"))
                .addFeature(DiscoverInfo.NAMESPACE)
                .addFeature(Ping.NAMESPACE)
                .addFeature(AnnouncementElement.NAMESPACE)
                .build();
    }

    /** From our server, our account, or a contact who sees us anyway. */
    private boolean isFriendly(IQ question) {
        var from = question.getFrom();
        Jid person = Addresses.person(from);
        return from == null
                || (person == null ? from.equals(connection.getXMPPServiceDomain()) : contacts.seesUs(person));
    }

    @FunctionalInterface
    private interface Answer {
        /** @return null when it comes later */
        @Nullable
        IQ to(IQ question);
    }
}
