package bitween.link;

import bitween.model.Device;
import bitween.model.LinkPath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens links for BitTorrent by the best way that there is now: dialling, being dialled, or through the XMPP servers. Thread: any; {@link #open} waits.
 */
final class Ways {
    private static final Logger log = LogManager.getLogger(Ways.class);

    private final Dialer dialer;
    private final Calls calls;
    /** How {@link Links} reaches them. */
    private final Map<Device, LinkPath> paths = new ConcurrentHashMap<>();

    private interface Way {
        Link open(Device device) throws IOException;
    }

    Ways(Dialer dialer, Calls calls) {
        this.dialer = dialer;
        this.calls = calls;
    }

    /** @param path null: there is none any more */
    void changed(Device device, @Nullable LinkPath path) {
        if (path == null) {
            paths.remove(device);
        } else {
            paths.put(device, path);
        }
    }

    /** Whether there is a way without the XMPP servers. Never blocks. */
    boolean isDirect(Device device) {
        LinkPath path = paths.get(device);
        return path != null && path.isDirect();
    }

    /**
     * @param alsoInBand whether the XMPP servers may carry it
     * @throws IOException when no way leads there
     */
    Link open(Device device, boolean alsoInBand) throws IOException {
        IOException last = null;
        for (Way way : ways(device, alsoInBand)) {
            try {
                return way.open(device);
            } catch (InterruptedIOException e) {
                throw e; // we are closing
            } catch (IOException e) {
                log.debug("{} was not reached in one way: {}", device, e.toString());
                if (last != null) {
                    e.addSuppressed(last);
                }
                last = e;
            }
        }
        throw last == null ? new IOException("the XMPP servers carry enough for " + device) : last;
    }

    /** The best one first. While only the XMPP servers lead there, it is {@link Links} that looks for another path. */
    private List<Way> ways(Device device, boolean alsoInBand) {
        List<Way> ways = new ArrayList<>();
        boolean isProven = dialer.hasProven(device);
        boolean hasInBand = alsoInBand && dialer.hasInBand(device);
        if (isProven || isDirect(device) || !paths.containsKey(device)) {
            ways.add(
                    hasInBand
                            ? to -> dialer.dial(to, Purpose.PEER, Dialer.HEAD_START)
                            : to -> dialer.dial(to, Purpose.PEER));
        }
        if (isDirect(device)) {
            ways.add(isProven ? ways.size() : 0, calls::call); // as it came to us, it can again
        }
        if (hasInBand) {
            ways.add(to -> dialer.dialInBand(to, Purpose.PEER));
        }
        return ways;
    }
}
