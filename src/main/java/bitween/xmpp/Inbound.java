package bitween.xmpp;

import bitween.bus.Mailbox;
import bitween.model.FullJid;
import bitween.model.Jid;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.filter.IQTypeFilter;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * What comes in on a connection: each stanza goes to those whom it concerns, in the order of arrival, and what an older connection still delivers to nobody. Thread: xmpp; Smack's threads
 * call, and what they bring is handed over.
 */
final class Inbound {
    private static final Logger log = LogManager.getLogger(Inbound.class);

    private final Mailbox mailbox;
    private final Jid self;
    private final Contacts contacts;
    private final Pulse pulse;
    private final PresenceListener presences;
    private final InBandStreams inBand;
    private final Oddities oddities;
    private final BiConsumer<SturdyConnection, Exception> onLost;

    private @Nullable Session session;
    /** The connection whose presence counts; Smack may still deliver an older one's. */
    private volatile @Nullable SturdyConnection live;

    /** @param onLost called on the mailbox with a connection that is gone, and why */
    Inbound(
            Mailbox mailbox,
            Jid self,
            Contacts contacts,
            Pulse pulse,
            PresenceListener presences,
            InBandStreams inBand,
            Oddities oddities,
            BiConsumer<SturdyConnection, Exception> onLost) {
        this.mailbox = mailbox;
        this.self = self;
        this.contacts = contacts;
        this.pulse = pulse;
        this.presences = presences;
        this.inBand = inBand;
        this.oddities = oddities;
        this.onLost = onLost;
    }

    /** The one that is listened to, which may be no session yet. Any thread. */
    @Nullable
    SturdyConnection connection() {
        return live;
    }

    /** Before connecting. */
    void listen(SturdyConnection connection) {
        live = connection;
        Questions.register(
                connection,
                mailbox,
                contacts,
                self,
                oddities,
                (on, items) -> whileOnline(on, () -> contacts.onPush(items)),
                (on, device) -> whileOnline(on, () -> pulse.heard(device)));
        inBand.register(connection);
        oddities.register(connection);
        connection.addSyncStanzaListener(
                stanza -> onPresence(connection, (Presence) stanza), StanzaTypeFilter.PRESENCE);
        connection.addSyncStanzaListener(answer -> onResult(connection, answer), IQTypeFilter.RESULT);
        connection.addConnectionListener(new ConnectionListener() {
            @Override
            public void connectionClosed() {
                hand(() -> onLost.accept(connection, new IOException("the server closed the connection")));
            }

            @Override
            public void connectionClosedOnError(Exception failure) {
                hand(() -> onLost.accept(connection, failure));
            }
        });
    }

    void online(Session online) {
        session = online;
    }

    void offline() {
        session = null;
        live = null;
    }

    /** On Smack's thread, in the order of arrival. */
    private void onPresence(SturdyConnection connection, Presence presence) {
        Jid sender = Addresses.person(presence.getFrom());
        if (connection != live || sender == null) {
            return;
        }
        switch (presence.getType()) {
            case subscribe -> hand(() -> whileOnline(connection, () -> contacts.onSubscribe(sender)));
            case unsubscribe -> hand(() -> whileOnline(connection, () -> contacts.onUnsubscribe(sender)));
            case subscribed -> hand(() -> whileOnline(connection, () -> onConsent(presence, sender)));
            default -> presences.onPresence(presence);
        }
    }

    private void onConsent(Presence presence, Jid sender) {
        if (!contacts.isWanted(sender)) {
            oddities.seen(presence.getFrom(), Oddities.Kind.UNASKED_CONSENT);
        }
    }

    /** A result, and no error: those come from servers too, in the name of who is gone. */
    private void onResult(SturdyConnection connection, Stanza result) {
        FullJid sender = Addresses.sender(result);
        if (sender != null) {
            hand(() -> whileOnline(connection, () -> pulse.heard(sender)));
        }
    }

    private void whileOnline(SturdyConnection connection, Runnable task) {
        if (session != null && session.connection() == connection) {
            task.run();
        }
    }

    private void hand(Runnable task) {
        try {
            mailbox.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("too late: {}", e.getMessage()); // we are closing
        }
    }
}
