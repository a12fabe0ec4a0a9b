package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.message.TorrentEvent.TransfersProgressed;
import bitween.model.Audience;
import bitween.model.InfoHash;
import bitween.model.Progress;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.testing.ManualExecutor;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private static final InfoHash HASH = new InfoHash("a".repeat(40));
    private static final Transfer JOB = Transfer.of(
            new TransferId(1),
            Transfer.Kind.JOB,
            "Music",
            Path.of("/d/Music"),
            TransferState.DOWNLOADING,
            HASH,
            Instant.EPOCH,
            Audience.NOBODY);

    private final ManualExecutor threads = new ManualExecutor(1);
    private final Bus bus = new Bus(threads.lane("bus"));
    private final List<TransfersProgressed> said = new ArrayList<>();
    private final Figures figures = new Figures(bus);

    @Test
    void when_the_last_peer_has_left_nothing_moves_whatever_the_engines_mean_says() {
        bus.subscribe(TransfersProgressed.class, threads.lane("test"), said::add);

        assertThat(shown(List.of(new Progress.Peer(TorrentWorld.PEER, 682_000, 7))))
                .isEqualTo(new Progress(
                        42, 100, 682_000, 7, 3, List.of(new Progress.Peer(TorrentWorld.PEER, 682_000, 7))));
        assertThat(shown(List.of())).isEqualTo(new Progress(42, 100, 0, 0, 3, List.of()));
    }

    @Test
    void what_the_engine_told_late_of_the_last_time_counts_once() {
        bus.subscribe(TransfersProgressed.class, threads.lane("test"), said::add);
        Transfer share = JOB.shared("Music");
        assertThat(sent(share, 100)).isEqualTo(100);

        figures.enters(share.id());
        assertThat(sent(share, 130)).as("before it went").isEqualTo(130);
        assertThat(sent(share, 0)).as("while it looks at the files").isEqualTo(130);
        figures.entered(share.id());

        assertThat(sent(share, 5)).isEqualTo(135);
    }

    private long sent(Transfer share, long counted) {
        figures.put(share, new EngineEvent.State(HASH, 100, 100, 0, 0, counted, false, List.of()));
        figures.publish();
        threads.runAll();
        return Objects.requireNonNull(said.get(said.size() - 1).progress().get(share.id()))
                .uploadedBytes();
    }

    private Progress shown(List<Progress.Peer> peers) {
        figures.put(JOB, new EngineEvent.State(HASH, 42, 100, 682_000, 7, 3, false, peers));
        figures.publish();
        threads.runAll();
        return Objects.requireNonNull(said.get(said.size() - 1).progress().get(JOB.id()));
    }
}
