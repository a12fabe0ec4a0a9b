package bitween.xmpp;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.CatalogueEvent;
import bitween.message.LinkEvent;
import bitween.model.AddressFilter;
import bitween.model.Announcement;
import bitween.model.PeerAddress;
import bitween.xmpp.stanza.AnnouncementElement;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says where this device is and what revision its catalogue has: when we come online and know both, then when something changed, not too often; and when it was
 * silent for half a day, so that who sees it for the first time knows that it is no old one. Thread: xmpp.
 */
final class Announcer {
    /** Best first: without a router in between, then within reach of few. */
    private static final Comparator<InetAddress> BEST_FIRST = Comparator.<InetAddress, Boolean>comparing(
                    InetAddress::isLoopbackAddress)
            .thenComparing(Announcer::isPrivate)
            .thenComparing(Inet6Address.class::isInstance);

    /** A third of the age at which who does not know us doubts that it is us. */
    static final Duration REFRESH = Duration.ofHours(12);

    private final Mailbox mailbox;
    private final Timers timers;
    private final Duration least;
    private final String deviceName;
    /** Sends presence; null while offline. */
    private @Nullable Consumer<Announcement> presence;

    private AddressFilter filter = new AddressFilter(false, false, List.of(), 0);
    /** Ours only as others see us, and by the router's leave. */
    private List<PeerAddress> seen = List.of();

    private List<PeerAddress> mapped = List.of();

    private String revision = "";
    private @Nullable Announcement last;
    private Timers.@Nullable Timer quiet;
    private int quiets;
    private Timers.@Nullable Timer refresh;
    /** Whether the first presence waits for what belongs into it. */
    private boolean waits;

    /** @param least the least time between two presences */
    Announcer(Bus bus, Mailbox mailbox, Timers timers, Duration least, String deviceName) {
        this.mailbox = mailbox;
        this.timers = timers;
        this.least = least;
        this.deviceName = AnnouncementElement.printable(deviceName);
        bus.subscribe(CatalogueEvent.OwnSharesChanged.class, mailbox, this::onOwnSharesChanged);
        bus.subscribe(LinkEvent.EndorsementsChanged.class, mailbox, this::onEndorsementsChanged);
        bus.subscribe(LinkEvent.OutsideSeen.class, mailbox, this::onOutsideSeen);
        bus.subscribe(LinkEvent.OutsideMapped.class, mailbox, this::onOutsideMapped);
    }

    void online(Consumer<Announcement> presence) {
        offline();
        this.presence = presence;
        waits = true; // found out while we logged in, it is heard of in a moment
        beQuiet(least.dividedBy(4));
        announce();
    }

    void offline() {
        presence = null;
        last = null;
        endQuiet();
        endRefresh();
    }

    private void endRefresh() {
        if (refresh != null) {
            refresh.cancel();
            refresh = null;
        }
    }

    private void endQuiet() {
        waits = false;
        quiets++;
        if (quiet != null) {
            quiet.cancel();
            quiet = null;
        }
    }

    private boolean isComplete() {
        return filter.ownPort() != 0 && !revision.isEmpty();
    }

    private void onOwnSharesChanged(CatalogueEvent.OwnSharesChanged event) {
        revision = event.revision();
        if (last != null && !revision.equals(last.revision())) {
            last = null; // also should it come back before it was said: somebody may have read the list between
        }
        announce();
    }

    private void onEndorsementsChanged(LinkEvent.EndorsementsChanged event) {
        announceAnew(); // whoever signs adds them
    }

    private void announceAnew() {
        last = null;
        announce();
    }

    private void onOutsideSeen(LinkEvent.OutsideSeen event) {
        seen = event.addresses();
        announce();
    }

    private void onOutsideMapped(LinkEvent.OutsideMapped event) {
        mapped = event.addresses();
        announce();
    }

    void addressesChanged(AddressFilter now) {
        filter = now;
        announce();
    }

    private void announce() {
        if (waits && isComplete()) {
            endQuiet();
        }
        Announcement now = new Announcement(deviceName, addresses(), revision);
        if (presence == null || quiet != null || now.equals(last)) {
            return;
        }
        last = now;
        beQuiet(least);
        presence.accept(now);
        endRefresh();
        refresh = timers.after(REFRESH, mailbox, this::announceAnew);
    }

    private void beQuiet(Duration time) {
        int mine = ++quiets;
        quiet = timers.after(time, mailbox, () -> {
            if (mine == quiets) { // else it was over before, and this was in the mailbox already
                endQuiet();
                announce();
            }
        });
    }

    private List<PeerAddress> addresses() {
        int port = filter.ownPort();
        if (port == 0) {
            return List.of();
        }
        Stream<PeerAddress> own = filter.attached().stream()
                .map(AddressFilter.Network::address)
                .filter(filter::announces)
                .map(ip -> new PeerAddress(ip, port));
        return Stream.of(own, mapped.stream(), seen.stream())
                .flatMap(addresses -> addresses)
                .sorted(Comparator.comparing(PeerAddress::ip, BEST_FIRST))
                .distinct()
                .limit(Announcement.MAX_ADDRESSES)
                .toList();
    }

    private static boolean isPrivate(InetAddress ip) {
        return ip.isSiteLocalAddress() || (ip instanceof Inet6Address && (ip.getAddress()[0] & 0xFE) == 0xFC);
    }
}
