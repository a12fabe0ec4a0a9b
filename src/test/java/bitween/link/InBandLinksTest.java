package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.bus.Bus;
import bitween.bus.MailboxThread;
import bitween.bus.TimerThread;
import bitween.message.DeviceRequest.FetchPage;
import bitween.message.DeviceRequest.ServePage;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.LinkEvent.LinkChanged;
import bitween.model.Announcement;
import bitween.model.BytePipe;
import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Fingerprint;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.LinkPath;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.PeerAddress;
import bitween.model.PipeDoor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two devices with real TLS, sockets and threads; what the XMPP servers carry goes through the test. */
@Timeout(60)
class InBandLinksTest {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final End alice = new End("alice");
    private final End bob = new End("bob");

    @BeforeEach
    void introduce() throws IOException {
        alice.meet(bob);
        bob.meet(alice);
    }

    @AfterEach
    void close() throws InterruptedException {
        alice.close();
        bob.close();
    }

    @Test
    void who_has_no_address_is_asked_through_the_servers() throws Exception {
        alice.sees(bob, List.of());

        assertThat(alice.nextPath()).isEqualTo(LinkPath.inBand());
        assertThat(bob.nextPath()).isEqualTo(LinkPath.inBand());
        assertThat(alice.ask(bob)).isEqualTo(bob.page());
        assertThat(bob.ask(alice)).isEqualTo(alice.page());
    }

    @Test
    void a_direct_path_comes_first() throws Exception {
        alice.sees(bob, List.of(bob.door()));

        assertThat(alice.nextPath()).isEqualTo(LinkPath.direct(bob.door()));
        assertThat(bob.opened).hasValue(0);
    }

    @Test
    void a_link_is_dialled_over_ipv6_as_well() throws Exception {
        PeerAddress six = PeerAddress.parse("[::1]:" + bob.door().port());
        assumeTrue(isHere(six.ip()), "this machine has no IPv6");

        alice.sees(bob, List.of(six));

        assertThat(alice.nextPath()).isEqualTo(LinkPath.direct(six));
        assertThat(Objects.requireNonNull(bob.nextPath().address()).ip()).isEqualTo(six.ip());
        assertThat(alice.ask(bob)).isEqualTo(bob.page());
        assertThat(bob.ask(alice)).isEqualTo(alice.page());
    }

    private static boolean isHere(InetAddress ip) throws SocketException {
        return NetworkInterface.getByInetAddress(ip) != null;
    }

    @Test
    void a_direct_path_takes_over_while_the_servers_carry_the_link() throws Exception {
        alice.sees(bob, List.of());
        assertThat(alice.nextPath()).isEqualTo(LinkPath.inBand());
        assertThat(bob.nextPath()).isEqualTo(LinkPath.inBand());

        alice.sees(bob, List.of(bob.door()));

        assertThat(alice.nextPath()).isEqualTo(LinkPath.direct(bob.door()));
        assertThat(bob.nextPath().isDirect()).isTrue();
        alice.cut(); // only the servers' link
        assertThat(alice.ask(bob)).isEqualTo(bob.page());
        assertThat(bob.ask(alice)).isEqualTo(alice.page());
    }

    @Test
    void who_has_no_address_dials_for_the_other_as_often_as_it_is_asked_to() throws Exception {
        alice.sees(bob, List.of(bob.door()));
        assertThat(alice.nextPath()).isEqualTo(LinkPath.direct(bob.door()));
        assertThat(bob.nextPath().isDirect()).isTrue();

        for (int i = 0; i < 2 * Calls.MAX_AT_ONCE; i++) {
            Link there = Objects.requireNonNull(bob.calls).call(alice.device);
            Link here = Objects.requireNonNull(alice.served.poll(20, TimeUnit.SECONDS), "it is served");

            here.write(ByteBuffer.wrap(new byte[] {42}));
            ByteBuffer came = ByteBuffer.allocate(1);
            assertThat(there.fill(came)).isTrue();
            assertThat(came.get()).isEqualTo((byte) 42);
        }
    }

    @Test
    void of_too_many_links_the_newest_lives() throws Exception {
        Routes routes = new Routes();
        routes.announced(bob.device, List.of(bob.door()));
        Dialer dialer = new Dialer(alice.tls, routes, new DialLimits(System::nanoTime), alice.timers, alice.mailbox);
        List<Link> more = new ArrayList<>();

        for (int i = 0; i <= Neighbour.MAX_LINKS; i++) {
            more.add(dialer.dial(bob.device, Purpose.REQUESTS));
            Frame hello = Objects.requireNonNull(Frame.read(more.get(i)::fill), "it was sent away");
            assertThat(hello.type()).isEqualTo(Frame.Type.PING);
        }

        assertThat(Ends.failureOf(Ends.start(() -> more.get(0).read(ByteBuffer.allocate(1)))))
                .as("the first one has ended")
                .isInstanceOf(IOException.class);
    }

