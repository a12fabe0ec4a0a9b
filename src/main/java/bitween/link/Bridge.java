package bitween.link;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.files.PrivateFiles;
import bitween.message.CatalogueEvent.AccessChanged;
import bitween.message.CatalogueEvent.HoldersFound;
import bitween.message.LinkEvent.DeviceGone;
import bitween.message.LinkEvent.HelpersFound;
import bitween.message.LinkEvent.LabelsChanged;
import bitween.message.LinkEvent.LinkChanged;
import bitween.message.LinkEvent.PeersFound;
import bitween.message.LinkEvent.TrustChanged;
import bitween.message.TorrentEvent.EngineChanged;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentRequest.ServeShare;
import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.Offence;
import bitween.model.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Between libtorrent, which knows addresses on this machine, and friends' devices, which have keys. Each device stands as one address 127.77.x.y: libtorrent dials it
 * there, and is dialled from there.
 *
 * <p>A device that has a copy of its own, of the same content, knows it by another info-hash: it is dialled for that one, and what both ends say first has theirs
 * and ours exchanged on the way. Pieces are the same, and each is verified.
 *
 * <p>Permission is asked before a byte passes: here before a friend's device is dialled, there once its 68-byte handshake has told what it wants.
 *
 * <p>Thread: {@code link}, its mailbox; each connection has two of its own.
 */
