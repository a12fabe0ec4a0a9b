package bitween.torrent.libtorrent;

import java.net.InetAddress;
import java.util.Set;
import org.libtorrent4j.swig.address;
import org.libtorrent4j.swig.error_code;
import org.libtorrent4j.swig.ip_filter;
import org.libtorrent4j.swig.libtorrent;
import org.libtorrent4j.swig.session_params;
import org.libtorrent4j.swig.settings_pack;
import org.libtorrent4j.swig.settings_pack.bool_types;
import org.libtorrent4j.swig.settings_pack.enc_level;
import org.libtorrent4j.swig.settings_pack.enc_policy;
import org.libtorrent4j.swig.settings_pack.int_types;
import org.libtorrent4j.swig.settings_pack.string_types;

/** What libtorrent is told at the start. Each figure was measured with 1 GiB over loopback, or names what it keeps off. */
final class SessionSettings {
    /** Room for a burst of 10,000 torrents that are added, checked and saved at once; each brings a handful. */
    private static final int ALERT_QUEUE = 100_000;
    /** As many as the info dictionaries that the metadata validator lets through, with some room. */
    private static final int MAX_METADATA_BYTES = 64 << 20;

    /** Where libtorrent is on this machine; friends' devices are other addresses of the same network, see {@code bitween.link}. */
    static final String HERE = "127.77.0.1";

    private SessionSettings() {}

    static session_params params(int port, DiskBackend disk) {
        var params = new session_params(pack(port));
        if (disk.isMapped()) {
            params.set_default_disk_io_constructor();
        } else {
            params.set_posix_disk_io_constructor();
        }
        return params;
    }

    private static settings_pack pack(int port) {
        var pack = new settings_pack();
        set(pack, string_types.listen_interfaces, HERE + ":" + port);
        set(pack, string_types.outgoing_interfaces, HERE);
        set(pack, string_types.user_agent, "bitween");
        set(pack, string_types.handshake_client_version, "bitween");
        set(pack, string_types.peer_fingerprint, libtorrent.generate_fingerprint("BW", 0, 1, 0, 0));
        set(pack, int_types.alert_mask, alertMask());
        set(pack, int_types.alert_queue_size, ALERT_QUEUE);
        set(pack, int_types.max_metadata_size, MAX_METADATA_BYTES);
        closeToStrangers(pack);
        speakPlainly(pack);
        connect(pack);
        hurry(pack);
        return pack;
    }

    /** Errors, what torrents do, their pieces one by one, and what happens to their files; nothing that a peer can cause often. */
    static int alertMask() {
        return libtorrent.getError().to_int()
                | libtorrent.getStatus().to_int()
                | libtorrent.getStorage().to_int()
                | libtorrent.getPiece_progress().to_int();
    }

    /** Peers come from the roster: nothing here looks for any, asks a router, or speaks UDP. */
    private static void closeToStrangers(settings_pack pack) {
        set(pack, bool_types.enable_dht, false);
        set(pack, bool_types.enable_lsd, false);
        set(pack, bool_types.enable_upnp, false);
        set(pack, bool_types.enable_natpmp, false);
        // uTP of this version corrupts payload on close and is ten times slower
        set(pack, bool_types.enable_outgoing_utp, false);
        set(pack, bool_types.enable_incoming_utp, false);
        set(pack, string_types.dht_bootstrap_nodes, "");
        set(pack, int_types.max_pex_peers, 0);
        set(pack, int_types.max_concurrent_http_announces, 0);
        set(pack, int_types.max_web_seed_connections, 0);
        set(pack, bool_types.announce_to_all_trackers, false);
        set(pack, bool_types.announce_to_all_tiers, false);
    }

    /** Nothing leaves this machine but inside a link; and the link's end must be able to read the handshake. */
    private static void speakPlainly(settings_pack pack) {
        set(pack, int_types.in_enc_policy, enc_policy.pe_disabled.swigValue());
        set(pack, int_types.out_enc_policy, enc_policy.pe_disabled.swigValue());
        set(pack, int_types.allowed_enc_level, enc_level.pe_plaintext.swigValue());
        set(pack, bool_types.prefer_rc4, false);
    }

