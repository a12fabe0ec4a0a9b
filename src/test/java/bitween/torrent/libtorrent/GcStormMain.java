package bitween.torrent.libtorrent;

import bitween.model.PeerAddress;
import bitween.torrent.EngineEvent;
import bitween.torrent.TorrentEngine.Torrent.Start;
import bitween.torrent.libtorrent.TestTorrents.Made;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Adds torrents to an engine, asks it all that can be asked of them, and removes them again, while garbage is collected without a pause: what is left of an object of
 * libtorrent's after its scope, or touched after its end, takes this JVM along.
 *
 * <p>Arguments: a folder to work in, how many operations, a seed. Prints what was done; exits 0 when all was answered.
 */
public final class GcStormMain {
    /** So many are known at once. */
    private static final int TORRENTS = 40;
    /** Operations on their way at once; more would only fill libtorrent's queue. */
    private static final int AHEAD = 500;

    private GcStormMain() {}

    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        int operations = Integer.parseInt(arguments[1]);
        Random random = new Random(Long.parseLong(arguments[2]));
        AtomicBoolean over = new AtomicBoolean();
        Thread collector = new Thread(
                () -> {
                    while (!over.get()) {
                        System.gc();
                    }
                },
                "collector");
        collector.setDaemon(true);
        collector.start();
        List<Made> made = new ArrayList<>();
        List<Path> places = new ArrayList<>();
        for (int i = 0; i < TORRENTS; i++) {
            Path source = TestTorrents.random(root.resolve("source/" + i + "/file.bin"), 1_000 + i, i);
            Made torrent = TestTorrents.of(source, 1 << 14, Map.of());
            made.add(torrent);
            places.add(TestTorrents.link(root.resolve("link/" + i), torrent, source));
        }
        run(root, operations, random, made, places);
        over.set(true);
        Files.writeString(root.resolve("done"), "done");
    }

    private static void run(Path root, int operations, Random random, List<Made> made, List<Path> places)
            throws InterruptedException {
        Semaphore room = new Semaphore(AHEAD);
        long[] heard = new long[1];
        Set<String> kinds = new HashSet<>();
        LibtorrentEngine engine = LibtorrentEngine.start(
                root.resolve("native"),
                event -> {
                    heard[0]++;
                    kinds.add(event.getClass().getSimpleName());
                    if (event instanceof EngineEvent.Updated) {
                        room.release(AHEAD / 10);
                    }
                },
                java.time.Clock.systemUTC());
        long begin = System.nanoTime();
        PeerAddress nobody = PeerAddress.parse(SessionSettings.HERE + ":9");
        for (int i = 0; i < operations; i++) {
            if (i % (AHEAD / 10) == 0) {
                engine.requestUpdates(Set.of(made.get(random.nextInt(TORRENTS)).hash()));
                room.acquire(AHEAD / 10);
            }
            int which = random.nextInt(TORRENTS);
            Made torrent = made.get(which);
            switch (random.nextInt(8)) {
                case 0, 1 ->
                    engine.add(torrent.torrent(
                            places.get(which), random.nextBoolean() ? Start.COMPLETE : Start.CHECK, null));
                case 2 -> engine.remove(torrent.hash());
                case 3 -> engine.saveResumeData(torrent.hash());
                case 4 -> engine.resume(torrent.hash());
                case 5 -> engine.pause(torrent.hash());
                case 6 -> engine.connect(torrent.hash(), nobody);
                default -> engine.recheck(torrent.hash());
            }
        }
        engine.close();
        System.out.printf(
                "%,d operations in %.1f s, %,d events of %s%n",
                operations, (System.nanoTime() - begin) / 1e9, heard[0], kinds);
    }
}
