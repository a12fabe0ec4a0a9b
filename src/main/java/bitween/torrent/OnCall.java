package bitween.torrent;

import bitween.model.InfoHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Shares that are offered, and that the engine is given when the first friend comes for one: until then each costs a row. Thread: {@code torrent}.
 *
 * <p>Whether their files are there is looked at by the watch as for all others, and by the engine before it lets anybody in.
 */
final class OnCall {
    private final Set<InfoHash> resting = new HashSet<>();
    /** Who has come for what the engine is looking at. */
    private final Map<InfoHash, List<CompletableFuture<Void>>> waiting = new HashMap<>();

    void add(InfoHash hash) {
        resting.add(hash);
    }

    boolean has(InfoHash hash) {
        return resting.contains(hash);
    }

    /** Whether the engine is looking at it because somebody came. */
    boolean isAwaited(InfoHash hash) {
        return waiting.containsKey(hash);
    }

    /** It is offered no longer, or the engine has it: nobody waits for what will not come. */
    void remove(@Nullable InfoHash hash) {
        if (hash == null) {
            return;
        }
        resting.remove(hash);
        List<CompletableFuture<Void>> all = waiting.remove(hash);
        if (all != null) {
            all.forEach(one -> one.complete(null));
        }
    }

    /** @param begin gives it to the engine; run once, and only for what rests */
    CompletableFuture<Void> call(InfoHash hash, Runnable begin) {
        boolean first = resting.remove(hash);
        if (!first && !waiting.containsKey(hash)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> ready = new CompletableFuture<>();
        waiting.computeIfAbsent(hash, key -> new ArrayList<>()).add(ready);
        if (first) {
            begin.run();
        }
        return ready;
    }
}
