package bitween.xmpp;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.PresenceEvent.EndpointGone;
import bitween.model.BytePipe;
import bitween.model.Bytes;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.PipeDoor;
import bitween.xmpp.Oddities.Kind;
import bitween.xmpp.stanza.InBandStanza;
import bitween.xmpp.stanza.InBandStanza.Step;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jivesoftware.smack.filter.IQTypeFilter;
import org.jivesoftware.smack.filter.OrFilter;
import org.jivesoftware.smack.iqrequest.AbstractIqRequestHandler;
import org.jivesoftware.smack.iqrequest.IQRequestHandler.Mode;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.packet.StanzaError.Condition;
import org.jivesoftware.smack.packet.id.StandardStanzaIdSource;
import org.jspecify.annotations.Nullable;

/**
 * The streams of bytes that pass our XMPP server (XEP-0047), with contacts whose presence we see and who see ours, and with nobody else. They end with the
 * connection, and with the presence of whom they lead to.
 *
 * <p>Thread: {@code xmpp}, its mailbox, lets others in; {@link #open} is called where one may wait; blocks go from and to Smack's threads, which never do.
 */
final class InBandStreams implements PipeDoor {
    private static final Logger log = LogManager.getLogger(InBandStreams.class);
    /** With one contact, all devices and both directions: questions, and a few torrents at a time. */
    static final int MAX_PER_CONTACT = 8;
    /** With everybody: two threads and some 200 KiB each, and a share of what servers let through. */
    static final int MAX = 12;
    /** Of these, what only we may open, so that whoever opens many does not keep us from asking others. */
    static final int OWN = 4;

    static final int OWN_PER_CONTACT = 2;
    /** A contact's programs begin a few at once, and again when they break. */
    static final int MAX_OPENS = 10;

    private static final Duration OPENS = Duration.ofMinutes(1);
    /** Questions come each 20 s, and BitTorrent says something each 2 minutes. */
    static final Duration MAX_IDLE = Duration.ofMinutes(3);

    private static final Duration OPEN = Duration.ofSeconds(25);
    /** The other end acknowledges what it has read, and its disk or a limit of its user may hold it back. */
    static final Duration MAX_OWED = Duration.ofMinutes(2);

    private static final int SID_BYTES = 16;

    private final Mailbox mailbox;
    private final Contacts contacts;
    private final Outflow outflow;
    private final Oddities oddities;
    private final SecureRandom random = new SecureRandom();
    /** Guarded by itself. */
    private final Map<Name, InBandPipe> open = new HashMap<>();
    /** By the id of a stanza: who has to answer it. Smack would keep each for minutes after its answer. */
    private final Map<String, Owed> owed = new ConcurrentHashMap<>();

    /** How often contacts may open streams. */
    private final Map<Jid, Allowance> opens = new ConcurrentHashMap<>();

    private volatile @Nullable Session session;
    private volatile @Nullable Guests guests;

    /** Each sender has names of its own. */
    private record Name(FullJid peer, String sid) {}

    private record Owed(Name name, Consumer<@Nullable String> answered) {}

    @FunctionalInterface
    private interface Answer {
        /** Never blocks, as Smack's thread waits for it. */
        void to(InBandStanza question, Session online);
    }

    /** @param bytesPerSecond that all streams send together; 0: no limit */
    InBandStreams(Bus bus, Mailbox mailbox, Contacts contacts, Oddities oddities, long bytesPerSecond) {
        outflow = new Outflow(bytesPerSecond, System::nanoTime);
        this.mailbox = mailbox;
        this.contacts = contacts;
        this.oddities = oddities;
        bus.subscribe(EndpointGone.class, mailbox, this::onEndpointGone);
    }

    /** Before connecting. */
    void register(SturdyConnection connection) {
        on(connection, Step.OPEN, this::letIn);
        on(connection, Step.DATA, this::data);
        on(connection, Step.CLOSE, this::close);
        connection.addSyncStanzaListener(this::onAnswer, new OrFilter(IQTypeFilter.RESULT, IQTypeFilter.ERROR));
    }

    private void on(SturdyConnection connection, Step step, Answer answer) {
        // in the order of arrival, which is that of the blocks
        connection.answerBy(
                new AbstractIqRequestHandler(step.element(), InBandStanza.NAMESPACE, IQ.Type.set, Mode.sync) {
                    @Override
                    public @Nullable IQ handleIQRequest(IQ question) {
                        Session online = session;
                        if (online != null) { // while we leave, nobody is there to answer
                            answer.to((InBandStanza) question, online);
                        }
                        return null; // what Smack sends for us waits
                    }
                });
    }

    void online(Session online) {
        session = online;
    }

    void offline() {
        session = null;
        failAll(name -> true, "there is no connection to the XMPP server");
    }

