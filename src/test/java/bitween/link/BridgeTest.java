package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.bus.Bus;
import bitween.bus.MailboxThread;
import bitween.bus.TimerThread;
import bitween.message.CatalogueEvent.AccessChanged;
import bitween.message.CatalogueEvent.HoldersFound;
import bitween.message.LinkEvent.CulpritFound;
import bitween.message.LinkEvent.HelpersFound;
import bitween.message.LinkEvent.LabelsChanged;
import bitween.message.LinkEvent.LinkChanged;
import bitween.message.LinkEvent.PeersFound;
import bitween.message.LinkEvent.TrustChanged;
import bitween.message.TorrentEvent.DamageFound;
import bitween.message.TorrentEvent.EngineChanged;
import bitween.model.BytePipe;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.EngineStatus;
import bitween.model.Fingerprint;
import bitween.model.FullJid;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.LinkPath;
import bitween.model.PeerAddress;
import bitween.model.PipeDoor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real sockets and real TLS; libtorrent is a socket of the test, the friend another. */
@Timeout(30)
class BridgeTest {
    private static final InfoHash HASH = new InfoHash("0123456789abcdef0123456789abcdef01234567");
    private static final InfoHash OTHER = new InfoHash("ff".repeat(20));

    private final DeviceKey own = DeviceKey.create();
    private final DeviceKey bobs = DeviceKey.create();
    private final Device bob =
            new Device(new Jid("bob@b.test"), new DeviceId(bobs.fingerprint().hex()));
    private final MailboxThread mailbox = MailboxThread.start("link");
    private final MailboxThread router = MailboxThread.start("bus");
    private final TimerThread timers = new TimerThread();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Bus bus = new Bus(router);
    private final BlockingQueue<PeersFound> found = new LinkedBlockingQueue<>();
    private final BlockingQueue<LabelsChanged> labels = new LinkedBlockingQueue<>();
    private final Routes routes = new Routes();

    @TempDir
    Path natives;

    private volatile boolean trusted = true;
    private volatile boolean granted = true;
    private volatile boolean wanted = true;
    private ServerSocketChannel engine;
    private ServerSocketChannel friendsDoor;
    private Dialer dialer;
    private Bridge bridge;
    private LinkListener listener;
    private Tls bobsTls;

