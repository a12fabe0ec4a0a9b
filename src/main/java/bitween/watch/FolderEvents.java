package bitween.watch;

import bitween.model.TransferId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What the system tells of folders, as long as it has watches to give. Thread: {@code watch}, but for {@link #trouble}.
 *
 * <p>Watches are few, and belong to all programs of the user: no more than half of them are taken.
 */
final class FolderEvents implements AutoCloseable {
    private static final Logger log = LogManager.getLogger(FolderEvents.class);
    private static final Path ALLOWED = Path.of("/proc/sys/fs/inotify/max_user_watches");
    /** Where nobody says how many there are: what old kernels had. */
    private static final int USUAL = 8_192;
    /** A kibibyte each, in the kernel. */
    private static final int ENOUGH = 32_768;

    private final @Nullable WatchService service;
    private final int limit;
    private final Map<WatchKey, Set<Watch>> watches = new HashMap<>();
    private final Map<TransferId, Set<WatchKey>> keys = new HashMap<>();
    /** Told to the system since the last look: the folder above many shares once for all of them, but again when another one may stand there. */
    private final Map<Path, WatchKey> fresh = new HashMap<>();

    private volatile @Nullable String trouble;

    /** @param name the only one in the folder that matters; null: all do */
    private record Watch(TransferId id, @Nullable String name) {}

    private FolderEvents(@Nullable WatchService service, int limit) {
        this.service = service;
        this.limit = limit;
    }

    static FolderEvents open() {
        try (BufferedReader allowed = Files.newBufferedReader(ALLOWED)) { // such a file is to be read in one go
            return open((int) Math.min(Long.parseLong(String.valueOf(allowed.readLine())) / 2, ENOUGH));
        } catch (IOException | NumberFormatException e) {
            log.debug("{} does not say how many watches there are: {}", ALLOWED, e.getMessage());
            return open(USUAL / 2);
        }
    }

    /** @param limit how many folders may be watched */
    static FolderEvents open(int limit) {
        try {
            return new FolderEvents(FileSystems.getDefault().newWatchService(), limit);
        } catch (IOException e) {
            FolderEvents none = new FolderEvents(null, 0);
            none.giveUp(e.getMessage());
            return none;
        }
    }

    /** Why not all folders are watched, for people; null: all are. Any thread. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /** What happens in {@code folders}, and to {@code root} itself, is of matter to a share, in place of what was before. */
    void watch(TransferId id, Path root, Set<Path> folders) {
        forget(id);
        Path above = root.getParent();
        boolean all = above == null || add(above, new Watch(id, String.valueOf(root.getFileName())));
        for (Path folder : folders) {
            all = all && add(folder, new Watch(id, null));
        }
    }

    void forget(TransferId id) {
        Set<WatchKey> held = keys.remove(id);
        if (held == null) {
            return;
        }
        for (WatchKey key : held) {
            Set<Watch> left = watches.getOrDefault(key, new HashSet<>());
            left.removeIf(watch -> watch.id().equals(id));
            if (left.isEmpty()) {
                watches.remove(key);
                fresh.values().remove(key);
                key.cancel();
            }
        }
    }

    /** Those to which something has happened since the last call. */
    Set<TransferId> poll() {
        Set<TransferId> touched = new HashSet<>();
        fresh.clear();
        try {
            for (WatchKey key = next(); key != null; key = next()) {
                Set<Watch> interested = watches.getOrDefault(key, Set.of());
                for (WatchEvent<?> event : key.pollEvents()) {
                    String name =
                            event.context() == null ? null : event.context().toString();
                    for (Watch watch : interested) {
                        if (watch.name() == null || name == null || watch.name().equals(name)) {
                            touched.add(watch.id());
                        }
                    }
                }
                if (!key.reset()) { // the folder itself is gone
                    interested.forEach(watch -> touched.add(watch.id()));
                }
            }
        } catch (ClosedWatchServiceException e) {
            log.debug("the watching ends");
        }
        return touched;
    }

    @Override
    public void close() {
        try {
            if (service != null) {
                service.close();
            }
        } catch (IOException e) {
            log.warn("the watching of folders did not end well: {}", e.getMessage(), e);
        }
    }

    private @Nullable WatchKey next() {
        return service == null ? null : service.poll();
    }

    /** @return false: there are no more watches */
    private boolean add(Path folder, Watch watch) {
        if (service == null) {
            return false;
        }
        if (watches.size() >= limit) {
            giveUp("they would be more than half of what this system allows");
            return false;
        }
        try {
            WatchKey key = fresh.get(folder);
            if (key == null && Files.isDirectory(folder)) {
                key = folder.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
                fresh.put(folder, key);
            }
            if (key != null) {
                watches.computeIfAbsent(key, k -> new HashSet<>()).add(watch);
                keys.computeIfAbsent(watch.id(), i -> new HashSet<>()).add(key);
            }
            return true;
        } catch (IOException e) {
            if (Files.isReadable(folder)) {
                giveUp(e.getMessage());
                return false;
            }
            return true; // it went away, or is not ours to read: looking at the files will tell
        }
    }

    private void giveUp(@Nullable String why) {
        if (trouble == null) {
            trouble = "some folders are not watched: " + why + "; raise fs.inotify.max_user_watches";
            log.warn("{}; what changes in them is seen later", trouble);
        }
    }
}
