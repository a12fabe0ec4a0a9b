package bitween.link;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.DeviceRequest.FetchPage;
import bitween.message.DeviceRequest.FetchTicket;
import bitween.message.DeviceRequest.ShowTicket;
import bitween.model.Device;
import bitween.model.ErrorCode;
import bitween.model.Page;
import bitween.model.Ticket;
import bitween.model.UserException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is asked of friends' devices over the links to them. Thread: {@code link}, its mailbox. */
final class Questions {
    /** A question for a device that has just announced itself waits for the link. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** A list is asked for a few pages at a time. */
    private static final int MAX_WAITING = 256;

    private final Mailbox mailbox;
    private final Timers timers;
    private final Map<Device, Neighbour> neighbours;

    /** @param neighbours as they are at any time: whose links there are */
    Questions(Bus bus, Mailbox mailbox, Timers timers, Map<Device, Neighbour> neighbours) {
        this.mailbox = mailbox;
        this.timers = timers;
        this.neighbours = neighbours;
        bus.answerLater(FetchPage.class, mailbox, this::onFetchPage);
        bus.answerLater(FetchTicket.class, mailbox, this::onFetchTicket);
        bus.answerLater(ShowTicket.class, mailbox, this::onShowTicket);
    }

    private CompletableFuture<Page> onFetchPage(FetchPage request) {
        Device device = request.device();
        RequestLink link = linkTo(device);
        if (link != null) {
            return link.ask(request.query());
        }
        Neighbour neighbour = neighbours.get(device);
        if (neighbour == null || neighbour.waiting.size() >= MAX_WAITING) {
            return CompletableFuture.failedFuture(offline(device));
        }
        Neighbour.Question question = new Neighbour.Question(request.query(), new CompletableFuture<>());
        neighbour.waiting.add(question);
        timers.after(PATIENCE, mailbox, () -> {
            if (neighbour.waiting.remove(question)) {
                question.answer().completeExceptionally(offline(device));
            }
        });
        return question.answer();
    }

    private CompletableFuture<Ticket> onFetchTicket(FetchTicket request) {
        return over(request.owner(), link -> link.askForTicket(request.hash()));
    }

    private CompletableFuture<Ticket> onShowTicket(ShowTicket request) {
        return over(request.friend(), link -> link.show(request.ticket()));
    }

    /** Only over a link that is there: who asks for tickets hears when there is one. */
    private CompletableFuture<Ticket> over(Device device, Function<RequestLink, CompletableFuture<Ticket>> question) {
        RequestLink link = linkTo(device);
        return link == null ? CompletableFuture.failedFuture(offline(device)) : question.apply(link);
    }

    private @Nullable RequestLink linkTo(Device device) {
        Neighbour neighbour = neighbours.get(device);
        return neighbour == null ? null : neighbour.used();
    }

    /** What has waited is asked at once: whoever sends us away leaves a question as it was, without an answer. */
    void linked(Neighbour neighbour, RequestLink link) {
        List<Neighbour.Question> waiting = List.copyOf(neighbour.waiting);
        neighbour.waiting.clear();
        waiting.forEach(question -> forward(link.ask(question.query()), question.answer()));
    }

    /** Nothing waits for a device that has gone. */
    void gone(Device device, Neighbour neighbour) {
        neighbour.waiting.forEach(question -> question.answer().completeExceptionally(offline(device)));
    }

    private static void forward(CompletableFuture<Page> from, CompletableFuture<Page> to) {
        var unused = from.whenComplete((page, failure) -> {
            if (failure == null) {
                to.complete(page);
            } else {
                to.completeExceptionally(failure);
            }
        });
    }

    private static UserException offline(Device device) {
        return new UserException(
                ErrorCode.FRIEND_OFFLINE, device + " cannot be reached now", "it is tried again and again meanwhile");
    }
}