    @BeforeEach
    void open() throws IOException {
        Tls tls = Tls.open(own, natives);
        bobsTls = Tls.open(bobs, natives);
        bus.subscribe(PeersFound.class, router, found::add);
        bus.subscribe(LabelsChanged.class, router, labels::add);
        dialer = new Dialer(tls, routes, new DialLimits(System::nanoTime), timers, mailbox);
        bridge = new Bridge(bus, mailbox, timers, dialer, this::deviceOf, new Flags(), threads);
        listener = LinkListener.start(
                Doors.open(0, true),
                tls,
                this::deviceOf,
                timers,
                mailbox,
                threads,
                (link, purpose) -> bridge.serve(link));
        engine = ServerSocketChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress(Bridge.ENGINE, 0));
        friendsDoor = ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        int port = ((InetSocketAddress) engine.getLocalAddress()).getPort();
        bus.publish(new TrustChanged(Set.of(bob)));
        bus.publish(new EngineChanged(new EngineStatus(port, "posix", "", null)));
        // heard, before anybody dials
        CompletableFuture.runAsync(() -> {}, router)
                .thenRunAsync(() -> {}, mailbox)
                .join();
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
        bridge.close();
        engine.close();
        friendsDoor.close();
        threads.shutdownNow();
        timers.close();
        mailbox.close();
        router.close();
    }

    @Test
    void what_is_granted_reaches_libtorrent_from_the_address_that_stands_for_the_device() throws IOException {
        SecureChannel link = dial(HASH);

        try (SocketChannel libtorrent = engine.accept()) {
            assertThat(take(libtorrent, PeerHandshake.BYTES)).isEqualTo(PeerHandshakeTest.handshake());
            assertThat(((InetSocketAddress) libtorrent.getRemoteAddress()).getHostString())
                    .isEqualTo("127.77.1.0");
            libtorrent.write(text("from libtorrent"));
            assertThat(take(link, 15)).isEqualTo(text("from libtorrent"));
            link.write(text("from bob"));
            assertThat(take(libtorrent, 8)).isEqualTo(text("from bob"));
        }
        assertEnds(link);
    }

    @Test
    void what_is_not_granted_gets_no_byte_and_libtorrent_hears_nothing_of_it() throws IOException {
        SecureChannel link = dial(OTHER);

        assertEnds(link);
        engine.configureBlocking(false);
        assertThat(engine.accept()).isNull();
    }

    @Test
    void whose_ticket_has_ended_is_cut_off_at_once() throws IOException {
        SecureChannel link = dial(HASH);
        try (SocketChannel libtorrent = engine.accept()) {
            take(libtorrent, PeerHandshake.BYTES);
            granted = false; // as a ticket's end does

            bus.publish(new HelpersFound(HASH, List.of()));

            assertEnds(link);
            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
        }
    }

    @Test
    void what_is_revoked_in_the_middle_ends_at_once() throws IOException {
        SecureChannel link = dial(HASH);
        try (SocketChannel libtorrent = engine.accept()) {
            take(libtorrent, PeerHandshake.BYTES);
            granted = false;

            bus.publish(new AccessChanged());

            assertEnds(link);
            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
        }
    }

    @Test
    void every_trusted_device_has_its_label_and_who_is_not_has_none() throws Exception {
        assertThat(labels.poll(10, TimeUnit.SECONDS))
                .isEqualTo(new LabelsChanged(Map.of(InetAddress.getByName("127.77.1.0"), bob)));

        bus.publish(new TrustChanged(Set.of()));

        assertThat(labels.poll(10, TimeUnit.SECONDS)).isEqualTo(new LabelsChanged(Map.of()));
    }

    @Test
    void a_device_that_loses_trust_in_the_middle_is_cut_off_at_once() throws IOException {
        SecureChannel link = dial(HASH);
        try (SocketChannel libtorrent = engine.accept()) {
            take(libtorrent, PeerHandshake.BYTES);
            trusted = false;

            bus.publish(new TrustChanged(Set.of()));

            assertEnds(link);
            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
        }
    }

    @Test
    void who_alone_sent_a_damaged_piece_is_named_cut_off_and_not_asked_for_that_again() throws Exception {
        BlockingQueue<CulpritFound> culprits = new LinkedBlockingQueue<>();
        bus.subscribe(CulpritFound.class, router, culprits::add);
        try (SocketChannel libtorrent = dialLabel()) {
            libtorrent.write(PeerHandshakeTest.handshake());
            SecureChannel accepted =
                    SecureChannel.accept(TcpPipe.over(friendsDoor.accept()), bobsTls, own.fingerprint()::equals);
            take(accepted, 1 + PeerHandshake.BYTES);
            accepted.write(PeerHandshakeTest.handshake());
            accepted.write(block());
            take(libtorrent, PeerHandshake.BYTES + 14);

            bus.publish(new DamageFound(HASH, 3, 1));

            assertThat(culprits.poll(10, TimeUnit.SECONDS)).isEqualTo(new CulpritFound(bob, HASH));
            assertEnds(accepted);
            assertThat(found.poll(10, TimeUnit.SECONDS)).isEqualTo(new PeersFound(HASH, List.of()));
        }
        bus.publish(new HoldersFound(HASH, List.of(bob)));
        assertThat(found.poll(10, TimeUnit.SECONDS)).isEqualTo(new PeersFound(HASH, List.of()));
    }

    @Test
    void who_dials_us_and_sends_a_damaged_piece_is_named_and_cut_off_as_well() throws Exception {
        BlockingQueue<CulpritFound> culprits = new LinkedBlockingQueue<>();
        bus.subscribe(CulpritFound.class, router, culprits::add);
        SecureChannel link = dial(HASH);
        try (SocketChannel libtorrent = engine.accept()) {
            take(libtorrent, PeerHandshake.BYTES);
            link.write(block());
            take(libtorrent, 14);

            bus.publish(new DamageFound(HASH, 3, 1));

            assertThat(culprits.poll(10, TimeUnit.SECONDS)).isEqualTo(new CulpritFound(bob, HASH));
            assertEnds(link);
        }
        assertEnds(dial(HASH));
    }

    @Test
    void who_says_to_have_it_and_may_not_get_a_byte_of_it_from_us_cannot_ask_for_any() throws Exception {
        granted = false;
        try (SocketChannel libtorrent = dialLabel()) {
            libtorrent.write(PeerHandshakeTest.handshake());
            SecureChannel accepted =
                    SecureChannel.accept(TcpPipe.over(friendsDoor.accept()), bobsTls, own.fingerprint()::equals);
            take(accepted, 1 + PeerHandshake.BYTES);
            accepted.write(PeerHandshakeTest.handshake());
            assertThat(take(libtorrent, PeerHandshake.BYTES).remaining()).isEqualTo(PeerHandshake.BYTES);

            accepted.write(request());

            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
            assertEnds(accepted);
        }
    }

    @Test
    void a_key_that_is_not_trusted_gets_nothing_but_tls() throws Exception {
        trusted = false;

        // TLS 1.3 lets the other side say no only after we have spoken
        assertThatThrownBy(() -> dial(HASH).read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(listener.refused()).isEqualTo(1);
    }

    @Test
    void libtorrent_reaches_a_friends_device_at_its_label_once_permission_was_asked() throws Exception {
        try (SocketChannel libtorrent = dialLabel()) {
            libtorrent.write(PeerHandshakeTest.handshake());

            SecureChannel accepted =
                    SecureChannel.accept(TcpPipe.over(friendsDoor.accept()), bobsTls, own.fingerprint()::equals);
            assertThat(take(accepted, 1).get()).isEqualTo(Purpose.PEER.sign());
            assertThat(take(accepted, PeerHandshake.BYTES)).isEqualTo(PeerHandshakeTest.handshake());
            accepted.write(text("from bob"));
            assertThat(take(libtorrent, 8)).isEqualTo(text("from bob"));
            accepted.finish();
            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
        }
    }

    @Test
    void what_we_do_not_want_of_a_friend_is_not_dialled() throws Exception {
        wanted = false;

        try (SocketChannel libtorrent = dialLabel()) {
            libtorrent.write(PeerHandshakeTest.handshake());

            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
            friendsDoor.configureBlocking(false);
            assertThat(friendsDoor.accept()).isNull();
        }
    }

    @Test
    void somebody_elses_key_at_a_friends_address_gets_no_handshake() throws Exception {
        Tls eves = Tls.open(DeviceKey.create(), natives);
        try (SocketChannel libtorrent = dialLabel()) {
            libtorrent.write(PeerHandshakeTest.handshake());

            TcpPipe pipe = TcpPipe.over(friendsDoor.accept());
            assertThatThrownBy(
                            () -> SecureChannel.accept(pipe, eves, any -> true).read(ByteBuffer.allocate(1)))
                    .isInstanceOf(IOException.class);
            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
        }
    }

    @Test
    void what_goes_through_the_xmpp_servers_ends_when_there_is_a_direct_path() throws Exception {
        MemoryPipe[] pipes = MemoryPipe.pair(100_000);
        dialer.alsoInBand(new Pipes(() -> pipes[0]), device -> Optional.of(new FullJid(device.jid(), "desk")));
        try (SocketChannel libtorrent = dialLabel(List.of())) {
            libtorrent.write(PeerHandshakeTest.handshake());
            SecureChannel accepted = SecureChannel.accept(pipes[1], bobsTls, own.fingerprint()::equals);
            assertThat(take(accepted, 1).get()).isEqualTo(Purpose.PEER.sign());
            take(accepted, PeerHandshake.BYTES);
            accepted.write(text("from bob"));
            assertThat(take(libtorrent, 8)).isEqualTo(text("from bob"));

            bus.publish(new LinkChanged(bob, LinkPath.direct(PeerAddress.parse("192.0.2.7:50123")), Instant.EPOCH));
            bus.publish(new HoldersFound(HASH, List.of(bob)));
            assertThat(found.poll(10, TimeUnit.SECONDS)).isNotNull(); // by now the link was heard of
            accepted.write(text("more, as there is no way back"));
            assertThat(take(libtorrent, 29)).isEqualTo(text("more, as there is no way back"));

            PeerAddress door = PeerAddress.parse("192.0.2.7:4711");
            routes.announced(bob, List.of(door));
            bus.publish(new LinkChanged(bob, LinkPath.direct(door), Instant.EPOCH));

            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
            assertEnds(accepted);
        }
    }

    @Test
    void while_the_xmpp_servers_carry_the_questions_they_carry_four_of_its_torrents_too_and_no_address_is_dialled()
            throws Exception {
        AtomicInteger opened = new AtomicInteger();
        BlockingQueue<MemoryPipe> theirs = new LinkedBlockingQueue<>();
        dialer.alsoInBand(
                new Pipes(() -> {
                    opened.incrementAndGet();
                    MemoryPipe[] pipes = MemoryPipe.pair(100_000);
                    theirs.add(pipes[1]);
                    return pipes[0];
                }),
                device -> Optional.of(new FullJid(device.jid(), "desk")));
        bus.publish(new LinkChanged(bob, LinkPath.inBand(), Instant.EPOCH));
        List<SocketChannel> dialled = new ArrayList<>();
        for (int i = 0; i < PeerStreams.MAX_IN_BAND; i++) {
            SocketChannel libtorrent = dialLabel();
            dialled.add(libtorrent);
            libtorrent.write(PeerHandshakeTest.handshake());
            SecureChannel accepted =
                    SecureChannel.accept(theirs.poll(10, TimeUnit.SECONDS), bobsTls, own.fingerprint()::equals);
            take(accepted, 1 + PeerHandshake.BYTES);
            accepted.write(text("from bob"));
            assertThat(take(libtorrent, 8)).isEqualTo(text("from bob"));
        }

        try (SocketChannel more = dialLabel()) {
            more.write(PeerHandshakeTest.handshake());
            assertThat(more.read(ByteBuffer.allocate(1))).isNegative();
        }

        assertThat(opened).hasValue(PeerStreams.MAX_IN_BAND);
        friendsDoor.configureBlocking(false);
        assertThat(friendsDoor.accept()).isNull();
        for (SocketChannel each : dialled) {
            each.close();
        }
    }

    private SecureChannel dial(InfoHash hash) throws IOException {
        PeerAddress door = new PeerAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), listener.port());
        SecureChannel link = SecureChannel.dial(TcpPipe.dial(door, Duration.ofSeconds(5)), bobsTls, own.fingerprint());
        link.write(ByteBuffer.wrap(new byte[] {Purpose.PEER.sign()}));
        link.write(PeerHandshakeTest.handshake(hash));
        return link;
    }

    private SocketChannel dialLabel() throws IOException, InterruptedException {
        InetSocketAddress door = (InetSocketAddress) friendsDoor.getLocalAddress();
        return dialLabel(List.of(new PeerAddress(door.getAddress(), door.getPort())));
    }

    private SocketChannel dialLabel(List<PeerAddress> bobsAddresses) throws IOException, InterruptedException {
        routes.announced(bob, bobsAddresses);
        bus.publish(new HoldersFound(HASH, List.of(bob)));
        PeersFound peers = found.poll(10, TimeUnit.SECONDS);
        assertThat(peers).isNotNull();
        PeerAddress label = peers.peers().get(0);
        SocketChannel libtorrent = SocketChannel.open(StandardProtocolFamily.INET);
        libtorrent.bind(new InetSocketAddress(Bridge.ENGINE, 0));
        libtorrent.connect(new InetSocketAddress(label.ip(), label.port()));
        return libtorrent;
    }

    private Optional<Device> deviceOf(Fingerprint key) {
        return trusted && key.equals(bobs.fingerprint()) ? Optional.of(bob) : Optional.empty();
    }

    /** By an end that was meant or by one that was not: both are no byte. */
    private static void assertEnds(SecureChannel link) {
        try {
            assertThat(link.read(ByteBuffer.allocate(1))).isNegative();
        } catch (IOException e) {
            assertThat(link.peer()).isNotNull();
        }
    }

    private static ByteBuffer take(SecureChannel link, int count) throws IOException {
        ByteBuffer taken = ByteBuffer.allocate(count);
        while (taken.hasRemaining() && link.read(taken) >= 0) {}
        return taken.flip();
    }

    private static ByteBuffer take(SocketChannel socket, int count) throws IOException {
        ByteBuffer taken = ByteBuffer.allocate(count);
        while (taken.hasRemaining() && socket.read(taken) >= 0) {}
        return taken.flip();
    }

    /** All of piece 3: one byte. */
    private static ByteBuffer block() {
        return ByteBuffer.wrap(new byte[] {0, 0, 0, 10, 7, 0, 0, 0, 3, 0, 0, 0, 0, 1});
    }

    private static ByteBuffer request() {
        return ByteBuffer.wrap(new byte[] {0, 0, 0, 13, 6, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1});
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private record Pipes(Supplier<BytePipe> next) implements PipeDoor {
        @Override
        public BytePipe open(FullJid to) {
            return next.get();
        }

        @Override
        public void welcome(Guests guests) {
            throw new AssertionError("nobody comes here");
        }
    }

    private final class Flags implements Access {
        @Override
        public boolean mayServe(Device device, InfoHash hash) {
            return granted && hash.equals(HASH);
        }

        @Override
        public boolean mayFetch(Device device, InfoHash hash) {
            return wanted && hash.equals(HASH);
        }

        @Override
        public boolean wants(InfoHash hash) {
            return wanted && hash.equals(HASH);
        }
    }
}
