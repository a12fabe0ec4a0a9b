package bitween.message;

import bitween.bus.Request;

/** What is asked for the user's own sake. */
public sealed interface OwnerRequest<R> extends Request<R> {
    /** Sends a chat message to the user's own address, and to nobody else. Answered with whether it was sent; it is again over the next connection unless the server is known to have it. */
    record TellOwner(String text) implements OwnerRequest<Boolean> {}
}
