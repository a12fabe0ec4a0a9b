package bitween.torrent.libtorrent;

import bitween.model.Bytes;
import bitween.model.EngineStatus;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.torrent.EngineEvent;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.libtorrent4j.swig.add_torrent_alert;
import org.libtorrent4j.swig.alert;
import org.libtorrent4j.swig.alerts_dropped_alert;
import org.libtorrent4j.swig.byte_vector;
import org.libtorrent4j.swig.cache_flushed_alert;
import org.libtorrent4j.swig.dht_error_alert;
import org.libtorrent4j.swig.external_ip_alert;
import org.libtorrent4j.swig.fastresume_rejected_alert;
import org.libtorrent4j.swig.file_error_alert;
import org.libtorrent4j.swig.file_prio_alert;
import org.libtorrent4j.swig.file_rename_failed_alert;
import org.libtorrent4j.swig.file_renamed_alert;
import org.libtorrent4j.swig.hash_failed_alert;
import org.libtorrent4j.swig.i2p_alert;
import org.libtorrent4j.swig.info_hash_t;
import org.libtorrent4j.swig.libtorrent;
import org.libtorrent4j.swig.listen_failed_alert;
import org.libtorrent4j.swig.listen_succeeded_alert;
import org.libtorrent4j.swig.lsd_error_alert;
import org.libtorrent4j.swig.metadata_failed_alert;
import org.libtorrent4j.swig.metadata_received_alert;
import org.libtorrent4j.swig.operation_t;
import org.libtorrent4j.swig.oversized_file_alert;
import org.libtorrent4j.swig.piece_finished_alert;
import org.libtorrent4j.swig.portmap_error_alert;
import org.libtorrent4j.swig.read_piece_alert;
import org.libtorrent4j.swig.save_resume_data_alert;
import org.libtorrent4j.swig.save_resume_data_failed_alert;
import org.libtorrent4j.swig.scrape_failed_alert;
import org.libtorrent4j.swig.session_error_alert;
import org.libtorrent4j.swig.socks5_alert;
import org.libtorrent4j.swig.state_changed_alert;
import org.libtorrent4j.swig.state_update_alert;
import org.libtorrent4j.swig.storage_moved_alert;
import org.libtorrent4j.swig.storage_moved_failed_alert;
import org.libtorrent4j.swig.torrent_alert;
import org.libtorrent4j.swig.torrent_checked_alert;
import org.libtorrent4j.swig.torrent_delete_failed_alert;
import org.libtorrent4j.swig.torrent_deleted_alert;
import org.libtorrent4j.swig.torrent_error_alert;
import org.libtorrent4j.swig.torrent_finished_alert;
import org.libtorrent4j.swig.torrent_need_cert_alert;
import org.libtorrent4j.swig.torrent_paused_alert;
import org.libtorrent4j.swig.torrent_removed_alert;
import org.libtorrent4j.swig.torrent_resumed_alert;
import org.libtorrent4j.swig.torrent_status;
import org.libtorrent4j.swig.tracker_error_alert;
import org.libtorrent4j.swig.tracker_warning_alert;
import org.libtorrent4j.swig.trackerid_alert;
import org.libtorrent4j.swig.udp_error_alert;
import org.libtorrent4j.swig.url_seed_alert;

/**
 * Reads libtorrent's alerts: each type that the mask lets through is mapped, logged, or ignored for a reason. Thread: alerts.
 *
 * <p>An alert, and whatever it leads to, dies at the next pop_alerts: only copies leave here. Nothing here asks libtorrent's network thread, except for
 * peers when they are wanted: with the POSIX back-end that thread may be hashing.
 */
final class Alerts {
    private static final Logger log = LogManager.getLogger(Alerts.class);

    /** What becomes of an alert; null: nothing to tell. */
    private interface Reading<A extends alert> {
        @Nullable
        EngineEvent read(A told);
    }

    private final Torrents torrents;
    private final States states;
    private final Clock clock;
    private final Map<Integer, Reading<alert>> readings = new HashMap<>();
    private volatile EngineStatus status;

    Alerts(Torrents torrents, States states, DiskBackend backend, Clock clock) {
        this.torrents = torrents;
        this.states = states;
        this.clock = clock;
        status = new EngineStatus(0, backend.name(), backend.reason(), null);
        mapTorrents();
        mapSession();
        logOdd();
        ignoreSaidElsewhere();
        ignoreNeverUsed();
    }

    /** Callable from any thread. */
    EngineStatus status() {
        return status;
    }

    /** libtorrent's numbers of the types that have a reading. */
    Set<Integer> types() {
        return Set.copyOf(readings.keySet());
    }

    /** @return what to tell; null when it is nobody's business */
    @Nullable
    EngineEvent read(alert told) {
        Reading<alert> reading = readings.get(told.type());
        if (reading == null) {
            log.debug("unknown alert {}: {}", told.what(), told.message());
            return null;
        }
        return reading.read(told);
    }

