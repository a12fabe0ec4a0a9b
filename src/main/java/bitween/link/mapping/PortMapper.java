package bitween.link.mapping;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.LinkEvent.OutsideMapped;
import bitween.message.PresenceEvent.NetworksChanged;
import bitween.model.AddressFilter;
import bitween.model.AddressFilter.Network;
import bitween.model.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps our port open in the router in front of us, while there is one: asks when our address or port changes, again at half of the time that was granted, and takes it
 * back at the end. Thread: its mailbox, {@code mapping}, which may wait for the router.
 */
public final class PortMapper implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(PortMapper.class);
    /** A router that knows none of this may be another one tomorrow. */
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(15);

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    /** After a question that got lost, while what was granted still stands. */
    private static final Duration AFTER_LOSS = Duration.ofMinutes(2);

    private static final Duration STOP = Duration.ofMillis(1_500);
    /** What everybody can reach. */
    private static final AddressFilter PUBLIC = new AddressFilter(false, false, List.of(), 0);

    private final Bus bus;
    private final Mailbox mailbox;
    private final Timers timers;
    private final Supplier<Optional<InetAddress>> gateway;
    private final BiFunction<InetAddress, InetAddress, List<Protocol>> protocols;

    private AddressFilter filter = PUBLIC;
    private @Nullable Kept kept;
    private @Nullable PeerAddress told;
    private Timers.@Nullable Timer due;
    private Timers.@Nullable Timer lapse;
    private volatile boolean closed;

    /** What a router holds open for us. */
    private record Kept(InetAddress router, InetAddress own, int port, Protocol protocol, Mapping granted) {}

    /** @param mailbox may be held up for some seconds by the router */
    public PortMapper(Bus bus, Mailbox mailbox, Timers timers) {
        this(bus, mailbox, timers, () -> DefaultRoute.gateway(DefaultRoute.TABLE), null);
    }

    /** @param protocols by router and our address, best first; null: all that we know */
    PortMapper(
            Bus bus,
            Mailbox mailbox,
            Timers timers,
            Supplier<Optional<InetAddress>> gateway,
            @Nullable BiFunction<InetAddress, InetAddress, List<Protocol>> protocols) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.timers = timers;
        this.gateway = gateway;
        BooleanSupplier givenUp = () -> closed;
        this.protocols = protocols != null ? protocols : (router, own) -> all(router, own, givenUp);
        bus.subscribe(NetworksChanged.class, mailbox, this::onNetworksChanged);
    }

    private static List<Protocol> all(InetAddress router, InetAddress own, BooleanSupplier givenUp) {
        RouterQuestion question = new RouterQuestion(new InetSocketAddress(router, Pcp.PORT), givenUp);
        return List.of(
                new Pcp(question), new NatPmp(question), new Igd(new Ssdp(router, own, Ssdp.everybody(), givenUp)));
    }

    private void onNetworksChanged(NetworksChanged event) {
        filter = event.filter();
        renew();
    }

    private void renew() {
        if (due != null) {
            due.cancel();
            due = null;
        }
        Optional<InetAddress> router = gateway.get();
        Optional<InetAddress> own = router.flatMap(this::towards);
        int port = filter.ownPort();
        Kept before = kept;
        if (before != null
                && (!router.equals(Optional.of(before.router))
                        || !own.equals(Optional.of(before.own))
                        || port != before.port)) {
            takeBack();
        }
        if (closed || port == 0 || router.isEmpty() || own.isEmpty()) {
            tell(null);
            return;
        }
        Duration pause = ask(router.get(), own.get(), port);
        Kept now = kept;
        tell(now == null ? null : now.granted.outside());
        due = timers.after(pause, mailbox, this::renew);
    }

    /** Nobody renewed it in time. */
    private void lapsed() {
        kept = null;
        renew();
    }

    /** Our private address on the network that the router is on; empty when there is none, or we need no router to be reached. */
    private Optional<InetAddress> towards(InetAddress router) {
        return filter.attached().stream()
                .filter(network -> network.contains(router))
                .map(Network::address)
                .filter(own -> !own.equals(router) && !isPublic(own))
                .findFirst();
    }

    /** @return when to ask again */
    private Duration ask(InetAddress router, InetAddress own, int port) {
        Kept before = kept;
        if (before != null) {
            try {
                kept = ask(router, own, port, before.protocol);
            } catch (Protocol.Refused e) {
                log.debug("the router withdraws our port: {}", e.getMessage());
                kept = null;
            } catch (IOException e) {
                log.debug("our port was not renewed, and stands until its time is over: {}", e.getMessage());
                return AFTER_LOSS;
            }
        }
        for (Protocol protocol : kept != null || closed ? List.<Protocol>of() : protocols.apply(router, own)) {
            try {
                kept = kept != null || closed ? kept : ask(router, own, port, protocol);
            } catch (IOException e) {
                log.debug("{}: {}", protocol.getClass().getSimpleName(), e.getMessage());
            }
        }
        Kept now = kept;
        return now == null ? AFTER_FAILURE : half(now.granted.lifetime());
    }

    /** @return null when the router is behind another one */
    private @Nullable Kept ask(InetAddress router, InetAddress own, int port, Protocol protocol) throws IOException {
        Mapping granted = protocol.map(port);
        if (!PUBLIC.accepts(granted.outside())) {
            log.debug("the router forwards {}, which is behind another router", granted.outside());
            protocol.unmap(port);
            return null;
        }
        if (lapse != null) {
            lapse.cancel();
        }
        lapse = timers.after(granted.lifetime(), mailbox, this::lapsed);
        return new Kept(router, own, port, protocol, granted);
    }

    private void takeBack() {
        Kept before = kept;
        kept = null;
        if (lapse != null) {
            lapse.cancel();
            lapse = null;
        }
        if (before != null) {
            try {
                before.protocol.unmap(before.port);
            } catch (IOException e) {
                log.debug("the router keeps our port open for a while: {}", e.getMessage());
            }
        }
    }

    private void tell(@Nullable PeerAddress outside) {
        if (!java.util.Objects.equals(outside, told)) {
            told = outside;
            if (outside != null) {
                log.info("the router lets friends in at {}", outside);
            }
            bus.publish(new OutsideMapped(outside == null ? List.of() : List.of(outside)));
        }
    }

    private static boolean isPublic(InetAddress ip) {
        return PUBLIC.accepts(new PeerAddress(ip, AddressFilter.MIN_PORT));
    }

    private static Duration half(Duration lifetime) {
        Duration half = lifetime.dividedBy(2);
        if (half.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return half.compareTo(Mapping.WANTED) > 0 ? Mapping.WANTED : half;
    }

    /** Takes back what the router granted; within 1.5 s. Idempotent. */
    @Override
    public void close() {
        closed = true;
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            mailbox.execute(() -> {
                if (due != null) {
                    due.cancel();
                }
                takeBack();
                done.complete(null);
            });
            done.get(STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("closed already: {}", e.getMessage());
        } catch (TimeoutException e) {
            log.debug("the router did not answer in time; it closes our port by itself");
        } catch (ExecutionException e) {
            log.warn("our port could not be taken back from the router", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
