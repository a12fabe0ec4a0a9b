package bitween.app;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.Config;
import bitween.events.Happening.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunningConfigTest {
    @Test
    void each_command_runs_at_what_it_is_for() {
        assertThat(RunningConfig.commands(new Config.On("c", "e", "s", "f", "v", "r", "o")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        Kind.JOB_COMPLETE,
                        "c",
                        Kind.JOB_ERROR,
                        "e",
                        Kind.SHARE_ERROR,
                        "e",
                        Kind.FRIEND_SHARED,
                        "s",
                        Kind.WANT_FOUND,
                        "f",
                        Kind.REVISION_FOUND,
                        "v",
                        Kind.REVISION_HELD,
                        "v",
                        Kind.REVISION_READY,
                        "v",
                        Kind.FRIEND_REQUEST,
                        "r",
                        Kind.OFFER_FOUND,
                        "o"));
        assertThat(RunningConfig.commands(new Config.On(null, null, null, null, null, null, null)))
                .isEmpty();
    }
}
