package bitween.bench;

import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.model.PeerAddress;
import bitween.torrent.EngineEvent;
import bitween.torrent.TorrentEngine;
import bitween.torrent.TorrentEngine.Torrent;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.format.MetadataValidator;
import bitween.torrent.format.Scan;
import bitween.torrent.libtorrent.LibtorrentEngine;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The engine without all that is around it: no link, no bridge, no digests, no database. Two of them, one process each, are what the rest of bitween is measured against.
 *
 * <ul>
 *   <li>{@code EngineAlone seed HOME DATA CASE...} seeds each DATA/CASE and writes its info dictionary to HOME/CASE.info and its info-hash to HOME/CASE.hash;
 *       then prints its port
 *   <li>{@code EngineAlone get HOME SEEDER PORT} waits for lines "CASE" in the named pipe HOME/orders, gets each from the seeder at that port, whose HOME is SEEDER, into
 *       HOME/downloads, and then writes HOME/CASE.done
 * </ul>
 */
public final class EngineAlone {
    private static final long PATIENCE_SECONDS = 120;
    /** Where both listen, as in a daemon. */
    private static final String HERE = "127.77.0.1";

    private final BlockingQueue<EngineEvent> events = new LinkedBlockingQueue<>();
    private final TorrentEngine engine;
    private final Path home;

    private EngineAlone(Path home) {
        this.home = home;
        engine = LibtorrentEngine.start(home.resolve("natives"), events::add, Clock.systemUTC());
        engine.admit(Set.of(PeerAddress.parse(HERE + ":1").ip()));
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        EngineAlone alone = new EngineAlone(Path.of(arguments[1]).toAbsolutePath());
        int port = alone.await(EngineEvent.Listening.class).status().port();
        if (arguments[0].equals("seed")) {
            for (String name : Arrays.asList(arguments).subList(3, arguments.length)) {
                alone.seed(Path.of(arguments[2]).toAbsolutePath(), name);
            }
            System.out.println(port);
            TimeUnit.DAYS.sleep(1); // until it is ended
        } else {
            System.out.println("ready");
            alone.getWhatIsOrdered(Path.of(arguments[2]), PeerAddress.parse(HERE + ":" + arguments[3]));
        }
    }

    private void seed(Path data, String name) throws IOException, InterruptedException {
        InfoDictionary info;
        try (Hasher hasher = new Hasher()) {
            Scan scan = hasher.scan(HashBenchmark.scanner(), data.resolve(name), null)
                    .join();
            info = hasher.hash(scan, bytes -> {}).join().info();
        }
        add(info, data, Torrent.Start.COMPLETE);
        engine.resume(info.hash());
        Files.write(home.resolve(name + ".info"), info.encoded().toArray());
        Files.writeString(home.resolve(name + ".hash"), info.hash().hex());
    }

    private void getWhatIsOrdered(Path seeder, PeerAddress peer) throws IOException, InterruptedException {
        while (true) {
            List<String> names;
            try (BufferedReader orders = Files.newBufferedReader(home.resolve("orders"))) {
                names = orders.lines().toList();
            }
            for (String name : names) {
                InfoDictionary info = MetadataValidator.validate(
                        Bytes.of(Files.readAllBytes(seeder.resolve(name + ".info"))),
                        new InfoHash(Files.readString(seeder.resolve(name + ".hash"))));
                Path downloads = home.resolve("downloads");
                Files.createDirectories(info.folder() ? downloads.resolve(name) : downloads);
                add(info, downloads, Torrent.Start.RESUME);
                engine.connect(info.hash(), peer);
                engine.resume(info.hash());
                await(EngineEvent.Finished.class);
                engine.remove(info.hash()); // only then everything is written
                await(EngineEvent.Removed.class);
                Files.createFile(home.resolve(name + ".done"));
            }
        }
    }

    private void add(InfoDictionary info, Path savePath, Torrent.Start start) throws InterruptedException {
        engine.add(new Torrent(info.hash(), info.encoded(), savePath, start, null));
        await(EngineEvent.Checked.class);
    }

    private <E extends EngineEvent> E await(Class<E> type) throws InterruptedException {
        while (true) {
            EngineEvent event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (event == null || event instanceof EngineEvent.Failed) {
                throw new IllegalStateException("no " + type.getSimpleName() + ", but " + event);
            }
            if (type.isInstance(event)) {
                return type.cast(event);
            }
        }
    }
}
