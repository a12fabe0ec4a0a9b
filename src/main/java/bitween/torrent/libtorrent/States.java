package bitween.torrent.libtorrent;

import bitween.model.InfoHash;
import bitween.model.PeerAddress;
import bitween.model.Progress;
import bitween.torrent.EngineEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.libtorrent4j.swig.peer_info;
import org.libtorrent4j.swig.peer_info_vector;
import org.libtorrent4j.swig.tcp_endpoint;
import org.libtorrent4j.swig.torrent_handle;
import org.libtorrent4j.swig.torrent_status;
import org.libtorrent4j.swig.torrent_status.state_t;
import org.libtorrent4j.swig.torrent_status_vector;

/** Copies torrents' figures. Thread: alerts; {@code torrent} names those whose peers are wanted. */
final class States {
    /** libtorrent.hpp, peer_info: flags of connections that are not there yet. */
    private static final int NOT_CONNECTED = peer_info.connecting.to_int() | peer_info.handshake.to_int();

    private volatile Set<InfoHash> withPeers = Set.of();

    void namePeersOf(Set<InfoHash> hashes) {
        withPeers = Set.copyOf(hashes);
    }

    EngineEvent read(torrent_status_vector statuses) {
        int count = statuses.size();
        List<EngineEvent.State> states = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            torrent_status status = statuses.get(i);
            InfoHash hash = Alerts.hash(status.getInfo_hashes());
            if (hash != null) {
                states.add(state(hash, status));
            }
        }
        return new EngineEvent.Updated(states);
    }

    private EngineEvent.State state(InfoHash hash, torrent_status status) {
        boolean checking =
                status.getState() == state_t.checking_files || status.getState() == state_t.checking_resume_data;
        // not getTotal(), which is 0 for a seed in this version
        long total = status.getTotal_wanted();
        return new EngineEvent.State(
                hash,
                checking
                        ? total / 1_000_000 * status.getProgress_ppm()
                                + total % 1_000_000 * status.getProgress_ppm() / 1_000_000
                        : status.getTotal_wanted_done(),
                total,
                status.getDownload_payload_rate(),
                status.getUpload_payload_rate(),
                status.getAll_time_upload(),
                checking,
                withPeers.contains(hash) || status.getNum_peers() > 0 ? peers(status.getHandle()) : List.of());
    }

    /** A round trip to libtorrent's network thread: for jobs, and for shares that somebody gets. */
    private static List<Progress.Peer> peers(torrent_handle handle) {
        var infos = new peer_info_vector();
        if (handle.is_valid()) {
            handle.get_peer_info(infos);
        }
        List<Progress.Peer> peers = new ArrayList<>();
        for (int i = 0; i < infos.size(); i++) {
            peer_info info = infos.get(i);
            tcp_endpoint end = info.getIp();
            if ((info.get_flags() & NOT_CONNECTED) == 0 && end.port() != 0) {
                peers.add(new Progress.Peer(address(end), info.getPayload_down_speed(), info.getPayload_up_speed()));
            }
        }
        infos.delete();
        return peers;
    }

    private static PeerAddress address(tcp_endpoint end) {
        String ip = end.address().to_string();
        int scope = ip.indexOf('%');
        String literal = scope < 0 ? ip : ip.substring(0, scope);
        return PeerAddress.parse((literal.indexOf(':') < 0 ? literal : "[" + literal + "]") + ":" + end.port());
    }
}
