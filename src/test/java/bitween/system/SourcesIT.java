package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.model.InfoHash;
import bitween.testing.BadHabits;
import bitween.testing.BadPeer;
import bitween.testing.Folders;
import bitween.testing.Meter;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same thing at two devices: what gets it draws from both. */
@Tag("xmpp-server")
@Tag("alone")
class SourcesIT {
    private static final long LIMIT = 2_000_000;
    private static final int SIZE = 130_000_000;

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;

    @BeforeEach
    void two_friends() throws IOException {
        people = People.on(directory, "alice", "bob", "carol");
        alice = people.start("alice", Map.of("device.name", "laptop"));
        bob = people.start("bob");
        alice.befriend(bob);
    }

    @Test
    void two_friends_who_share_the_same_give_together_what_both_may() throws IOException {
        TestDaemon carol = people.start("carol");
        carol.befriend(alice);
        carol.befriend(bob);
        Path film = Folders.file(directory.resolve("film.bin"), SIZE, 1);
        Answer share = alice.share(film);
        bob.untilListed(alice, "film.bin");
        reshare(bob);
        carol.untilListed(alice, "film.bin");
        carol.untilListed(bob, "film.bin");
        for (TestDaemon friend : List.of(alice, bob)) {
            carol.call("friend.limit", Map.of("friend", friend.jid(), "down", LIMIT));
        }

        Answer job = carol.want(share.text("hash"));
        long rate = new Meter(carol, job).rate();
        Answer running = carol.call("transfer.get", Map.of("name", "#" + job.number("id")));
        for (TestDaemon friend : List.of(alice, bob)) {
            carol.call("friend.limit", Map.of("friend", friend.jid(), "down", 0));
        }

        assertThat(rate).isGreaterThan(LIMIT * 9 / 5);
        assertThat(running.views("peers"))
                .extracting(peer -> peer.text("contact"))
                .contains(alice.jid(), bob.jid());
        assertThat(carol.settled(job).text("state")).isEqualTo("COMPLETE");
        assertThat(carol.downloads().resolve("film.bin")).hasSameBinaryContentAs(film);
        assertThat(carol.call("status").views("offenders")).isEmpty();
    }

    @Test
    void two_devices_of_one_person_give_together_what_each_may_once_one_got_it_from_the_other() throws IOException {
        Path film = Folders.file(directory.resolve("film.bin"), SIZE, 2);
        alice.share(film);
        TestDaemon nas = nas();
        nas.untilListed(alice, "film.bin");
        reshare(nas);
        bob.until("friends", Map.of(), SourcesIT::twoDevicesShare);
        for (TestDaemon device : List.of(alice, nas)) {
            device.call("friend.limit", Map.of("friend", bob.jid(), "up", LIMIT));
        }

        Answer job = bob.want("alice/film.bin");
        long rate = new Meter(bob, job).rate();
        Answer running = bob.call("transfer.get", Map.of("name", "#" + job.number("id")));
        for (TestDaemon device : List.of(alice, nas)) {
            device.call("friend.limit", Map.of("friend", bob.jid(), "up", 0));
        }

        assertThat(rate).isGreaterThan(LIMIT * 9 / 5);
        assertThat(running.views("peers"))
                .extracting(peer -> peer.text("device"))
                .contains("laptop", "nas");
        assertThat(bob.settled(job).text("state")).isEqualTo("COMPLETE");
        assertThat(bob.downloads().resolve("film.bin")).hasSameBinaryContentAs(film);
    }

    @Test
    void independent_copies_under_other_names_are_sources_of_one_job() throws IOException {
        Path film = Folders.file(directory.resolve("film.bin"), SIZE, 4);
        TestDaemon carol = friendOfBoth(film);
        Answer share = alice.call("transfer.get", Map.of("name", "film.bin"));
        for (TestDaemon friend : List.of(alice, bob)) {
            carol.call("friend.limit", Map.of("friend", friend.jid(), "down", LIMIT));
        }

        Answer job = carol.want("alice/film.bin");
        long rate = new Meter(carol, job).rate();
        Answer running = carol.call("transfer.get", Map.of("name", "#" + job.number("id")));
        for (TestDaemon friend : List.of(alice, bob)) {
            carol.call("friend.limit", Map.of("friend", friend.jid(), "down", 0));
        }

        assertThat(bob.call("transfer.get", Map.of("name", "movie.mkv")).text("hash"))
                .isNotEqualTo(share.text("hash"));
        assertThat(rate).isGreaterThan(LIMIT * 9 / 5);
        assertThat(running.views("peers"))
                .extracting(peer -> peer.text("contact"))
                .contains(alice.jid(), bob.jid());
        assertThat(running.number("holdersOnline")).isEqualTo(2);
        assertThat(carol.settled(job).text("state")).isEqualTo("COMPLETE");
        assertThat(carol.downloads().resolve("film.bin")).hasSameBinaryContentAs(film);
        assertThat(carol.call("info", Map.of("name", "film.bin")).views("holders"))
                .extracting(holder -> holder.text("jid") + " " + holder.text("copy"))
                .containsExactly(alice.jid() + " ", bob.jid() + " movie.mkv");
        assertThat(carol.call("status").views("offenders")).isEmpty();
        assertThat(carol.call("jobs").views("jobs")).hasSize(1);
    }

