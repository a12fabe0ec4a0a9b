package bitween.torrent.libtorrent;

import static bitween.torrent.libtorrent.TestTorrents.link;
import static bitween.torrent.libtorrent.TestTorrents.random;
import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.PeerAddress;
import bitween.torrent.TorrentEngine.Torrent.Start;
import bitween.torrent.libtorrent.TestTorrents.Made;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libtorrent4j.swig.alert;
import org.libtorrent4j.swig.alert_ptr_vector;
import org.libtorrent4j.swig.error_code;
import org.libtorrent4j.swig.libtorrent;
import org.libtorrent4j.swig.peer_info;
import org.libtorrent4j.swig.session;
import org.libtorrent4j.swig.session_proxy;
import org.libtorrent4j.swig.session_stats_alert;
import org.libtorrent4j.swig.settings_pack;
import org.libtorrent4j.swig.settings_pack.bool_types;
import org.libtorrent4j.swig.settings_pack.enc_level;
import org.libtorrent4j.swig.settings_pack.enc_policy;
import org.libtorrent4j.swig.settings_pack.int_types;
import org.libtorrent4j.swig.settings_pack.string_types;
import org.libtorrent4j.swig.stats_metric;
import org.libtorrent4j.swig.tcp_endpoint;
import org.libtorrent4j.swig.torrent_finished_alert;
import org.libtorrent4j.swig.torrent_handle;

