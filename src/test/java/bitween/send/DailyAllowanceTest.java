package bitween.send;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.ContentId;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Share;
import bitween.store.OfferStore.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DailyAllowanceTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @Test
    void what_came_by_itself_within_a_day_and_what_comes_still_is_taken_off() {
        List<Row> rows = List.of(
                row('a', 300, NOW.minus(Duration.ofHours(23))),
                row('b', 200, NOW.minus(Duration.ofHours(25))),
                row('c', 100, NOW.minus(Duration.ofDays(9))),
                row('d', 5_000, null));

        assertThat(admits(1_000, 600, rows)).isTrue();
        assertThat(admits(1_000, 601, rows)).isFalse();
        assertThat(admits(0, 1, rows)).isFalse();
    }

    @Test
    void what_was_accepted_when_more_was_allowed_makes_no_room() {
        List<Row> rows = List.of(row('a', Long.MAX_VALUE, NOW), row('b', Long.MAX_VALUE, NOW));

        assertThat(admits(1_000, 1, rows)).isFalse();
    }

    @Test
    void files_without_a_size_count_too() {
        assertThat(DailyAllowance.costOf(share(0, 250_000))).isEqualTo(250_000L * DailyAllowance.FILE_BYTES);
        assertThat(DailyAllowance.costOf(share(0, 0))).isEqualTo(DailyAllowance.FILE_BYTES);
        assertThat(DailyAllowance.costOf(share(9_000_000, 2))).isEqualTo(9_000_000);
    }

    /** The third comes still. */
    private static boolean admits(long perDay, long cost, List<Row> rows) {
        return DailyAllowance.admits(perDay, cost, rows, row -> row.hash().equals(hash('c')), NOW);
    }

    private static Row row(char digit, long size, @Nullable Instant accepted) {
        return new Row(new Jid("bob@example.org"), hash(digit), size, NOW, accepted, null);
    }

    private static InfoHash hash(char digit) {
        return new InfoHash(String.valueOf(digit).repeat(40));
    }

    private static Share share(long size, int files) {
        return new Share("film", hash('a'), new ContentId("c".repeat(64)), size, files);
    }
}
