package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.link.HollowDevices;
import bitween.model.PeerAddress;
import bitween.testing.ChatProgram;
import bitween.testing.Crowd;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.Returns;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody with many contacts, half of whom are there with devices that announce themselves and cannot be reached. */
@Timeout(180)
@Tag("xmpp-server")
@Tag("alone")
class RosterIT {
    private static final boolean LONG = Boolean.getBoolean("bitween.long");
    private static final int CONTACTS = 1_000;
    private static final int ONLINE = 500;
    /** Of a command that looks at them all. */
    private static final Duration ANSWER = Duration.ofSeconds(1);

    private static final Duration SHOWN = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    @BeforeEach
    void start() throws IOException {
        people = People.on(directory, "alice", "bob");
    }

    @Test
    void a_roster_of_1000_with_500_online_is_there_at_once_again_after_a_restart_and_holds_no_friend_up()
            throws Exception {
        List<String> contacts = people.server().crowd("alice", CONTACTS);
        Returns complete = new Returns("a roster of " + CONTACTS + ", " + ONLINE + " of them online, was seen");

        try (Crowd crowd = new Crowd(people.server(), "alice", contacts.subList(0, ONLINE), devices()::announcement)) {
            crowd.comeOnline();
            long begin = System.nanoTime();
            TestDaemon alice = people.start("alice");
            alice.until("friends", Map.of(), friends -> available(friends) == ONLINE);
            complete.add(begin);
            for (int i = 0; i < (LONG ? 5 : 1); i++) {
                Instant began = Instant.now();
                people.server().restart();
                alice.until(
                        "status",
                        Map.of(),
                        status -> status.view("xmpp").text("state").equals("ONLINE")
                                && status.view("xmpp")
                                        .instant("since")
                                        .orElseThrow()
                                        .isAfter(began));
                assertThat(available(alice.call("friends")))
                        .as("who may have gone meanwhile")
                        .isZero();
                crowd.comeOnline();
                begin = System.nanoTime();
                alice.until("friends", Map.of(), friends -> available(friends) == ONLINE);
                complete.add(begin);
            }

            complete.verify();
            Answer friends = alice.call("friends");
            assertThat(fastest(alice)).isLessThan(ANSWER);
            assertThat(friends.views("friends")).hasSize(CONTACTS);

            for (String contact : contacts.subList(0, ONLINE)) {
                alice.call("friend.add", Map.of("jid", contact)); // now they are dialled, in vain
            }
            TestDaemon bob = people.start("bob");
            alice.befriend(bob);
            alice.share(Folders.file(directory.resolve("a.bin"), 100_000, 1));
            bob.untilListed(alice, "a.bin");
            assertThat(bob.get("alice/a.bin").text("state")).isEqualTo("COMPLETE");
            assertThat(online(alice.call("friends"))).isEqualTo(ONLINE + 1);
            assertThat(fastest(alice)).isLessThan(ANSWER);
        }
    }

    @Test
    void what_another_program_changes_and_who_comes_and_goes_is_shown_within_5_s() throws Exception {
        TestDaemon alice = people.start("alice");
        TestDaemon bob = people.start("bob");
        alice.befriend(bob);

        try (ChatProgram phone = ChatProgram.of(people.server(), "alice")) {
            long begin = System.nanoTime();
            phone.putInto(bob.jid(), "family");
            phone.putInto("carol@elsewhere.invalid", "work");
            alice.until(
                    "friends",
                    Map.of(),
                    friends -> groups(friends)
                            .equals(Map.of(bob.jid(), List.of("family"), "carol@elsewhere.invalid", List.of("work"))));
            assertShown(begin);
        }
        long begin = System.nanoTime();
        bob.stop();
        alice.until("friends", Map.of(), friends -> online(friends) == 0);
        assertShown(begin);
        bob.start();
        bob.untilOnline();
        begin = System.nanoTime();
        alice.until("friends", Map.of(), friends -> online(friends) == 1);
        assertShown(begin);
    }

    private static Map<String, List<String>> groups(Answer friends) {
        return friends.views("friends").stream()
                .collect(Collectors.toMap(friend -> friend.text("jid"), friend -> friend.texts("groups")));
    }

    private static void assertShown(long sinceNanos) {
        assertThat(Duration.ofNanos(System.nanoTime() - sinceNanos)).isLessThan(SHOWN);
    }

    /** At a port where nobody is. */
    private static HollowDevices devices() throws IOException {
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new HollowDevices(PeerAddress.parse("127.0.0.1:" + nobody.getLocalPort()));
        }
    }

    /** Who has a device there. */
    private static long online(Answer friends) {
        return friends.views("friends").stream()
                .filter(friend -> friend.flag("online"))
                .count();
    }

    /** Of some, since a machine that stands still for a moment spoils one. */
    private static Duration fastest(TestDaemon alice) {
        Duration fastest = Duration.ofNanos(Long.MAX_VALUE);
        for (int i = 0; i < 5; i++) {
            long asked = System.nanoTime();
            alice.call("friends");
            Duration took = Duration.ofNanos(System.nanoTime() - asked);
            fastest = took.compareTo(fastest) < 0 ? took : fastest;
        }
        return fastest;
    }

    private static long available(Answer friends) {
        return friends.views("friends").stream()
                .filter(friend -> friend.flag("available"))
                .count();
    }
}
