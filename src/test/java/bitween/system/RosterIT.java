package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.Returns;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody with many contacts, half of whom are there. */
@Timeout(120)
@Tag("alone")
class RosterIT {
    private static final int CONTACTS = 1_000;
    private static final int ONLINE = 500;
    /** Of a command that looks at them all. */
    private static final Duration ANSWER = Duration.ofSeconds(1);

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
            throws IOException {
        List<String> crowd = people.server().embedded().crowd("alice", CONTACTS);
        Returns complete = new Returns("a roster of " + CONTACTS + ", " + ONLINE + " of them online, was seen");

        long begin = System.nanoTime();
        TestDaemon alice = people.start("alice");
        alice.untilOnline();
        comeOnline(alice, crowd);
        complete.add(begin);
        for (int i = 0; i < 3; i++) {
            Instant began = Instant.now();
            people.server().restart();
            begin = System.nanoTime();
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
            comeOnline(alice, crowd);
            complete.add(begin);
        }

        complete.verify();
        long asked = System.nanoTime();
        Answer friends = alice.call("friends");
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(ANSWER);
        assertThat(friends.views("friends")).hasSize(CONTACTS);
        TestDaemon bob = people.start("bob");
        alice.befriend(bob);
        alice.share(Folders.file(directory.resolve("a.bin"), 100_000, 1));
        bob.untilListed(alice, "a.bin");
        assertThat(bob.get("alice/a.bin").text("state")).isEqualTo("COMPLETE");
    }

    private void comeOnline(TestDaemon alice, List<String> crowd) {
        Answer xmpp = alice.call("status").view("xmpp");
        String to = xmpp.text("jid") + "/" + xmpp.text("device");
        for (String contact : crowd.subList(0, ONLINE)) {
            people.server().embedded().inject(to, "<presence from='" + contact + "/phone' to='" + to + "'/>");
        }
        alice.until("friends", Map.of(), friends -> available(friends) == ONLINE);
    }

    private static long available(Answer friends) {
        return friends.views("friends").stream()
                .filter(friend -> friend.flag("available"))
                .count();
    }
}
