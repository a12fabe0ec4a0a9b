package bitween.torrent.libtorrent;

import bitween.model.Bytes;
import bitween.model.EngineStatus;
import bitween.model.InfoHash;
import bitween.model.PeerAddress;
import bitween.torrent.EngineEvent;
import bitween.torrent.Recalled;
import bitween.torrent.TorrentEngine;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.libtorrent4j.swig.add_torrent_params;
import org.libtorrent4j.swig.byte_vector;
import org.libtorrent4j.swig.libtorrent;
import org.libtorrent4j.swig.peer_info;
import org.libtorrent4j.swig.session;
import org.libtorrent4j.swig.session_handle;
import org.libtorrent4j.swig.session_params;
import org.libtorrent4j.swig.session_proxy;
import org.libtorrent4j.swig.tcp_endpoint;
import org.libtorrent4j.swig.torrent_handle;

/**
 * A libtorrent session.
 *
 * <p>Its methods are synchronized, although only {@code torrent} calls them: a call into a session that another thread ends would not throw, it would
 * kill the JVM. After {@link #close} they do nothing.
 */
public final class LibtorrentEngine implements TorrentEngine {
    private static final Logger log = LogManager.getLogger(LibtorrentEngine.class);
    /** Of the 5 s that closing may take. */
    private static final Duration LOOP_END = Duration.ofSeconds(2);

    private static final Duration SESSION_END = Duration.ofMillis(2_800);

    /** What libtorrent gives a piece of which nothing was said. */
    private static final byte USUAL_PRIORITY = 4;

    private final Torrents torrents = new Torrents();
    private final States states = new States();
    private final Alerts alerts;
    private final session nativeSession;
    private final AlertLoop loop;
    private final Consumer<EngineEvent> consumer;
    private boolean closed;

    private LibtorrentEngine(int port, DiskBackend backend, Consumer<EngineEvent> consumer, Clock clock) {
        alerts = new Alerts(torrents, states, backend, clock);
        session_params params = SessionSettings.params(port, backend);
        nativeSession = new session(params);
        params.delete();
        nativeSession.set_peer_class_filter(SessionSettings.globalClassForAll());
        nativeSession.set_ip_filter(SessionSettings.only(Set.of()));
        this.consumer = consumer;
        loop = new AlertLoop(nativeSession, alerts, consumer);
    }

    /**
     * Loads libtorrent, which {@link #start} does, too: for whoever has to wait for something else before that.
     *
     * @throws bitween.model.UserException as {@link #start}
     */
    public static void prepare(Path natives) {
        NativeLibrary.load(natives);
    }

    /**
     * Starts a session. {@link EngineEvent.Listening} follows.
     *
     * @param natives where the native library is kept; made when missing
     * @param consumer hears events, on the thread {@code alerts} or on the caller's; must only hand them over
     * @throws bitween.model.UserException UNSUPPORTED_PLATFORM, HOME_UNSAFE or DISK_WRITE
     */
    public static LibtorrentEngine start(Path natives, Consumer<EngineEvent> consumer, Clock clock) {
        return start(natives, 0, DiskBackend.choose(), consumer, clock);
    }

    static LibtorrentEngine start(
            Path natives, int port, DiskBackend backend, Consumer<EngineEvent> consumer, Clock clock) {
        NativeLibrary.load(natives);
        var engine = new LibtorrentEngine(port, backend, consumer, clock);
        log.debug("libtorrent {}, {} disk I/O: {}", libtorrent.version(), backend.name(), backend.reason());
        engine.loop.start();
        return engine;
    }

    @Override
    public synchronized void add(Torrent torrent) {
        if (closed) {
            return;
        }
        add_torrent_params params = TorrentParams.of(torrent);
        // the second run, if any, is on the thread alerts, which ends before the session
        torrents.add(torrent.hash(), () -> nativeSession.async_add_torrent(params));
        Bytes priorities = torrent.priorities();
        torrents.setRanked(torrent.hash(), priorities != null && isRanked(priorities));
    }

    @Override
    public void resume(InfoHash hash) {
        with(hash, handle -> {
            torrents.clearFailure(hash);
            handle.unset_flags(libtorrent.getStop_when_ready().or_(libtorrent.getUpload_mode()));
            handle.resume();
        });
    }

