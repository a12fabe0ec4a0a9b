package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.RateRequest.LimitTransfer;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.model.RateLimit;
import bitween.model.Transfer;
import org.junit.jupiter.api.Test;

class TransferLimitsTest extends TorrentFixture {
    private static final RateLimit SLOW = new RateLimit(200_000, 100_000);

    @Test
    void a_limit_is_kept_and_told_whatever_becomes_of_the_job_also_after_a_restart() throws Exception {
        Transfer job = downloading(world.offered("music", 7));

        Transfer limited = world.ask(new LimitTransfer(job.id(), SLOW));

        assertThat(limited).isEqualTo(job.with(SLOW)).isEqualTo(world.stored(job.id()));
        assertThat(world.said(TransferChanged.class)).last().isEqualTo(new TransferChanged(limited));
        restart();
        world.engineSays(new EngineEvent.Finished(hash(job)));
        assertThat(world.stored(job.id()).limit()).isEqualTo(SLOW);
        assertThat(world.ask(new LimitTransfer(job.id(), RateLimit.NONE)).limit())
                .isEqualTo(RateLimit.NONE);
        assertThat(world.stored(job.id()).limit()).isEqualTo(RateLimit.NONE);
    }
}
