package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShareCommandTest {
    private final FakeWorld world = new FakeWorld();

    @Test
    void share_says_that_it_is_live() {
        world.answer("share.add", Samples.transfer("SHARE", "HASHING", ""))
                .answer(
                        "transfer.wait",
                        Samples.transfer("SHARE", "SEEDING", "").replace("'id':3", "'id':3,'revision':1"));

        assertThat(world.run("share", "/m", "--live")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).contains("share.add {mode=LIVE, path=/m}");
        assertThat(world.out()).contains("live       revision 1; each change in it becomes the next");
    }

    @Test
    void a_live_share_can_keep_revisions_and_no_other_can() {
        world.answer("share.add", Samples.transfer("SHARE", "SEEDING", "").replace("'id':3", "'id':3,'revision':1"));

        assertThat(world.run("share", "/m", "--live", "--keep-revisions", "5", "--no-wait"))
                .isEqualTo(ExitCodes.OK);
        assertThat(world.calls).contains("share.add {keepRevisions=5, mode=LIVE, path=/m}");
        world.calls.clear();

        assertThat(world.run("share", "/m", "--keep-revisions", "5")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.calls).isEmpty();
    }

    @Test
    void how_long_its_pieces_are_can_be_said() {
        world.answer("share.add", Samples.transfer("SHARE", "SEEDING", ""));

        for (String size : List.of("64K", "64KiB", "65536")) {
            world.run("share", "/m", "--piece-size", size, "--no-wait");
        }
        assertThat(world.calls).hasSize(3).containsOnly("share.add {path=/m, pieceLength=65536}");
        world.calls.clear();

        for (String none : List.of("large", "-1", "1.5M", "1G", "")) {
            assertThat(world.run("share", "/m", "--piece-size=" + none)).isEqualTo(ExitCodes.USAGE);
        }
        assertThat(world.calls).isEmpty();
    }

    @Test
    void a_share_is_not_live_and_frozen() {
        assertThat(world.run("share", "/m", "--live", "--frozen")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.calls).isEmpty();
    }
}
