package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.model.InfoHash;
import bitween.testing.BadHabits;
import bitween.testing.BadPeer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mallory is a friend of alice and of bob, and behaves badly towards both in every way at once, inside the links of a friend. Between alice and bob
 * nothing changes.
 */
class BadClientsIT {
    private static final long LIMIT = 5_000_000;
    /** How long everything bad goes on: five times longer in the long form. */
    private static final Duration SIEGE = Duration.ofSeconds(Boolean.getBoolean("bitween.long") ? 30 : 6);

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;
    private TestDaemon mallory;
    private BadPeer bad;

    @BeforeEach
    void three_friends() throws IOException {
        people = People.on(directory, "alice", "bob", "mallory");
        alice = people.start("alice");
        bob = people.start("bob", Map.of("downloads.active", 30));
        mallory = people.start("mallory");
        bob.befriend(alice);
        bob.befriend(mallory);
        alice.befriend(mallory);
        bad = BadPeer.of(mallory);
    }

    @AfterEach
    void stop() throws IOException {
        bad.close();
    }

    @Test
    void friends_go_on_at_their_speed_and_who_lies_is_named() throws IOException {
        long honestBytes = LIMIT * (SIEGE.toSeconds() + 20);
        Answer honest = alice.share(Folders.file(directory.resolve("honest.bin"), Math.toIntExact(honestBytes), 1));
        Answer bait = alice.share(Folders.file(directory.resolve("bait.bin"), 1_000_000, 2));
        Map<Path, Answer> spoilt = spoiltShares();
        bob.untilListed(alice, "rubbish");
        bob.untilListed(mallory, "rubbish");
        mallory.untilListed(alice, "bait.bin");
        bob.call("friend.limit", Map.of("friend", "alice", "down", LIMIT));

        Answer running = bob.want(honest.text("hash"));
        bob.until("transfer.get", Map.of("name", "#" + running.number("id")), job -> job.number("doneBytes") > 0);
        Map<Path, Answer> jobs = new LinkedHashMap<>();
        spoilt.forEach((file, share) -> jobs.put(file, bob.want(share.text("hash"))));
        bad.want(bait);
        BadHabits.ofTakers().values().forEach(habit -> bad.pester(alice, bait, habit));
        long rate = bytesPerSecondFromAlice();
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));

        jobs.forEach((file, job) -> {
            assertThat(bob.settled(job).text("state")).as("%s", file).isEqualTo("COMPLETE");
            assertThat(bob.downloads().resolve(file.getFileName().toString())).hasSameBinaryContentAs(file);
        });
        assertThat(rate).isGreaterThan(LIMIT * 8 / 10);
        assertThat(bad.thrownOut()).isPositive();
        assertThat(bad.visited())
                .contains(new InfoHash(bait.text("hash")))
                .containsAll(spoilt.values().stream()
                        .map(share -> new InfoHash(share.text("hash")))
                        .toList());
        assertThat(bob.call("status").views("damagedBy"))
                .extracting(liar -> liar.text("jid"))
                .containsExactly(mallory.jid());
        assertThat(alice.call("status").view("messages").number("failed")).isZero();
        assertThat(bob.call("status").view("messages").number("failed")).isZero();
    }

    /** What alice shares and mallory claims to have, one for each bad habit. */
    private Map<Path, Answer> spoiltShares() throws IOException {
        Map<Path, Answer> shares = new LinkedHashMap<>();
        for (var habit : BadHabits.ofSources().entrySet()) {
            // of several pieces, so that some come from mallory alone
            int bytes = habit.getKey().equals("rubbish") ? 6_000_000 : 1_000_000;
            Path file = Folders.file(
                    directory.resolve(habit.getKey()), bytes, habit.getKey().hashCode());
            Answer share = alice.share(file);
            bad.offer(share, habit.getValue());
            shares.put(file, share);
        }
        return shares;
    }

    /** All but the bait, during the siege. */
    private long bytesPerSecondFromAlice() {
        long begin = System.nanoTime();
        long before = sent();
        Awaitility.await("the siege")
                .atMost(SIEGE.plusSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> System.nanoTime() - begin > SIEGE.toNanos());
        return (sent() - before) * 1_000_000_000L / (System.nanoTime() - begin);
    }

    private long sent() {
        return alice.call("shares").views("shares").stream()
                .filter(share -> !share.text("name").equals("bait.bin"))
                .mapToLong(share -> share.number("uploadedBytes"))
                .sum();
    }
}
