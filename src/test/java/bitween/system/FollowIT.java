package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.ConfigFile;
import bitween.control.client.Answer;
import bitween.testing.ChatProgram;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alice has a live folder, into which episodes are copied; bob and carol, who are friends of each other, follow it. */
@Tag("xmpp-server")
class FollowIT {
    /** So large that what both had asked of alice before either had it, 3 s of requests, matters little. */
    private static final int EPISODE = 18_000_000;

    private static final int FAST = 1_000_000;
    /** So that little comes twice until they have met. */
    private static final int SLOW = 100_000;
    /** After the last byte was verified; in fact it is told at once. */
    private static final Duration TOLD = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;
    private TestDaemon carol;
    private Path garden;

    @BeforeEach
    void an_owner_and_two_followers() throws IOException {
        people = People.on(directory, "alice", "bob", "carol");
        alice = people.start("alice", Map.of("network.upload_bytes_per_second", FAST));
        bob = people.start("bob");
        carol = people.start("carol");
        alice.befriend(bob);
        alice.befriend(carol);
        bob.befriend(carol);
        bob.until("friends", Map.of(), friends -> isLinked(friends, carol.jid()));
        garden = Files.createDirectories(directory.resolve("Gardening"));
        Folders.file(garden.resolve("episode 1.bin"), 300_000, 1);
        alice.settled(alice.call("share.add", Map.of("path", garden.toString(), "mode", "LIVE")));
        bob.untilListed(alice, "Gardening");
        carol.untilListed(alice, "Gardening");
    }

    @Test
    void an_episode_comes_to_both_followers_who_help_each_other_and_each_is_told() throws Exception {
        try (ChatProgram phone = ChatProgram.of(people.server(), "bob")) {
            phone.beOnline();
            bob.call("follow.add", Map.of("ref", "alice/Gardening", "auto", true, "notify", true));
            carol.call("follow.add", Map.of("ref", "alice/Gardening", "auto", true));
            ready(bob, 1);
            ready(carol, 1);
            assertThat(phone.hears()).isEqualTo("ready: alice/Gardening (1 new file, 300 kB)");
            Object inode = Files.getAttribute(bob.downloads().resolve("Gardening/episode 1.bin"), "unix:ino");
            long before = sent();
            sends(SLOW);

            Folders.file(garden.resolve("episode 2.bin"), EPISODE, 2);
            bob.until("follows", Map.of(), follows -> isHelpedBy(follows, carol));
            carol.until("follows", Map.of(), follows -> isHelpedBy(follows, bob));
            sends(FAST);
            Answer told = ready(bob, 2);
            ready(carol, 2);

            long now = sent();
            assertThat(now >= before ? now - before : now)
                    .as("what alice sent of the new episode")
                    .isBetween((long) EPISODE, EPISODE * 3L / 2);
            Folders.assertSame(garden, bob.downloads().resolve("Gardening"));
            Folders.assertSame(garden, carol.downloads().resolve("Gardening"));
            assertThat(Files.getAttribute(bob.downloads().resolve("Gardening/episode 1.bin"), "unix:ino"))
                    .isEqualTo(inode);
            assertThat(told.number("files")).isEqualTo(1);
            assertThat(told.number("sizeBytes")).isEqualTo(EPISODE);
            assertThat(told.text("place"))
                    .isEqualTo(bob.downloads().resolve("Gardening").toString());
            assertThat(phone.hears()).isEqualTo("ready: alice/Gardening (1 new file, 18.0 MB)");
            assertThat(bob.call("jobs").views("jobs")).hasSize(1);
        }
    }

    @Test
    void what_is_shared_on_is_replaced_in_its_place_and_shared_on_again() throws Exception {
        bob.call("follow.add", Map.of("ref", "alice/Gardening", "auto", true));
        ready(bob, 1);
        bob.call("job.get", Map.of("ref", "alice/Gardening", "reshareTo", List.of(carol.jid())));
        carol.untilListed(bob, "Gardening");

        Folders.file(garden.resolve("episode 2.bin"), 300_000, 2);
        ready(bob, 2);

        Answer share = bob.until("shares", Map.of(), shares -> isSeeding(shares, 2))
                .views("shares")
                .get(0);
        assertThat(share.text("name")).isEqualTo("Gardening");
        assertThat(share.text("place"))
                .isEqualTo(bob.downloads().resolve("Gardening").toString());
        assertThat(share.texts("audience")).containsExactly(carol.jid());
        assertThat(bob.call("shares").views("shares")).hasSize(1);
        assertThat(bob.call("jobs").views("jobs")).isEmpty();
        Folders.assertSame(garden, bob.downloads().resolve("Gardening"));
        alice.stop();
        Answer second = carol.until(
                "ls",
                Map.of("path", bob.jid()),
                list -> list.views("shares").stream().anyMatch(listed -> listed.number("files") == 2));
        assertThat(second.views("shares")).hasSize(1);
        assertThat(carol.settled(carol.want("bob/Gardening")).text("state")).isEqualTo("COMPLETE");
        Folders.assertSame(garden, carol.downloads().resolve("Gardening"));
    }

