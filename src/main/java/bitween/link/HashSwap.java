package bitween.link;

import bitween.model.InfoHash;
import java.nio.ByteBuffer;

/** Puts an info-hash into a handshake while it passes, in pieces maybe; all that follows stays as it is. Thread: the one that copies. */
final class HashSwap {
    private final byte[] hash;
    private int passed;

    HashSwap(InfoHash hash) {
        this.hash = hash.bytes();
    }

    /** @param bytes the next ones */
    void pass(ByteBuffer bytes) {
        int end = Math.min(PeerHandshake.HASH_AT + hash.length, passed + bytes.remaining());
        for (int at = Math.max(PeerHandshake.HASH_AT, passed); at < end; at++) {
            bytes.put(bytes.position() + at - passed, hash[at - PeerHandshake.HASH_AT]);
        }
        passed = Math.min(PeerHandshake.BYTES, passed + bytes.remaining());
    }
}