    /** The roster changed: who does not see us any more has no streams with us. */
    void contactsChanged() {
        failAll(name -> !isWelcome(name.peer.jid()), "they are no contact any more");
        opens.keySet().removeIf(jid -> !contacts.seesUs(jid));
    }

    private void onEndpointGone(EndpointGone event) {
        failAll(name -> name.peer.equals(event.endpoint()), event.endpoint() + " is away");
    }

    /** To be called each minute. */
    void check() {
        matching(name -> true).stream()
                .filter(pipe ->
                        pipe.idle().compareTo(MAX_IDLE) > 0 || pipe.owed().compareTo(MAX_OWED) > 0)
                .forEach(pipe -> pipe.fail("nothing moves", true));
    }

    private void failAll(Predicate<Name> which, String reason) {
        matching(which).forEach(pipe -> pipe.fail(reason, true));
    }

    private List<InBandPipe> matching(Predicate<Name> which) {
        synchronized (open) {
            return open.entrySet().stream()
                    .filter(entry -> which.test(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
        }
    }

    @Override
    public void welcome(Guests now) {
        guests = now;
    }

    @Override
    public BytePipe open(FullJid to) throws IOException {
        Session online = session;
        if (online == null) {
            throw new IOException("there is no connection to the XMPP server");
        }
        byte[] sid = new byte[SID_BYTES];
        random.nextBytes(sid);
        Name name = new Name(to, HexFormat.of().formatHex(sid));
        InBandPipe pipe = add(name, online, 0, 0);
        if (pipe == null) {
            throw new IOException("there are too many streams through the XMPP server");
        }
        CompletableFuture<@Nullable String> answer = new CompletableFuture<>();
        long begun = System.nanoTime();
        try {
            InBandStanza question = InBandStanza.open(name.sid, InBandStanza.MAX_BLOCK_BYTES);
            owe(name, question, answer::complete);
            if (session != online) {
                throw new TimeoutException("the connection to our server is gone");
            }
            if (!online.trySend(question, OPEN)) {
                throw new TimeoutException("our server does not take the question");
            }
            long leftNs = OPEN.toNanos() - (System.nanoTime() - begun);
            String problem = answer.get(leftNs, TimeUnit.NANOSECONDS);
            if (problem == null) {
                return pipe;
            }
            pipe.fail(problem, false);
            throw new IOException(to + " takes no stream: " + problem);
        } catch (InterruptedException e) {
            pipe.close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException | TimeoutException e) {
            pipe.close();
            throw new IOException(to + " does not answer", e);
        }
    }

    /**
     * @param left how many places with everybody have to stay free
     * @param leftToContact how many with that contact
     * @return null when there are too many, or the name is in use
     */
    private @Nullable InBandPipe add(Name name, Session online, int left, int leftToContact) {
        synchronized (open) {
            long theirs = open.keySet().stream()
                    .filter(other -> other.peer.jid().equals(name.peer.jid()))
                    .count();
            if (open.size() >= MAX - left || theirs >= MAX_PER_CONTACT - leftToContact || open.containsKey(name)) {
                return null;
            }
            InBandPipe pipe =
                    new InBandPipe(new Stanzas(name, online), outflow, System::nanoTime, "in-band " + name.peer);
            open.put(name, pipe);
            return pipe;
        }
    }

    private @Nullable InBandPipe find(@Nullable FullJid peer, InBandStanza stanza) {
        synchronized (open) {
            return peer == null ? null : open.get(new Name(peer, stanza.sid()));
        }
    }

    /** The mailbox answers, which knows the roster, unless the asker has no business there. */
    private void letIn(InBandStanza question, Session online) {
        FullJid from = Addresses.sender(question);
        if (from == null || !contacts.seesUs(from.jid())) {
            oddities.seen(question.getFrom(), Kind.STRANGERS_STREAM);
        }
        if (from == null || guests == null || !contacts.seesUs(from.jid())) {
            online.refuse(question, Condition.service_unavailable);
            return;
        }
        if (!opens.computeIfAbsent(from.jid(), jid -> new Allowance(MAX_OPENS, OPENS, System::nanoTime))
                .take()) {
            online.refuse(question, Condition.resource_constraint);
            return;
        }
        try {
            mailbox.execute(() -> {
                if (session == online) {
                    decide(question, from, online);
                }
            });
        } catch (RejectedExecutionException e) {
            online.refuse(question, Condition.service_unavailable);
        }
    }

    private void decide(InBandStanza question, FullJid from, Session online) {
        Guests here = guests;
        if (here == null || !isWelcome(from.jid())) {
            online.refuse(question, Condition.service_unavailable);
        } else if (!question.refusal().isEmpty()) {
            oddities.seen(question.getFrom(), Kind.ODD_STREAM);
            online.refuse(question, Condition.bad_request);
        } else {
            // XEP-0047 section 2.1: for another block size too, as we know but one
            boolean fits = question.number() == InBandStanza.MAX_BLOCK_BYTES;
            if (!fits) {
                oddities.seen(question.getFrom(), Kind.ODD_STREAM);
            }
            InBandPipe pipe = fits ? add(new Name(from, question.sid()), online, OWN, OWN_PER_CONTACT) : null;
            if (pipe == null) {
                online.refuse(question, Condition.resource_constraint);
            } else if (online.trySend(IQ.createResultIQ(question))) {
                here.onPipe(from, pipe);
            } else {
                pipe.fail("our server does not take the answer", false);
            }
        }
    }

    private boolean isWelcome(Jid jid) {
        return contacts.seesUs(jid) && contacts.isSeen(jid);
    }

    private void data(InBandStanza question, Session online) {
        InBandPipe pipe = find(Addresses.sender(question), question);
        if (pipe == null) {
            nothingHere(question, online);
            return;
        }
        IQ result = IQ.createResultIQ(question);
        Bytes block = question.refusal().isEmpty() ? question.data() : Bytes.of(new byte[0]);
        switch (pipe.arrived(question.number(), block, () -> acknowledge(result))) {
            case TAKEN -> {}
            case LATE -> online.refuse(question, Condition.item_not_found);
            case OUT_OF_ORDER -> online.refuse(question, Condition.unexpected_request);
            case MALFORMED -> online.refuse(question, Condition.bad_request);
            case TOO_MUCH -> online.refuse(question, Condition.resource_constraint);
        }
    }

    private void acknowledge(IQ result) {
        Session online = session;
        if (online != null) {
            online.send(result);
        }
    }

    private void close(InBandStanza question, Session online) {
        InBandPipe pipe = find(Addresses.sender(question), question);
        if (pipe == null) {
            nothingHere(question, online);
            return;
        }
        pipe.endedThere();
        boolean unused = online.trySend(IQ.createResultIQ(question)); // they have closed it either way
    }

    /** Strangers learn nothing from it. */
    private void nothingHere(InBandStanza question, Session online) {
        Jid asker = Addresses.person(question.getFrom());
        boolean known = asker != null && contacts.seesUs(asker);
        online.refuse(question, known ? Condition.item_not_found : Condition.service_unavailable);
    }

    /** Makes {@code stanza} one that is answered. */
    private void owe(Name name, InBandStanza stanza, Consumer<@Nullable String> answered) {
        String id = StandardStanzaIdSource.DEFAULT.getNewStanzaId();
        stanza.setStanzaId(id);
        stanza.setTo(Addresses.full(name.peer));
        owed.put(id, new Owed(name, answered));
        if (!isOpen(name)) { // it ended meanwhile, and who ended it did not find this
            nobodyAnswers(name);
        }
    }

    private boolean isOpen(Name name) {
        synchronized (open) {
            return open.containsKey(name);
        }
    }

    /** On Smack's thread. Servers answer in the name of whoever is not there; everybody else's answer is a forgery. */
    private void onAnswer(Stanza answer) {
        Owed answered = owed.get(String.valueOf(answer.getStanzaId()));
        if (answered != null && !answered.name.peer.equals(Addresses.sender(answer))) {
            oddities.seen(answer.getFrom(), Kind.FORGED_ANSWER);
        } else if (answered != null && owed.remove(answer.getStanzaId(), answered)) {
            StanzaError error = answer.getError();
            answered.answered.accept(
                    ((IQ) answer).getType() == IQ.Type.result
                            ? null
                            : error == null ? "an error" : error.getCondition().toString());
        }
    }

    /** Whoever waits for an answer on that stream need not any more. */
    private void nobodyAnswers(Name name) {
        owed.forEach((id, waiting) -> {
            if (waiting.name.equals(name) && owed.remove(id, waiting)) {
                waiting.answered.accept("the stream is over");
            }
        });
    }

    /** The stanzas of one stream. */
    private final class Stanzas implements InBandPipe.Wire {
        private final Name name;
        private final Session online;

        private Stanzas(Name name, Session online) {
            this.name = name;
            this.online = online;
        }

        @Override
        public void send(int sequence, Bytes block, Consumer<@Nullable String> answered) {
            InBandStanza data = InBandStanza.data(name.sid, sequence, block);
            owe(name, data, answered);
            online.send(data);
        }

        @Override
        public void over(boolean tell) {
            synchronized (open) {
                if (open.remove(name) == null) {
                    return; // it was over before
                }
            }
            log.debug("{} {}: over", name.peer, name.sid);
            nobodyAnswers(name);
            if (tell && session == online) {
                say();
            }
        }

        private void say() {
            InBandStanza close = InBandStanza.close(name.sid);
            close.setTo(Addresses.full(name.peer));
            if (!online.trySend(close)) {
                log.debug("{} is not told", name.peer); // it finds out with its next block
            }
        }
    }
}
