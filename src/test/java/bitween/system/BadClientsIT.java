package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.message.LinkEvent.OffenceSeen;
import bitween.model.InfoHash;
import bitween.model.Offence;
import bitween.testing.BadHabits;
import bitween.testing.BadPeer;
import bitween.testing.Folders;
import bitween.testing.Intake;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mallory is a friend of alice and of bob, and behaves badly towards both in every way at once, inside the links of a friend. Between alice and bob
 * nothing changes.
 */
@Tag("xmpp-server")
class BadClientsIT {
    private static final long LIMIT = 3_000_000;
    /** How long everything bad goes on: five times longer in the long form. */
    private static final Duration SIEGE = Duration.ofSeconds(Boolean.getBoolean("bitween.long") ? 30 : 6);

    /** What each habit is; those that are not here are honest ones' too, and {@code PeerWatch} says why. */
    private static final Map<String, Offence> OFFENCES = Map.ofEntries(
            Map.entry("another protocol", Offence.OTHER_PROTOCOL),
            Map.entry("huge length", Offence.MALFORMED_MESSAGES),
            Map.entry("bad bitfield", Offence.MALFORMED_MESSAGES),
            Map.entry("rubbish", Offence.DAMAGED_PIECES),
            Map.entry("have flood", Offence.MALFORMED_MESSAGES),
            Map.entry("unrequested", Offence.UNASKED_BLOCKS),
            Map.entry("metadata liar", Offence.UNKNOWN_EXTENSIONS),
            Map.entry("extension bomb", Offence.UNKNOWN_EXTENSIONS),
            Map.entry("address spray", Offence.UNKNOWN_EXTENSIONS),
            Map.entry("request flood", Offence.REQUEST_FLOOD),
            Map.entry("bad requests", Offence.MALFORMED_MESSAGES),
            Map.entry("choke flapping", Offence.CHOKE_FLAPPING),
            Map.entry("resets", Offence.CHURN),
            Map.entry("never reads", Offence.REQUEST_FLOOD));

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;
    private TestDaemon mallory;
    private BadPeer bad;
    /** The habit that each share is for. */
    private final Map<InfoHash, String> names = new ConcurrentHashMap<>();
    /** What alice and bob saw, by habit. */
    private final Map<String, Set<Offence>> seen = new ConcurrentHashMap<>();

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
    void friends_go_on_at_their_speed_and_who_misbehaves_is_named_with_what_it_did() throws IOException {
        long honestBytes = LIMIT * (SIEGE.toSeconds() + 40);
        Answer honest = alice.share(Folders.file(directory.resolve("honest.bin"), Math.toIntExact(honestBytes), 1));
        Map<Path, Answer> spoilt = spoiltShares();
        Map<String, Answer> baits = baits();
        bob.untilListed(alice, "rubbish");
        bob.untilListed(mallory, "rubbish");
        mallory.untilListed(alice, "never reads");
        for (TestDaemon victim : List.of(alice, bob)) {
            victim.hears(OffenceSeen.class, this::onOffence);
        }
        bob.call("friend.limit", Map.of("friend", "alice", "down", LIMIT));

        Answer running = bob.want(honest.text("hash"));
        bob.until("transfer.get", Map.of("name", "#" + running.number("id")), job -> job.number("doneBytes") > 0);
        Set<Long> without =
                baits.values().stream().map(bait -> bait.number("id")).collect(Collectors.toSet());
        Intake sent = Intake.of(alice, (id, progress) -> without.contains(id.value()) ? 0 : progress.uploadedBytes());
        Map<Path, Answer> jobs = new LinkedHashMap<>();
        spoilt.forEach((file, share) -> jobs.put(file, bob.want(share.text("hash"))));
        for (var habit : BadHabits.ofTakers().entrySet()) {
            Answer bait = Objects.requireNonNull(baits.get(habit.getKey()));
            bad.want(bait);
            bad.pester(alice, bait, habit.getValue());
        }
        long rate = Intake.rates(List.of(sent), SIEGE.dividedBy(3)).get(0);
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));

        jobs.forEach((file, job) -> {
            assertThat(bob.settled(job).text("state")).as("%s", file).isEqualTo("COMPLETE");
            assertThat(bob.downloads().resolve(file.getFileName().toString())).hasSameBinaryContentAs(file);
        });
        assertThat(rate).isGreaterThan(LIMIT * 8 / 10);
        assertThat(bad.thrownOut()).isPositive();
        assertThat(bad.visited()).containsAll(names.keySet());
        assertNamed();
        assertThat(alice.call("status").view("messages").number("failed")).isZero();
        assertThat(bob.call("status").view("messages").number("failed")).isZero();
    }

    private void onOffence(OffenceSeen event) {
        assertThat(event.device().jid()).hasToString(mallory.jid());
        seen.computeIfAbsent(names.getOrDefault(event.hash(), "none"), first -> ConcurrentHashMap.newKeySet())
                .add(event.offence());
    }

    private void assertNamed() {
        Awaitility.await("each offence")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> OFFENCES.forEach((habit, offence) -> assertThat(seen.getOrDefault(habit, Set.of()))
                        .as("%s of %s", habit, seen)
                        .contains(offence)));
        // who dials again and again does so with each habit
        BadHabits.ofSources()
                .keySet()
                .forEach(habit -> assertThat(seen.getOrDefault(habit, Set.of()))
                        .as(habit)
                        .isEqualTo(OFFENCES.containsKey(habit) ? Set.of(OFFENCES.get(habit)) : Set.of()));
        for (TestDaemon victim : List.of(alice, bob)) {
            assertThat(victim.call("status").views("offenders")).singleElement().satisfies(offender -> {
                assertThat(offender.text("jid")).isEqualTo(mallory.jid());
                assertThat(offender.views("offences")).hasSizeGreaterThanOrEqualTo(3);
            });
            assertThat(victim.call("friends").views("friends"))
                    .filteredOn(friend ->
                            !friend.views("devices").get(0).views("offences").isEmpty())
                    .extracting(friend -> friend.text("jid"))
                    .containsExactly(mallory.jid());
        }
    }

    /** What alice shares and mallory wants, one for each bad habit. */
    private Map<String, Answer> baits() throws IOException {
        Map<String, Answer> baits = new LinkedHashMap<>();
        for (String habit : BadHabits.ofTakers().keySet()) {
            Answer bait = alice.share(Folders.file(directory.resolve(habit), 1_000_000, habit.hashCode()));
            baits.put(habit, bait);
            names.put(new InfoHash(bait.text("hash")), habit);
        }
        return baits;
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
            names.put(new InfoHash(share.text("hash")), habit.getKey());
        }
        return shares;
    }
}