final class Bridge implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(Bridge.class);
    /** libtorrent's own address; nobody else's listens there. */
    static final InetAddress ENGINE = engine();

    /** A direct path that came while another was dialled is heard of by then. */
    private static final Duration SOON = Duration.ofSeconds(2);
    /** So long the XMPP servers carry what a direct path refused. */
    private static final Duration AGAIN = Duration.ofSeconds(60);

    /** A large share's files are all looked at before; who is sent away comes again. */
    private static final Duration SERVED = Duration.ofSeconds(30);

    private final Bus bus;
    private final Mailbox mailbox;
    private final Timers timers;
    private final Ways ways;
    private final TrustedDevices trusted;
    private final Access access;
    private final Offenders offenders;
    private final Executor threads;
    private final Labels labels = new Labels();
    private final Rates rates = new Rates();
    private final PeerStreams streams = new PeerStreams();
    /** Of those that have not said yet what they want. */
    private final Places places = new Places(PeerStreams.MAX_PER_DEVICE);

    private final SocketOwner owner = new SocketOwner();
    /** The devices that are trusted now, by label. */
    private Map<InetAddress, Device> used = Map.of();

    private final FirstSenders senders = new FirstSenders();
    private final Culprits culprits;
    private final Churn churn = new Churn(System::nanoTime);
    private final LocalPorts ports;
    /** Where libtorrent listens; port 0 while it does not. */
    private volatile int enginePort;

    private volatile boolean closed;

    Bridge(
            Bus bus,
            Mailbox mailbox,
            Timers timers,
            Ways ways,
            TrustedDevices trusted,
            Access access,
            Offenders offenders,
            Executor threads)
            throws IOException {
        this.bus = bus;
        this.mailbox = mailbox;
        this.timers = timers;
        this.ways = ways;
        this.trusted = trusted;
        this.access = access;
        this.offenders = offenders;
        this.threads = threads;
        ports = LocalPorts.start(this::onLocal);
        culprits = new Culprits(bus, mailbox, timers, senders, offenders, new Around());
        bus.subscribe(EngineChanged.class, mailbox, this::onEngineChanged);
        bus.subscribe(HoldersFound.class, mailbox, this::onHoldersFound);
        bus.subscribe(HelpersFound.class, mailbox, this::onHelpersFound);
        bus.subscribe(AccessChanged.class, mailbox, this::onAccessChanged);
        bus.subscribe(TrustChanged.class, mailbox, this::onTrustChanged);
        bus.subscribe(DeviceGone.class, mailbox, this::onDeviceGone);
        bus.subscribe(LinkChanged.class, mailbox, this::onLinkChanged);
        bus.subscribe(TransferChanged.class, mailbox, this::onTransferChanged);
        bus.subscribe(TransferRemoved.class, mailbox, this::onTransferRemoved);
    }

    Rates rates() {
        return rates;
    }

    private void onEngineChanged(EngineChanged event) {
        enginePort = event.status().port();
    }

    private void onHoldersFound(HoldersFound event) {
        List<Device> all =
                Stream.concat(event.devices().stream(), event.copies().stream()).toList();
        tellPeers(event.hash(), culprits.chosen(event.hash(), all));
    }

    /** Who is not among them any more is cut off. */
    private void onHelpersFound(HelpersFound event) {
        closeWhatIsNotPermitted();
        tellPeers(event.hash(), culprits.chosen(event.hash(), event.devices()));
    }

    /** libtorrent knows nobody under the new ports, and so has nobody banned. */
    private void askAnew(InfoHash hash) {
        streams.closeUnless(stream -> !stream.hash().equals(hash)); // also where they dialled
        for (Device device :
                culprits.holders(hash)) { // who is left out now may be asked again once it offers the share anew
            try {
                ports.another(labels.of(device));
            } catch (IOException e) {
                cannotReach(device, e);
            }
        }
        tellPeers(hash, culprits.chosen(hash));
    }

    private void cannotReach(Device device, IOException e) {
        if (closed) {
            log.debug("{} is not reached by libtorrent any more: we are closing", device);
        } else {
            log.error("{} cannot be reached by libtorrent: {}", device, e.getMessage());
        }
    }

    private void tellPeers(InfoHash hash, List<Device> devices) {
        List<PeerAddress> peers = new ArrayList<>();
        for (Device device : devices) {
            try {
                InetSocketAddress at = ports.open(labels.of(device));
                peers.add(new PeerAddress(at.getAddress(), at.getPort()));
            } catch (IOException e) {
                cannotReach(device, e);
            }
        }
        bus.publish(new PeersFound(hash, peers));
    }

    private void onDeviceGone(DeviceGone event) {
        if (!streams.has(event.device())) {
            ports.close(labels.of(event.device()));
        }
    }

    /** There is a direct path now: what we dialled through the XMPP servers ends, and libtorrent dials again a moment later. */
    private void onLinkChanged(LinkChanged event) {
        ways.changed(event.device(), event.path());
        if (ways.isDirect(event.device())) {
            int ended = streams.closeUnless(stream -> stream.serving()
                    || stream.link().path().isDirect()
                    || !stream.device().equals(event.device()));
            log.debug("{} connections to {} end, to begin anew on a direct path", ended, event.device());
        }
    }

    /** libtorrent lets in who stands for a trusted device, and nobody else. */
    private void onTrustChanged(TrustChanged event) {
        Map<InetAddress, Device> before = used;
        used = event.trusted().stream().collect(Collectors.toUnmodifiableMap(labels::of, device -> device));
        before.keySet().stream().filter(label -> !used.containsKey(label)).forEach(ports::close);
        bus.publish(new LabelsChanged(used));
        closeWhatIsNotPermitted();
    }

    private void onTransferChanged(TransferChanged event) {
        InfoHash hash = event.transfer().hash();
        if (hash != null) {
            rates.limit(hash, event.transfer().limit());
        }
    }

    private void onTransferRemoved(TransferRemoved event) {
        InfoHash hash = event.transfer().hash();
        if (hash != null) {
            rates.forget(hash);
        }
    }

    private void onAccessChanged(AccessChanged event) {
        closeWhatIsNotPermitted();
    }

    private void closeWhatIsNotPermitted() {
        int ended = streams.closeUnless(this::permits);
        if (ended > 0) {
            log.info("{} connections ended: what they carried is no longer permitted", ended);
        }
    }

    /** Ends what leads nowhere any more, which TCP would notice after minutes. */
    void end(Predicate<Link> stranded) {
        endStreams(stream -> stranded.test(stream.link()));
    }

    private void endStreams(Predicate<PeerStream> dead) {
        int ended = streams.closeUnless(dead.negate());
        if (ended > 0) {
            log.debug("{} connections ended: an address is gone", ended);
        }
    }

    /** Ends those where nothing comes from for a while: libtorrent dials again what it still wants. */
    void doubt(Predicate<Link> doubtful) {
        long sinceNs = System.nanoTime();
        timers.after(
                Links.DOUBT,
                mailbox,
                () -> endStreams(stream -> doubtful.test(stream.link()) && !stream.heardSince(sinceNs)));
    }

    private boolean permits(PeerStream stream) {
        return permits(stream.subject());
    }

    private boolean permits(Subject subject) {
        Device device = subject.device();
        InfoHash hash = subject.hash();
        return trusted.trusts(device)
                && !access.isPaused(device)
                && (subject.serving() ? access.mayServe(device, hash) : mayFetch(subject))
                && (culprits.mayAsk(device, hash) || !access.wants(hash)); // bytes come whoever dialled
    }

    private boolean mayFetch(Subject subject) {
        return access.wants(subject.hash())
                && access.offered(subject.device(), subject.hash())
                        .filter(subject.theirs()::equals)
                        .isPresent();
    }

    /** libtorrent dialled a label. On {@code link-local}. */
    private void onLocal(InetAddress label, SocketChannel local) {
        try {
            threads.execute(() -> fetch(label, local));
        } catch (RejectedExecutionException e) {
            Sockets.close(local);
        }
    }

    private void fetch(InetAddress label, SocketChannel local) {
        try {
            Sockets.prepared(local);
            requireOurs(local);
            Device device = labels.deviceOf(label).orElseThrow(() -> new IOException("nobody's label"));
            PeerHandshake handshake = PeerHandshake.read(local::read);
            InfoHash hash = handshake.hash();
            InfoHash theirs = access.offered(device, hash).orElse(hash);
            Subject subject = new Subject(device, hash, theirs, false);
            if (!permits(subject)) {
                throw new IOException(device + " does not share " + hash + " with us");
            }
            culprits.asks(subject);
            boolean couldBeDirect = ways.isDirect(device);
            Link link = ways.open(device, streams.hasRoomInBand(device));
            Timers.Timer deadline = timers.after(handshakeLimit(link), mailbox, link::close);
            try {
                link.write(handshake.about(theirs).buffer());
            } catch (IOException e) {
                link.close();
                throw e;
            } finally {
                deadline.cancel();
            }
            if (!link.path().isDirect()) {
                timers.after(couldBeDirect ? AGAIN : SOON, mailbox, () -> endIfOutdated(link));
            }
            convey(subject, link, local);
        } catch (IOException e) {
            log.debug("libtorrent was not connected to {}: {}", label, e.toString());
            Sockets.close(local);
        }
    }

    /** What began in-band while a direct path came, or though there was one, would stay there to its end. */
    private void endIfOutdated(Link link) {
        if (ways.isDirect(link.device())) {
            log.debug("a connection to {} ends, to begin anew on a direct path", link.device());
            link.close();
        }
    }

    private static Duration handshakeLimit(Link link) {
        return link.path().isDirect() ? SecureChannel.HANDSHAKE_LIMIT : Dialer.IN_BAND_HANDSHAKE;
    }

    /** Another user of this machine has no business here. */
    private void requireOurs(SocketChannel local) throws IOException {
        InetSocketAddress from = (InetSocketAddress) local.getRemoteAddress();
        int uid = owner.uidOf(from, (InetSocketAddress) local.getLocalAddress());
        if (uid != PrivateFiles.uid()) {
            throw new IOException("somebody else's process (uid " + uid + ") dialled");
        }
    }

    /** A friend's device dialled, and its key is proved. Returns when the connection has ended. */
    void serve(Link link) {
        if (!places.take(link.device())) {
            log.debug("{} opens too many connections at once", link.device());
            link.close();
            return;
        }
        SocketChannel local = null;
        Timers.Timer deadline = timers.after(handshakeLimit(link), mailbox, link::close);
        try {
            Device device = link.device();
            PeerHandshake handshake;
            Subject subject;
            try {
                handshake = PeerHandshake.read(link::read);
                deadline.cancel(); // what we do now is no fault of theirs
                subject = Subject.served(device, handshake.hash());
                if (!permits(subject)) {
                    throw new IOException(handshake.hash() + " is not granted to it");
                }
                untilServed(handshake.hash());
            } finally {
                deadline.cancel();
                places.free(device);
            }
            if (churn.isTooOften(device, handshake.hash())) {
                offenders.seen(device, Offence.CHURN, handshake.hash(), "");
            }
            local = dialEngine(device);
            var rest = handshake.buffer();
            while (rest.hasRemaining()) {
                local.write(rest);
            }
            convey(subject, link, local);
        } catch (IOException e) {
            log.debug("{} was refused: {}", link.device(), e.toString());
            if (e instanceof OffenceException offence) {
                offenders.seen(link.device(), offence.offence(), null, offence.what());
            }
            link.close();
            Sockets.close(local);
        }
    }

    /** A share rests until somebody comes for it. Whatever keeps it from being served, libtorrent then says no. */
    private void untilServed(InfoHash hash) {
        try {
            bus.ask(new ServeShare(hash)).get(SERVED.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.debug("{} is not served: {}", hash, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private SocketChannel dialEngine(Device device) throws IOException {
        if (enginePort == 0) {
            throw new IOException("libtorrent does not listen");
        }
        SocketChannel local = SocketChannel.open();
        try {
            local.bind(new InetSocketAddress(labels.of(device), 0));
            local.connect(new InetSocketAddress(ENGINE, enginePort));
            return Sockets.prepared(local);
        } catch (IOException e) {
            Sockets.close(local);
            throw e;
        }
    }

    private void convey(Subject subject, Link link, SocketChannel local) {
        PeerStream stream = new PeerStream(
                subject,
                link,
                local,
                rates.of(subject.device().jid(), subject.hash(), () -> access.limit(subject.hash())),
                new PeerWatch(subject, access, senders, offenders),
                streams::remove);
        // kept before it is asked again: whoever revokes meanwhile finds it
        if (streams.add(stream) && permits(stream)) {
            stream.run(threads);
        } else {
            stream.close();
        }
    }

    private final class Around implements Culprits.Surroundings {
        @Override
        public void askAnew(InfoHash hash) {
            Bridge.this.askAnew(hash);
        }

        @Override
        public boolean wants(InfoHash hash) {
            return access.wants(hash);
        }

        @Override
        public boolean isInBand(Device device, InfoHash hash) {
            return streams.of(device).stream()
                    .filter(stream -> stream.hash().equals(hash))
                    .anyMatch(stream -> !stream.link().path().isDirect());
        }
    }

    private static InetAddress engine() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 77, 0, 1});
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("four bytes are an IPv4 address", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        ports.close();
        streams.close();
    }
}
