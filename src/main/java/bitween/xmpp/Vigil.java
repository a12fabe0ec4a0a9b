package bitween.xmpp;

import bitween.bus.Mailbox;
import bitween.bus.Timers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jivesoftware.smack.SmackException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server that says nothing whether it is still there: a router that forgets us, or a cable that is pulled further away, tells nobody, and TCP tells after many
 * minutes or never. Thread: xmpp.
 */
final class Vigil {
    /** What slow servers take of us in a second (3 kB: ejabberd as it comes); what is asked comes after what was said before. */
    static final int SLOW_BYTES_PER_SECOND = 2_000;
    /** However much we have said: a server that takes it says something meanwhile. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(20);

    private final Timers timers;
    private final Mailbox mailbox;
    private final LongSupplier nanoTime;
    private final Pace pace;
    private final Runnable lasting;
    /** Null while offline. */
    private @Nullable Line line;

    private Consumer<Exception> lost = reason -> {};
    private Timers.@Nullable Timer next;
    private boolean asking;
    private long beganNs;
    private long answeredNs;
    /** What we had said when we asked what was answered last: all that is read. */
    private long readBytes;

    /** @param lasting called when a session has lasted for a while, and now and then after that */
    Vigil(Timers timers, Mailbox mailbox, LongSupplier nanoTime, Pace pace, Runnable lasting) {
        this.timers = timers;
        this.mailbox = mailbox;
        this.nanoTime = nanoTime;
        this.pace = pace;
        this.lasting = lasting;
    }

    /** A connection as far as one can see whether it is alive. */
    interface Line {
        /** When anything came last, be it half a stanza. */
        long heardNs();

        /** How much was said so far. */
        long sentBytes();

        /** @return completes on the mailbox; fails as {@link Session#ask} does */
        CompletableFuture<?> ping(Duration timeout);
    }

    /** @param lost called when it is dead, with how that shows */
    void online(Line line, Consumer<Exception> lost) {
        offline();
        this.line = line;
        this.lost = lost;
        beganNs = nanoTime.getAsLong();
        answered(line.sentBytes());
        look();
    }

    void offline() {
        line = null;
        asking = false;
        endWait();
    }

    private void endWait() {
        if (next != null) {
            next.cancel();
            next = null;
        }
    }

    private void answered(long whenWeHadSaid) {
        answeredNs = nanoTime.getAsLong();
        readBytes = whenWeHadSaid;
    }

    private void look() {
        Line watched = line;
        if (watched == null || asking) {
            return;
        }
        long now = nanoTime.getAsLong();
        long untilQuiet = watched.heardNs() + pace.quiet().toNanos() - now;
        long untilPing = answeredNs + pace.ping().toNanos() - now;
        if (untilQuiet > 0 && untilPing > 0) {
            next = timers.after(Duration.ofNanos(Math.min(untilQuiet, untilPing)), mailbox, this::look);
        } else {
            ask();
        }
    }

    /** Also to be called when there is a reason to doubt it. */
    void ask() {
        Line asked = line;
        if (asked == null || asking) {
            return;
        }
        endWait();
        asking = true;
        long askedNs = nanoTime.getAsLong();
        long said = asked.sentBytes();
        var unused = asked.ping(patience(said - readBytes)).whenComplete((pong, failure) -> {
            if (line == asked) {
                asking = false;
                judge(asked, askedNs, said, failure);
                look();
            }
        });
    }

    private Duration patience(long unreadBytes) {
        Duration patience = pace.pingTimeout().plus(timeToRead(unreadBytes));
        return patience.compareTo(LONGEST_SILENCE) < 0 ? patience : LONGEST_SILENCE;
    }

    private static Duration timeToRead(long bytes) {
        return Duration.ofMillis(TimeUnit.SECONDS.toMillis(bytes) / SLOW_BYTES_PER_SECOND);
    }

    private void judge(Line asked, long askedNs, long said, @Nullable Throwable failure) {
        if (!(failure instanceof SmackException silence)) {
            answered(said); // also when it knows no ping
            if (answeredNs - beganNs > pace.ping().toNanos()) {
                lasting.run();
            }
        } else if (!(silence instanceof SmackException.NoResponseException)
                || asked.heardNs() - askedNs < 0
                || isDeaf(said)) {
            lost.accept(silence);
        }
    }

    /** It speaks, but what we say does not reach it, or it would have come to our question by now. */
    private boolean isDeaf(long said) {
        Duration unanswered = Duration.ofNanos(nanoTime.getAsLong() - answeredNs);
        return unanswered.compareTo(pace.deaf().plus(timeToRead(said - readBytes))) > 0;
    }
}
