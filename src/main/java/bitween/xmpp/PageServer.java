package bitween.xmpp;

import bitween.bus.Bus;
import bitween.bus.BusyException;
import bitween.bus.Mailbox;
import bitween.message.DeviceRequest;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.UserException;
import bitween.xmpp.stanza.PageIq;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.StanzaError.Condition;
import org.jspecify.annotations.Nullable;

/** Answers friends' devices that ask for pages, a limited number at a time. Thread: xmpp. */
final class PageServer {
    private static final Logger log = LogManager.getLogger(PageServer.class);
    /** A few devices of theirs with four questions each. */
    static final int MAX_PER_CONTACT = 16;

    private static final int MAX_IN_ALL = 256;
    /** Longer, and the asker has given up. */
    private static final Duration DEADLINE = Duration.ofSeconds(25);

    private final Bus bus;
    private final Mailbox mailbox;
    private final Contacts contacts;
    /** Questions that are being answered. */
    private final Map<Jid, Integer> open = new HashMap<>();

    PageServer(Bus bus, Mailbox mailbox, Contacts contacts) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.contacts = contacts;
    }

    void onQuestion(Session session, PageIq question) {
        Device asker = Addresses.sender(question);
        PageQuery query = question.query();
        if (asker == null || !contacts.seesUs(asker.jid())) {
            refuse(session, question, Condition.service_unavailable); // as if nobody were here
        } else if (query == null) {
            refuse(session, question, Condition.bad_request);
        } else if (open.getOrDefault(asker.jid(), 0) >= MAX_PER_CONTACT
                || open.values().stream().mapToInt(Integer::intValue).sum() >= MAX_IN_ALL) {
            refuse(session, question, Condition.resource_constraint);
        } else {
            open.merge(asker.jid(), 1, Integer::sum);
            var unused = bus.ask(new DeviceRequest.ServePage(asker, query))
                    .orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                    .whenCompleteAsync((page, failure) -> settle(session, question, asker, page, failure), mailbox);
        }
    }

    private void settle(
            Session session, PageIq question, Device asker, @Nullable Page page, @Nullable Throwable failure) {
        open.computeIfPresent(asker.jid(), (jid, count) -> count == 1 ? null : count - 1);
        if (page != null) {
            session.send(PageIq.result(question, page));
        } else {
            refuse(session, question, condition(asker, failure));
        }
    }

    private static Condition condition(Device asker, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof UserException e && e.code() == ErrorCode.UNKNOWN_SHARE) {
            return Condition.item_not_found;
        }
        if (cause instanceof BusyException || cause instanceof TimeoutException) {
            return Condition.resource_constraint;
        }
        log.warn("no page for {}", asker, cause);
        return Condition.internal_server_error;
    }

    static void refuse(Session session, IQ question, Condition condition) {
        session.send(SturdyConnection.refusal(question, condition));
    }
}
