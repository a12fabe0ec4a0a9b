package bitween.bus;

/** A command was refused because a mailbox is full. Nothing was done; the same command may work in a moment. */
public final class BusyException extends RuntimeException {
    BusyException(String mailbox, Throwable cause) {
        super("the '" + mailbox + "' thread has more to do than it can queue", cause);
    }
}
