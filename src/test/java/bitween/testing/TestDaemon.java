package bitween.testing;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.app.Daemon;
import bitween.app.Lifecycle;
import bitween.bus.Bus;
import bitween.bus.Event;
import bitween.bus.Mailbox;
import bitween.bus.Request;
import bitween.config.Config;
import bitween.config.ConfigFile;
import bitween.config.Home;
import bitween.config.PasswordFile;
import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.model.TransferId;
import bitween.model.UserException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A whole daemon in this process, on loopback, asked as commands ask it: over its socket. */
public final class TestDaemon implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Home home;
    private final Path userHome;
    private final String jid;
    private @Nullable Lifecycle lifecycle;
    private @Nullable ControlClient client;
    private @Nullable Bus bus;

    private TestDaemon(Path directory, String jid) {
        this.home = Home.in(directory.resolve("home"));
        this.userHome = directory;
        this.jid = jid;
    }

    /** Set up as {@code bitween init} does it; not started. */
    public static TestDaemon create(Path parent, TestServer server, String person, Map<String, ?> settings) {
        TestDaemon daemon = new TestDaemon(parent.resolve(person), server.jid(person));
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("xmpp.jid", daemon.jid);
        values.put("xmpp.server", server.at(person));
        values.put("xmpp.ca_file", server.caFile(person).toString());
        values.put("device.name", person + "-laptop");
        values.put("network.allow", List.of("loopback"));
        values.put("network.listen", "loopback");
        values.put("sharing.audience", List.of("everyone"));
        values.putAll(settings);
        daemon.home.createDirectories();
        ConfigFile.write(daemon.home, daemon.userHome, values);
        PasswordFile.write(daemon.home.passwordFile(), person + "-secret");
        return daemon;
    }

    public static TestDaemon started(Path parent, TestServer server, String person) {
        TestDaemon daemon = create(parent, server, person, Map.of());
        daemon.start();
        return daemon;
    }

    public TestDaemon start() {
        Config config = ConfigFile.load(home, userHome);
        Lifecycle started = new Lifecycle(STOP, () -> {
            throw new AssertionError("the stop of " + jid + " hangs");
        });
        started.start();
        lifecycle = started;
        bus = Daemon.start(home, config, started);
        client = ControlClient.connect(home);
        return this;
    }

    /** As a signal or {@code bitween stop} does it; fails when it takes more than 10 s. */
    public void stop() {
        Lifecycle running = lifecycle;
        if (running == null) {
            return;
        }
        lifecycle = null;
        if (client != null) {
            client.close();
        }
        long begin = System.nanoTime();
        running.requestShutdown("the test");
        try {
            running.awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(STOP);
    }

    @Override
    public void close() {
        stop();
    }

    public Lifecycle lifecycle() {
        if (lifecycle == null) {
            throw new IllegalStateException(jid + " is not running");
        }
        return lifecycle;
    }

    /** Runs {@code task} on the thread that routes messages. */
    public void onBusThread(Runnable task) {
        bus().subscribe(Poke.class, new Inline(), poke -> task.run());
        bus().publish(new Poke());
    }

    /** Runs {@code task} on the torrent worker's thread, within the answer to a request. */
    public void onTorrentThread(Runnable task) {
        // what is not there is refused by the worker itself, on its thread, which then runs this
        var unused = bus().ask(new RecheckTransfer(new TransferId(Long.MAX_VALUE)))
                .whenComplete((answer, failure) -> task.run());
    }

    /** Says something in the name of a component. */
    public void publish(Event event) {
        bus().publish(event);
    }

    /** Asks a component past the socket. */
    public <R> CompletableFuture<R> ask(Request<R> request) {
        return bus().ask(request);
    }

    /** Says something to all its components, as if it had happened. */
    public void tell(Event event) {
        bus().publish(event);
    }

    /** The first such fact from now on. */
    public <E extends Event> CompletableFuture<E> next(Class<E> topic) {
        CompletableFuture<E> heard = new CompletableFuture<>();
        bus().subscribe(topic, new Inline(), heard::complete);
        return heard;
    }

    /** Hears all such facts from now on, on the thread that delivers them. */
    public <E extends Event> void hears(Class<E> topic, Consumer<E> ear) {
        bus().subscribe(topic, new Inline(), ear);
    }

    private Bus bus() {
        if (bus == null) {
            throw new IllegalStateException(jid + " was never started");
        }
        return bus;
    }

    private record Poke() implements Event {}

    /** Handles on the thread that delivers. */
    private static final class Inline implements Mailbox {
        @Override
        public String name() {
            return "inline";
        }

        @Override
        public boolean isOwner() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }
    }

    public Home home() {
        return home;
    }

    public Path downloads() {
        return home.downloads();
    }

    public String jid() {
        return jid;
    }

    /** @throws UserException what the daemon says */
    public Answer call(String method, Map<String, ? extends @Nullable Object> params) {
        if (client == null) {
            throw new IllegalStateException(jid + " was never started");
        }
        try {
            return client.call(method, params);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    public Answer call(String method) {
        return call(method, Map.of());
    }

    /** Asks again until the answer is as wanted. */
    public Answer until(String method, Map<String, ?> params, Predicate<Answer> wanted) {
        return Awaitility.await(jid + ": " + method + params)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> call(method, params), wanted);
    }

    public void untilOnline() {
        until("status", Map.of(), status -> status.view("xmpp").text("state").equals("ONLINE"));
    }

    /** Both are in each other's roster and see each other's daemon. */
    public void befriend(TestDaemon other) {
        untilOnline();
        other.untilOnline();
        call("friend.add", Map.of("jid", other.jid));
        other.until("friends", Map.of(), answer -> answer.fields().toString().contains(jid));
        other.call("friend.accept", Map.of("jid", jid));
        until("friends", Map.of(), answer -> seesOnline(answer, other.jid));
        other.until("friends", Map.of(), answer -> seesOnline(answer, jid));
    }

    /** The user says that the one device of {@code jid} that waits is theirs; it is online afterwards. */
    public void trusts(String jid) {
        until(
                "friends",
                Map.of(),
                answer -> answer.views("friends").stream()
                        .filter(friend -> friend.text("jid").equals(jid))
                        .flatMap(friend -> friend.views("devices").stream())
                        .anyMatch(device -> device.has("held")));
        call("trust", Map.of("friend", jid));
    }

    public static boolean seesOnline(Answer friends, String jid) {
        return friends.views("friends").stream()
                .anyMatch(friend -> friend.text("jid").equals(jid) && friend.flag("online"));
    }

    /** Also by presence: who is linked counts as online whatever the servers do. */
    public static boolean seesPresence(Answer friends, String jid) {
        return friends.views("friends").stream()
                .anyMatch(
                        friend -> friend.text("jid").equals(jid) && friend.flag("online") && friend.flag("available"));
    }

    /** Shares with everyone, as the configuration says, and waits until it is hashed. @return the transfer */
    public Answer share(Path path) {
        Answer added = call("share.add", Map.of("path", path.toString()));
        return settled(added);
    }

    /** Shares with these alone, and waits until it is hashed. @return the transfer */
    public Answer share(Path path, String... grantees) {
        return settled(call("share.add", Map.of("path", path.toString(), "to", List.of(grantees))));
    }

    /** Gets and waits until it is complete or failed. @return the transfer */
    public Answer get(String reference) {
        return settled(want(reference));
    }

    /** Asks for it. @return the job as it stands */
    public Answer want(String reference) {
        return call("job.get", Map.of("ref", reference)).view("transfer");
    }

    public Answer settled(Answer transfer) {
        return until(
                "transfer.wait",
                Map.of("id", transfer.number("id"), "timeoutMs", 1_000),
                answer -> List.of("SEEDING", "COMPLETE", "FAILED", "MISSING", "STALE")
                        .contains(answer.text("state")));
    }

    /** Until the friend's list has a share of this name. */
    public void untilListed(TestDaemon friend, String share) {
        until(
                "ls",
                Map.of("path", friend.jid),
                answer -> answer.fields().toString().contains(share));
    }
}
