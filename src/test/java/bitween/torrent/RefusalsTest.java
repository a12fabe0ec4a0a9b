package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.message.TorrentEvent.DamageFound;
import bitween.model.Bytes;
import bitween.model.InfoHash;
import bitween.testing.FakeEngine;
import bitween.testing.ManualExecutor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private static final InfoHash FILM = new InfoHash("a".repeat(40));
    private static final InfoHash MUSIC = new InfoHash("b".repeat(40));
    private static final InetAddress BOB = label(1);
    private static final InetAddress CAROL = label(2);

    private final ManualExecutor threads = new ManualExecutor(1);
    private final Bus bus = new Bus(threads.lane("bus"));
    private final FakeEngine engine = new FakeEngine(threads.lane("alerts"));
    private final List<DamageFound> told = new ArrayList<>();
    private final Refusals refusals = new Refusals(bus, engine);

    RefusalsTest() {
        bus.subscribe(DamageFound.class, threads.lane("test"), told::add);
    }

    @Test
    void the_engine_is_asked_once_a_second_however_many_pieces_are_wrong() {
        for (int piece = 0; piece < 1_000; piece++) {
            refusals.onPieceRefused(new EngineEvent.PieceRefused(FILM, piece));
        }
        refusals.onTick();
        refusals.onTick();

        assertThat(engine.calls()).containsExactly("name banned");
    }

    @Test
    void who_is_banned_is_told_once_with_how_many_pieces_were_wrong() {
        refusals.onPieceRefused(new EngineEvent.PieceRefused(FILM, 1));
        refusals.onPieceRefused(new EngineEvent.PieceRefused(FILM, 2));
        banned(FILM);
        banned(FILM, BOB);
        banned(FILM, BOB);
        banned(FILM, BOB, CAROL);
        threads.runAll();

        assertThat(told)
                .containsExactly(
                        new DamageFound(FILM, 2, Set.of(BOB)),
                        new DamageFound(FILM, 1, Set.of(CAROL))); // found by the block that differed
    }

    @Test
    void what_left_the_engine_begins_anew() {
        refusals.onPieceRefused(new EngineEvent.PieceRefused(FILM, 1));
        banned(FILM, BOB);
        refusals.onRemoved(FILM);
        refusals.onTick();
        banned(FILM, BOB);
        banned(MUSIC, BOB);
        threads.runAll();

        assertThat(engine.calls()).isEmpty();
        assertThat(told).extracting(DamageFound::hash).containsExactly(FILM, FILM, MUSIC);
    }

    private void banned(InfoHash hash, InetAddress... labels) {
        refusals.onResumeData(new EngineEvent.ResumeData(hash, Bytes.EMPTY, Set.of(labels)));
    }

    private static InetAddress label(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 77, 1, (byte) number});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
