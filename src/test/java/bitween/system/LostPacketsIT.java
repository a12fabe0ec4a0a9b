package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.LabDaemon;
import bitween.testing.NetworkLab;
import bitween.testing.NetworkLab.XmppServer;
import bitween.testing.Returns;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Packets between a daemon and its server vanish, and nobody is told: no reset, no closing, no address that goes. Needs root; else it is skipped. */
@Tag("namespaces")
@Timeout(1_800)
class LostPacketsIT {
    private static final boolean LONG = Boolean.getBoolean("bitween.long");

    private static final int RATE = 100_000;

    @TempDir
    Path directory;

    private NetworkLab lab;
    private XmppServer server;
    private LabDaemon alice;
    private final Random random = new Random(31);

    @BeforeEach
    void somebody_online() throws IOException, InterruptedException {
        lab = NetworkLab.open(directory);
        lab.host("alice", "203.0.113.10");
        lab.host("bob", "203.0.113.20");
        server = lab.xmppServer();
        alice = LabDaemon.start(lab, directory, server, "alice", Map.of("upload_bytes_per_second", RATE));
    }

    @AfterEach
    void stop() throws IOException {
        try {
            if (alice != null) { // null where the test is skipped
                alice.close();
            }
        } finally {
            if (lab != null) {
                lab.close();
            }
        }
    }

    @Test
    void a_server_whose_packets_or_ours_vanish_is_given_up_soon_and_found_again_and_a_transfer_goes_on()
            throws IOException, InterruptedException {
        try (LabDaemon bob = LabDaemon.start(lab, directory, server, "bob", Map.of())) {
            alice.befriend(bob);
            Path file = Folders.file(directory.resolve("long.bin"), (LONG ? 1_200 : 240) * RATE, 1);
            alice.share(file);
            bob.untilListed(alice, "long.bin");
            Answer job = bob.want("alice/long.bin");
            bob.until("bytes flow", () -> bob.doneBytes(job) > 0);
            Returns noticed = new Returns("noticed that packets vanish");
            Returns online = new Returns("online again after packets vanished");

            for (int more : LONG ? new int[] {0, 1, 5, 20, 60, 120} : new int[] {2}) {
                for (Hole hole : Hole.values()) {
                    long before = bob.doneBytes(job);
                    lab.swallow("alice", hole != Hole.OURS, hole != Hole.ITS);
                    long began = System.nanoTime();
                    alice.until("it is noticed", () -> !isOnline());
                    noticed.add(began);
                    pass(Duration.ofMillis(1_000 * more + random.nextInt(1_000)));
                    assertThat(bob.doneBytes(job)).as("bytes flow meanwhile").isGreaterThan(before + RATE);
                    lab.swallowNoMore("alice");
                    long over = System.nanoTime();
                    alice.until("online", this::isOnline);
                    online.add(over);
                    alice.until(
                            "he is seen", () -> TestDaemon.seesPresence(alice.call("friends", Map.of()), bob.jid()));
                }
            }

            noticed.verify();
            online.verify();
        }
    }

    /** What is sent to know that the server is there: its operator pays for it too. */
    @Test
    void a_connection_on_which_nothing_happens_costs_less_than_150_bytes_a_second()
            throws IOException, InterruptedException {
        pass(Duration.ofSeconds(5)); // what a login is followed by
        long before = bytes();
        long begin = System.nanoTime();

        pass(Duration.ofSeconds(LONG ? 300 : 20));

        double seconds = (System.nanoTime() - begin) / 1e9;
        long perSecond = Math.round((bytes() - before) / seconds);
        System.out.println("an idle connection costs " + perSecond + " bytes a second"); // failsafe keeps it
        assertThat(perSecond).isBetween(1L, 150L);
    }

    /** All that went through alice's cable, both ways, from the Ethernet header on. */
    private long bytes() throws IOException, InterruptedException {
        long sum = 0;
        for (String way : List.of("rx", "tx")) {
            sum += Long.parseLong(lab.within("alice", "cat", "/sys/class/net/eth0/statistics/" + way + "_bytes")
                    .strip());
        }
        return sum;
    }

    /** Which packets vanish. */
    private enum Hole {
        ITS,
        OURS,
        BOTH
    }

    private boolean isOnline() {
        return alice.call("status", Map.of()).view("xmpp").text("state").equals("ONLINE");
    }

    private static void pass(Duration time) {
        Awaitility.await().atMost(time.plusSeconds(10)).pollDelay(time).until(() -> true);
    }
}