    @Test
    void an_address_that_refuses_costs_no_time() throws Exception {
        alice.sees(bob, List.of(closedDoor()));

        assertThat(alice.nextPath()).isEqualTo(LinkPath.inBand());
    }

    @Test
    @Tag("slow")
    void an_address_where_nobody_speaks_costs_two_seconds() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getByAddress(LOOPBACK))) {
            long begun = System.nanoTime();
            alice.sees(bob, List.of(new PeerAddress(InetAddress.getByAddress(LOOPBACK), silent.getLocalPort())));

            assertThat(alice.nextPath()).isEqualTo(LinkPath.inBand());
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Dialer.HEAD_START, SecureChannel.HANDSHAKE_LIMIT);
        }
    }

    @Test
    void a_new_address_does_not_wait_for_a_dial_to_an_old_one() throws Exception {
        alice.inBand = false;
        try (ServerSocket old = new ServerSocket(0, 8, InetAddress.getByAddress(LOOPBACK))) {
            alice.sees(bob, List.of(new PeerAddress(InetAddress.getByAddress(LOOPBACK), old.getLocalPort())));
            try (Socket silent = old.accept()) {
                alice.sees(bob, List.of(bob.door()));

                assertThat(alice.nextPath()).isEqualTo(LinkPath.direct(bob.door()));
                silent.setSoTimeout(1);
                assertThatThrownBy(() -> silent.getInputStream().readAllBytes())
                        .as("the old one is still spoken to")
                        .isInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    @Test
    @Tag("slow")
    void a_link_that_breaks_is_dialled_again() throws Exception {
        alice.sees(bob, List.of());
        assertThat(alice.nextPath()).isEqualTo(LinkPath.inBand());

        alice.cut();

        assertThat(alice.next().path()).isNull();
        assertThat(alice.nextPath()).isEqualTo(LinkPath.inBand());
        assertThat(alice.ask(bob)).isEqualTo(bob.page());
    }

    @Test
    void a_key_of_somebody_else_than_the_servers_name_opens_nothing() throws Exception {
        MemoryPipe[] pipes = MemoryPipe.pair(100_000);
        bob.listener().welcome(new FullJid(new Jid("eve@b.test"), "x"), pipes[1]);

        Throwable failure = Ends.start(() -> {
                    SecureChannel channel = SecureChannel.dial(pipes[0], alice.tls, bob.key.fingerprint());
                    channel.write(ByteBuffer.wrap(new byte[] {Purpose.REQUESTS.sign()}));
                    return channel.read(ByteBuffer.allocate(1));
                })
                .handle((count, end) -> end)
                .get();

        assertThat(failure).isInstanceOf(IOException.class);
        assertThat(bob.listener().refused()).isEqualTo(1);
        assertThat(bob.changes).isEmpty();
    }

    @Test
    @Tag("slow")
    void whoever_does_not_trust_us_yet_is_no_link_until_it_does() throws Exception {
        alice.inBand = false;
        bob.trusts = false;
        alice.sees(bob, List.of(bob.door()));
        assertThat(bob.judged.poll(20, TimeUnit.SECONDS)).isFalse();

        bob.trusts = true; // and alice, who was sent away, comes again

        assertThat(alice.nextPath()).isEqualTo(LinkPath.direct(bob.door()));
        assertThat(alice.ask(bob)).isEqualTo(bob.page());
        assertThat(alice.changes).isEmpty();
    }

    @Test
    void an_address_where_we_are_sent_away_is_not_dialled_more_often_for_it() throws Exception {
        bob.trusts = false;
        DialLimits limits = new DialLimits(System::nanoTime);
        Routes routes = new Routes();
        routes.announced(bob.device, List.of(bob.door()));
        Dialer dialer = new Dialer(alice.tls, routes, limits, alice.timers, alice.mailbox);

        for (int i = 0; i < DialLimits.PER_ADDRESS; i++) {
            try (Link link = dialer.dial(bob.device, Purpose.REQUESTS)) {
                assertThat(Ends.failureOf(Ends.start(() -> link.read(ByteBuffer.allocate(1)))))
                        .isInstanceOf(IOException.class);
            }
        }

        assertThat(limits.permits(bob.device, bob.door())).isFalse();
    }

    private static PeerAddress closedDoor() throws IOException {
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getByAddress(LOOPBACK))) {
            return new PeerAddress(InetAddress.getByAddress(LOOPBACK), door.getLocalPort());
        }
    }

    /** One device with its links, and the way by which the servers would bring pipes to it. */
    private static final class End implements PipeDoor {
        private final DeviceKey key = DeviceKey.create();
        private final Device device;
        private final Tls tls = Tls.jdk(key);
        private final MailboxThread mailbox = MailboxThread.start("link");
        private final MailboxThread router = MailboxThread.start("bus");
        private final TimerThread timers = new TimerThread();
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final Bus bus = new Bus(router);
        private final BlockingQueue<LinkChanged> changes = new LinkedBlockingQueue<>();
        private final BlockingQueue<MemoryPipe> carried = new LinkedBlockingQueue<>();
        private final AtomicInteger opened = new AtomicInteger();
        private final BlockingQueue<Boolean> judged = new LinkedBlockingQueue<>();
        private volatile boolean trusts = true;
        private volatile boolean inBand = true;
        private @Nullable End other;
        private final BlockingQueue<Link> served = new LinkedBlockingQueue<>();
        private @Nullable Links links;
        private @Nullable Calls calls;
        private @Nullable LinkListener listener;

        private End(String name) {
            device = new Device(
                    new Jid(name + "@b.test"), new DeviceId(key.fingerprint().hex()));
        }

        private void meet(End friend) throws IOException {
            other = friend;
            Routes routes = new Routes();
            Dialer dialer = new Dialer(tls, routes, new DialLimits(System::nanoTime), timers, mailbox);
            TrustedDevices trusted = fingerprint -> {
                boolean known = trusts && fingerprint.equals(friend.key.fingerprint());
                judged.add(known);
                return known ? Optional.of(friend.device) : Optional.empty();
            };
            Fingerprint self = key.fingerprint();
            bus.subscribe(LinkChanged.class, router, changes::add);
            bus.answerLater(ServePage.class, router, request -> CompletableFuture.completedFuture(page()));
            Offenders offenders = new Offenders(bus, mailbox, timers);
            Observed observed = new Observed(bus, mailbox, timers, device.jid(), System::nanoTime);
            calls = new Calls(dialer, threads, this::askToDial, served::add);
            Calls calling = calls;
            Links opened = new Links(
                    bus,
                    mailbox,
                    timers,
                    threads,
                    dialer,
                    routes,
                    trusted,
                    self,
                    link -> new Answers(bus, mailbox, observed, calling, offenders, link),
                    Clock.systemUTC());
            listener = LinkListener.start(
                    Doors.open(0, 0, true), tls, trusted, timers, mailbox, threads, (link, purpose) -> {
                        if (purpose == Purpose.CALLED) {
                            calling.came(link);
                        } else {
                            opened.add(link);
                        }
                    });
            links = opened;
            dialer.alsoInBand(
                    this, device -> inBand ? Optional.of(new FullJid(device.jid(), "desk")) : Optional.empty());
        }

        private void askToDial(Device friend) {
            Objects.requireNonNull(links).call(friend);
        }

        private LinkListener listener() {
            return Objects.requireNonNull(listener);
        }

        private PeerAddress door() throws IOException {
            return new PeerAddress(
                    InetAddress.getByAddress(LOOPBACK), listener().port());
        }

        private void sees(End friend, List<PeerAddress> addresses) {
            bus.publish(new DeviceAnnounced(friend.device, new Announcement("desk", addresses, "r")));
        }

        @Override
        public BytePipe open(FullJid to) {
            End friend = Objects.requireNonNull(other);
            assertThat(to.jid()).isEqualTo(friend.device.jid());
            MemoryPipe[] pipes = MemoryPipe.pair(8_192);
            friend.opened.incrementAndGet();
            carried.add(pipes[0]);
            friend.listener().welcome(new FullJid(device.jid(), "desk"), pipes[1]);
            return pipes[0];
        }

        @Override
        public void welcome(Guests guests) {
            throw new AssertionError("pipes come straight to the listener here");
        }

        /** The servers carry nothing more of what was opened here. */
        private void cut() throws InterruptedException {
            Objects.requireNonNull(carried.poll(20, TimeUnit.SECONDS), "nothing is carried")
                    .close();
        }

        private LinkChanged next() throws InterruptedException {
            LinkChanged change = changes.poll(20, TimeUnit.SECONDS);
            return Objects.requireNonNull(change, "nothing becomes of the link");
        }

        private LinkPath nextPath() throws InterruptedException {
            return Objects.requireNonNull(next().path(), "there is no link any more");
        }

        private Page page() {
            byte[] content = device.jid().value().getBytes(StandardCharsets.UTF_8);
            return new Page("r", content.length, 0, Bytes.of(content));
        }

        private Page ask(End friend) throws Exception {
            return bus.ask(new FetchPage(friend.device, new PageQuery(PageQuery.Kind.CATALOGUE, null, 0)))
                    .get(20, TimeUnit.SECONDS);
        }

        private void close() throws InterruptedException {
            listener().close();
            Objects.requireNonNull(links).close();
            threads.shutdownNow();
            assertThat(threads.awaitTermination(20, TimeUnit.SECONDS))
                    .as("what dials has given up")
                    .isTrue();
            mailbox.close(); // before the timers: what is still in it may want one
            timers.close();
            router.close();
        }
    }
}
