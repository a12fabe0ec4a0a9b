package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.bus.MailboxThread;
import bitween.bus.TimerThread;
import bitween.bus.Timers;
import bitween.message.CatalogueEvent.HoldersFound;
import bitween.message.LinkEvent.LabelsChanged;
import bitween.message.LinkEvent.PeersFound;
import bitween.message.LinkEvent.TrustChanged;
import bitween.message.TorrentEvent.EngineChanged;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.EngineStatus;
import bitween.model.Fingerprint;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.PeerAddress;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bridge with real sockets and real TLS; libtorrent is a socket of the test, the friend another. */
@Timeout(30)
abstract class BridgeFixture {
    static final InfoHash HASH = new InfoHash("0123456789abcdef0123456789abcdef01234567");
    static final InfoHash OTHER = new InfoHash("ff".repeat(20));

    final DeviceKey own = DeviceKey.create();
    final DeviceKey bobs = DeviceKey.create();
    final Device bob =
            new Device(new Jid("bob@b.test"), new DeviceId(bobs.fingerprint().hex()));
    final MailboxThread mailbox = MailboxThread.start("link");
    final MailboxThread router = MailboxThread.start("bus");
    final TimerThread timers = new TimerThread();
    final ExecutorService threads = Executors.newCachedThreadPool();
    final Bus bus = new Bus(router);
    final BlockingQueue<PeersFound> found = new LinkedBlockingQueue<>();
    final BlockingQueue<LabelsChanged> labels = new LinkedBlockingQueue<>();
    final Offenders offenders = new Offenders(bus, mailbox, timers);
    final Routes routes = new Routes();
    final BlockingQueue<Device> called = new LinkedBlockingQueue<>();

    @TempDir
    Path natives;

    volatile boolean trusted = true;
    volatile boolean granted = true;
    volatile boolean wanted = true;
    /** By which hash bob shares it. */
    volatile InfoHash copy = HASH;

    ServerSocketChannel engine;
    ServerSocketChannel friendsDoor;
    Dialer dialer;
    Calls calls;
    Bridge bridge;
    LinkListener listener;
    KeptTls bobsTls;

    @BeforeEach
    void open() throws IOException {
        Tls tls = Tls.open(own, natives);
        bobsTls = new KeptTls(Tls.open(bobs, natives));
        bus.subscribe(PeersFound.class, router, found::add);
        bus.subscribe(LabelsChanged.class, router, labels::add);
        dialer = new Dialer(tls, routes, new DialLimits(System::nanoTime), timers, mailbox);
        calls = new Calls(dialer, threads, called::add, link -> {});
        bridge = bridge(timers);
        listener = LinkListener.start(
                Doors.open(0, 0, true), tls, this::deviceOf, timers, mailbox, threads, (link, purpose) -> {
                    if (purpose == Purpose.CALLED) {
                        calls.came(link);
                    } else {
                        bridge.serve(link);
                    }
                });
        engine = ServerSocketChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress(Bridge.ENGINE, 0));
        friendsDoor = ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        tellBridge();
    }

    Bridge bridge(Timers its) throws IOException {
        return new Bridge(bus, mailbox, its, new Ways(dialer, calls), this::deviceOf, new Flags(), offenders, threads);
    }

    /** What the rest of the program has told by the time that a friend dials. */
    void tellBridge() throws IOException {
        int port = ((InetSocketAddress) engine.getLocalAddress()).getPort();
        bus.publish(new TrustChanged(Set.of(bob)));
        bus.publish(new EngineChanged(new EngineStatus(port, "posix", "", null)));
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
        mailbox.close();
        timers.close();
        router.close();
        bobsTls.close();
    }

    SecureChannel dial(InfoHash hash) throws IOException {
        SecureChannel link = dial(Purpose.PEER);
        link.write(PeerHandshakeTest.handshake(hash));
        return link;
    }

    SecureChannel dial(Purpose purpose) throws IOException {
        PeerAddress door = new PeerAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), listener.port());
        SecureChannel link = SecureChannel.dial(TcpPipe.dial(door, Duration.ofSeconds(5)), bobsTls, own.fingerprint());
        link.write(ByteBuffer.wrap(new byte[] {purpose.sign()}));
        return link;
    }

    SocketChannel dialLabel() throws IOException, InterruptedException {
        InetSocketAddress door = (InetSocketAddress) friendsDoor.getLocalAddress();
        return dialLabel(List.of(new PeerAddress(door.getAddress(), door.getPort())));
    }

    SocketChannel dialLabel(List<PeerAddress> bobsAddresses) throws IOException, InterruptedException {
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

    Optional<Device> deviceOf(Fingerprint key) {
        return trusted && key.equals(bobs.fingerprint()) ? Optional.of(bob) : Optional.empty();
    }

    /** By an end that was meant or by one that was not: both are no byte. */
    static void assertEnds(SecureChannel link) {
        try {
            assertThat(link.read(ByteBuffer.allocate(1))).isNegative();
        } catch (IOException e) {
            assertThat(link.peer()).isNotNull();
        }
    }

    static ByteBuffer take(SecureChannel link, int count) throws IOException {
        ByteBuffer taken = ByteBuffer.allocate(count);
        while (taken.hasRemaining() && link.read(taken) >= 0) {}
        return taken.flip();
    }

    static ByteBuffer take(SocketChannel socket, int count) throws IOException {
        ByteBuffer taken = ByteBuffer.allocate(count);
        while (taken.hasRemaining() && socket.read(taken) >= 0) {}
        return taken.flip();
    }

    /** All of piece 3: one byte. */
    static ByteBuffer block() {
        return ByteBuffer.wrap(new byte[] {0, 0, 0, 10, 7, 0, 0, 0, 3, 0, 0, 0, 0, 1});
    }

    static ByteBuffer request() {
        return ByteBuffer.wrap(new byte[] {0, 0, 0, 13, 6, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1});
    }

    static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    final class Flags implements Access {
        @Override
        public boolean mayServe(Device device, InfoHash hash) {
            return granted && hash.equals(HASH);
        }

        @Override
        public Optional<InfoHash> offered(Device device, InfoHash hash) {
            return wanted && hash.equals(HASH) ? Optional.of(copy) : Optional.empty();
        }

        @Override
        public boolean wants(InfoHash hash) {
            return wanted && hash.equals(HASH);
        }
    }
}
