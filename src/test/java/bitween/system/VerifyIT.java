package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What two people compare. */
@Tag("xmpp-server")
@Timeout(60)
class VerifyIT {
    @TempDir
    Path directory;

    @AutoClose
    private People people;

    @BeforeEach
    void a_server() throws IOException {
        people = People.on(directory, "alice", "bob", "carol");
    }

    @Test
    void both_sides_show_the_same_words_before_and_after_a_restart_and_no_third_one_does() {
        TestDaemon alice = people.start("alice");
        TestDaemon bob = people.start("bob");
        TestDaemon carol = people.start("carol");
        alice.befriend(bob);
        alice.befriend(carol);

        List<String> alices = words(alice, bob);

        assertThat(alices).hasSizeGreaterThan(3).isEqualTo(words(bob, alice)).isNotEqualTo(words(alice, carol));
        alice.stop();
        assertThat(words(bob, alice)).as("while she is away").isEqualTo(alices);
        alice.start();
        assertThat(words(alice, bob)).as("after her restart").isEqualTo(alices);
    }

    @Test
    void a_device_that_is_trusted_no_longer_is_cut_off_also_after_a_restart_until_it_is_trusted_again() {
        TestDaemon alice = people.start("alice");
        TestDaemon bob = people.start("bob");
        alice.befriend(bob);
        alice.until("friends", Map.of(), answer -> device(answer, bob).has("path"));
        String id = device(alice.call("friends"), bob).text("id");

        Answer done = alice.call("distrust", Map.of("friend", "bob", "device", id.substring(0, 8)));

        assertThat(done.text("device")).isEqualTo(id);
        alice.until("friends", Map.of(), answer -> isHeld(answer, bob));
        bob.until("friends", Map.of(), answer -> !device(answer, alice).has("path"));
        alice.stop();
        alice.start();
        alice.until("friends", Map.of(), answer -> isHeld(answer, bob));
        alice.trusts(bob.jid());
        alice.until("friends", Map.of(), answer -> device(answer, bob).has("path"));
    }

    private static boolean isHeld(Answer friends, TestDaemon friend) {
        Answer device = device(friends, friend);
        return device.has("held")
                && device.text("held").startsWith("you trust it no longer")
                && !device.has("path")
                && !device.flag("online");
    }

    /** Their only one; without anything before it was seen. */
    private static Answer device(Answer friends, TestDaemon friend) {
        return friends.views("friends").stream()
                .filter(known -> known.text("jid").equals(friend.jid()))
                .flatMap(known -> known.views("devices").stream())
                .findFirst()
                .orElse(Answer.EMPTY);
    }

    /** Also of a friend who was never seen since the start: the device is known. */
    private static List<String> words(TestDaemon asked, TestDaemon friend) {
        asked.until(
                "friends",
                Map.of(),
                answer -> answer.views("friends").stream()
                        .anyMatch(known -> known.text("jid").equals(friend.jid())
                                && !known.views("devices").isEmpty()));
        Answer answer = asked.call("verify", Map.of("friend", friend.jid()));
        assertThat(answer.views("devices")).hasSize(1);
        return answer.views("devices").get(0).texts("words");
    }
}
