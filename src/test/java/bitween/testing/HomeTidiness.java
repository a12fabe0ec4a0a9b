package bitween.testing;

import bitween.config.Home;
import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/** Whether a home, and what was downloaded into it, holds nothing that nobody knows of. */
public final class HomeTidiness {
    /** What a daemon keeps, what the launcher prints, and what tests put beside it. */
    private static final Set<String> KNOWN = Set.of(
            "backups",
            "bitween.db",
            "bitween.db-shm",
            "bitween.db-wal",
            "bitween.db.opened",
            "bitween.db.seal",
            "bitween.toml",
            "control.sock",
            "device.p12",
            "downloads",
            "links",
            "lock",
            "log",
            "native",
            "password",
            "piped",
            "printed.txt",
            "resume.key",
            "revisions",
            "search.db",
            "search.db-shm",
            "search.db-wal",
            "torrents");

    private HomeTidiness() {}

    /** Until it is so: what a job leaves is deleted beside what goes on. */
    public static void await(Home home, ControlClient daemon, Duration limit) {
        Awaitility.await("nothing is left lying about")
                .atMost(limit)
                .pollInterval(Duration.ofMillis(100))
                .pollDelay(Duration.ZERO)
                .untilAsserted(
                        () -> Assertions.assertThat(strangers(home, daemon)).isEmpty());
    }

    private static List<Path> strangers(Home home, ControlClient daemon) throws IOException, InterruptedException {
        Set<String> hashes = new HashSet<>();
        Set<String> staging = new HashSet<>();
        for (String kind : List.of("shares", "jobs")) {
            for (Answer transfer : daemon.call(kind).views(kind)) {
                hashes.add(transfer.text("hash"));
                staging.add(".bitween-" + transfer.text("hash"));
            }
        }
        List<Path> strangers = new ArrayList<>(namedOtherwise(home.data(), KNOWN));
        strangers.addAll(namedOtherwise(home.links(), hashes));
        strangers.addAll(namedOtherwise(home.piped(), Set.of())); // nothing is sent
        strangers.addAll(unfinished(home.natives()));
        namedOtherwise(home.downloads(), staging).stream()
                .filter(path ->
                        path.getFileName().toString().startsWith(".")) // what was removed without its files stays
                .forEach(strangers::add);
        Set<String> copies = new HashSet<>(Set.of("complete"));
        hashes.forEach(hash -> copies.add(hash + ".torrent"));
        strangers.addAll(namedOtherwise(home.data().resolve("torrents"), copies));
        return strangers;
    }

    private static List<Path> unfinished(Path folder) throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            return content.filter(path -> path.toString().endsWith(".new")).toList();
        }
    }

    private static List<Path> namedOtherwise(Path folder, Set<String> known) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> content = Files.list(folder)) {
            return content.filter(path -> !known.contains(String.valueOf(path.getFileName())))
                    .toList();
        }
    }
}
