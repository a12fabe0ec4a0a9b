package bitween.xmpp;

import bitween.config.Config;
import java.util.List;
import java.util.function.Predicate;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.iqrequest.AbstractIqRequestHandler;
import org.jivesoftware.smack.iqrequest.IQRequestHandler;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Nonza;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smackx.ping.packet.Ping;
import org.jspecify.annotations.Nullable;

/** Somebody who sends what they like. */
final class RawClient implements AutoCloseable {
    private final SturdyConnection connection;
    private final Heard<Stanza> heard = new Heard<>();
    /** As long as it is not, what it is asked stays without any answer. */
    volatile boolean answersPings = true;

    private RawClient(SturdyConnection connection) {
        this.connection = connection;
    }

    static RawClient start(Config.Xmpp config, String password, String resource) throws InterruptedException {
        var account = new Account(config, () -> password, resource, new DaemonRemedies(null));
        var client = new RawClient(account.prepare());
        client.connection.answerBy(
                new AbstractIqRequestHandler(Ping.ELEMENT, Ping.NAMESPACE, IQ.Type.get, IQRequestHandler.Mode.sync) {
                    @Override
                    public @Nullable IQ handleIQRequest(IQ ping) {
                        return client.answersPings ? IQ.createResultIQ(ping) : null;
                    }
                });
        client.connection.addSyncStanzaListener(client.heard::add, StanzaTypeFilter.PRESENCE);
        client.connection.addSyncStanzaListener(client.heard::add, StanzaTypeFilter.IQ);
        client.connection.addSyncStanzaListener(client.heard::add, StanzaTypeFilter.MESSAGE);
        account.logIn(client.connection);
        return client;
    }

    String jid() {
        return connection.getUser().toString();
    }

    void send(String xml) throws Exception {
        connection.sendNonza(new Raw(xml));
    }

    /** Sends an IQ get or set around {@code payload}, and waits for what comes back. */
    IQ ask(String to, String id, String type, String payload) throws Exception {
        send("<iq to='" + to + "' id='" + id + "' type='" + type + "'>" + payload + "</iq>");
        return answer(id);
    }

    IQ answer(String id) {
        return heard.await(IQ.class, iq -> id.equals(iq.getStanzaId()));
    }

    long refusals() {
        return heard.all().stream()
                .filter(stanza -> stanza instanceof IQ iq && iq.getType() == IQ.Type.error)
                .count();
    }

    Presence awaitPresence(Predicate<Presence> right) {
        return heard.await(Presence.class, right);
    }

    Message awaitMessage() {
        return heard.await(Message.class, message -> true);
    }

    List<Message> messages() {
        return heard.all().stream()
                .filter(Message.class::isInstance)
                .map(Message.class::cast)
                .toList();
    }

    static String condition(IQ answer) {
        return answer.getError() == null
                ? answer.getType().toString()
                : answer.getError().getCondition().toString();
    }

    @Override
    public void close() {
        Account.leave(connection);
    }

    private record Raw(String xml) implements Nonza {
        @Override
        public String getElementName() {
            return "raw";
        }

        @Override
        public String getNamespace() {
            return "jabber:client";
        }

        @Override
        public CharSequence toXML(XmlEnvironment enclosing) {
            return xml;
        }
    }
}
