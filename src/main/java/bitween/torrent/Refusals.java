package bitween.torrent;

import bitween.bus.Bus;
import bitween.message.TorrentEvent.DamageFound;
import bitween.model.InfoHash;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Finds out who sent pieces that were wrong. Thread: {@code torrent}.
 *
 * <p>The engine bans whoever must have sent one: the only sender of a piece, or the one whose block differed when the piece came right. It tells of the ban only
 * together with what a peer can cause as often as it likes, so it is asked instead, at most once a second for each job that got something wrong.
 */
final class Refusals {
    private static final Logger log = LogManager.getLogger(Refusals.class);

    private final Bus bus;
    private final TorrentEngine engine;
    private final Map<InfoHash, Integer> unexplained = new HashMap<>();
    private final Set<InfoHash> asking = new HashSet<>();
    private final Map<InfoHash, Set<InetAddress>> found = new HashMap<>();

    Refusals(Bus bus, TorrentEngine engine) {
        this.bus = bus;
        this.engine = engine;
    }

    void onPieceRefused(EngineEvent.PieceRefused event) {
        log.debug("{} piece {} came damaged and is fetched again", event.hash(), event.piece());
        unexplained.merge(event.hash(), 1, Integer::sum);
        asking.add(event.hash());
    }

    /** Once a second. */
    void onTick() {
        asking.forEach(engine::nameBanned);
        asking.clear();
    }

    void onResumeData(EngineEvent.ResumeData event) {
        Set<InetAddress> known = found.getOrDefault(event.hash(), Set.of());
        Set<InetAddress> fresh = new HashSet<>(event.banned());
        fresh.removeAll(known);
        if (!fresh.isEmpty()) {
            found.put(event.hash(), event.banned());
            Integer pieces = unexplained.remove(event.hash());
            bus.publish(new DamageFound(event.hash(), pieces == null ? 1 : pieces, fresh));
        }
    }

    /** The engine has it no more, and its bans neither. */
    void onRemoved(InfoHash hash) {
        unexplained.remove(hash);
        asking.remove(hash);
        found.remove(hash);
    }
}
