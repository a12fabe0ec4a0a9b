package bitween.message;

import bitween.bus.Request;

/** What is asked for the user's own sake. */
public sealed interface OwnerRequest<R> extends Request<R> {
    /** Sends a chat message to the user's own address, and to nobody else. Answered with whether it was sent; else it is once there is a connection. */
    record TellOwner(String text) implements OwnerRequest<Boolean> {}
}
