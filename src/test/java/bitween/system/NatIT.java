package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.link.Taker;
import bitween.testing.Folders;
import bitween.testing.LabDaemon;
import bitween.testing.NetworkLab;
import bitween.testing.NetworkLab.XmppServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Friends who cannot be dialled, and friends who share an address with others. No router is asked to let anybody in. Needs root; else it is skipped. */
@Tag("namespaces")
@Timeout(180)
class NatIT {
    private static final int RATE = 2_000_000;
    private static final int KNOCKS = 20;
    private static final String ALICE_IP = "203.0.113.10";
    /** In-band, at 64 KiB a second, 10 MB would take more than two minutes and a half. */
    private static final Duration DIRECTLY = Duration.ofSeconds(40);

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private NetworkLab lab;
    private XmppServer server;
    private final List<LabDaemon> started = new ArrayList<>();

    @BeforeEach
    void a_server() throws IOException, InterruptedException {
        lab = NetworkLab.open(directory);
        server = lab.xmppServer();
    }

    @AfterEach
    void stop() throws IOException {
        try {
            started.forEach(LabDaemon::close);
        } finally {
            if (lab != null) { // null where the test is skipped
                lab.close();
            }
        }
    }

    /** Carol was a friend, and so knows it all; to alice she has bob's address. */
    @Test
    void a_neighbour_behind_the_same_router_gets_nothing_while_the_friend_is_served()
            throws IOException, InterruptedException {
        lab.host("alice", ALICE_IP);
        lab.router();
        lab.hostBehindRouter("bob", "192.168.9.10");
        lab.hostBehindRouter("carol", "192.168.9.11");
        LabDaemon alice = daemon("alice");
        LabDaemon bob = daemon("bob");
        LabDaemon carol = daemon("carol");
        alice.befriend(bob);
        alice.befriend(carol);
        Path file = Folders.file(directory.resolve("film.bin"), 5 * RATE, 1);
        String hash = alice.share(file).text("hash");
        bob.untilListed(alice, "film.bin");
        carol.untilListed(alice, "film.bin");
        carol.untilPath(alice, "DIRECT");
        String owner = bob.devicesOf(alice).findFirst().orElseThrow().text("id");
        String[] knowledge = {owner, ALICE_IP + ":" + alice.port(), hash};

        alice.call("friend.rm", Map.of("jid", carol.jid()));
        Answer job = bob.want("alice/film.bin");
        bob.until("bytes flow", () -> bob.doneBytes(job) > 0);
        Answer carols = carol.want(hash);
        String asHerself = knock(carol, KNOCKS, knowledge);
        String asAnybody = within("carol", KNOCKS, knowledge);
        bob.untilComplete(job, LIMIT);

        assertThat(asHerself).contains("told 0 bytes");
        assertThat(asAnybody).contains("told 0 bytes");
        assertThat(carol.doneBytes(carols)).isZero();
        assertThat(bob.downloads().resolve("film.bin")).hasSameBinaryContentAs(file);
        assertThat(knock(bob, 1, knowledge)).contains("told 68 bytes"); // a handshake
        assertThat(alice.call("info", Map.of("name", "film.bin"))
                        .view("transfer")
                        .number("uploadedBytes"))
                .isLessThan(6L * RATE);
    }

    @Test
    void two_who_let_nobody_in_browse_each_other_and_get_a_small_file_through_the_server()
            throws IOException, InterruptedException {
        lab.host("alice", ALICE_IP);
        lab.host("bob", "203.0.113.20");
        lab.letNobodyIn("alice");
        lab.letNobodyIn("bob");
        LabDaemon alice = daemon("alice");
        LabDaemon bob = daemon("bob");
        alice.befriend(bob);
        Path file = Folders.file(directory.resolve("small.bin"), 1_000_000, 2);

        long begin = System.nanoTime();
        alice.share(file);
        bob.untilListed(alice, "small.bin");
        Duration browsed = Duration.ofNanos(System.nanoTime() - begin);
        bob.untilComplete(bob.want("alice/small.bin"), LIMIT);
        Duration got = Duration.ofNanos(System.nanoTime() - begin).minus(browsed);

        System.out.println("in-band: listed after " + browsed + ", 1 MB came in " + got); // failsafe keeps it
        assertThat(bob.downloads().resolve("small.bin")).hasSameBinaryContentAs(file);
        bob.untilPath(alice, "IN_BAND");
        alice.untilPath(bob, "IN_BAND");
        assertThat(lab.turnedAway("alice")).isPositive();
        assertThat(lab.turnedAway("bob")).isPositive();
    }

    @ParameterizedTest(name = "behind a router: {0}")
    @ValueSource(booleans = {false, true})
    void one_who_lets_nobody_in_sends_files_directly_all_the_same(boolean router)
            throws IOException, InterruptedException {
        if (router) {
            lab.router();
            lab.hostBehindRouter("alice", "192.168.9.10");
        } else {
            lab.host("alice", ALICE_IP);
            lab.letNobodyIn("alice");
        }
        lab.host("bob", "203.0.113.20");
        LabDaemon alice = daemon("alice");
        LabDaemon bob = daemon("bob");
        alice.befriend(bob);
        Path file = Folders.file(directory.resolve("film.bin"), 5 * RATE, 3);
        alice.share(file);
        bob.untilListed(alice, "film.bin");

        long begin = System.nanoTime();
        bob.untilComplete(bob.want("alice/film.bin"), DIRECTLY);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);

        System.out.println("10 MB from who lets nobody in came in " + took); // failsafe keeps it with the result
        assertThat(bob.downloads().resolve("film.bin")).hasSameBinaryContentAs(file);
        bob.untilPath(alice, "DIRECT");
        alice.untilPath(bob, "DIRECT");
    }

    /** A program of their own dials with the daemon's key. @return what it says */
    private String knock(LabDaemon person, int times, String... knowledge) throws IOException, InterruptedException {
        Path key = person.program().home().resolve("device.p12");
        return within(hostOf(person), times, knowledge[0], knowledge[1], knowledge[2], key.toString());
    }

    private String within(String host, int times, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Taker.class.getName(), Integer.toString(times)));
        command.addAll(List.of(arguments));
        return lab.within(host, command.toArray(String[]::new));
    }

    private static String hostOf(LabDaemon person) {
        return person.jid().substring(0, person.jid().indexOf('@'));
    }

    private LabDaemon daemon(String person) throws IOException, InterruptedException {
        Map<String, ?> settings = Map.of("upload_bytes_per_second", RATE, "port_mapping", false);
        LabDaemon daemon = LabDaemon.start(lab, directory, server, person, settings);
        started.add(daemon);
        return daemon;
    }
}
