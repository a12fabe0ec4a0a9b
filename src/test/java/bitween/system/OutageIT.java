package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What breaks around the daemons, and several of them on one machine. */
@Tag("xmpp-server")
class OutageIT {
    /** Nobody waits for a server that is not there. */
    private static final Duration START = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    @BeforeEach
    void start() throws IOException {
        people = People.on(directory, "alice", "bob", "carol", "dave");
    }

    @Test
    void a_transfer_goes_on_while_the_server_is_away_and_both_come_back() throws IOException {
        TestDaemon alice = people.start("alice");
        TestDaemon bob = people.start("bob");
        alice.befriend(bob);
        Path file = Folders.file(directory.resolve("long.bin"), 48_000_000, 4);
        alice.share(file);
        bob.untilListed(alice, "long.bin");
        bob.call("friend.limit", Map.of("friend", "alice", "down", 1_000_000)); // a server may take a while to end
        Answer job = bob.want("alice/long.bin");
        untilDone(bob, job, 500_000);

        people.server().close();
        untilOffline(alice, bob);
        long before = untilDone(bob, job, 0);
        untilDone(bob, job, before + 2_000_000);
        assertThat(List.of(state(alice), state(bob))).doesNotContain("ONLINE");
        people.server().restart();
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));
        Answer done = bob.settled(job);

        assertThat(done.text("state")).isEqualTo("COMPLETE");
        assertThat(bob.downloads().resolve("long.bin")).hasSameBinaryContentAs(file);
        alice.untilOnline();
        bob.untilOnline();
        bob.until("friends", Map.of(), friends -> TestDaemon.seesOnline(friends, alice.jid()));
        alice.until("friends", Map.of(), friends -> TestDaemon.seesOnline(friends, bob.jid()));
    }

    /** @return how much of it there is: more than {@code bytes} */
    private static long untilDone(TestDaemon who, Answer job, long bytes) {
        return who.until(
                        "transfer.wait",
                        Map.of("id", job.number("id"), "timeoutMs", 100),
                        answer -> answer.number("doneBytes") > bytes)
                .number("doneBytes");
    }

    private static void untilOffline(TestDaemon... daemons) {
        for (TestDaemon each : daemons) {
            each.until("status", Map.of(), status -> !state(status).equals("ONLINE"));
        }
    }

    private static String state(TestDaemon daemon) {
        return state(daemon.call("status"));
    }

    private static String state(Answer status) {
        return status.view("xmpp").text("state");
    }

    @Test
    void what_a_linked_friend_shares_is_found_and_got_also_while_the_server_is_away() throws IOException {
        TestDaemon alice = people.start("alice");
        TestDaemon bob = people.start("bob");
        alice.befriend(bob);
        Path folder = Folders.holiday(directory, "Holiday", 300_000);
        alice.share(folder);
        bob.untilListed(alice, "Holiday");

        people.server().close();
        untilOffline(alice, bob);

        assertThat(bob.get("alice/Holiday").text("state")).isEqualTo("COMPLETE");
        Folders.assertSame(folder, bob.downloads().resolve("Holiday"));
    }

    @Test
    void a_job_whose_friend_comes_back_on_another_port_goes_on() throws IOException {
        TestDaemon alice = people.start("alice", Map.of("network.upload_bytes_per_second", 1_500_000));
        TestDaemon bob = people.start("bob");
        alice.befriend(bob);
        Path file = Folders.file(directory.resolve("long.bin"), 6_000_000, 8);
        alice.share(file);
        bob.untilListed(alice, "long.bin");
        Answer job = bob.want("alice/long.bin");
        untilDone(bob, job, 500_000);
        long port = alice.call("status").view("engine").number("port");

        alice.stop();
        alice.start();
        Answer done = bob.settled(job);

        assertThat(alice.call("status").view("engine").number("port")).isNotEqualTo(port);
        assertThat(done.text("state")).isEqualTo("COMPLETE");
        assertThat(bob.downloads().resolve("long.bin")).hasSameBinaryContentAs(file);
    }

    @Test
    void a_request_that_waits_is_still_there_when_the_daemon_and_the_server_have_been_away() throws IOException {
        TestDaemon alice = people.start("alice");
        TestDaemon bob = people.start("bob");
        bob.untilOnline();
        alice.untilOnline();
        alice.call("friend.add", Map.of("jid", bob.jid()));
        bob.until("friends", Map.of(), friends -> friends.texts("pending").contains(alice.jid()));

        bob.stop();
        alice.stop();
        people.server().close();
        long begun = System.nanoTime();
        bob.start();
        assertThat(bob.call("friends").texts("pending")).as("without a server").containsExactly(alice.jid());
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("a start without a server")
                .isLessThan(START);
        people.server().restart();
        alice.start();
        bob.untilOnline();
        bob.call("friend.accept", Map.of("jid", alice.jid()));

        alice.until("friends", Map.of(), friends -> TestDaemon.seesOnline(friends, bob.jid()));
        bob.until("friends", Map.of(), friends -> TestDaemon.seesOnline(friends, alice.jid()));
        assertThat(bob.call("friends").texts("pending")).isEmpty();
    }

    @Test
    void a_port_that_is_taken_is_no_reason_not_to_start_and_the_one_that_is_used_is_shown() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            TestDaemon alice = people.start("alice", Map.of("network.port", taken.getLocalPort()));
            TestDaemon bob = people.start("bob");
            alice.befriend(bob);
            alice.share(Folders.file(directory.resolve("a.bin"), 50_000, 1));
            bob.untilListed(alice, "a.bin");

            assertThat(alice.call("status").view("engine").number("port"))
                    .isPositive()
                    .isNotEqualTo(taken.getLocalPort());
            assertThat(bob.get("alice/a.bin").text("state")).isEqualTo("COMPLETE");
        }
    }

    @Test
    void four_daemons_on_one_machine_serve_each_other_side_by_side() throws IOException {
        TestDaemon alice = people.start("alice");
        List<TestDaemon> others = List.of(people.start("bob"), people.start("carol"), people.start("dave"));
        for (TestDaemon other : others) {
            alice.befriend(other);
        }
        List<Path> folders = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            // each of its own content: what is here under another name does not come again
            folders.add(Folders.holiday(directory.resolve("alice's"), "Folder " + i, 2_000_000 + i));
            alice.share(folders.get(i));
        }

        List<Answer> jobs = new ArrayList<>();
        for (TestDaemon other : others) {
            other.untilListed(alice, "Folder 2");
            for (int i = 0; i < 3; i++) {
                jobs.add(other.want("alice/Folder " + i));
            }
        }

        for (int i = 0; i < jobs.size(); i++) {
            TestDaemon other = others.get(i / 3);
            assertThat(other.settled(jobs.get(i)).text("state")).isEqualTo("COMPLETE");
            Folders.assertSame(folders.get(i % 3), other.downloads().resolve("Folder " + i % 3));
        }
    }

    @Test
    void two_devices_of_one_person_are_one_friend_with_two_sources_once_one_vouches_for_the_other() throws IOException {
        TestDaemon laptop = people.start("alice");
        TestDaemon bob = people.start("bob");
        laptop.befriend(bob);
        TestDaemon nas = people.start(directory.resolve("nas"), "alice", Map.of("device.name", "nas"));
        nas.untilOnline();
        nas.call("friend.add", Map.of("jid", bob.jid()));

        laptop.trusts(laptop.jid()); // and vouches for it, so that bob need not be asked
        laptop.share(Folders.file(directory.resolve("on-laptop.bin"), 50_000, 1));
        nas.share(Folders.file(directory.resolve("on-nas.bin"), 50_000, 2));
        bob.untilListed(laptop, "on-laptop.bin");
        bob.untilListed(laptop, "on-nas.bin");

        assertThat(bob.get("alice/on-laptop.bin").text("state")).isEqualTo("COMPLETE");
        assertThat(bob.get("alice/on-nas.bin").text("state")).isEqualTo("COMPLETE");
        assertThat(bob.call("friends").views("friends")).hasSize(1);
    }
}
