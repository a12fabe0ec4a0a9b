package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
    void a_share_is_not_live_and_frozen() {
        assertThat(world.run("share", "/m", "--live", "--frozen")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.calls).isEmpty();
    }
}
