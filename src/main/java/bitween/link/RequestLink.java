package bitween.link;

import bitween.bus.Bus;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Offence;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.PeerAddress;
import bitween.model.Ticket;
import bitween.model.UserException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Questions and answers between two daemons, many at once, over one {@link Link}.
 *
 * <p>Thread: one that reads and one that writes, named after the device; everything else may be called from any thread and never blocks.
 */
final class RequestLink implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(RequestLink.class);
    /** A friend's program asks for a few pages at a time; one that asks for more waits for nobody, its link ends. */
    static final int MAX_QUESTIONS = 64;
    /** So many of our own are on their way at once; the others wait here, as every one of a hundred jobs asks when a friend comes. */
    static final int MAX_ASKED = 16;
    /** Our own and the answers to theirs; and a ping each way. */
    private static final int MAX_WAITING = 4 * MAX_QUESTIONS;
    /** Two pings without any answer. */
    private static final Duration SILENCE = Duration.ofSeconds(45);
    /** An answer may stand behind the bytes of torrents, and servers let 3 kB a second through. */
    private static final Duration SILENCE_IN_BAND = Duration.ofSeconds(150);

    /** A question that is on its way when we look is here by then. */
    private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(10);

    /** Pings come each 20 s; what is said more often is not listened to. */
    private static final long SEEN_NS = TimeUnit.SECONDS.toNanos(10);

    private final Link link;
    private final Duration replyTimeout;
    private final Server server;
    private final Consumer<RequestLink> ended;
    private final BlockingQueue<Frame> outgoing = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Map<Integer, CompletableFuture<Page>> asked = new ConcurrentHashMap<>();
    private final Map<Integer, CompletableFuture<Ticket>> ticketsAsked = new ConcurrentHashMap<>();
    /** Our own questions that were not sent yet. Guarded by itself, with {@code places}. */
    private final Deque<Question> waiting = new ArrayDeque<>();

    private int places = MAX_ASKED;
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<RequestLink> proved = new CompletableFuture<>();
    private final Thread writer;
    private final Thread reader;
    /** When a question came or went. */
    private volatile long usedNs = System.nanoTime();

    private volatile long heardNs = System.nanoTime();
    /** Only the reader's. */
    private long seenNs = heardNs - SEEN_NS;

    private record Question(Frame frame, CompletableFuture<?> answer) {}

    /** Answers what the friend's device asks; must not block. */
    interface Server {
        CompletableFuture<Page> page(PageQuery query);

        CompletableFuture<Ticket> ticket(InfoHash hash);

        CompletableFuture<Ticket> help(Ticket shown);

        /** We are to dial the friend's device. */
        void called();

        /** The friend's device said what no honest bitween says; the link ends. */
        void offended(OffenceException how);

        /** Which address of ours the friend's device sees. */
        void seen(InetAddress ours);
    }

    /**
     * @param ended called once, from whatever thread ends it
     */
    RequestLink(Link link, Duration replyTimeout, Server server, Consumer<RequestLink> ended) {
        this.link = link;
        this.replyTimeout =
                link.path().isDirect() || replyTimeout.compareTo(SILENCE_IN_BAND) > 0 ? replyTimeout : SILENCE_IN_BAND;
        this.server = server;
        this.ended = ended;
        reader = thread("link-read-", this::read);
        writer = thread("link-write-", this::write);
        if (!link.dialled()) {
            proved.complete(this); // it said what for, after it saw our key
        }
    }

    void start() {
        reader.start();
        writer.start();
        ping();
    }

    Device device() {
        return link.device();
    }

    Link link() {
        return link;
    }

    /** Done once the device is known to take us for a friend's; never if it sends us away. Completes on any thread. */
    CompletableFuture<RequestLink> proved() {
        return proved.copy();
    }

    boolean isProved() {
        return proved.isDone();
    }

    /** Whether no XMPP server carries it. */
    boolean isDirect() {
        return link.path().isDirect();
    }

    /** Whether no question of either side is on its way, nor was a moment ago. */
    boolean isIdle(long nowNs) {
        boolean isAsking = !asked.isEmpty() || !ticketsAsked.isEmpty();
        return !isAsking && questions.get() <= 0 && outgoing.isEmpty() && nowNs - usedNs > IDLE_NS;
    }

    boolean isClosed() {
        return closed.get();
    }

    /** @return fails with FRIEND_OFFLINE when the link ends, FRIEND_REFUSED, UNKNOWN_SHARE or TIMED_OUT; completes on any thread */
    CompletableFuture<Page> ask(PageQuery query) {
        return ask(asked, number -> Frame.ask(number, query));
    }

    /** As {@link #ask}: for the leave to be helped. */
    CompletableFuture<Ticket> askForTicket(InfoHash hash) {
        return ask(ticketsAsked, number -> Frame.ticketWanted(number, hash));
    }

    /** As {@link #ask}: for help; answered with their own ticket. */
    CompletableFuture<Ticket> show(Ticket ticket) {
        return ask(ticketsAsked, number -> Frame.helpWanted(number, ticket));
    }

    private <T> CompletableFuture<T> ask(Map<Integer, CompletableFuture<T>> kind, IntFunction<Frame> question) {
        int number = numbers.incrementAndGet();
        usedNs = System.nanoTime();
        CompletableFuture<T> answer = new CompletableFuture<>();
        CompletableFuture<T> told = new CompletableFuture<>();
        kind.put(number, answer);
        var unused = answer.whenComplete((given, failure) -> {
            kind.remove(number); // before anybody hears of it
            if (failure == null) {
                told.complete(given);
            } else {
                told.completeExceptionally(explained(failure));
            }
        });
        synchronized (waiting) {
            waiting.add(new Question(question.apply(number), answer));
        }
        sendNext();
        if (closed.get()) {
            answer.completeExceptionally(offline());
        }
        return told;
    }

    private Throwable explained(Throwable failure) {
        return failure instanceof java.util.concurrent.TimeoutException
                ? new UserException(
                        ErrorCode.TIMED_OUT,
                        device() + " did not answer within " + replyTimeout.toSeconds() + " s",
                        "try again")
                : failure;
    }

    private void sendNext() {
        Question next;
        synchronized (waiting) {
            if (places == 0 || waiting.isEmpty()) {
                return;
            }
            places--;
            next = waiting.remove();
        }
        var unused = next.answer
                .orTimeout(replyTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((given, failure) -> {
                    synchronized (waiting) {
                        places++;
                    }
                    sendNext();
                });
        send(next.frame);
    }

    /** Looks whether the other side lives: to be called each 20 s. */
    void check() {
        if (System.nanoTime() - heardNs > silence(isDirect()).toNanos()) {
            log.debug("{} is silent", device());
            close();
        } else {
            ping();
        }
    }

    static Duration silence(boolean direct) {
        return direct ? SILENCE : SILENCE_IN_BAND;
    }

    /** Whether a word came since {@link System#nanoTime} was {@code sinceNs}. */
    boolean heardSince(long sinceNs) {
        return heardNs - sinceNs >= 0;
    }

    /** When the last word came, as {@link System#nanoTime} tells. */
    long heardNs() {
        return heardNs;
    }

    /** The answer is heard. */
    void ping() {
        PeerAddress theirs = link.path().address();
        send(theirs == null ? new Frame(Frame.Type.PING) : Frame.ping(theirs.ip()));
    }

    /** Asks the other side to dial us. */
    void call() {
        usedNs = System.nanoTime();
        send(new Frame(Frame.Type.CALL));
    }

    /** Never blocks: who does not read what it asked for loses the link. */
    private boolean send(Frame frame) {
        if (outgoing.offer(frame)) {
            return true;
        }
        log.debug("{} does not take its answers", device());
        close();
        return false;
    }

    private void write() {
        try {
            while (!closed.get()) {
                link.write(outgoing.take().encoded());
            }
        } catch (IOException e) {
            log.debug("{}: writing ended: {}", device(), e.toString());
        } catch (InterruptedException e) {
            log.debug("{}: the writer was asked to stop", device());
        } finally {
            close();
        }
    }

    private void read() {
        try {
            for (Frame frame = Frame.read(this::fill); frame != null; frame = Frame.read(this::fill)) {
                proved.complete(this);
                take(frame);
            }
        } catch (IOException e) {
            log.debug("{}: reading ended: {}", device(), e.toString());
            if (e instanceof OffenceException offence) {
                server.offended(offence);
            }
        } finally {
            close();
        }
    }

    /** Each byte is a sign of life: a page takes its time. */
    private boolean fill(ByteBuffer into) throws IOException {
        return link.fill(into, () -> heardNs = System.nanoTime());
    }

    private void take(Frame frame) throws IOException {
        switch (frame.type()) {
            case PING -> {
                send(new Frame(Frame.Type.ALIVE));
                look(frame.seen());
            }
            case ALIVE -> log.trace("{} lives", device());
            case CALL -> server.called();
            case ASK -> {
                PageQuery query = frame.query();
                answer(frame, () -> server.page(query), Frame::page);
            }
            case TICKET_WANTED -> {
                InfoHash hash = frame.hash();
                answer(frame, () -> server.ticket(hash), Frame::ticket);
            }
            case HELP_WANTED -> {
                Ticket shown = frame.ticket();
                answer(frame, () -> server.help(shown), Frame::ticket);
            }
            case PAGE -> complete(asked.get(frame.number()), frame.page());
            case TICKET -> complete(ticketsAsked.get(frame.number()), frame.ticket());
            case REFUSAL -> refuse(frame.number(), frame.refusal());
        }
    }

    private void look(@Nullable InetAddress ours) {
        if (ours != null && System.nanoTime() - seenNs >= SEEN_NS) {
            seenNs = System.nanoTime();
            server.seen(ours);
        }
    }

    private <T> void answer(Frame frame, Supplier<CompletableFuture<T>> given, BiFunction<Integer, T, Frame> framed)
            throws IOException {
        usedNs = System.nanoTime();
        if (questions.incrementAndGet() > MAX_QUESTIONS) {
            throw new OffenceException(Offence.BROKEN_QUESTIONS, "more than " + MAX_QUESTIONS + " questions at once");
        }
        var unused = given.get().whenComplete((answer, failure) -> {
            questions.decrementAndGet();
            send(
                    failure == null
                            ? framed.apply(frame.number(), answer)
                            : Frame.refusal(frame.number(), codeOf(failure)));
        });
    }

    private static <T> void complete(@Nullable CompletableFuture<T> waiting, T answer) {
        if (waiting != null) { // else it came too late
            waiting.complete(answer);
        }
    }

    private void refuse(int number, ErrorCode code) {
        CompletableFuture<?> page = asked.get(number);
        CompletableFuture<?> answer = page == null ? ticketsAsked.get(number) : page;
        if (answer != null) {
            answer.completeExceptionally(new UserException(
                    code,
                    code == ErrorCode.UNKNOWN_SHARE
                            ? device() + " does not share that"
                            : device() + " refused to answer",
                    "ask them, or look at what they share: bitween ls " + device().jid()));
        }
    }

    private static ErrorCode codeOf(Throwable failure) {
        return Bus.causeOf(failure) instanceof UserException e ? e.code() : ErrorCode.INTERNAL;
    }

    private UserException offline() {
        return new UserException(ErrorCode.FRIEND_OFFLINE, "the link to " + device() + " ended", "try again");
    }

    private Thread thread(String prefix, Runnable task) {
        Thread thread = new Thread(task, prefix + link.device().jid().local());
        thread.setDaemon(true);
        return thread;
    }

    /** Fails what waits for an answer. Idempotent. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        link.close();
        writer.interrupt();
        synchronized (waiting) {
            waiting.clear();
        }
        asked.values().forEach(answer -> answer.completeExceptionally(offline()));
        ticketsAsked.values().forEach(answer -> answer.completeExceptionally(offline()));
        ended.accept(this);
    }
}
