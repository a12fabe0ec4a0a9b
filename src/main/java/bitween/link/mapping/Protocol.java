package bitween.link.mapping;

import java.io.IOException;

/** A way to ask one router. Thread: mapping; waits for the router, for some seconds at most. */
interface Protocol {
    /**
     * Forwards a TCP port to the same port here, or renews that.
     *
     * @throws IOException when the router does not answer, does not speak this, or refuses
     */
    Mapping map(int port) throws IOException;

    /** Takes it back. */
    void unmap(int port) throws IOException;
}
