package bitween.xmpp;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.message.DeviceRequest;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.UserException;
import bitween.xmpp.stanza.PageIq;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.StanzaError;
import org.jspecify.annotations.Nullable;

/** Fetches pages from friends' devices: a queue for each, so that one that does not answer holds up nobody else. Thread: xmpp. */
final class PageFetcher {
    /** Enough to hide a round trip; a server that shapes lets no more through anyway. */
    private static final int MAX_IN_FLIGHT = 4;
    /** A device's catalogue is fetched page after page, its documents one by one. */
    private static final int MAX_WAITING = 256;

    private final Duration timeout;
    private final Predicate<Device> present;
    private final Map<Device, Lane> lanes = new HashMap<>();
    private @Nullable Session session;

    /** @param present whether a device is there */
    PageFetcher(Bus bus, Mailbox mailbox, Duration timeout, Predicate<Device> present) {
        this.timeout = timeout;
        this.present = present;
        bus.answerLater(DeviceRequest.FetchPage.class, mailbox, this::onFetchPage);
    }

    void online(Session session) {
        this.session = session;
    }

    void offline() {
        session = null;
        List.copyOf(lanes.values()).forEach(Lane::close);
    }

    private CompletableFuture<Page> onFetchPage(DeviceRequest.FetchPage request) {
        Device device = request.device();
        if (session == null || !present.test(device)) {
            throw offline(device, null);
        }
        Lane lane = lanes.computeIfAbsent(device, Lane::new);
        if (lane.waiting.size() >= MAX_WAITING) {
            throw new UserException(
                    ErrorCode.BUSY,
                    device + " has " + MAX_WAITING + " questions of ours to answer",
                    "try again in a moment");
        }
        var fetch = new Fetch(request.query(), new CompletableFuture<>());
        lane.waiting.add(fetch);
        lane.next();
        return fetch.page();
    }

    private static UserException offline(Device device, @Nullable Throwable cause) {
        String sentence = device.jid() + " is not online with that device";
        String hint = "it works again when the device is back";
        return cause == null
                ? new UserException(ErrorCode.FRIEND_OFFLINE, sentence, hint)
                : new UserException(ErrorCode.FRIEND_OFFLINE, sentence, hint, cause);
    }

    private record Fetch(PageQuery query, CompletableFuture<Page> page) {}

    /** What one device is asked. */
    private final class Lane {
        private final Device device;
        private final Queue<Fetch> waiting = new ArrayDeque<>();
        private final Set<Fetch> inFlight = new HashSet<>();

        private Lane(Device device) {
            this.device = device;
        }

        private void next() {
            while (session != null && inFlight.size() < MAX_IN_FLIGHT && !waiting.isEmpty()) {
                ask(session, waiting.remove());
            }
            if (inFlight.isEmpty()) {
                lanes.remove(device, this);
            }
        }

        private void ask(Session online, Fetch fetch) {
            if (!present.test(device)) {
                fetch.page().completeExceptionally(offline(device, null));
                return;
            }
            inFlight.add(fetch);
            IQ question = PageIq.get(fetch.query());
            question.setTo(Addresses.full(device));
            var unused = online.ask(question, timeout).whenComplete((answer, failure) -> {
                if (inFlight.remove(fetch)) {
                    settle(fetch, answer, failure);
                    next();
                }
            });
        }

        private void settle(Fetch fetch, @Nullable IQ answer, @Nullable Throwable failure) {
            if (failure != null) {
                fetch.page().completeExceptionally(explain(failure));
            } else if (answer instanceof PageIq iq
                    && iq.page() != null
                    && fetch.query().equals(iq.query())) {
                fetch.page().complete(iq.page());
            } else {
                fetch.page().completeExceptionally(refused("answered with something else than a page", null));
            }
        }

        private UserException explain(Throwable failure) {
            if (failure instanceof SmackException.NoResponseException) {
                return new UserException(
                        ErrorCode.TIMED_OUT,
                        device.jid() + " did not answer within " + timeout.toSeconds() + " s",
                        "it works again when the device is back",
                        failure);
            }
            if (!(failure instanceof XMPPException.XMPPErrorException error) || !present.test(device)) {
                return offline(device, failure);
            }
            StanzaError.Condition condition = error.getStanzaError().getCondition();
            return switch (condition) {
                case item_not_found ->
                    new UserException(
                            ErrorCode.UNKNOWN_SHARE, device.jid() + " does not share that any more", "", failure);
                case resource_constraint ->
                    new UserException(ErrorCode.BUSY, device.jid() + " is busy", "try again in a moment", failure);
                default -> refused("does not answer us: " + condition, failure);
            };
        }

        private UserException refused(String what, @Nullable Throwable failure) {
            String sentence = device.jid() + " " + what;
            String hint = "they may not have accepted you as a friend yet";
            return failure == null
                    ? new UserException(ErrorCode.FRIEND_REFUSED, sentence, hint)
                    : new UserException(ErrorCode.FRIEND_REFUSED, sentence, hint, failure);
        }

        private void close() {
            lanes.remove(device, this);
            waiting.addAll(inFlight);
            inFlight.clear();
            waiting.forEach(fetch -> fetch.page().completeExceptionally(offline(device, null)));
            waiting.clear();
        }
    }
}