/** What libtorrent itself says of a session that runs with our settings, and what it has counted once a file has come. */
class SessionSettingsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Whatever would find peers other than the roster's, or reach them other than by TCP. */
    private static final Pattern FOREIGN =
            Pattern.compile("dht\\..*|utp\\..*|.*_lsd_.*|.*_pex\\b.*|.*utp_peers|.*tracker.*|net\\.on_udp_counter");

    @TempDir
    Path root;

    private session running;

    @BeforeEach
    void start() {
        NativeLibrary.load(root.resolve("native"));
        running = new session(SessionSettings.params(0, DiskBackend.choose()));
    }

    @AfterEach
    void stop() {
        session_proxy proxy = running.abort();
        running.delete();
        proxy.delete(); // waits for its threads
    }

    @Test
    void nothing_in_it_looks_for_peers() {
        settings_pack told = running.get_settings();

        assertThat(Stream.of(
                                bool_types.enable_dht,
                                bool_types.enable_lsd,
                                bool_types.enable_upnp,
                                bool_types.enable_natpmp,
                                bool_types.enable_outgoing_utp,
                                bool_types.enable_incoming_utp,
                                bool_types.announce_to_all_trackers,
                                bool_types.announce_to_all_tiers)
                        .filter(setting -> told.get_bool(setting.swigValue())))
                .isEmpty();
        assertThat(Stream.of(
                                int_types.max_pex_peers,
                                int_types.max_web_seed_connections,
                                int_types.max_concurrent_http_announces)
                        .filter(setting -> told.get_int(setting.swigValue()) != 0))
                .isEmpty();
        assertThat(told.get_str(string_types.dht_bootstrap_nodes.swigValue())).isEmpty();
        assertThat(running.is_dht_running()).isFalse();
    }

    @Test
    void it_leaves_encryption_to_the_link_that_carries_it() {
        settings_pack told = running.get_settings();

        assertThat(told.get_int(int_types.in_enc_policy.swigValue())).isEqualTo(enc_policy.pe_disabled.swigValue());
        assertThat(told.get_int(int_types.out_enc_policy.swigValue())).isEqualTo(enc_policy.pe_disabled.swigValue());
        assertThat(told.get_int(int_types.allowed_enc_level.swigValue())).isEqualTo(enc_level.pe_plaintext.swigValue());
        assertThat(told.get_bool(bool_types.prefer_rc4.swigValue())).isFalse();
    }

    @Test
    void it_listens_at_one_address_of_this_machine_and_nowhere_else() throws IOException {
        List<String> before = sockets();
        try (TestEngine engine = new TestEngine(root.resolve("native"), DiskBackend.choose())) {
            PeerAddress door = engine.address();

            List<String> opened = sockets();
            before.forEach(opened::remove);

            // 127.77.0.1 as the kernel writes it; the other session, which every test here has, may open its own
            // meanwhile
            assertThat(opened).contains(String.format("tcp 01004D7F:%04X", door.port()));
            assertThat(opened).allMatch(socket -> socket.matches("(tcp|udp) 01004D7F:.*"));
        }
    }

    @Test
    void a_transfer_leaves_every_counter_of_dht_pex_lsd_utp_and_trackers_at_zero() throws IOException {
        Path source = random(root.resolve("film.bin"), 3_000_000, 1);
        Made made = TestTorrents.of(source);
        try (TestEngine seeder = new TestEngine(root.resolve("native"), DiskBackend.choose())) {
            seeder.seed(made.torrent(link(root.resolve("seeder"), made, source), Start.COMPLETE, null));
            Path staged = Files.createDirectories(root.resolve("staging")).resolve("film.bin");
            Path savePath = link(root.resolve("getter"), made, staged);
            torrent_handle handle =
                    running.add_torrent(TorrentParams.of(made.torrent(savePath, Start.RESUME, null)), new error_code());
            handle.unset_flags(libtorrent.getStop_when_ready());
            handle.resume();
            handle.connect_peer(
                    new tcp_endpoint(
                            SessionSettings.address(SessionSettings.HERE),
                            seeder.address().port()),
                    peer_info.tracker);
            await(told -> told.type() == torrent_finished_alert.alert_type ? true : null);

            running.post_session_stats();
            Map<String, Long> counters = await(SessionSettingsIT::counters);

            assertThat(counters.get("net.recv_payload_bytes")).isGreaterThanOrEqualTo(3_000_000);
            assertThat(counters).containsKeys("dht.dht_messages_out", "ses.num_outgoing_pex", "net.on_lsd_counter");
            counters.entrySet()
                    .removeIf(counter -> counter.getValue() == 0
                            || !FOREIGN.matcher(counter.getKey()).matches());
            assertThat(counters).isEmpty();
        }
    }

    private static @Nullable Map<String, Long> counters(alert told) {
        if (told.type() != session_stats_alert.alert_type) {
            return null;
        }
        session_stats_alert stats = alert.cast_to_session_stats_alert(told);
        Map<String, Long> counters = new HashMap<>();
        for (stats_metric metric : libtorrent.session_stats_metrics()) {
            counters.put(metric.get_name(), stats.get_value(metric.getValue_index()));
        }
        return counters;
    }

    /** What {@code reading} makes of the first alert of which it makes anything. */
    private <T> T await(Function<alert, @Nullable T> reading) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            if (running.wait_for_alert_ms(100) == null) {
                continue;
            }
            var batch = new alert_ptr_vector();
            running.pop_alerts(batch);
            for (alert told : batch) {
                T read = reading.apply(told);
                if (read != null) {
                    return read;
                }
            }
        }
        throw new AssertionError("libtorrent did not say it in " + PATIENCE);
    }

    /** This process's sockets that take what comes, as /proc shows them: {@code tcp 0100007F:1F90}. */
    private static List<String> sockets() throws IOException {
        List<String> own = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            for (Path file : files.toList()) {
                if (Files.isSymbolicLink(file)) {
                    own.add(Files.readSymbolicLink(file).toString());
                }
            }
        }
        List<String> sockets = new ArrayList<>();
        for (String protocol : List.of("tcp", "tcp6", "udp", "udp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/self/net", protocol))) {
                String[] columns = line.trim().split("\\s+");
                boolean takesAll = columns[3].equals(protocol.startsWith("tcp") ? "0A" : "07");
                if (takesAll && own.contains("socket:[" + columns[9] + "]")) {
                    sockets.add(protocol + " " + columns[1]);
                }
            }
        }
        return sockets;
    }
}
