package bitween.testing;

import static bitween.testing.Promises.NONE;
import static bitween.testing.Promises.key;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/** What a person who cannot sit still asks of a daemon; what it answers is kept as {@link Promises}. Thread: one. */
public final class Workload {
    private static final List<String> AUDIENCES =
            List.of("everyone", "bob@" + TestServer.DOMAIN, "carol@" + TestServer.DOMAIN);
    private static final int LONGEST_WAIT_MS = 60;
    private static final int MAX_RATE = 50_000_000;
    private static final int MIN_RATE = 1_000_000;

    private final Promises promises;
    private final List<Path> sources;
    private final ConcurrentMap<String, Path> offered;
    private final String friend;
    private final Random random;

    /**
     * @param sources what may be shared
     * @param offered what anybody shares or shared, by hash: this adds its own
     * @param friend who is one
     */
    public Workload(
            Promises promises, List<Path> sources, ConcurrentMap<String, Path> offered, String friend, long seed) {
        this.promises = promises;
        this.sources = List.copyOf(sources);
        this.offered = offered;
        this.friend = friend;
        random = new Random(seed);
    }

    /**
     * Asks for one thing.
     *
     * @throws UserException DAEMON_NOT_RUNNING when it was cut off
     */
    public void step(ControlClient daemon) throws InterruptedException {
        Path source = any(sources);
        boolean shared =
                !promises.value(key("share", source.toString(), "kept")).isEmpty();
        List<String> jobs = promises.subjects("job", "kept");
        int choice = random.nextInt(12);
        if (choice < 3 && !shared) {
            share(daemon, source);
        } else if (choice < 1 && shared) {
            unshare(daemon, source);
        } else if (choice < 4 && shared) {
            grant(daemon, source);
        } else if (choice < 5 && shared) {
            revoke(daemon, source);
        } else if (choice < 8 && !offered.isEmpty()) {
            get(daemon, any(List.copyOf(offered.keySet())));
        } else if (choice < 9 && jobs.size() > 2) {
            remove(daemon, any(jobs));
        } else if (choice < 10) {
            limit(daemon);
        } else {
            settle(daemon);
        }
    }

    private void share(ControlClient daemon, Path source) throws InterruptedException {
        String audience = any(AUDIENCES);
        ask(
                daemon,
                "share.add",
                Map.of("path", source.toString(), "to", List.of(audience)),
                Map.of(ofShare(source, "kept"), "yes", ofShare(source, "audience"), audience));
    }

    private void unshare(ControlClient daemon, Path source) throws InterruptedException {
        ask(
                daemon,
                "share.rm",
                Map.of("name", nameOf(source)),
                Map.of(
                        ofShare(source, "kept"),
                        NONE,
                        ofShare(source, "hash"),
                        NONE,
                        ofShare(source, "audience"),
                        NONE));
    }

    private void grant(ControlClient daemon, Path source) throws InterruptedException {
        String audience = promises.value(ofShare(source, "audience"));
        if (audience.isEmpty()) {
            ask(
                    daemon,
                    "share.grant",
                    Map.of("name", nameOf(source), "to", List.of(AUDIENCES.get(0))),
                    Map.of(ofShare(source, "audience"), AUDIENCES.get(0)));
        }
    }

    private void revoke(ControlClient daemon, Path source) throws InterruptedException {
        String audience = promises.value(ofShare(source, "audience"));
        if (!audience.isEmpty()) {
            ask(
                    daemon,
                    "share.revoke",
                    Map.of("name", nameOf(source), "from", List.of(audience)),
                    Map.of(ofShare(source, "audience"), NONE));
        }
    }

    private void get(ControlClient daemon, String hash) throws InterruptedException {
        boolean own = sources.contains(offered.get(hash));
        if (!own) {
            Map<String, String> kept = Map.of(key("job", hash, "kept"), "yes");
            ask(
                    daemon,
                    "job.get",
                    Map.of("ref", hash, "reshare", false),
                    kept,
                    got -> got.flag("sameContent") ? Map.of() : kept); // else it is here under another hash
        }
    }

    private void remove(ControlClient daemon, String hash) throws InterruptedException {
        ask(
                daemon,
                "job.rm",
                Map.of("name", hash, "withFiles", random.nextBoolean()),
                Map.of(key("job", hash, "kept"), NONE, key("job", hash, "complete"), NONE));
    }

    private void limit(ControlClient daemon) throws InterruptedException {
        int down = MIN_RATE + random.nextInt(MAX_RATE);
        ask(
                daemon,
                "friend.limit",
                Map.of("friend", friend, "down", down, "up", MIN_RATE),
                Map.of(key("friend", friend, "limit"), down + "/" + MIN_RATE));
    }

    /** Waits a little for one of the shares or jobs, and tells what has become of it. */
    private void settle(ControlClient daemon) throws InterruptedException {
        for (String kind : List.of("shares", "jobs")) {
            List<Answer> all = daemon.call(kind).views(kind);
            if (!all.isEmpty()) {
                Answer now = daemon.call(
                        "transfer.wait",
                        Map.of("id", any(all).number("id"), "timeoutMs", 1 + random.nextInt(LONGEST_WAIT_MS)));
                told(now);
            }
        }
    }

    private void told(Answer transfer) {
        Map<String, String> news = new HashMap<>();
        if (transfer.text("kind").equals("SHARE") && transfer.has("hash")) {
            Path place = Path.of(transfer.text("place"));
            news.put(ofShare(place, "hash"), transfer.text("hash"));
            offered.put(transfer.text("hash"), place);
        } else if (transfer.text("state").equals("COMPLETE")) {
            news.put(key("job", transfer.text("hash"), "complete"), transfer.text("place"));
        }
        promises.answered(news);
    }

    private void ask(ControlClient daemon, String method, Map<String, Object> params, Map<String, String> effects)
            throws InterruptedException {
        ask(daemon, method, params, effects, answer -> effects);
    }

    /**
     * @param possible what may be so afterwards
     * @param said what is, by the answer
     */
    private void ask(
            ControlClient daemon,
            String method,
            Map<String, Object> params,
            Map<String, String> possible,
            Function<Answer, Map<String, String>> said)
            throws InterruptedException {
        promises.asking(possible);
        try {
            promises.answered(said.apply(daemon.call(method, params)));
        } catch (UserException e) {
            if (e.code() == ErrorCode.DAEMON_NOT_RUNNING || e.code() == ErrorCode.TIMED_OUT) {
                throw e;
            }
            promises.refused();
        }
    }

    /** Folders of one name are shared by nobody. */
    private static String nameOf(Path source) {
        return String.valueOf(source.getFileName());
    }

    private static String ofShare(Path source, String key) {
        return key("share", source.toString(), key);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Files and folders with names that nobody else has. */
    public static List<Path> sources(Path parent, String person, int count) throws java.io.IOException {
        List<Path> sources = new java.util.ArrayList<>();
        for (int i = 0; i < count; i++) {
            Path folder = Files.createDirectories(parent.resolve(person + "'s things"));
            long seed = (person + i).hashCode();
            sources.add(
                    i % 3 == 2
                            ? Folders.holiday(folder, person + " " + i, 300_000 * i)
                            : Folders.file(folder.resolve(person + " " + i + ".bin"), 1 + 250_000 * i, seed));
        }
        return sources;
    }
}