    private static void connect(settings_pack pack) {
        // a friend's device may dial while it is dialled
        set(pack, bool_types.allow_multiple_connections_per_ip, true);
        set(pack, int_types.max_retry_port_bind, 0);
        set(pack, bool_types.listen_system_port_fallback, false);
        set(pack, bool_types.no_connect_privileged_ports, false);
        set(pack, int_types.min_reconnect_time, 1);
        set(pack, int_types.peer_connect_timeout, 7);
        // behind the label a link is dialled first, through XMPP servers too: 25 s to open a stream, 30 s for TLS, and
        // as long for the handshakes
        set(pack, int_types.handshake_timeout, 75);
        // a friend is never given up; libtorrent counts to 31, so it waits at most 32 s between attempts
        set(pack, int_types.max_failcount, 1_000);
        set(pack, int_types.connections_limit, 500);
        set(pack, int_types.unchoke_slots_limit, -1);
        // the worker decides what runs
        set(pack, int_types.active_downloads, -1);
        set(pack, int_types.active_seeds, -1);
        set(pack, int_types.active_checking, 1);
        set(pack, int_types.active_limit, -1);
    }

    private static void hurry(settings_pack pack) {
        set(pack, int_types.send_buffer_watermark, 4 << 20);
        set(pack, int_types.send_buffer_low_watermark, 1 << 20);
        set(pack, int_types.max_out_request_queue, 1_500);
        set(pack, int_types.max_allowed_in_request_queue, 2_000);
        set(pack, int_types.hashing_threads, 2);
        set(pack, int_types.aio_threads, 4);
        set(pack, int_types.file_pool_size, 500);
        // priorities hold from the first piece on, which libtorrent takes at random by default
        set(pack, int_types.initial_picker_threshold, 0);
        // and for all that comes later than in a second: of a fast source it takes so many seconds' worth of neighbours
        // at once, whatever their priorities
        set(pack, int_types.whole_pieces_threshold, 1);
        // 2 and 3 write wrong ranges in this version
        set(pack, int_types.disk_io_write_mode, 0);
    }

    /** All addresses in the one class that the global limits are for; by default loopback and private addresses are in another, without limits. */
    static ip_filter globalClassForAll() {
        long globalClass = 1;
        var filter = new ip_filter();
        filter.add_rule(address("0.0.0.0"), address("255.255.255.255"), globalClass);
        filter.add_rule(address("::"), address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), globalClass);
        return filter;
    }

    /** Nobody but these, whoever else on this machine finds the port. */
    static ip_filter only(Set<InetAddress> peers) {
        var filter = new ip_filter();
        long blocked = ip_filter.access_flags.blocked.swigValue();
        filter.add_rule(address("0.0.0.0"), address("255.255.255.255"), blocked);
        filter.add_rule(address("::"), address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), blocked);
        for (InetAddress peer : peers) {
            address ip = address(peer.getHostAddress());
            filter.add_rule(ip, ip, 0);
        }
        return filter;
    }

    /** Payload bytes per second each way; 0 for no limit. */
    static settings_pack rates(long downloadBytesPerSecond, long uploadBytesPerSecond) {
        var pack = new settings_pack();
        set(pack, int_types.download_rate_limit, (int) Math.min(downloadBytesPerSecond, Integer.MAX_VALUE));
        set(pack, int_types.upload_rate_limit, (int) Math.min(uploadBytesPerSecond, Integer.MAX_VALUE));
        return pack;
    }

    /** @throws IllegalArgumentException when {@code literal} is no IP address */
    static address address(String literal) {
        var error = new error_code();
        address parsed = address.from_string(literal, error);
        if (error.failed()) {
            throw new IllegalArgumentException("no IP address: '" + literal + "'");
        }
        return parsed;
    }

    private static void set(settings_pack pack, string_types setting, String value) {
        pack.set_str(setting.swigValue(), value);
    }

    private static void set(settings_pack pack, int_types setting, int value) {
        pack.set_int(setting.swigValue(), value);
    }

    private static void set(settings_pack pack, bool_types setting, boolean value) {
        pack.set_bool(setting.swigValue(), value);
    }
}
