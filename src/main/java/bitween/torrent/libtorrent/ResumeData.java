package bitween.torrent.libtorrent;

import bitween.model.Bytes;
import bitween.torrent.Recalled;
import java.lang.ref.Reference;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.libtorrent4j.swig.add_torrent_params;
import org.libtorrent4j.swig.bitfield;
import org.libtorrent4j.swig.byte_vector;
import org.libtorrent4j.swig.error_code;
import org.libtorrent4j.swig.int_bitfield_map;
import org.libtorrent4j.swig.libtorrent;

/** Reads what an engine said of a download. Thread: torrent. */
final class ResumeData {
    private ResumeData() {}

    /** A JNI call for each byte, both ways; it is a few KB, or a byte for each piece. */
    static add_torrent_params read(Bytes data, error_code error) {
        return libtorrent.read_resume_data_ex(new byte_vector(data.toArray()), error);
    }

    /** What they say is here; nothing when they cannot be read. */
    static Recalled recalled(Bytes data) {
        var error = new error_code();
        add_torrent_params past = read(data, error);
        if (error.failed()) {
            return new Recalled(new BitSet(), Map.of());
        }
        try {
            Map<Integer, BitSet> blocks = new HashMap<>();
            int_bitfield_map unfinished = past.get_unfinished_pieces();
            unfinished.forEach((piece, some) -> blocks.put(piece, bits(some)));
            return new Recalled(bits(past.get_have_pieces()), blocks);
        } finally {
            Reference.reachabilityFence(past); // what it gives may be a part of it
        }
    }

    private static BitSet bits(bitfield field) {
        BitSet bits = new BitSet(field.size());
        for (int bit = 0; bit < field.size(); bit++) {
            bits.set(bit, field.get_bit(bit));
        }
        return bits;
    }
}
