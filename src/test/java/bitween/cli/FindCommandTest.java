package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FindCommandTest {
    private final FakeWorld world = new FakeWorld();

    @Test
    void what_is_found_is_listed_with_who_has_it() {
        world.answer(
                "find",
                "{'found':["
                        + "{'kind':'share','share':'Music','path':'','sizeBytes':64000000,'here':false,'online':true,'holders':["
                        + Samples.holder(true) + "]},"
                        + "{'kind':'file','share':'Music','path':'Live/x\\u001b[2J','sizeBytes':600,'here':true,'online':false,'holders':["
                        + Samples.holder(false) + "]}],'more':true}");

        assertThat(world.run("find", "music", "live", "--type", "audio", "--from", "alice", "--online", "--limit", "2"))
                .isEqualTo(ExitCodes.OK);

        assertThat(world.calls)
                .containsExactly("find {from=alice, limit=2, online=true, regex=false, type=audio, words=music live}");
        assertThat(world.terminal.out)
                .containsExactly(
                        "   SIZE  WHO                            WHAT",
                        "64.0 MB  alice@example.org              Music",
                        "  600 B  alice@example.org (away); you  Music/Live/x�[2J",
                        "and more: add a word, or see --limit, --type, --from");
    }

    @Test
    void a_range_of_sizes_has_one_end_or_two() {
        world.answer("find", "{'found':[],'more':false}");

        world.run("find", "x", "--size", "10M..2G");
        world.run("find", "x", "--size", "1.5k..");
        world.run("find", "x", "--size", "..1T");

        assertThat(world.calls)
                .containsExactly(
                        "find {leastBytes=10000000, mostBytes=2000000000, online=false, regex=false, words=x}",
                        "find {leastBytes=1500, online=false, regex=false, words=x}",
                        "find {mostBytes=1000000000000, online=false, regex=false, words=x}");
        assertThat(world.terminal.out)
                .contains("nothing that friends share is called so; bitween ls shows what there is");
    }

    @Test
    void a_range_that_begins_above_its_end_is_told_from_one_that_finds_nothing() {
        assertThat(world.run("find", "x", "--size", "3k..1k")).isEqualTo(ExitCodes.USAGE);

        assertThat(world.terminal.err)
                .containsExactly(
                        "bitween: nothing is of the size '3k..1k', which begins above its end",
                        "  did you mean 1k..3k?");
        assertThat(world.calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "10M", "10M-20M", "x..y", "-1.."})
    void what_is_no_range_is_named(String size) {
        assertThat(world.run("find", "x", "--size=" + size)).isEqualTo(ExitCodes.USAGE);
        assertThat(world.calls).isEmpty();
    }
}
