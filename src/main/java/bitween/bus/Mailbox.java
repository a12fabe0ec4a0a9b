package bitween.bus;

import java.util.concurrent.Executor;

/**
 * A serial queue in front of one thread: what is executed here runs one at a time, in the order of arrival. A component confines its state to its
 * mailbox and needs no lock.
 */
public interface Mailbox extends Executor {
    /** For logs: the thread's name. */
    String name();

    /** Whether it takes nothing any more, because its component is gone. */
    default boolean isClosed() {
        return false;
    }

    /** Whether the caller runs on this mailbox; for {@code assert}. */
    boolean isOwner();

    /**
     * Never blocks; callable from any thread.
     *
     * @throws java.util.concurrent.RejectedExecutionException when the mailbox is full or closed
     */
    @Override
    void execute(Runnable task);
}
