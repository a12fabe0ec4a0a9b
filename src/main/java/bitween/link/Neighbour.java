package bitween.link;

import bitween.bus.Timers;
import bitween.model.LinkPath;
import bitween.model.Page;
import bitween.model.PageQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What {@link Links} knows of a device that is online, or to which there is a link. Thread: {@code link}, its mailbox. */
final class Neighbour {
    /** Far above what two ends that both dial bring about. */
    static final int MAX_LINKS = 8;

    static final Duration FIRST_RETRY = Duration.ofSeconds(2);

    /** The best comes first. */
    final List<RequestLink> links = new ArrayList<>();

    final List<Question> waiting = new ArrayList<>();
    boolean online;
    boolean dialling;
    boolean diallingInBand;
    Timers.@Nullable Timer retry;
    Duration delay = FIRST_RETRY;
    /** How it is reached, as far as the others here know; null: not at all. */
    @Nullable
    LinkPath told;

    /** Waits for a link. */
    record Question(PageQuery query, CompletableFuture<Page> answer) {}

    boolean isDirect() {
        return !links.isEmpty() && links.get(0).isDirect();
    }

    /** Where to ask: the best of those where the device has spoken, else the best. None that has ended, of which we may not have heard yet. */
    @Nullable
    RequestLink used() {
        List<RequestLink> open = links.stream().filter(link -> !link.isClosed()).toList();
        return open.stream().filter(RequestLink::isProved).findFirst().orElse(open.isEmpty() ? null : open.get(0));
    }

    /** How the device is reached; null when it has not spoken on any link. */
    @Nullable
    LinkPath path() {
        RequestLink link = used();
        return link != null && link.isProved() ? link.link().path() : null;
    }

    void forgetRetry() {
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
    }
}