    @Test
    void a_job_goes_on_with_the_copy_when_who_shares_the_thing_itself_leaves() throws IOException {
        Path film = Folders.file(directory.resolve("film.bin"), SIZE, 5);
        TestDaemon carol = friendOfBoth(film);
        for (TestDaemon friend : List.of(alice, bob)) {
            carol.call("friend.limit", Map.of("friend", friend.jid(), "down", LIMIT));
        }
        Answer job = carol.want("alice/film.bin");
        new Meter(carol, job).next();

        alice.stop();
        carol.call("friend.limit", Map.of("friend", bob.jid(), "down", 0));

        assertThat(carol.settled(job).text("state")).isEqualTo("COMPLETE");
        assertThat(carol.downloads().resolve("film.bin")).hasSameBinaryContentAs(film);
    }

    @Test
    void who_claims_to_have_a_copy_and_sends_something_else_is_named_and_the_job_completes() throws IOException {
        Path film = Folders.file(directory.resolve("film.bin"), 6_000_000, 6);
        TestDaemon carol = people.start("carol");
        carol.befriend(alice);
        carol.befriend(bob);
        Answer share = alice.share(film);
        InfoHash claimed = new InfoHash("0123456789".repeat(4));
        try (BadPeer bad = BadPeer.of(bob)) {
            bad.offer(as(share, "movie.mkv", claimed), BadHabits::sendsRubbish);
            carol.untilListed(alice, "film.bin");
            carol.untilListed(bob, "movie.mkv");
            carol.call("friend.limit", Map.of("friend", alice.jid(), "down", 200_000));

            Answer job = carol.want("alice/film.bin");
            carol.until("status", Map.of(), now -> !now.views("damagedBy").isEmpty());
            carol.call("friend.limit", Map.of("friend", alice.jid(), "down", 0));
            Answer done = carol.settled(job);

            assertThat(done.text("state")).isEqualTo("COMPLETE");
            assertThat(carol.downloads().resolve("film.bin")).hasSameBinaryContentAs(film);
            assertThat(done.views("damagedBy"))
                    .extracting(liar -> liar.text("jid"))
                    .containsExactly(bob.jid());
            assertThat(bad.visited())
                    .as("a friend hears no other info-hash than his own")
                    .containsExactly(claimed);
        }
    }

    /** Alice shares the film, and bob another file with the same bytes. */
    private TestDaemon friendOfBoth(Path film) throws IOException {
        TestDaemon carol = people.start("carol");
        carol.befriend(alice);
        carol.befriend(bob);
        alice.share(film);
        bob.share(Files.copy(film, directory.resolve("movie.mkv")));
        carol.untilListed(alice, "film.bin");
        carol.untilListed(bob, "movie.mkv");
        return carol;
    }

    private static Answer as(Answer share, String name, InfoHash hash) {
        Map<String, Object> fields = new HashMap<>(share.fields());
        fields.put("name", name);
        fields.put("hash", hash.toString());
        return new Answer(fields);
    }

    /** Each share has a salt of its own: whoever hashes the same folder at two devices has two shares, of one content. */
    @Test
    void what_two_devices_hash_on_their_own_are_two_shares_of_the_same_content() throws IOException {
        Path film = Folders.file(directory.resolve("film.bin"), 1_000_000, 3);
        TestDaemon nas = nas();

        Answer one = alice.share(film);
        Answer other = nas.share(film);

        assertThat(other.text("hash")).isNotEqualTo(one.text("hash"));
        assertThat(other.text("contentId")).isEqualTo(one.text("contentId"));
    }

    /** Another device of alice's, for which the first vouches. */
    private TestDaemon nas() {
        TestDaemon nas = people.start(directory.resolve("nas"), "alice", Map.of("device.name", "nas"));
        nas.untilOnline();
        alice.trusts(alice.jid());
        nas.trusts(alice.jid());
        nas.call("friend.add", Map.of("jid", bob.jid()));
        return nas;
    }

    /** Gets alice's, and shares it on with everyone. */
    private static void reshare(TestDaemon who) {
        Answer job = who.call("job.get", Map.of("ref", "alice/film.bin", "reshareTo", "everyone"))
                .view("transfer");
        who.until(
                "transfer.wait",
                Map.of("id", job.number("id"), "timeoutMs", 1_000),
                transfer -> transfer.text("state").equals("SEEDING"));
    }

    private static boolean twoDevicesShare(Answer friends) {
        return friends.views("friends").stream()
                        .flatMap(friend -> friend.views("devices").stream())
                        .filter(device -> device.number("shares") == 1)
                        .count()
                == 2;
    }
}
