package bitween.torrent.libtorrent;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.UserException;
import bitween.torrent.TorrentEngine.Torrent;
import bitween.torrent.TorrentEngine.Torrent.Start;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.libtorrent4j.swig.add_torrent_params;
import org.libtorrent4j.swig.bitfield;
import org.libtorrent4j.swig.byte_vector;
import org.libtorrent4j.swig.error_code;
import org.libtorrent4j.swig.libtorrent;
import org.libtorrent4j.swig.libtorrent_jni;
import org.libtorrent4j.swig.torrent_flags_t;
import org.libtorrent4j.swig.torrent_info;

/** Turns what is to be added into libtorrent's words. Thread: torrent. */
final class TorrentParams {
    private static final Logger log = LogManager.getLogger(TorrentParams.class);
    /**
     * Keys that make this libtorrent do what nobody asked for: parse certificates with an old OpenSSL, link files of other torrents into this one
     * (BEP 38), believe in v2.
     */
    private static final String[] REFUSED_KEYS = {"ssl-cert", "similar", "collections", "meta version", "file tree"};

    /** Else the JVM and libtorrent would write the same name with other bytes. */
    private static final boolean NAMES_ARE_UTF_8 =
            "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding", "UTF-8"));

    /**
     * Not paused, but stop-when-ready: a paused torrent would never hash what is on disk. libtorrent pauses it in the moment it becomes ready, before
     * it says torrent_checked and before any peer is let in.
     */
    private static final torrent_flags_t FLAGS = libtorrent
            .getUpdate_subscribe()
            .or_(libtorrent.getApply_ip_filter())
            .or_(libtorrent.getStop_when_ready())
            .or_(libtorrent.getDisable_dht())
            .or_(libtorrent.getDisable_lsd())
            .or_(libtorrent.getDisable_pex());

    private TorrentParams() {}

    /** @throws UserException BAD_METADATA, or PATH_REFUSED for a path that libtorrent would not find */
    static add_torrent_params of(Torrent torrent) {
        requireSpeakable(torrent.savePath());
        torrent_info info = info(torrent.hash(), torrent.info());
        var params = new add_torrent_params();
        params.set_ti(info);
        params.setInfo_hashes(info.info_hashes());
        params.setSave_path(torrent.savePath().toString());
        params.setFlags(FLAGS);
        if (torrent.start() == Start.COMPLETE) {
            params.set_have_pieces(new bitfield(info.num_pieces(), true));
        }
        if (torrent.priorities() != null) {
            params.set_piece_priorities(new byte_vector(torrent.priorities().toArray()));
        }
        Bytes resumeData = torrent.resumeData();
        if (resumeData != null && torrent.start() != Start.CHECK) {
            recall(torrent, resumeData, params);
        }
        return params;
    }

    private static torrent_info info(InfoHash hash, Bytes infoDictionary) {
        byte[] prefix = "d4:info".getBytes(StandardCharsets.US_ASCII);
        // read in place: a byte_vector is filled with a JNI call for each byte
        ByteBuffer metainfo = ByteBuffer.allocateDirect(prefix.length + infoDictionary.size() + 1)
                .put(prefix)
                .put(infoDictionary.toArray())
                .put((byte) 'e');
        torrent_info info = parsed(hash, metainfo);
        if (!info.info_hash().to_hex().equals(hash.hex())) {
            throw refused(hash, "it has another info-hash, " + info.info_hash().to_hex());
        }
        if (info.total_size() <= 0) {
            throw refused(hash, "it has no bytes");
        }
        if (!info.priv()) {
            throw refused(hash, "it is not private");
        }
        for (String key : REFUSED_KEYS) {
            if (info.info(key).to_bool()) {
                throw refused(hash, "it has the key '" + key + "'");
            }
        }
        return info;
    }

    private static torrent_info parsed(InfoHash hash, ByteBuffer metainfo) {
        var error = new error_code();
        try {
            var info = new torrent_info(libtorrent_jni.directBufferAddress(metainfo), metainfo.capacity(), error);
            if (error.failed() || !info.is_valid()) {
                throw refused(hash, error.message());
            }
            return info;
        } finally {
            Reference.reachabilityFence(metainfo);
        }
    }

    /** Takes only what a download has got so far: its paths, peers, trackers and flags are the past's, or somebody else's. */
    private static void recall(Torrent torrent, Bytes resumeData, add_torrent_params params) {
        var error = new error_code();
        add_torrent_params past = ResumeData.read(resumeData, error);
        if (error.failed()) {
            log.warn("{} has unreadable resume data ({}): its files are hashed", torrent.hash(), error.message());
            return;
        }
        String pastHash = past.getInfo_hashes().getV1().to_hex();
        if (!pastHash.equals(torrent.hash().hex())) {
            log.warn("{} has the resume data of {}: its files are hashed", torrent.hash(), pastHash);
            return;
        }
        if (torrent.start() == Start.RESUME) {
            params.set_have_pieces(past.get_have_pieces());
            params.set_unfinished_pieces(past.get_unfinished_pieces());
        }
        params.setTotal_uploaded(past.getTotal_uploaded());
        params.setTotal_downloaded(past.getTotal_downloaded());
        params.setAdded_time(past.getAdded_time());
        params.setCompleted_time(past.getCompleted_time());
    }

    /** libtorrent4j passes strings as modified UTF-8: beyond the basic plane, libtorrent would see another name. */
    static void requireSpeakable(Path path) {
        String text = path.toString();
        if (!NAMES_ARE_UTF_8 && text.chars().anyMatch(c -> c > 127)) {
            throw new UserException(
                    ErrorCode.PATH_REFUSED,
                    "the path " + text + " is not plain ASCII, and this process does not use UTF-8 for file names",
                    "start bitween with LC_ALL=C.UTF-8");
        }
        int strange = firstStrange(text);
        if (strange >= 0) {
            throw new UserException(
                    ErrorCode.PATH_REFUSED,
                    "the path " + text + " has the character " + Character.toString(strange)
                            + ", which libtorrent cannot take in the folders of bitween's home",
                    "choose a --home without emoji in its path; the names of what you share may have them");
        }
    }

    private static int firstStrange(String text) {
        return text.codePoints()
                .filter(c ->
                        c == 0 || Character.isSupplementaryCodePoint(c) || Character.getType(c) == Character.SURROGATE)
                .findFirst()
                .orElse(-1);
    }

    private static UserException refused(InfoHash hash, @Nullable String why) {
        return new UserException(
                ErrorCode.BAD_METADATA,
                "libtorrent does not take the metadata of " + hash + ": " + why,
                "ask whoever shares it to share it again");
    }
}
