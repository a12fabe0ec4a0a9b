package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.BadHabits;
import bitween.testing.BadPeer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bob gets from alice what mallory, a friend as well, claims to have too. */
@Tag("xmpp-server")
class DamageIT {
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
        bob = people.start("bob");
        mallory = people.start("mallory");
        bob.befriend(alice);
        bob.befriend(mallory);
        bad = BadPeer.of(mallory);
    }

    @AfterEach
    void stop() throws IOException {
        bad.close();
    }

    @Test
    void who_sends_damaged_pieces_is_named_and_the_job_is_completed_by_the_others() throws IOException {
        Path file = Folders.file(directory.resolve("film.bin"), 6_000_000, 1);
        Answer share = alice.share(file);
        bad.offer(share, BadHabits::sendsRubbish);
        bob.untilListed(alice, "film.bin");
        bob.untilListed(mallory, "film.bin");
        bob.call("friend.limit", Map.of("friend", "alice", "down", 200_000)); // so that mallory is asked for a part

        Answer job = bob.want(share.text("hash"));
        Answer named =
                bob.until("status", Map.of(), now -> !now.views("damagedBy").isEmpty());
        int met = bad.met();
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));
        Answer done = bob.settled(job);

        assertThat(done.text("state")).isEqualTo("COMPLETE");
        assertThat(bob.downloads().resolve("film.bin")).hasSameBinaryContentAs(file);
        assertThat(met).isPositive();
        for (List<Answer> liars : List.of(named.views("damagedBy"), done.views("damagedBy"))) {
            assertThat(liars).singleElement().satisfies(liar -> {
                assertThat(liar.text("jid")).isEqualTo(mallory.jid());
                assertThat(liar.text("name")).isEqualTo("mallory-laptop");
                assertThat(liar.number("pieces")).isPositive();
            });
        }
        assertThat(bob.call("friends").views("friends"))
                .extracting(friend -> friend.text("jid") + " "
                        + friend.views("devices").get(0).number("damagedPieces"))
                .contains(alice.jid() + " 0")
                .doesNotContain(mallory.jid() + " 0");
    }
}
