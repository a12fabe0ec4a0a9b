package bitween.link;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Direct buffers of one size, used again. Memory outside of the heap comes back only when the collector happens to look, which strangers who connect and
 * go could outrun. Any thread.
 */
final class BufferPool {
    /** A TLS record with all that may be around it, either way: 16,384 bytes, 256 of padding and tag (RFC 8446 5.2), its header; rounded up. */
    static final int RECORD_BYTES = 17 << 10;
    /** Four records, and room for one that is under way; more brought nothing ({@code scripts/bench link}). */
    static final int BUFFER_BYTES = 5 * RECORD_BYTES;
    /** Of 32 connections; 5 MiB. */
    static final int MAX_KEPT = 64;

    private final Deque<ByteBuffer> kept = new ArrayDeque<>();

    /** @return cleared; what is in it was somebody else's */
    synchronized ByteBuffer take() {
        ByteBuffer used = kept.poll();
        return used == null ? ByteBuffer.allocateDirect(BUFFER_BYTES) : used.clear();
    }

    /** @param buffer of {@link #take}, which nobody touches any more */
    synchronized void giveBack(ByteBuffer buffer) {
        if (kept.size() < MAX_KEPT) {
            kept.push(buffer);
        }
    }

    /** @return how many wait to be used again */
    synchronized int size() {
        return kept.size();
    }
}
