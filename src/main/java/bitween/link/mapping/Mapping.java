package bitween.link.mapping;

import bitween.model.PeerAddress;
import java.time.Duration;

/**
 * What a router granted.
 *
 * @param outside where others reach us
 * @param lifetime for how long, unless it is asked again
 */
record Mapping(PeerAddress outside, Duration lifetime) {
    /** What is asked for; RFC 6886 section 3.3 recommends two hours, and after a crash nobody takes it back. */
    static final Duration WANTED = Duration.ofHours(1);
}
