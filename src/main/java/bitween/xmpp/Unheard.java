package bitween.xmpp;

import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.UserException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jivesoftware.smack.packet.Presence;
import org.jspecify.annotations.Nullable;

/**
 * What the user had us say of subscriptions (RFC 6121 section 3) that the server may not have heard: a dead stream takes words, and nobody gets them. Each is said again after each
 * login, until an answer proves that it was heard. A restart ends that: of whoever was accepted the user was not told that it was done, and they are shown as asking still; who was refused asks once
 * more, as the server tells of them at the next login. Thread: xmpp.
 */
final class Unheard {
    private static final Logger log = LogManager.getLogger(Unheard.class);
    /** A server that answers at last, or a stream that is found dead and a login after it, come sooner. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Map<Jid, Words> unheard = new LinkedHashMap<>();
    private final BiConsumer<Jid, List<Presence.Type>> heard;
    private @Nullable Session session;

    /** @param heard is told of what the server has heard, or need not hear any more */
    Unheard(BiConsumer<Jid, List<Presence.Type>> heard) {
        this.heard = heard;
    }

    private record Words(Jid to, List<Presence.Type> types, CompletableFuture<Void> answer) {}

    /** @param isMeant whether the roster that just came lacks it still */
    void online(Session session, BiPredicate<Jid, Presence.Type> isMeant) {
        this.session = session;
        for (Words words : List.copyOf(unheard.values())) {
            Words left = new Words(
                    words.to(),
                    words.types().stream()
                            .filter(type -> isMeant.test(words.to(), type))
                            .toList(),
                    words.answer());
            if (left.types().isEmpty()) {
                onHeard(words);
            } else {
                unheard.put(left.to(), left);
                speak(session, left);
            }
        }
    }

    void offline() {
        session = null;
    }

    /**
     * Says it now, or once there is a connection; instead of what was said to them before.
     *
     * @return completes when the server has heard it; fails with TIMED_OUT, with UNKNOWN_FRIEND when something else is said to them before
     */
    CompletableFuture<Void> say(Jid to, List<Presence.Type> types) {
        Words words = new Words(to, types, new CompletableFuture<>());
        Words before = unheard.get(to);
        if (before == null || !types.containsAll(before.types())) {
            forget(to);
        } else {
            var unused = words.answer().whenComplete((done, failure) -> {
                if (failure == null) {
                    before.answer().complete(null);
                } else {
                    before.answer().completeExceptionally(failure);
                }
            });
        }
        unheard.put(to, words);
        if (session != null) {
            speak(session, words);
        }
        return words.answer();
    }

    /** Something else is said to them now. */
    void forget(Jid to) {
        Words words = unheard.remove(to);
        if (words != null) {
            words.answer()
                    .completeExceptionally(new UserException(
                            ErrorCode.UNKNOWN_FRIEND,
                            to + " was removed or blocked before the XMPP server had heard anything else",
                            "bitween friends shows how they are"));
        }
    }

    private void speak(Session online, Words words) {
        words.types().forEach(type -> online.send(type, words.to()));
        var unused = online.untilHeard(TIMEOUT).whenComplete((done, silence) -> {
            if (silence == null) {
                onHeard(words);
            } else if (online == session) {
                words.answer()
                        .completeExceptionally(new UserException(
                                ErrorCode.TIMED_OUT,
                                "the XMPP server did not answer when told about " + words.to(),
                                "it is told again after the next login; bitween friends shows what came of it",
                                silence));
            }
        });
    }

    private void onHeard(Words words) {
        try {
            if (unheard.remove(words.to(), words)) {
                heard.accept(words.to(), words.types());
            }
            words.answer().complete(null);
        } catch (UserException e) {
            if (!words.answer().completeExceptionally(e)) {
                log.warn("the server was told about {}, which is not kept: {}", words.to(), e.sentence(), e);
            }
        }
    }
}
