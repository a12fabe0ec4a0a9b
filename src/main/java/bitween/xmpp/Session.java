package bitween.xmpp;

import bitween.bus.Mailbox;
import bitween.model.FullJid;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.filter.IQTypeFilter;
import org.jivesoftware.smack.filter.OrFilter;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.packet.id.StandardStanzaIdSource;
import org.jivesoftware.smackx.ping.packet.Ping;
import org.jxmpp.jid.Jid;

/** A connection that is logged in, until it is lost. Thread: xmpp; {@link #send} is for any that may wait for room in the queue. */
final class Session implements Vigil.Line {
    private static final Logger log = LogManager.getLogger(Session.class);

    private final SturdyConnection connection;
    private final FullJid self;
    private final Mailbox mailbox;
    private final Oddities oddities;
    /** By the id of what was asked, whom; until they answer. */
    private final Map<String, Optional<Jid>> asked = new ConcurrentHashMap<>();

    Session(SturdyConnection connection, FullJid self, Mailbox mailbox, Oddities oddities) {
        this.connection = connection;
        this.self = self;
        this.mailbox = mailbox;
        this.oddities = oddities;
        connection.addSyncStanzaListener(this::onAnswer, new OrFilter(IQTypeFilter.RESULT, IQTypeFilter.ERROR));
    }

    SturdyConnection connection() {
        return connection;
    }

    /** As the server bound us. */
    FullJid self() {
        return self;
    }

    @Override
    public long heardNs() {
        return connection.heardNs();
    }

    @Override
    public long sentBytes() {
        return connection.sentBytes();
    }

    @Override
    public CompletableFuture<IQ> ping(Duration timeout) {
        return ask(new Ping(connection.getXMPPServiceDomain()), timeout);
    }

    /** Sends, unless the connection is gone; then its end, which follows, is told by others. */
    void send(Stanza stanza) {
        try {
            connection.sendStanza(stanza);
        } catch (SmackException.NotConnectedException e) {
            log.debug("not sent, the connection is gone: {}", stanza);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end of the thread
        }
    }

    /** Tells somebody about a subscription (RFC 6121 section 3). */
    void send(Presence.Type subscription, bitween.model.Jid to) {
        send(connection
                .getStanzaFactory()
                .buildPresenceStanza()
                .ofType(subscription)
                .to(Addresses.bare(to))
                .build());
    }

    /** As {@link #send}, but never blocks. @return false when it was not sent: too much waits to be sent already, or the connection is gone */
    boolean trySend(Stanza stanza) {
        try {
            return connection.trySendStanza(stanza);
        } catch (SmackException.NotConnectedException e) {
            log.debug("not sent, the connection is gone: {}", stanza);
            return false;
        }
    }

    /** As {@link #trySend}, after waiting for at most so long. */
    boolean trySend(Stanza stanza, Duration atMost) throws InterruptedException {
        try {
            return connection.trySendStanza(stanza, atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (SmackException.NotConnectedException e) {
            log.debug("not sent, the connection is gone: {}", stanza);
            return false;
        }
    }

    /** Says so, unless that were too often, or one had to wait for it. */
    void refuse(IQ question, StanzaError.Condition condition) {
        connection.refuse(question, condition);
    }

    /** @return completes on the mailbox; fails with XMPPErrorException, NoResponseException or NotConnectedException */
    CompletableFuture<IQ> ask(IQ request, Duration timeout) {
        CompletableFuture<IQ> answer = new CompletableFuture<>();
        String id = StandardStanzaIdSource.DEFAULT.getNewStanzaId();
        request.setStanzaId(id);
        asked.put(id, Optional.ofNullable(request.getTo()));
        var unused = answer.whenComplete((iq, failure) -> asked.remove(id));
        connection
                .sendIqRequestAsync(request, timeout.toMillis())
                .onSuccess(iq -> hand(() -> answer.complete(iq)))
                .onError(failure -> hand(() -> answer.completeExceptionally(failure)));
        return answer;
    }

    /**
     * The server handles what comes over a stream in order (RFC 6120 section 10.1), so its answer to a question tells that it has what was said before; a refusal is one, too.
     *
     * @return completes on the mailbox; fails with NoResponseException or NotConnectedException
     */
    CompletableFuture<Void> untilHeard(Duration timeout) {
        CompletableFuture<Void> heard = new CompletableFuture<>();
        var unused = ask(new Ping(connection.getXMPPServiceDomain()), timeout).whenComplete((pong, failure) -> {
            if (failure == null || failure instanceof XMPPException.XMPPErrorException) {
                heard.complete(null);
            } else {
                heard.completeExceptionally(failure);
            }
        });
        return heard;
    }

    /** On Smack's thread, which takes no answer but from who was asked: our server for what is addressed to nobody. */
    private void onAnswer(Stanza answer) {
        Optional<Jid> whom = asked.get(String.valueOf(answer.getStanzaId()));
        var from = Addresses.person(answer.getFrom());
        boolean ours = from == null || from.equals(self.jid());
        if (whom != null && !ours && whom.filter(answer.getFrom()::equals).isEmpty()) {
            oddities.seen(answer.getFrom(), Oddities.Kind.FORGED_ANSWER);
        }
    }

    private void hand(Runnable task) {
        try {
            mailbox.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("an answer came too late: {}", e.getMessage()); // we are closing
        }
    }
}
