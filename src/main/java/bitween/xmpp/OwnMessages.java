package bitween.xmpp;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.OwnerRequest.TellOwner;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.model.ConnectionState.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jivesoftware.smack.packet.Message;
import org.jspecify.annotations.Nullable;

/**
 * Chat messages to our own bare address (RFC 6121 section 8.5): the server gives them to the user's chat programs, never to a device whose priority is negative, as ours is, or keeps them
 * until one is there. Thread: xmpp.
 */
final class OwnMessages {
    private static final Logger log = LogManager.getLogger(OwnMessages.class);
    /** While we are offline for long, the last ones are what matters. */
    private static final int MAX_WAITING = 50;
    /** Names in it come from friends; more is read by nobody. */
    private static final int MAX_CHARS = 1_000;
    /** A server that takes longer to answer is told again at the next login. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Supplier<@Nullable Session> session;
    /** Until the server has heard them. */
    private final Deque<Note> waiting = new ArrayDeque<>();
    /** So many of them, the first, were said over the connection {@link #spokenTo}, which may be dead. */
    private int said;

    private @Nullable Session spokenTo;

    /** A message is itself: two may have the same text. */
    private static final class Note {
        private final String text;
        private boolean wasSaid;

        private Note(String text) {
            this.text = text;
        }
    }

    /** @param session null while we are offline */
    OwnMessages(Bus bus, Mailbox mailbox, Supplier<@Nullable Session> session) {
        this.session = session;
        bus.answer(TellOwner.class, mailbox, this::onTellOwner);
        bus.subscribe(ConnectionChanged.class, mailbox, this::onConnectionChanged);
    }

    private Boolean onTellOwner(TellOwner request) {
        if (waiting.size() == MAX_WAITING) {
            log.info(
                    "a message to our own address is not sent {}: {} came after it",
                    waiting.element().wasSaid ? "again, should the server not have heard it" : "any more",
                    MAX_WAITING);
            forgetFirst();
        }
        waiting.add(new Note(printable(request.text())));
        send();
        return said == waiting.size();
    }

    private void onConnectionChanged(ConnectionChanged event) {
        if (event.state().status() == Status.ONLINE) {
            send();
        }
    }

    private void send() {
        Session online = session.get();
        if (online != spokenTo) {
            spokenTo = online;
            said = 0; // the former one may have been dead: better twice than not at all
        }
        if (online == null) {
            return;
        }
        Note last = null;
        for (Note note : waiting.stream().skip(said).toList()) {
            Message message = online.connection()
                    .getStanzaFactory()
                    .buildMessageStanza()
                    .to(Addresses.bare(online.self().jid()))
                    .ofType(Message.Type.chat)
                    .setBody(note.text)
                    .build();
            if (!online.trySend(message)) {
                break; // the next connection takes it
            }
            said++;
            note.wasSaid = true;
            last = note;
        }
        if (last != null) {
            Note heard = last;
            var unused = online.untilHeard(TIMEOUT).thenRun(() -> onHeard(heard));
        }
    }

    /** As were those before it. */
    private void onHeard(Note last) {
        while (waiting.contains(last)) {
            forgetFirst();
        }
    }

    private void forgetFirst() {
        waiting.remove();
        said = Math.max(0, said - 1);
    }

    /** As XML takes it, in one line. */
    static String printable(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().limit(MAX_CHARS).forEach(c -> {
            boolean strange = Character.isISOControl(c)
                    || Character.getType(c) == Character.SURROGATE
                    || Character.getType(c) == Character.FORMAT
                    || (c & 0xfffe) == 0xfffe;
            clean.appendCodePoint(strange ? '\ufffd' : c);
        });
        return clean.toString();
    }
}
