package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RevisionPaceTest {
    private final RevisionPace pace = new RevisionPace();

    @Test
    void who_looked_long_rests_long_but_not_for_ever() {
        pace.rest(100, Duration.ofMillis(30));
        assertThat(pace.restsUntil()).isEqualTo(100);

        pace.rest(100, Duration.ofMillis(300));
        assertThat(pace.restsUntil()).isEqualTo(106);

        pace.rest(100, Duration.ofSeconds(2));
        assertThat(pace.restsUntil()).isEqualTo(110);
    }
}
