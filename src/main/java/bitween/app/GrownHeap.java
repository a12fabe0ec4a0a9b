package bitween.app;

import java.util.function.LongSupplier;

/**
 * Gives back what the heap has grown to. The collector looks at all of it only when it is full, so a daemon would keep for good what its start took, or one long answer. Thread:
 * one at a time.
 */
final class GrownHeap {
    /** Less is not worth a look at everything: a tenth of a second where much is shared. */
    private static final long WORTH_BYTES = 8 << 20;

    private final LongSupplier heapBytes;
    private final Runnable collect;
    private long restingBytes;

    /**
     * @param heapBytes what the heap takes now
     * @param collect looks at all of it
     */
    GrownHeap(LongSupplier heapBytes, Runnable collect) {
        this.heapBytes = heapBytes;
        this.collect = collect;
        restingBytes = heapBytes.getAsLong();
    }

    void look() {
        if (heapBytes.getAsLong() - restingBytes >= WORTH_BYTES) {
            collect.run();
            restingBytes = heapBytes.getAsLong();
        }
    }
}
