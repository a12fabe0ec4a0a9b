package bitween.xmpp;

import bitween.model.FullJid;
import bitween.model.Jid;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.IQ;
import org.jspecify.annotations.Nullable;

/**
 * Asks devices that were silent for a while whether they are still there: who loses power or network says no good-bye, and a server may take hours to
 * notice. One that does not answer counts as silent until it is heard again, and is asked on. Thread: xmpp.
 */
final class Pulse {
    /** How many rounds a device may be silent before it is asked. Both ends ask, and a question is a sign of life, so one question a pair is the rule. */
    static final int QUIET_ROUNDS = 5;
    /** In one round, so that a small server's limits leave room for other things; the longest silent first. */
    static final int MAX_ASKED = 20;

    private final Predicate<Jid> answersUs;
    private final Consumer<FullJid> silent;
    private final Consumer<FullJid> back;
    private final Map<FullJid, Watched> watched = new HashMap<>();
    /** Null while offline. */
    private @Nullable Function<FullJid, CompletableFuture<IQ>> ask;

    /**
     * @param answersUs whether somebody's devices answer our questions at all
     * @param silent called when a device does not answer any more
     * @param back called when a silent one is heard again
     */
    Pulse(Predicate<Jid> answersUs, Consumer<FullJid> silent, Consumer<FullJid> back) {
        this.answersUs = answersUs;
        this.silent = silent;
        this.back = back;
    }

    /** @param ping completes on the mailbox; fails as {@link Session#ask} does */
    void online(Function<FullJid, CompletableFuture<IQ>> ping) {
        ask = ping;
    }

    void offline() {
        ask = null;
        watched.clear();
    }

    /** It announced itself: watched from now on, or anew. */
    void watch(FullJid device) {
        watched.put(device, new Watched());
    }

    void forget(FullJid device) {
        watched.remove(device);
    }

    /** Something came from {@code device} itself, not from a server that speaks for it. */
    void heard(FullJid device) {
        Watched before = watched.replace(device, new Watched());
        if (before != null && before.silent) {
            back.accept(device);
        }
    }

    /** To be called at regular times. */
    void round() {
        Function<FullJid, CompletableFuture<IQ>> ping = ask;
        if (ping == null) {
            return;
        }
        watched.values().forEach(each -> each.rounds++);
        watched.entrySet().stream()
                .filter(entry -> entry.getValue().rounds >= QUIET_ROUNDS && !entry.getValue().asked)
                .filter(entry -> answersUs.test(entry.getKey().jid()))
                .sorted(Comparator.comparingInt(entry -> -entry.getValue().rounds))
                .limit(MAX_ASKED)
                .toList()
                .forEach(entry -> ask(ping, entry.getKey(), entry.getValue()));
    }

    private void ask(Function<FullJid, CompletableFuture<IQ>> ping, FullJid device, Watched asked) {
        asked.asked = true;
        var unused = ping.apply(device).whenComplete((pong, failure) -> {
            if (watched.get(device) != asked) {
                return; // it was heard meanwhile, or is gone
            }
            if (failure == null || !meansGone(failure)) {
                heard(device);
                return;
            }
            asked.asked = false;
            asked.rounds = 0;
            if (!asked.silent) {
                asked.silent = true;
                silent.accept(device);
            }
        });
    }

    /** Nobody answered, or a server says that nobody is there; any other error is an answer. */
    private static boolean meansGone(Throwable failure) {
        if (failure instanceof XMPPException.XMPPErrorException error) {
            return switch (error.getStanzaError().getCondition()) {
                case service_unavailable,
                        item_not_found,
                        recipient_unavailable,
                        gone,
                        remote_server_not_found,
                        remote_server_timeout -> true;
                default -> false;
            };
        }
        return failure instanceof SmackException.NoResponseException;
    }

    private static final class Watched {
        private int rounds;
        private boolean asked;
        private boolean silent;
    }
}
