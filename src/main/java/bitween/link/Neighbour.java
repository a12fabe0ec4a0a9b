package bitween.link;

import bitween.bus.Timers;
import bitween.model.LinkPath;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.PeerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What {@link Links} knows of a device that is online, or to which there is a link. Thread: {@code link}, its mailbox. */
final class Neighbour {
    /** Far above what two ends that both dial bring about. */
    static final int MAX_LINKS = 8;

    /** One, and some more for addresses that are announced meanwhile; whoever moves more often waits until one is over. */
    static final int MAX_DIALS = 4;

    static final Duration FIRST_RETRY = Duration.ofSeconds(2);

    /** The best comes first. */
    final List<RequestLink> links = new ArrayList<>();

    final List<Question> waiting = new ArrayList<>();
    boolean online;
    /** Dials by TCP that are under way, each with the addresses that it tries. */
    final List<List<PeerAddress>> dials = new ArrayList<>();

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

    /** Those of {@code addresses} that no dial tries now. */
    List<PeerAddress> untried(List<PeerAddress> addresses) {
        return addresses.stream()
                .filter(address -> dials.stream().noneMatch(dial -> dial.contains(address)))
                .toList();
    }

    void forgetRetry() {
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
    }
}
