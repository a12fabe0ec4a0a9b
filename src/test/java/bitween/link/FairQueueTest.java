package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private final FairQueue<String> queue = new FairQueue<>();
    private final Map<FairQueue.Place<String>, String> places = new HashMap<>();
    private final Map<String, Long> had = new LinkedHashMap<>();

    @Test
    void who_waits_at_ten_places_gets_as_much_as_who_waits_at_one() {
        for (int place = 0; place < 10; place++) {
            enter("alice");
        }
        enter("bob");
        enter("carol");

        for (int turn = 0; turn < 300; turn++) {
            enter(serve(1_000));
        }

        assertThat(had)
                .containsEntry("alice", 100_000L)
                .containsEntry("bob", 100_000L)
                .containsEntry("carol", 100_000L);
    }

    @Test
    void bytes_count_and_not_turns() {
        enter("alice");
        enter("bob");

        for (int turn = 0; turn < 1_000; turn++) {
            String next = next();
            enter(serve(next.equals("alice") ? 10_000 : 1_000));
        }

        assertThat(of("alice")).isBetween(of("bob") - 10_000, of("bob") + 10_000);
    }

    @Test
    void what_one_does_not_want_is_the_others_and_is_not_saved_up() {
        enter("alice");
        for (int turn = 0; turn < 100; turn++) {
            enter(serve(1_000));
        }
        enter("bob"); // who wanted nothing so far
        had.clear();

        for (int turn = 0; turn < 100; turn++) {
            enter(serve(1_000));
        }

        assertThat(had).containsEntry("alice", 50_000L).containsEntry("bob", 50_000L);
    }

    @Test
    void who_comes_back_for_each_block_gets_as_much_as_who_always_waits() {
        enter("alice");
        enter("alice");
        enter("bob");

        for (int turn = 0; turn < 100; turn++) {
            enter(serve(1_000)); // before the next is served
        }

        assertThat(had).containsEntry("alice", 50_000L).containsEntry("bob", 50_000L);
    }

    @Test
    void who_leaves_without_a_turn_is_not_waited_for() {
        FairQueue.Place<String> gone = queue.enter("alice");
        enter("bob");

        queue.leave(gone);

        assertThat(next()).isEqualTo("bob");
        serve(1);
        assertThat(queue.next()).isEmpty();
    }

    @Property(tries = 200)
    void nobody_is_ahead_of_who_waits_too_by_more_than_a_block_each(
            @ForAll List<@IntRange(min = 1, max = 65_536) Integer> blocks) {
        new FairQueueTest().serveAll(blocks); // an instance is used for all tries
    }

    private void serveAll(List<Integer> blocks) {
        for (String who : new String[] {"alice", "alice", "alice", "bob", "carol", "carol"}) {
            enter(who);
        }
        int largest = 0;

        for (int block : blocks) {
            largest = Math.max(largest, block);
            enter(serve(block));
            long most = had.values().stream().mapToLong(Long::longValue).max().orElse(0);
            long least = had.size() < 3
                    ? 0
                    : had.values().stream().mapToLong(Long::longValue).min().orElse(0);
            assertThat(most - least).isLessThanOrEqualTo(2L * largest);
        }
    }

    private void enter(String who) {
        places.put(queue.enter(who), who);
    }

    private long of(String who) {
        return had.getOrDefault(who, 0L);
    }

    private String next() {
        return places.getOrDefault(queue.next().orElseThrow(), "");
    }

    private String serve(int bytes) {
        FairQueue.Place<String> place = queue.next().orElseThrow();
        String who = places.getOrDefault(place, "");
        places.remove(place);
        queue.served(place, bytes);
        had.merge(who, (long) bytes, Long::sum);
        return who;
    }
}
