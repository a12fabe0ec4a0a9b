package bitween.link;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.LinkEvent.OffenceSeen;
import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.Offence;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Whose devices did what no honest bitween does. Each offence is counted and told, and of each kind the log has one line for each device: there are only as many as
 * are trusted. Thread: any; never blocks.
 */
final class Offenders {
    private static final Logger log = LogManager.getLogger(Offenders.class);
    /** What is done again within it is told together: nobody fills the bus with its deeds. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    private final Bus bus;
    private final Mailbox mailbox;
    private final Timers timers;
    private final Map<Device, Set<Offence>> named = new HashMap<>();
    /** How often it was done since it was told; there while that was a moment ago. */
    private final Map<Deed, Integer> untold = new HashMap<>();

    private record Deed(
            Device device, Offence offence, @Nullable InfoHash hash) {}

    Offenders(Bus bus, Mailbox mailbox, Timers timers) {
        this.bus = bus;
        this.mailbox = mailbox;
        this.timers = timers;
    }

    /**
     * Names who did it.
     *
     * @param hash the share that it was about; null when it was about none. One that the device may have, or we want: it cannot make up others
     * @param what exactly, for the log; empty when the kind says it all
     */
    void seen(Device device, Offence offence, @Nullable InfoHash hash, String what) {
        Deed deed = new Deed(device, offence, hash);
        boolean news;
        synchronized (this) {
            if (named.computeIfAbsent(device, first -> EnumSet.noneOf(Offence.class))
                    .add(offence)) {
                log.warn("{} {}{}{}", device, offence.deed(), hash == null ? "" : ", of " + hash, colon(what));
            }
            news = untold.computeIfPresent(deed, (done, times) -> times + 1) == null;
            if (news) {
                untold.put(deed, 0);
            }
        }
        if (news) {
            tell(deed, 1);
        }
    }

    private static String colon(String what) {
        return what.isEmpty() ? "" : ": " + what;
    }

    private void tell(Deed deed, int times) {
        try {
            bus.publish(new OffenceSeen(deed.device, deed.offence, deed.hash, times));
            timers.after(PAUSE, mailbox, () -> tellTheRest(deed));
        } catch (RejectedExecutionException e) {
            log.debug("{} is not told, as we are closing", deed);
        }
    }

    private void tellTheRest(Deed deed) {
        int times;
        synchronized (this) {
            times = untold.getOrDefault(deed, 0);
            if (times == 0) {
                untold.remove(deed);
            } else {
                untold.put(deed, 0);
            }
        }
        if (times > 0) {
            tell(deed, times);
        }
    }
}
