package bitween.xmpp;

import bitween.xmpp.stanza.AnnouncementElement;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.Jid;

/** What was dropped because nobody honest sends it: each is counted, and of each kind the log has one line for each sender. Thread: any; never blocks. */
final class Oddities {
    private static final Logger log = LogManager.getLogger(Oddities.class);
    /** That are named, of each kind; who makes up senders must fill neither log nor memory. */
    static final int MAX_SENDERS = 50;

    private static final Set<String> WRAPPERS =
            Set.of("urn:xmpp:carbons:2", "urn:xmpp:forward:0", "urn:xmpp:mam:2", AnnouncementElement.NAMESPACE);

    private final Map<Kind, Set<String>> told = new EnumMap<>(Kind.class);
    private final AtomicLong count = new AtomicLong();

    /** What somebody did, for people. */
    enum Kind {
        STRANGERS_PRESENCE("sends presence, but is no contact whose presence we see"),
        NAMELESS_DEVICE("announces a device, but not under its own address"),
        MALFORMED_ANNOUNCEMENT("announces what makes no sense"),
        UNASKED_CONSENT("lets us see their presence, for which nobody asked"),
        FORGED_ROSTER("changes our roster, which only our server may"),
        WRAPPED_STANZA("sends what somebody else is said to have said"),
        FORGED_ANSWER("answers what was asked of somebody else"),
        STRANGERS_STREAM("opens a stream, but is no contact who sees us"),
        ODD_STREAM("opens a stream as no bitween does");

        private final String deed;

        Kind(String deed) {
            this.deed = deed;
        }
    }

    Oddities() {
        for (Kind kind : Kind.values()) {
            told.put(kind, ConcurrentHashMap.newKeySet());
        }
    }

    /** Before connecting. What is wrapped in a message we never asked for: neither copies (XEP-0280), nor what was forwarded (XEP-0297), nor archives (XEP-0313). */
    void register(SturdyConnection connection) {
        connection.addSyncStanzaListener(
                message -> {
                    if (message.getExtensions().stream()
                            .anyMatch(extension -> WRAPPERS.contains(extension.getNamespace()))) {
                        seen(message.getFrom(), Kind.WRAPPED_STANZA);
                    }
                },
                StanzaTypeFilter.MESSAGE);
    }

    /** @param from as received; null when nobody is named, which is our own server */
    void seen(@Nullable Jid from, Kind kind) {
        count.incrementAndGet();
        Set<String> senders = told.getOrDefault(kind, Set.of());
        String sender = from == null ? "our server" : from.asBareJid().toString();
        if (senders.size() <= MAX_SENDERS && senders.add(sender)) {
            if (senders.size() <= MAX_SENDERS) {
                log.warn("{} {}: dropped", sender, kind.deed);
            } else {
                log.warn("and so do others, who are counted from now on, but not named: one {}", kind.deed);
            }
        }
    }

    /** How many so far. */
    long count() {
        return count.get();
    }
}
