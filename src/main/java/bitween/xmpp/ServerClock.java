package bitween.xmpp;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.ConnectionRequest.ReadServerClock;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jivesoftware.smackx.time.packet.Time;
import org.jspecify.annotations.Nullable;

/** Asks the server for its time (XEP-0202). Thread: xmpp. */
final class ServerClock {
    private static final Logger log = LogManager.getLogger(ServerClock.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<@Nullable Session> session;

    /** @param session null while we are offline */
    ServerClock(Bus bus, Mailbox mailbox, Supplier<@Nullable Session> session) {
        this.session = session;
        bus.answerLater(ReadServerClock.class, mailbox, this::onReadServerClock);
    }

    private CompletableFuture<Duration> onReadServerClock(ReadServerClock request) {
        Session online = session.get();
        if (online == null) {
            throw new UserException(ErrorCode.XMPP_OFFLINE, "there is no connection to the server", "");
        }
        Time question = new Time();
        question.setTo(online.connection().getXMPPServiceDomain());
        Instant asked = Instant.now();
        return online.ask(question, TIMEOUT).handle((answer, failure) -> {
            if (!(answer instanceof Time told) || told.getUtc() == null) {
                log.debug("no time came", failure);
                throw untold();
            }
            Instant between = asked.plus(Duration.between(asked, Instant.now()).dividedBy(2));
            return Duration.between(between, instant(told.getUtc()));
        });
    }

    /** XEP-0082 section 3.2, in UTC. */
    private static Instant instant(String utc) {
        try {
            return Instant.parse(utc);
        } catch (DateTimeParseException e) {
            log.debug("no time: {}", utc, e);
            throw untold();
        }
    }

    private static UserException untold() {
        return new UserException(ErrorCode.FRIEND_REFUSED, "the server does not tell its time", "");
    }
}
