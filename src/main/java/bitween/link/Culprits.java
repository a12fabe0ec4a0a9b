package bitween.link;

import bitween.bus.Bus;
import bitween.bus.Mailbox;
import bitween.bus.Timers;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.TorrentEvent.DamageFound;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.Offence;
import bitween.model.Share;
import bitween.model.Transfer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Finds whose device sent what was not what had been asked for. Who alone sent all of a piece that was wrong is a culprit, and is not asked for that share again
 * until the next start, or until it has withdrawn the share and offers it anew: files may change under an honest one, too, which takes a moment to see it. When several sent parts of it, or nobody knows who sent the rest, one of them at a time is asked from then on: so an honest one finishes the job, and a liar is alone with what it
 * sends. libtorrent would ban honest ones with the liar.
 *
 * <p>Thread: {@code link} changes it, any looks.
 */
final class Culprits {
    private static final Logger log = LogManager.getLogger(Culprits.class);
    /** A device that is asked alone and sends nothing for so long gives way to the next. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    /** So often as long, when what it sends comes through the XMPP servers: three minutes. */
    private static final int IN_BAND = 12;

    private final FirstSenders senders;
    private final Offenders offenders;
    private final Surroundings around;
    private final Map<Device, Set<InfoHash>> damaged = new ConcurrentHashMap<>();
    /** By which info-hash a device that has a copy of its own is asked for what is ours by another. */
    private final Map<Device, Map<InfoHash, InfoHash>> copies = new ConcurrentHashMap<>();

    private final Map<InfoHash, Device> alone = new ConcurrentHashMap<>();
    private final Map<InfoHash, List<Device>> holders = new HashMap<>();
    private final Map<InfoHash, Long> blocks = new HashMap<>();
    /** How often in a row nothing had come from the one that is asked alone. */
    private final Map<InfoHash, Integer> silences = new HashMap<>();

    /** What is known and done elsewhere. */
    interface Surroundings {
        /** Ends what is open about a share, and asks those who are {@link #chosen}. */
        void askAnew(InfoHash hash);

        /** Whether anything is to come of a share at this moment. */
        boolean wants(InfoHash hash);

        /** Whether what a device sends of it comes through the XMPP servers. */
        boolean isInBand(Device device, InfoHash hash);
    }

    Culprits(Bus bus, Mailbox mailbox, Timers timers, FirstSenders senders, Offenders offenders, Surroundings around) {
        this.senders = senders;
        this.offenders = offenders;
        this.around = around;
        bus.subscribe(FriendListFetched.class, mailbox, this::onFriendListFetched);
        bus.subscribe(DamageFound.class, mailbox, this::onDamageFound);
        bus.subscribe(TransferChanged.class, mailbox, this::onTransferChanged);
        bus.subscribe(TransferRemoved.class, mailbox, this::onTransferRemoved);
        var unused = timers.every(PATIENCE, mailbox, this::onPatienceOver);
    }

    /** Whether it may be asked for this now. */
    boolean mayAsk(Device device, InfoHash hash) {
        return !damaged.getOrDefault(device, Set.of()).contains(hash)
                && alone.getOrDefault(hash, device).equals(device);
    }

    /** It is asked now. Any thread. */
    void asks(Subject subject) {
        if (!subject.theirs().equals(subject.hash())) {
            copies.computeIfAbsent(subject.device(), first -> new ConcurrentHashMap<>())
                    .put(subject.hash(), subject.theirs());
        }
    }

    /** Who is asked, of those who hold it and are online. */
    List<Device> chosen(InfoHash hash, List<Device> online) {
        holders.put(hash, online);
        if (alone.containsKey(hash) && !online.contains(alone.get(hash))) {
            next(hash);
        }
        return chosen(hash);
    }

    List<Device> chosen(InfoHash hash) {
        return holders(hash).stream().filter(device -> mayAsk(device, hash)).toList();
    }

    /** Who holds it and is online, asked or not. */
    List<Device> holders(InfoHash hash) {
        return holders.getOrDefault(hash, List.of());
    }

    private void onFriendListFetched(FriendListFetched event) {
        Device device = event.list().device();
        Set<InfoHash> listed = event.list().shares().stream()
                .filter(share -> !share.unavailable())
                .map(Share::hash)
                .collect(Collectors.toSet());
        Set<InfoHash> offered = new HashSet<>(listed);
        copies.getOrDefault(device, Map.of()).forEach((hash, theirs) -> {
            if (listed.contains(theirs)) {
                offered.add(hash);
            }
        });
        senders.withdrawn(device, offered); // a piece may be half of before, and half of what is offered anew
        Set<InfoHash> wrong = damaged.get(device);
        if (wrong != null) {
            wrong.retainAll(offered);
        }
    }

    private void onDamageFound(DamageFound event) {
        InfoHash hash = event.hash();
        FirstSenders.Sent sent = senders.take(hash, event.piece());
        Set<Device> from = sent.devices();
        log.debug("{} piece {} came damaged from {}, and is fetched again", hash, event.piece(), from);
        if (from.size() == 1 && sent.blocks() == event.blocks()) {
            Device culprit = from.iterator().next();
            boolean known = !mayAsk(culprit, hash);
            blame(culprit, hash);
            if (known) {
                return; // what it had sent before: the others are not disturbed again
            }
        } else if (!from.isEmpty() && !alone.containsKey(hash)) {
            next(hash);
        }
        around.askAnew(hash); // under other ports: libtorrent may have banned an honest one
    }

    private void blame(Device device, InfoHash hash) {
        damaged.computeIfAbsent(device, first -> ConcurrentHashMap.newKeySet()).add(hash);
        offenders.seen(device, Offence.DAMAGED_PIECES, hash, "it is not asked for that again");
        if (alone.remove(hash, device)) {
            log.debug("{} is asked of all the others again", hash);
        }
    }

    /** The one after the one that is asked; the first of all when there is none. */
    private void next(InfoHash hash) {
        List<Device> left = holders(hash).stream()
                .filter(device -> !damaged.getOrDefault(device, Set.of()).contains(hash))
                .toList();
        if (left.isEmpty()) {
            return; // whoever comes next is another one
        }
        Device next = left.get((left.indexOf(alone.get(hash)) + 1) % left.size());
        alone.put(hash, next);
        blocks.put(hash, senders.blocksFrom(next, hash));
        silences.remove(hash);
    }

    private void onPatienceOver() {
        for (InfoHash hash : List.copyOf(alone.keySet())) {
            Device asked = alone.get(hash);
            if (asked == null || !around.wants(hash)) {
                continue; // a job that waits for its turn asks nobody
            }
            long came = senders.blocksFrom(asked, hash);
            Long before = blocks.put(hash, came);
            if (before == null || before != came) {
                silences.remove(hash);
            } else if (silences.merge(hash, 1, Integer::sum) >= (around.isInBand(asked, hash) ? IN_BAND : 1)) {
                next(hash);
                around.askAnew(hash);
            }
        }
    }

    private void onTransferChanged(TransferChanged event) {
        if (event.transfer().isSettled()) {
            forget(event.transfer());
        }
    }

    private void onTransferRemoved(TransferRemoved event) {
        forget(event.transfer());
    }

    private void forget(Transfer transfer) {
        InfoHash hash = transfer.hash();
        if (hash != null) {
            senders.forget(hash);
            alone.remove(hash);
            holders.remove(hash);
            blocks.remove(hash);
            silences.remove(hash);
            copies.forEach((device, asked) -> {
                if (!damaged.getOrDefault(device, Set.of()).contains(hash)) {
                    asked.remove(hash);
                }
            });
        }
    }
}
