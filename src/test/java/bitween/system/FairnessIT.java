package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.ConfigFile;
import bitween.testing.Folders;
import bitween.testing.Intake;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alice's upload is less than three friends want of it; bob has ten connections, carol and dave have one each. */
@Tag("alone")
class FairnessIT {
    private static final long LIMIT = 3_000_000;
    private static final Percentage FIVE = Percentage.withPercentage(5);
    private static final Percentage TEN = Percentage.withPercentage(10);
    private static final Duration WINDOW = Duration.ofSeconds(4);

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    @BeforeEach
    void friends() throws IOException {
        people = People.on(directory, "alice", "bob", "carol", "dave");
    }

    @Test
    void greedy_friends_get_the_same_each_and_what_one_may_not_have_is_the_others() throws Exception {
        TestDaemon alice = people.start("alice", Map.of("network.upload_bytes_per_second", LIMIT));
        TestDaemon bob = people.start("bob", Map.of("downloads.active", 10));
        TestDaemon carol = people.start("carol");
        TestDaemon dave = people.start("dave");
        List<TestDaemon> friends = List.of(bob, carol, dave);
        shareWith(alice, friends);
        List<Intake> intakes = friends.stream().map(Intake::of).toList();

        List<Long> greedy = Intake.rates(intakes, WINDOW);
        alice.call("friend.limit", Map.of("friend", carol.jid(), "up", LIMIT / 10));
        List<Long> oneLimited = Intake.rates(intakes, WINDOW);
        ConfigFile.set(alice.home(), directory, "network.upload_bytes_per_second", LIMIT * 2);
        alice.call("config.reload");
        List<Long> doubled = Intake.rates(intakes, WINDOW);

        assertThat(greedy).allSatisfy(rate -> assertThat(rate).isCloseTo(LIMIT / 3, TEN));
        assertThat(sum(greedy)).isCloseTo(LIMIT, FIVE);
        assertThat(oneLimited.get(1)).isCloseTo(LIMIT / 10, TEN);
        assertThat(List.of(oneLimited.get(0), oneLimited.get(2)))
                .allSatisfy(rate -> assertThat(rate).isCloseTo(LIMIT * 9 / 20, TEN));
        assertThat(sum(oneLimited)).isCloseTo(LIMIT, FIVE);
        assertThat(sum(doubled)).isCloseTo(LIMIT * 2, FIVE);
    }

    private void shareWith(TestDaemon alice, List<TestDaemon> friends) throws IOException {
        for (TestDaemon friend : friends) {
            alice.befriend(friend);
        }
        alice.share(Folders.file(directory.resolve("film.bin"), 160_000_000, 1));
        for (int part = 0; part < 10; part++) {
            alice.share(Folders.file(directory.resolve("part-" + part), 16_000_000, 2 + part));
        }
        for (TestDaemon friend : friends) {
            friend.untilListed(alice, "film.bin");
            friend.untilListed(alice, "part-9");
        }
        for (int part = 0; part < 10; part++) {
            friends.get(0).want("alice/part-" + part);
        }
        friends.get(1).want("alice/film.bin");
        friends.get(2).want("alice/film.bin");
    }

    private static long sum(List<Long> rates) {
        return rates.stream().mapToLong(Long::longValue).sum();
    }
}
