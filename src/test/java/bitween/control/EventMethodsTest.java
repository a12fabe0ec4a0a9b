package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventMethodsTest {
    private final World world = new World();

    @Test
    void without_events_the_answer_looks_the_same() {
        assertThat(world.call("events"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("events", List.of(), "next", 1L, "missed", 0L));
    }

    @Test
    void an_event_has_its_number_its_time_its_word_and_what_it_is_about() {
        world.online(World.ALICES_LAPTOP, "laptop", "192.0.2.1:6881");

        Map<String, @Nullable Object> answer = world.call("events");

        assertThat(World.list(answer.get("events")))
                .singleElement()
                .satisfies(event -> assertThat(event)
                        .containsExactlyEntriesOf(ordered(
                                "number", 1L,
                                "at", World.NOW.toString(),
                                "event", "friend.online",
                                "jid", "alice@example.org",
                                "device", "laptop")));
        assertThat(answer).containsEntry("next", 2L);
    }

    @Test
    void who_comes_late_is_told_how_many_are_gone() {
        for (int i = 0; i < 5; i++) {
            world.transfer(World.own(i + 1, World.MUSIC));
        }

        Map<String, @Nullable Object> answer = world.call("events", "from", 1, "limit", 2);

        assertThat(answer).containsEntry("missed", 2L).containsEntry("next", 5L);
        assertThat(World.list(answer.get("events")))
                .extracting(event -> event.get("id"))
                .containsExactly(3L, 4L);
    }

    private static Map<String, @Nullable Object> ordered(Object... entries) {
        View view = new View();
        for (int i = 0; i < entries.length; i += 2) {
            view.with((String) entries[i], entries[i + 1]);
        }
        return view;
    }
}
