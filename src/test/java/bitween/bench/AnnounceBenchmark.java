package bitween.bench;

import bitween.config.Home;
import bitween.config.Homes;
import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code AnnounceBenchmark RUNS HOME SERVER-PORT CA SHARES COUNT...}: the daemon of HOME, alice@bench.test, has SHARES shares already. With so many contacts online, c1@bench.test and so on,
 * shares one small file after the other and prints for each run: how many contacts, the milliseconds from the request until the last of them has heard, and the bytes that
 * the server sent to all of them.
 */
public final class AnnounceBenchmark {
    private static final long PATIENCE_SECONDS = 60;
    /** Changes that follow each other sooner are announced together. */
    private static final long CALM_SECONDS = 3;

    private AnnounceBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int runs = Integer.parseInt(arguments[0]);
        Path directory = Path.of(arguments[1]);
        Home home = Homes.resolve(directory, Map.of(), directory);
        Path files = Files.createDirectories(directory.resolveSibling("announced"));
        try (ControlClient daemon = ControlClient.connect(home);
                Contacts contacts = new Contacts(
                        "bench.test", Integer.parseInt(arguments[2]), Path.of(arguments[3]), "alice@bench.test")) {
            for (int number = 0; number < Integer.parseInt(arguments[4]); number++) {
                share(daemon, files, "before " + number);
            }
            awaitSeeding(daemon);
            int online = 0;
            for (int i = 5; i < arguments.length; i++) {
                List<String> more = new ArrayList<>();
                while (online < Integer.parseInt(arguments[i])) {
                    more.add("c" + ++online);
                }
                contacts.add(more);
                contacts.awaitNews(PATIENCE_SECONDS);
                for (int run = 0; run < runs; run++) {
                    TimeUnit.SECONDS.sleep(CALM_SECONDS);
                    contacts.forget();
                    long begin = System.nanoTime();
                    share(daemon, files, online + " " + run);
                    long heard = contacts.awaitNews(PATIENCE_SECONDS);
                    TimeUnit.SECONDS.sleep(1); // what follows it
                    System.out.println(online + " " + TimeUnit.NANOSECONDS.toMicros(heard - begin) / 1_000.0 + " "
                            + contacts.bytes());
                }
            }
        }
    }

    private static void share(ControlClient daemon, Path files, String name) throws Exception {
        daemon.call(
                "share.add",
                Map.of("path", Files.writeString(files.resolve(name), name).toString(), "to", List.of("everyone")));
    }

    private static void awaitSeeding(ControlClient daemon) throws InterruptedException {
        while (!daemon.call("shares").views("shares").stream()
                .map((Answer share) -> share.text("state"))
                .allMatch("SEEDING"::equals)) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
