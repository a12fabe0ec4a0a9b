package bitween.link;

import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.model.Device;
import bitween.model.Jid;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Says whether one person's word for where we are seen is enough. It may be made up, to have others dial a victim; but who has one friend has no other word, and whom
 * nobody else can dial needs it most. So it counts while nobody would dial there but that person: everybody else who is online has a direct link to us, and looks for
 * none. Else it is tried: told for a minute, when somebody came or lost their link. Whom it led here says the same, which makes two. Thread: {@code link}, its mailbox.
 */
final class Hearsay {
    /** A new address is dialled at once, and some three times more within it. */
    static final Duration TRIAL = Duration.ofMinutes(1);
    /** From one trial to the next: whoever makes addresses up costs a victim less than a dial a minute by each of our friends. */
    static final Duration REST = Duration.ofMinutes(10);

    private final Timers timers;
    private final Mailbox mailbox;
    private final Runnable over;
    private final Set<Device> online = new HashSet<>();
    private final Set<Device> direct = new HashSet<>();
    /** As many as are friends, twice. */
    private final Map<Claim, Trial> trials = new HashMap<>();
    /** How often somebody came or lost their link. */
    private long occasions;

    private record Claim(Jid person, boolean six) {}

    private record Trial(InetAddress ip, long begunNs, long occasion) {}

    /** @param over called when a trial is over */
    Hearsay(Timers timers, Mailbox mailbox, Runnable over) {
        this.timers = timers;
        this.mailbox = mailbox;
        this.over = over;
    }

    void came(Device device) {
        if (online.add(device)) {
            occasions++;
        }
    }

    void went(Device device) {
        online.remove(device);
    }

    /** @param directly whether it has a link to us that the XMPP servers do not carry */
    void linked(Device device, boolean directly) {
        if (directly) {
            direct.add(device);
        } else if (direct.remove(device)) {
            occasions++;
        }
    }

    /** Whether {@code ip}, which {@code person} alone has seen, is to be told now. May begin a trial. */
    boolean isEnough(Jid person, InetAddress ip, long nowNs) {
        boolean misleads = online.stream().anyMatch(device -> !device.jid().equals(person) && !direct.contains(device));
        return !misleads || isTried(new Claim(person, ip instanceof Inet6Address), ip, nowNs);
    }

    private boolean isTried(Claim claim, InetAddress ip, long nowNs) {
        Trial last = trials.get(claim);
        if (last != null && last.ip.equals(ip) && nowNs - last.begunNs < TRIAL.toNanos()) {
            return true;
        }
        boolean isNews = last == null || !last.ip.equals(ip) || last.occasion != occasions;
        if (!isNews || (last != null && nowNs - last.begunNs < REST.toNanos())) {
            return false;
        }
        trials.put(claim, new Trial(ip, nowNs, occasions));
        timers.after(TRIAL, mailbox, over);
        return true;
    }
}
