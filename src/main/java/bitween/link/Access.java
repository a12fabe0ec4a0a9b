package bitween.link;

import bitween.model.Device;
import bitween.model.InfoHash;

/** What the rest of the program permits. Asked at the moment of use, on any thread; never blocks. */
public interface Access {
    /** Whether a friend's device may have bytes of {@code hash} from us now. */
    boolean mayServe(Device device, InfoHash hash);

    /** Whether we want bytes of {@code hash} from a friend's device now: it told us that it shares this with us. */
    boolean mayFetch(Device device, InfoHash hash);

    /** Whether we want bytes of {@code hash} now, from whomever. */
    boolean wants(InfoHash hash);
}
