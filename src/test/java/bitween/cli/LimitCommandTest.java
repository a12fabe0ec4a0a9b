package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitCommandTest {
    private static final String LIMITED = "{'jid':'bob@example.org','limit':{'down':4000000,'up':500000}}";
    private final FakeWorld world = new FakeWorld();

    @Test
    void rates_are_given_as_they_are_shown() {
        world.answer("limit", LIMITED);

        assertThat(world.run("limit", "bob", "--down", "4M", "--up", "500k")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("limit {down=4000000, name=bob, up=500000}");
        assertThat(world.out()).isEqualTo("bob@example.org: at most 4.0 MB/s down and 500 kB/s up");
    }

    @Test
    void off_takes_both_away_and_no_option_only_shows() {
        world.answer("limit", "{'jid':'bob@example.org','limit':null}");

        assertThat(world.run("limit", "bob", "--off")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("limit", "bob")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("limit", "bob", "--off", "--up", "1M")).isEqualTo(ExitCodes.USAGE);

        assertThat(world.calls).containsExactly("limit {down=0, name=bob, up=0}", "limit {name=bob}");
        assertThat(world.terminal.out).containsExactly("bob@example.org: no limit", "bob@example.org: no limit");
    }

    @Test
    void a_share_or_job_is_limited_by_its_name_and_info_shows_it() {
        world.answer("limit", "{'jid':null,'id':3,'name':'Music','limit':{'down':0,'up':200000}}")
                .answer(
                        "info",
                        "{'transfer':"
                                + Samples.transfer("JOB", "COMPLETE", "")
                                        .replace("'limit':null", "'limit':{'down':0,'up':200000}")
                                + ",'share':null,'holders':[]}");

        assertThat(world.run("limit", "#3", "--up", "200k")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("info", "Music")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).startsWith("limit {name=#3, up=200000}");
        assertThat(world.out()).startsWith("Music: at most 200 kB/s up").contains("limit      at most 200 kB/s up");
    }

    @Test
    void friends_and_status_show_who_has_a_limit() {
        world.answer(
                        "friends",
                        "{'friends':[" + Samples.friend("bob@example.org", true, ",'limit':{'down':0,'up':500000}")
                                + "],'pending':[],'asked':[]}")
                .answer("status", Samples.STATUS.replace("'shares':3", "'limits':[" + LIMITED + "],'shares':3"))
                .answer("jobs", "{'jobs':[]}");

        world.run("friends");
        world.run("status");

        assertThat(world.terminal.out)
                .anyMatch(line -> line.endsWith("at most 500 kB/s up"))
                .contains("           bob@example.org: at most 4.0 MB/s down and 500 kB/s up");
    }

    @ParameterizedTest
    @CsvSource({
        "800000, 800000",
        "500k, 500000",
        "1.5MB/s, 1500000",
        "4 mb/s, 4000000",
        "1G, 1000000000",
        "0, 0",
        "12B/s, 12"
    })
    void a_rate_has_a_decimal_unit(String text, long expected) {
        assertThat(Units.bytesPerSecond(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fast", "-4M", "4 MiB", "4M/h", "1e6", "99999999999M"})
    void what_is_no_rate_is_refused_with_an_example(String text) {
        assertThat(world.run("limit", "bob", "--down", text)).isEqualTo(ExitCodes.USAGE);
        assertThat(world.err()).contains("is no rate").contains("500k, 4M or 1.5MB/s");
        assertThat(world.calls).isEmpty();
    }
}