    private void mapTorrents() {
        on(add_torrent_alert.alert_type, alert::cast_to_add_torrent_alert, this::onAdded);
        on(state_changed_alert.alert_type, alert::cast_to_state_changed_alert, this::onStateChanged);
        on(torrent_checked_alert.alert_type, alert::cast_to_torrent_checked_alert, this::onChecked);
        on(state_update_alert.alert_type, alert::cast_to_state_update_alert, a -> states.read(a.getStatus()));
        on(hash_failed_alert.alert_type, alert::cast_to_hash_failed_alert, this::onHashFailed);
        on(piece_finished_alert.alert_type, alert::cast_to_piece_finished_alert, this::onPieceFinished);
        on(file_error_alert.alert_type, alert::cast_to_file_error_alert, this::onFileError);
        on(torrent_error_alert.alert_type, alert::cast_to_torrent_error_alert, this::onTorrentError);
        on(save_resume_data_alert.alert_type, alert::cast_to_save_resume_data_alert, this::onResumeData);
        // "not modified" is how it says that there is no news; the others mean that the torrent just went
        on(save_resume_data_failed_alert.alert_type, alert::cast_to_save_resume_data_failed_alert, a -> {
            InfoHash hash = hash(a);
            return hash == null ? null : new EngineEvent.ResumeUnchanged(hash);
        });
        // comes when the part file of a torrent, which ours never have, was deleted, behind all other work on its files
        on(torrent_deleted_alert.alert_type, alert::cast_to_torrent_deleted_alert, a -> onGone(a.getInfo_hashes()));
        on(
                torrent_delete_failed_alert.alert_type,
                alert::cast_to_torrent_delete_failed_alert,
                a -> onGone(a.getInfo_hashes()));
    }

    private void mapSession() {
        on(listen_succeeded_alert.alert_type, alert::cast_to_listen_succeeded_alert, this::onListening);
        on(listen_failed_alert.alert_type, alert::cast_to_listen_failed_alert, this::onListenFailed);
    }

    private void logOdd() {
        logged(fastresume_rejected_alert.alert_type, Level.WARN); // its files are hashed instead, and Checked follows
        logged(alerts_dropped_alert.alert_type, Level.ERROR); // something was not told: the queue was too short
        logged(session_error_alert.alert_type, Level.ERROR);
        logged(oversized_file_alert.alert_type, Level.DEBUG); // what is behind a file's end is not shared
        logged(udp_error_alert.alert_type, Level.DEBUG); // nothing of ours uses UDP
    }

    private void ignoreSaidElsewhere() {
        ignored(torrent_removed_alert.alert_type, "comes before the files are let go of; torrent_deleted comes after");
        ignored(torrent_finished_alert.alert_type, "state_changed also tells whether it was downloading before");
        ignored(torrent_paused_alert.alert_type, "we asked for it, or a failure is told");
        ignored(torrent_resumed_alert.alert_type, "we asked for it");
        ignored(cache_flushed_alert.alert_type, "resume data and removal are waited for instead");
    }

    private void ignoreNeverUsed() {
        for (int type : new int[] {
            tracker_error_alert.alert_type,
            tracker_warning_alert.alert_type,
            scrape_failed_alert.alert_type,
            trackerid_alert.alert_type,
            url_seed_alert.alert_type
        }) {
            ignored(type, "there are no trackers and web seeds");
        }
        for (int type : new int[] {
            dht_error_alert.alert_type,
            lsd_error_alert.alert_type,
            i2p_alert.alert_type,
            socks5_alert.alert_type,
            portmap_error_alert.alert_type,
            external_ip_alert.alert_type
        }) {
            ignored(type, "switched off");
        }
        for (int type : new int[] {
            file_renamed_alert.alert_type, file_rename_failed_alert.alert_type, file_prio_alert.alert_type,
            storage_moved_alert.alert_type, storage_moved_failed_alert.alert_type, read_piece_alert.alert_type
        }) {
            ignored(type, "never asked for");
        }
        ignored(metadata_received_alert.alert_type, "metadata never comes from peers");
        ignored(metadata_failed_alert.alert_type, "metadata never comes from peers");
        ignored(torrent_need_cert_alert.alert_type, "SSL torrents are refused");
    }

    private @Nullable EngineEvent onAdded(add_torrent_alert told) {
        InfoHash hash = hash(told.getParams().getInfo_hashes());
        if (hash == null) {
            log.error("a torrent without info-hash was added: {}", told.message());
            return null;
        }
        if (told.getError().failed()) {
            boolean leaving = torrents.isLeaving(hash);
            torrents.removed(hash);
            return leaving
                    ? new EngineEvent.Removed(hash)
                    : new EngineEvent.Failed(
                            hash,
                            ErrorCode.INTERNAL,
                            "libtorrent does not take it: " + told.getError().message());
        }
        torrents.arrived(hash, told.getHandle());
        return null;
    }

