package bitween.link;

import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.RateLimit;
import java.util.Optional;

/** What the rest of the program permits. Asked at the moment of use, on any thread; never blocks. */
public interface Access {
    /** Whether a friend's device may have bytes of {@code hash} from us now. */
    boolean mayServe(Device device, InfoHash hash);

    /**
     * Under which info-hash a friend's device shares with us what we know as {@code hash}, as it told us: another one when it has a copy of its own, of the same
     * content. Empty: not at all.
     */
    Optional<InfoHash> offered(Device device, InfoHash hash);

    /** Whether nothing is to pass between us and a device for now, because the user has paused whose it is. */
    default boolean isPaused(Device device) {
        return false;
    }

    /** How fast the bytes of {@code hash} may come and go, from and to all together. */
    default RateLimit limit(InfoHash hash) {
        return RateLimit.NONE;
    }

    /** Whether we want bytes of {@code hash} now, from whomever. */
    boolean wants(InfoHash hash);
}
