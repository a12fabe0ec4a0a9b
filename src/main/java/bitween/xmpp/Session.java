package bitween.xmpp;

import bitween.bus.Mailbox;
import bitween.model.FullJid;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Stanza;

/** A connection that is logged in, until it is lost. Thread: xmpp; {@link #send} is for any that may wait for room in the queue. */
final class Session {
    private static final Logger log = LogManager.getLogger(Session.class);

    private final SturdyConnection connection;
    private final FullJid self;
    private final Mailbox mailbox;

    Session(SturdyConnection connection, FullJid self, Mailbox mailbox) {
        this.connection = connection;
        this.self = self;
        this.mailbox = mailbox;
    }

    SturdyConnection connection() {
        return connection;
    }

    /** As the server bound us. */
    FullJid self() {
        return self;
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

    /** @return completes on the mailbox; fails with XMPPErrorException, NoResponseException or NotConnectedException */
    CompletableFuture<IQ> ask(IQ request, Duration timeout) {
        CompletableFuture<IQ> answer = new CompletableFuture<>();
        connection
                .sendIqRequestAsync(request, timeout.toMillis())
                .onSuccess(iq -> hand(() -> answer.complete(iq)))
                .onError(failure -> hand(() -> answer.completeExceptionally(failure)));
        return answer;
    }

    private void hand(Runnable task) {
        try {
            mailbox.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("an answer came too late: {}", e.getMessage()); // we are closing
        }
    }
}