    private @Nullable EngineEvent onStateChanged(state_changed_alert told) {
        InfoHash hash = hash(told);
        if (hash == null) {
            return null;
        }
        var now = told.getState();
        boolean complete = now == torrent_status.state_t.finished || now == torrent_status.state_t.seeding;
        if (complete || now == torrent_status.state_t.downloading) {
            torrents.setComplete(hash, complete);
        }
        return complete && told.getPrev_state() == torrent_status.state_t.downloading
                ? new EngineEvent.Finished(hash)
                : null;
    }

    private @Nullable EngineEvent onChecked(torrent_checked_alert told) {
        InfoHash hash = hash(told);
        // the new state was told just before
        return hash == null ? null : new EngineEvent.Checked(hash, torrents.isComplete(hash));
    }

    private @Nullable EngineEvent onHashFailed(hash_failed_alert told) {
        InfoHash hash = hash(told);
        return hash == null ? null : new EngineEvent.PieceRefused(hash, told.getPiece_index());
    }

    private @Nullable EngineEvent onPieceFinished(piece_finished_alert told) {
        InfoHash hash = hash(told);
        return hash == null ? null : new EngineEvent.PieceCame(hash, told.getPiece_index());
    }

    private @Nullable EngineEvent onFileError(file_error_alert told) {
        return onError(
                told,
                told.getError().value(),
                told.getOp(),
                told.filename(),
                told.getError().message());
    }

    private @Nullable EngineEvent onTorrentError(torrent_error_alert told) {
        return onError(
                told,
                told.getError().value(),
                operation_t.unknown,
                told.filename(),
                told.getError().message());
    }

    /** libtorrent stops for most errors, but goes on uploading when it cannot write. One rule for all: it stops until it is resumed. */
    private @Nullable EngineEvent onError(
            torrent_alert told, int errno, operation_t operation, String file, String message) {
        InfoHash hash = hash(told);
        if (hash == null || !torrents.fail(hash)) {
            return null;
        }
        told.getHandle().pause();
        ErrorCode code = EngineErrors.code(errno, operation, torrents.isComplete(hash));
        log.warn("{} stopped, {} in {}: {}", hash, message, operation, code);
        return new EngineEvent.Failed(
                hash, code, EngineErrors.sentence(code, EngineErrors.inShare(hash, file), message));
    }

    private @Nullable EngineEvent onResumeData(save_resume_data_alert told) {
        InfoHash hash = hash(told);
        return hash == null
                ? null
                : new EngineEvent.ResumeData(hash, bytes(libtorrent.write_resume_data_buf_ex(told.getParams())));
    }

    private @Nullable EngineEvent onGone(info_hash_t hashes) {
        InfoHash hash = hash(hashes);
        return hash != null && torrents.removed(hash) ? new EngineEvent.Removed(hash) : null;
    }

    /** One comes for each local address, all with the port that was probed; only the first is news. */
    private @Nullable EngineEvent onListening(listen_succeeded_alert told) {
        EngineStatus before = status;
        if (before.port() == told.getPort()) {
            return null;
        }
        status = new EngineStatus(told.getPort(), before.backend(), before.backendReason(), null);
        return new EngineEvent.Listening(status);
    }

    /** Of interest only while no address works: a machine without IPv6 has one that fails always. */
    private @Nullable EngineEvent onListenFailed(listen_failed_alert told) {
        log.debug("cannot listen on {}: {}", told.listen_interface(), told.message());
        EngineStatus before = status;
        if (before.port() != 0) {
            return null;
        }
        var failure = new Failure(
                ErrorCode.INTERNAL,
                "cannot accept peers on " + told.listen_interface() + " port " + told.getPort() + ": "
                        + told.getError().message(),
                "what friends offer can still be got; choose another network.port for the other way",
                clock.instant());
        status = new EngineStatus(0, before.backend(), before.backendReason(), failure);
        return new EngineEvent.Listening(status);
    }

    /** @return null when the torrent is gone */
    static @Nullable InfoHash hash(torrent_alert told) {
        return hash(told.getHandle().info_hashes());
    }

    static @Nullable InfoHash hash(info_hash_t hashes) {
        return hashes.has_v1() ? new InfoHash(hashes.getV1().to_hex()) : null;
    }

    /** A JNI call for each byte: for resume data, which is a few KB or a byte for each piece. */
    private static Bytes bytes(byte_vector vector) {
        byte[] copy = new byte[vector.size()];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = vector.get(i);
        }
        vector.delete();
        return Bytes.of(copy);
    }

    private <A extends alert> void on(int type, Function<alert, A> cast, Reading<A> reading) {
        put(type, told -> reading.read(cast.apply(told)));
    }

    private void logged(int type, Level level) {
        put(type, told -> {
            log.log(level, told.message());
            return null;
        });
    }

    private void ignored(int type, String because) {
        put(type, told -> {
            log.trace("{} is ignored: {}", told.what(), because);
            return null;
        });
    }

    private void put(int type, Reading<alert> reading) {
        if (readings.put(type, reading) != null) {
            throw new IllegalStateException("alert type " + type + " has two readings");
        }
    }
}
