package bitween.link.mapping;

import java.io.IOException;

/** A way to ask one router. Thread: mapping; waits for the router, for some seconds at most. */
interface Protocol {
    /**
     * Forwards a TCP port to the same port here, or renews that.
     *
     * @throws Refused when the router says no
     * @throws IOException when it does not answer, or does not speak this
     */
    Mapping map(int port) throws IOException;

    /** The router answers, and says no: what it granted before is void too. */
    final class Refused extends IOException {
        Refused(String message) {
            super(message);
        }
    }

    /** Takes it back. */
    void unmap(int port) throws IOException;
}
