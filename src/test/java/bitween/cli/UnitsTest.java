package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "1234567, 1.2 MB",
        "99949999, 99.9 MB",
        "99950000, 100 MB",
        "999499999, 999 MB",
        "999500000, 1.0 GB",
        "9223372036854775807, 9.2 EB"
    })
    void sizes_are_decimal_with_few_digits(long bytes, String expected) {
        assertThat(Units.size(bytes)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 s", "59, 59 s", "200, 3 min", "3600, 1 h", "7500, 2 h 5 min", "90000, 1 d 1 h"})
    void durations_have_two_units_at_most(long seconds, String expected) {
        assertThat(Units.duration(seconds)).isEqualTo(expected);
    }

    @Test
    void times_of_today_are_short() {
        Clock clock = Clock.fixed(Instant.parse("2026-03-01T23:30:00Z"), ZoneId.of("Europe/Berlin"));

        assertThat(Units.time(Instant.parse("2026-03-01T23:05:00Z"), clock)).isEqualTo("00:05");
        assertThat(Units.time(Instant.parse("2026-03-01T22:05:00Z"), clock)).isEqualTo("2026-03-01 23:05");
    }
}
