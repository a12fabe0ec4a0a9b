package bitween.testing;

import bitween.control.client.Answer;
import bitween.message.CatalogueEvent.HoldersFound;
import bitween.message.LinkEvent.PeersFound;
import bitween.message.TorrentEvent.EngineChanged;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.model.Audience;
import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.EngineStatus;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.PeerAddress;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in for the libtorrent of a friend's daemon, and behaves badly: within the friend's real links, with real grants. What it claims to share is somebody
 * else's share.
 */
public final class BadPeer implements AutoCloseable {
    /** Above the numbers that a test's daemon gives. */
    private static final long FIRST_ID = 1_000_000;

    /** What it does once it has the other side's handshake. Ends the connection by returning or failing. */
    @FunctionalInterface
    public interface Strategy {
        void talk(PeerWire wire, InfoHash hash) throws IOException;
    }

    private final ServerSocket door;
    private final TestDaemon daemon;
    private final Map<InfoHash, Strategy> strategies = new ConcurrentHashMap<>();
    private final Set<PeerWire> open = ConcurrentHashMap.newKeySet();
    private final Set<InfoHash> visited = ConcurrentHashMap.newKeySet();
    private final AtomicInteger met = new AtomicInteger();
    private final AtomicInteger thrownOut = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "bad-peer");
        thread.setDaemon(true);
        return thread;
    });
    private long nextId = FIRST_ID;

    private BadPeer(TestDaemon daemon, ServerSocket door) {
        this.daemon = daemon;
        this.door = door;
    }

    /** From now on {@code daemon}'s links lead here instead of to its libtorrent. */
    public static BadPeer of(TestDaemon daemon) throws IOException {
        // where the bridge looks for libtorrent
        InetAddress here = InetAddress.getByAddress(new byte[] {127, 77, 0, 1});
        BadPeer peer = new BadPeer(daemon, new ServerSocket(0, 50, here));
        peer.threads.execute(peer::accept);
        daemon.tell(new EngineChanged(new EngineStatus(peer.door.getLocalPort(), "none", "a test's", null)));
        return peer;
    }

    /** Claims to share what {@code share} is, and treats whoever comes for it so. */
    public void offer(Answer share, Strategy strategy) {
        InfoHash hash = new InfoHash(share.text("hash"));
        strategies.put(hash, strategy);
        daemon.tell(
                new TransferChanged(transfer(share, Transfer.Kind.SHARE, TransferState.SEEDING, Audience.EVERYONE)));
    }

    /** Claims to want it. */
    public void want(Answer share) {
        daemon.tell(
                new TransferChanged(transfer(share, Transfer.Kind.JOB, TransferState.DOWNLOADING, Audience.NOBODY)));
    }

    private Transfer transfer(Answer of, Transfer.Kind kind, TransferState state, Audience audience) {
        Share share = new Share(
                of.text("name"),
                new InfoHash(of.text("hash")),
                new ContentId(of.text("contentId")),
                of.number("sizeBytes"),
                Math.toIntExact(of.number("files")));
        return Transfer.of(
                        new TransferId(nextId++),
                        kind,
                        share.name(),
                        Path.of("/nowhere", share.name()),
                        state,
                        share.hash(),
                        Instant.EPOCH,
                        audience)
                .with(share);
    }

    /** Dials {@code owner}, from whom {@code share} is, as libtorrent would, again and again until this is closed. */
    public void pester(TestDaemon owner, Answer share, Strategy strategy) {
        InfoHash hash = new InfoHash(share.text("hash"));
        CompletableFuture<PeersFound> found = daemon.next(PeersFound.class);
        daemon.tell(new HoldersFound(hash, List.of(deviceOf(owner))));
        PeerAddress label = found.orTimeout(10, TimeUnit.SECONDS).join().peers().get(0);
        threads.execute(() -> {
            while (!door.isClosed()) {
                pester(new InetSocketAddress(label.ip(), label.port()), hash, strategy);
            }
        });
    }

    private void pester(InetSocketAddress label, InfoHash hash, Strategy strategy) {
        try (PeerWire wire = PeerWire.dial(label)) {
            wire.writeHandshake(hash);
            meet(wire, hash, strategy);
        } catch (IOException e) {
            thrownOut.incrementAndGet(); // at the door
        }
    }

    private Device deviceOf(TestDaemon owner) {
        return daemon.call("friends").views("friends").stream()
                .filter(friend -> friend.text("jid").equals(owner.jid()))
                .flatMap(friend -> friend.views("devices").stream())
                .map(device -> new Device(new Jid(owner.jid()), new DeviceId(device.text("id"))))
                .findFirst()
                .orElseThrow();
    }

    /** How many connections there were. */
    public int met() {
        return met.get();
    }

    /** What they were about. */
    public Set<InfoHash> visited() {
        return Set.copyOf(visited);
    }

    /** How many of them the other side ended. */
    public int thrownOut() {
        return thrownOut.get();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket socket = door.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (PeerWire wire = PeerWire.accepted(socket)) {
            InfoHash hash = wire.readHandshake();
            meet(wire, hash, strategies.getOrDefault(hash, (unknown, what) -> {}));
        } catch (IOException e) {
            thrownOut.incrementAndGet(); // before it said anything
        }
    }

    private void meet(PeerWire wire, InfoHash hash, Strategy strategy) {
        met.incrementAndGet();
        visited.add(hash);
        open.add(wire);
        try {
            strategy.talk(wire, hash);
        } catch (IOException e) {
            thrownOut.incrementAndGet(); // as it deserves
        } finally {
            open.remove(wire);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        open.forEach(PeerWire::close);
        threads.shutdownNow();
    }
}