    @Override
    public void want(InfoHash hash, Bytes priorities) {
        boolean ranked = isRanked(priorities);
        torrents.setRanked(hash, ranked);
        with(hash, handle -> {
            handle.prioritize_pieces_ex(new byte_vector(priorities.toArray()));
            order(hash, handle);
        });
    }

    /** Whether some of the pieces are to come last: libtorrent, when it goes in order, looks at none but the most urgent. */
    private static boolean isRanked(Bytes priorities) {
        byte[] each = priorities.toArray();
        for (byte priority : each) {
            if (priority > 0 && priority < USUAL_PRIORITY) {
                return true;
            }
        }
        return false;
    }

    /**
     * From one alone in order, so that its files can be read while they come; from several the rarest first, so that each has what others lack.
     */
    private void order(InfoHash hash, torrent_handle handle) {
        if (torrents.isInOrder(hash)) {
            handle.set_flags(libtorrent.getSequential_download());
        } else {
            handle.unset_flags(libtorrent.getSequential_download());
        }
    }

    @Override
    public void pause(InfoHash hash) {
        with(hash, torrent_handle::pause);
    }

    @Override
    public void connect(InfoHash hash, PeerAddress peer) {
        torrents.addSource(hash, peer);
        with(hash, handle -> {
            order(hash, handle);
            var end = new tcp_endpoint(SessionSettings.address(peer.ip().getHostAddress()), peer.port());
            // as from a tracker: the only source whose word shortens the back-off after failures
            handle.connect_peer(end, peer_info.tracker);
            end.delete();
        });
    }

    @Override
    public synchronized void admit(Set<InetAddress> peers) {
        if (!closed) {
            nativeSession.set_ip_filter(SessionSettings.only(peers));
        }
    }

    @Override
    public synchronized void remove(InfoHash hash) {
        if (closed) {
            return;
        }
        boolean known =
                torrents.remove(hash, handle -> nativeSession.remove_torrent(handle, session_handle.delete_partfile));
        if (!known) {
            consumer.accept(new EngineEvent.Removed(hash)); // libtorrent did not take it, or it has just gone
        }
    }

    @Override
    public void saveResumeData(InfoHash hash) {
        with(
                hash,
                handle ->
                        handle.save_resume_data(torrent_handle.only_if_modified.or_(torrent_handle.flush_disk_cache)));
    }

    @Override
    public Recalled recalled(Bytes resumeData) {
        return ResumeData.recalled(resumeData);
    }

    @Override
    public void recheck(InfoHash hash) {
        with(hash, handle -> {
            torrents.clearFailure(hash);
            handle.force_recheck();
            // a paused torrent would not hash; see TorrentParams.FLAGS
            handle.set_flags(libtorrent.getStop_when_ready());
            handle.unset_flags(libtorrent.getUpload_mode());
            handle.resume();
        });
    }

    @Override
    public synchronized void requestUpdates(Set<InfoHash> withPeers) {
        if (!closed) {
            states.namePeersOf(withPeers);
            nativeSession.post_torrent_updates(torrent_handle.query_accurate_download_counters);
        }
    }

    /** Payload in bytes per second, 0 for no limit: of the engine alone; what passes links is limited there, fairly among friends. */
    synchronized void limitRates(long downloadBytesPerSecond, long uploadBytesPerSecond) {
        if (!closed) {
            nativeSession.apply_settings(SessionSettings.rates(downloadBytesPerSecond, uploadBytesPerSecond));
        }
    }

    @Override
    public EngineStatus status() {
        return alerts.status();
    }

    @Override
    public String version() {
        return libtorrent.version();
    }

    private synchronized void with(InfoHash hash, Consumer<torrent_handle> action) {
        if (!closed) {
            torrents.with(hash, action);
        }
    }

    /** The order matters: whoever waits in a session that is deleted takes the JVM along. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!loop.stop(LOOP_END)) {
            log.error("the thread alerts hangs: the libtorrent session is left as it is");
            return;
        }
        var ended = new CountDownLatch(1);
        var closer = new Thread(
                () -> {
                    session_proxy proxy = nativeSession.abort();
                    nativeSession.delete();
                    proxy.delete(); // waits for libtorrent's threads
                    ended.countDown();
                },
                "alerts-close");
        closer.setDaemon(true);
        closer.start();
        try {
            if (!ended.await(SESSION_END.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("libtorrent still waits for its disk; it is left to the end of the process");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
