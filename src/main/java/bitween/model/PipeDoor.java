package bitween.model;

import java.io.IOException;

/**
 * Streams to programs elsewhere through what carries messages to them: slow, but there when nothing else is. What passes is read by whoever carries it.
 * Thread: any.
 */
public interface PipeDoor {
    /**
     * Waits until the program at {@code to} takes the stream, for at most half a minute.
     *
     * @throws IOException when it does not, or there is no way to it now
     */
    BytePipe open(FullJid to) throws IOException;

    /** Lets others in from now on; nobody is before. */
    void welcome(Guests guests);

    /** Takes streams that others opened. */
    interface Guests {
        /**
         * Must not block.
         *
         * @param from who opened it, if what carries it can be believed
         * @param pipe the guests' from now on
         */
        void onPipe(FullJid from, BytePipe pipe);
    }
}
