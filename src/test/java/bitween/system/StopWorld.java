package bitween.system;

import bitween.config.Home;
import bitween.control.client.Answer;
import bitween.testing.ChildDaemon;
import bitween.testing.EmbeddedServer;
import bitween.testing.Folders;
import bitween.testing.Program;
import bitween.testing.TcpProxy;
import bitween.testing.TestDaemon;
import bitween.testing.TestServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Alice, who is stopped again and again, whatever she is at; her friend bob, a process that can be made to hang; and their server, whose network can. Thread: the test's. */
final class StopWorld implements AutoCloseable {
    /** Takes minutes to hash, and no room. */
    private static final long HUGE_BYTES = 200L << 30;
    /** Takes seconds to read. */
    private static final long BIG_BYTES = 2L << 30;

    private static final int FILM_BYTES = 20_000_000;
    private static final int BYTES_PER_SECOND = 100_000;
    private static final String NOBODYS = "0123456789012345678901234567890123456789";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What she is at. */
    enum Phase {
        STARTING,
        IDLE,
        HASHING,
        WAITING_FOR_FRIEND,
        METADATA,
        DOWNLOADING,
        VERIFYING,
        /** Another program holds her database, and something waits to be written. */
        STORE_HELD,
        /** Her server never says good-bye, so it takes a while. */
        STOPPING
    }

    /** Her daemon, here or a process, as a program that speaks to its socket sees it. */
    interface Daemon {
        Answer call(String method, Map<String, ?> params);
    }

    private final Path directory;
    private final EmbeddedServer server;
    private final TcpProxy network;
    private final TestDaemon alice;
    private final ChildDaemon bob;
    private Optional<Connection> holder = Optional.empty();

    StopWorld(Path directory) throws Exception {
        this.directory = directory;
        server = new EmbeddedServer(directory, "alice", "bob");
        network = TcpProxy.to(server.port());
        alice = TestDaemon.create(directory, server, "alice", Map.of("xmpp.server", "127.0.0.1:" + network.port()));
        Home home;
        try (TestDaemon friend = TestDaemon.started(directory, server, "bob")) {
            alice.start().befriend(friend);
            friend.share(Folders.file(directory.resolve("film.bin"), FILM_BYTES, 1));
            friend.share(Folders.file(directory.resolve("song.bin"), 100_000, 2));
            alice.untilListed(friend, "film.bin");
            alice.untilListed(friend, "song.bin");
            alice.share(Folders.file(directory.resolve("kept.bin"), 100_000, 3));
            alice.share(sparse("big.bin", BIG_BYTES));
            sparse("huge.bin", HUGE_BYTES);
            alice.call("friend.limit", Map.of("friend", friend.jid(), "down", BYTES_PER_SECOND));
            alice.stop();
            home = friend.home();
        }
        bob = ChildDaemon.start(home, List.of());
        bob.awaitReady().orElseThrow().close();
    }

    private Path sparse(String name, long bytes) throws IOException {
        Path path = directory.resolve(name);
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(bytes);
        }
        return path;
    }

    /** In this process, while she runs in it. */
    TestDaemon alice() {
        return alice;
    }

    Home home() {
        return alice.home();
    }

    /** All that she had, she has; what the last phase left goes. */
    void settle(Daemon daemon) {
        for (Answer job : daemon.call("jobs", Map.of()).views("jobs")) {
            daemon.call("job.rm", Map.of("name", "#" + job.number("id")));
        }
        for (Answer share : daemon.call("shares", Map.of()).views("shares")) {
            if (share.text("name").equals("huge.bin") || share.text("name").startsWith("new")) {
                daemon.call("share.rm", Map.of("name", share.text("name")));
            }
        }
        until(
                daemon,
                "shares",
                Map.of(),
                shares -> shares.views("shares").stream()
                        .filter(share -> share.text("state").equals("SEEDING"))
                        .map(share -> share.text("name"))
                        .sorted()
                        .toList()
                        .equals(List.of("big.bin", "kept.bin")));
        until(
                daemon,
                "status",
                Map.of(),
                status -> status.view("xmpp").text("state").equals("ONLINE"));
        until(daemon, "friends", Map.of(), friends -> TestDaemon.seesOnline(friends, "bob@" + TestServer.DOMAIN));
    }

    /** Returns when she is at it. */
    void begin(Phase phase, Daemon daemon) throws Exception {
        switch (phase) {
            case STARTING, IDLE -> {}
            case HASHING -> {
                Answer share = daemon.call("share.add", share("huge.bin"));
                untilTransfer(daemon, share, now -> now.text("state").equals("HASHING") && now.number("doneBytes") > 0);
            }
            case WAITING_FOR_FRIEND -> get(daemon, NOBODYS, "WAITING_FOR_FRIEND");
            case METADATA -> {
                until(daemon, "friends", Map.of(), StopWorld::isLinked);
                Program.kill("STOP", bob.pid());
                get(
                        daemon,
                        "bob/song.bin",
                        "METADATA",
                        "WAITING_FOR_FRIEND"); // that, if the last answer comes after all
            }
            case DOWNLOADING -> get(daemon, "bob/film.bin", "DOWNLOADING");
            case VERIFYING -> {
                Answer share = daemon.call("transfer.recheck", Map.of("name", "big.bin"));
                untilTransfer(daemon, share, now -> now.text("state").equals("VERIFYING"));
            }
            case STORE_HELD -> hold();
            case STOPPING -> network.holdToClient();
        }
    }

    /** After the stop. */
    void end(Phase phase) throws Exception {
        network.release();
        if (phase == Phase.METADATA) {
            Program.kill("CONT", bob.pid());
        }
        if (holder.isPresent()) {
            holder.get().close();
            holder = Optional.empty();
        }
    }

    /** So that threads have something to do; it may be refused. */
    Map<String, Object> share(String name) {
        return Map.of("path", directory.resolve(name).toString(), "to", List.of("everyone"));
    }

    /** The server says something to her. */
    void speak(String fullJid) {
        server.inject(fullJid, "<presence xmlns='jabber:client' from='bob@" + TestServer.DOMAIN + "/x'/>");
    }

    void letNetworkPass() {
        network.release();
    }

    private void get(Daemon daemon, String reference, String... states) {
        Answer job = daemon.call("job.get", Map.of("ref", reference)).view("transfer");
        untilTransfer(daemon, job, now -> List.of(states).contains(now.text("state")));
    }

    private void hold() throws SQLException {
        Connection connection =
                DriverManager.getConnection("jdbc:sqlite:" + alice.home().database());
        holder = Optional.of(connection);
        try (var statement = connection.createStatement()) {
            statement.execute("begin exclusive");
        }
    }

    private static boolean isLinked(Answer friends) {
        return friends.views("friends").stream()
                .flatMap(friend -> friend.views("devices").stream())
                .anyMatch(device -> device.has("path"));
    }

    private static void untilTransfer(Daemon daemon, Answer transfer, Predicate<Answer> wanted) {
        until(daemon, "transfer.get", Map.of("name", "#" + transfer.number("id")), wanted);
    }

    private static void until(Daemon daemon, String method, Map<String, ?> params, Predicate<Answer> wanted) {
        Awaitility.await(method + params)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> daemon.call(method, params), wanted);
    }

    @Override
    public void close() throws IOException {
        alice.close();
        bob.close();
        network.close();
        server.close();
    }
}
