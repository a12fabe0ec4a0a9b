package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.TransferState;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Alice has Music, and bob a copy of his own, Tunes: the same content with another info-hash. */
class SameContentTest {
    private static final Share TUNES =
            new Share("Tunes", new InfoHash("e".repeat(40)), World.MUSIC.content(), 64_000_000, 203);

    private final World world = new World();

    @BeforeEach
    void friends() {
        world.roster(World.friend(World.ALICE), World.friend(World.BOB));
        world.online(World.ALICES_LAPTOP, "laptop", "192.0.2.1:6881");
        world.online(World.BOBS_DESKTOP, "desktop", "192.0.2.2:6881");
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC);
        world.shares(World.BOBS_DESKTOP, "desktop", TUNES, World.PHOTOS);
    }

    @Test
    void a_job_names_who_has_a_copy_beside_who_has_the_share_itself() {
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));

        Map<String, @Nullable Object> info = world.call("info", "name", "Music");

        assertThat(World.list(info.get("holders")))
                .extracting(holder -> holder.get("name") + " " + holder.get("copy"))
                .containsExactly("laptop null", "desktop Tunes");
        assertThat(World.map(info.get("transfer"))).containsEntry("holdersOnline", 2L);
    }
}
