package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alice shares; bob, carol and dora get it; of these only bob and carol are friends of each other. */
@Tag("xmpp-server")
class HelpingIT {
    private static final int SIZE = 10_000_000;

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;
    private TestDaemon carol;
    private TestDaemon dora;

    @BeforeEach
    void an_owner_and_three_followers() throws IOException {
        people = People.on(directory, "alice", "bob", "carol", "dora");
        alice = people.start("alice", Map.of("network.upload_bytes_per_second", 1_000_000));
        bob = people.start("bob");
        carol = people.start("carol");
        dora = people.start("dora");
        alice.befriend(bob);
        alice.befriend(carol);
        alice.befriend(dora);
        bob.befriend(carol);
    }

    @Test
    void followers_who_are_friends_help_each_other_and_the_third_gets_everything_from_the_owner() throws IOException {
        Path file = Folders.file(directory.resolve("film.bin"), SIZE, 1);
        alice.share(file);
        List<TestDaemon> followers = List.of(bob, carol, dora);
        followers.forEach(follower -> follower.untilListed(alice, "film.bin"));
        bob.until("friends", Map.of(), friends -> isLinked(friends, carol.jid()));

        Map<TestDaemon, Set<String>> sources = new HashMap<>();
        followers.forEach(follower -> follower.want("alice/film.bin"));
        Awaitility.await("all have it")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> followers.stream()
                                .filter(follower ->
                                        isHere(follower, sources.computeIfAbsent(follower, any -> new HashSet<>())))
                                .count()
                        == followers.size());

        for (TestDaemon follower : followers) {
            assertThat(follower.downloads().resolve("film.bin")).hasSameBinaryContentAs(file);
        }
        // who gives is seen once a second, so somebody may have helped unseen; that they did, what alice sent tells
        assertThat(sources.get(bob)).contains(alice.jid()).isSubsetOf(alice.jid(), carol.jid());
        assertThat(sources.get(carol)).contains(alice.jid()).isSubsetOf(alice.jid(), bob.jid());
        assertThat(sources.get(dora)).containsExactly(alice.jid());
        long sent = transfer(alice).number("uploadedBytes");
        assertThat(sent - SIZE).as("to bob and carol together").isLessThan(SIZE * 17L / 10);
    }

    @Test
    void what_was_got_is_neither_listed_nor_served() throws IOException {
        Path file = Folders.file(directory.resolve("song.bin"), 300_000, 2);
        Answer share = alice.share(file);
        bob.untilListed(alice, "song.bin");
        carol.untilListed(alice, "song.bin");
        assertThat(bob.get("alice/song.bin").text("state")).isEqualTo("COMPLETE");

        alice.call("share.rm", Map.of("name", "song.bin"));
        carol.until(
                "ls", Map.of("path", alice.jid()), ls -> !ls.fields().toString().contains("song.bin"));
        Answer job = carol.want(share.text("hash"));

        Awaitility.await("nothing comes")
                .during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(10))
                .until(() -> carol.call("transfer.get", Map.of("name", "#" + job.number("id")))
                                .number("doneBytes")
                        == 0);
        assertThat(carol.call("transfer.get", Map.of("name", "#" + job.number("id")))
                        .text("state"))
                .isEqualTo("WAITING_FOR_FRIEND");
        assertThat(carol.call("ls", Map.of("path", bob.jid())).fields().toString())
                .doesNotContain("song.bin");
    }

    @Test
    void what_was_got_to_be_shared_on_is_listed_and_served() throws IOException {
        Path file = Folders.file(directory.resolve("song.bin"), 300_000, 2);
        alice.share(file, "bob");
        bob.untilListed(alice, "song.bin");
        Answer job = bob.call("job.get", Map.of("ref", "alice/song.bin", "reshareTo", "carol"))
                .view("transfer");
        bob.until(
                "transfer.wait",
                Map.of("id", job.number("id"), "timeoutMs", 1_000),
                transfer -> transfer.text("state").equals("SEEDING"));
        alice.call("share.rm", Map.of("name", "song.bin"));

        carol.untilListed(bob, "song.bin");
        assertThat(carol.get("bob/song.bin").text("state")).isEqualTo("COMPLETE");

        assertThat(carol.downloads().resolve("song.bin")).hasSameBinaryContentAs(file);
        assertThat(bob.call("shares").views("shares").get(0).texts("audience")).containsExactly(carol.jid());
    }

    private static boolean isLinked(Answer friends, String jid) {
        return friends.views("friends").stream()
                .filter(friend -> friend.text("jid").equals(jid))
                .flatMap(friend -> friend.views("devices").stream())
                .anyMatch(device -> device.has("path"));
    }

    /** Notes whom it comes from. */
    private static boolean isHere(TestDaemon follower, Set<String> sources) {
        Answer transfer = transfer(follower);
        transfer.views("peers").forEach(peer -> sources.add(peer.text("contact")));
        return transfer.text("state").equals("COMPLETE");
    }

    private static Answer transfer(TestDaemon who) {
        return who.call("transfer.get", Map.of("name", "film.bin"));
    }
}