    private static boolean isSeeding(Answer shares, int files) {
        return shares.views("shares").stream()
                .anyMatch(share -> share.text("state").equals("SEEDING") && share.number("files") == files);
    }

    @Test
    void what_the_owner_deletes_goes_from_a_mirror_only_and_who_was_away_catches_up() throws Exception {
        bob.call("follow.add", Map.of("ref", "alice/Gardening", "auto", true));
        carol.call("follow.add", Map.of("ref", "alice/Gardening", "auto", true, "mirror", true));
        ready(bob, 1);
        ready(carol, 1);
        bob.stop();

        Files.move(garden.resolve("episode 1.bin"), garden.resolve("pilot.bin"));
        Folders.file(garden.resolve("episode 2.bin"), 300_000, 2);
        ready(carol, 2);
        Folders.assertSame(garden, carol.downloads().resolve("Gardening"));
        Files.delete(garden.resolve("pilot.bin"));
        Folders.file(garden.resolve("episode 3.bin"), 300_000, 3);
        Folders.file(garden.resolve("episode 4.bin"), 300_000, 4);
        ready(carol, 3);
        Folders.assertSame(garden, carol.downloads().resolve("Gardening"));

        bob.start();
        bob.until(
                "follows",
                Map.of(),
                follows -> follows.views("follows").get(0).text("state").equals("READY")
                        && follows.views("follows").get(0).view("newest").number("revision") >= 3);
        Path kept = bob.downloads().resolve("Gardening/episode 1.bin");
        assertThat(kept).hasSize(300_000);
        Files.delete(kept);
        Folders.assertSame(garden, bob.downloads().resolve("Gardening"));
    }

    /** Until so many files are there and that was told, soon after. */
    private Answer ready(TestDaemon follower, int files) {
        follower.until(
                "follows",
                Map.of(),
                follows -> follows.views("follows").get(0).text("state").equals("READY")
                        && follows.views("follows").get(0).view("newest").number("files") == files
                        && isAll(files));
        Answer follow = follower.call("follows").views("follows").get(0);
        String hash = follow.view("newest").text("hash");
        Answer told = Awaitility.await(follower.jid() + " is told")
                .atMost(TOLD)
                .until(() -> told(follower, hash), answer -> answer.has("hash"));
        Instant finished = follow.view("transfer").instant("finished").orElseThrow();
        assertThat(Duration.between(finished, told.instant("at").orElseThrow())).isLessThan(TOLD);
        return told;
    }

    /** What alice shares now, as revisions may overtake each other. */
    private boolean isAll(int files) {
        return alice.call("shares").views("shares").get(0).number("files") == files;
    }

    private static Answer told(TestDaemon follower, String hash) {
        List<Answer> events = follower.call("events").views("events");
        return events.stream()
                .filter(event -> event.text("event").equals("revision.ready")
                        && event.text("hash").equals(hash))
                .findFirst()
                .orElse(Answer.EMPTY);
    }

    private long sent() {
        return alice.call("shares").views("shares").get(0).number("uploadedBytes");
    }

    private void sends(int bytesPerSecond) {
        ConfigFile.set(alice.home(), directory, "network.upload_bytes_per_second", bytesPerSecond);
        alice.call("config.reload");
    }

    private static boolean isHelpedBy(Answer follows, TestDaemon other) {
        Answer transfer = follows.views("follows").get(0).view("transfer");
        return transfer.text("state").equals("DOWNLOADING")
                && transfer.views("peers").stream()
                        .anyMatch(peer -> peer.text("contact").equals(other.jid()));
    }

    private static boolean isLinked(Answer friends, String jid) {
        return friends.views("friends").stream()
                .filter(friend -> friend.text("jid").equals(jid))
                .flatMap(friend -> friend.views("devices").stream())
                .anyMatch(device -> device.has("path"));
    }
}
