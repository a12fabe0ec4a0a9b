package bitween.torrent.libtorrent;

import static bitween.torrent.libtorrent.TestTorrents.link;
import static bitween.torrent.libtorrent.TestTorrents.random;
import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Bytes;
import bitween.torrent.EngineEvent;
import bitween.torrent.Recalled;
import bitween.torrent.TorrentEngine.Torrent.Start;
import bitween.torrent.format.InfoDictionary;
import bitween.torrent.libtorrent.TestTorrents.Made;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an engine believes of what it had before. */
class ResumeDataIT extends EngineFixture {
    @Test
    void a_download_goes_on_after_a_restart_where_its_resume_data_says() throws IOException {
        Path source = random(root.resolve("film.bin"), 8_000_000, 1);
        Path staged = Files.createDirectories(root.resolve("staging")).resolve("film.bin");
        Made made = TestTorrents.of(source);
        seed(made, source);
        seeder.engine.limitRates(0, 2_000_000);
        getter.add(made.torrent(link(root.resolve("getter"), made, staged), Start.RESUME, null));
        getter.getFrom(made.hash(), seeder.address());
        EngineEvent.State before = stateOnce(getter, made.hash(), state -> state.doneBytes() > 2_000_000);
        getter.engine.pause(made.hash());
        getter.engine.saveResumeData(made.hash());
        Bytes resumeData = getter.await(EngineEvent.ResumeData.class).data();
        Recalled recalled = getter.engine.recalled(resumeData);
        getter.close();

        getter = engine();
        var checked = getter.add(made.torrent(link(root.resolve("elsewhere"), made, staged), Start.RESUME, resumeData));
        long kept = stateOnce(getter, made.hash(), state -> true).doneBytes();
        seeder.engine.limitRates(0, 0);
        getter.getFrom(made.hash(), seeder.address());
        getter.await(EngineEvent.Finished.class);

        assertThat(checked.complete()).isFalse();
        assertThat(kept).isGreaterThan(1_000_000).isLessThan(8_000_000);
        assertThat(before.totalBytes()).isEqualTo(8_000_000);
        assertThat((long) recalled.pieces().cardinality() * TestTorrents.PIECE
                        + blocks(recalled) * InfoDictionary.BLOCK_BYTES)
                .isEqualTo(kept);
        assertThat(staged).hasSameBinaryContentAs(source);
    }

    private static long blocks(Recalled recalled) {
        return recalled.blocks().values().stream()
                .mapToLong(BitSet::cardinality)
                .sum();
    }

    @Test
    void what_is_no_resume_data_says_that_nothing_is_here() {
        for (String data :
                List.of("", "d", "6:resume", "d6:pieces3:", "d6:piecesi1ee", "d10:unfinishedld5:piece1:xeee")) {
            assertThat(getter.engine.recalled(Bytes.of(data.getBytes(StandardCharsets.US_ASCII))))
                    .as(data)
                    .isEqualTo(new Recalled(new BitSet(), Map.of()));
        }
    }

    @Test
    void resume_data_is_believed_until_a_recheck_finds_the_damage() throws IOException {
        Path source = random(root.resolve("film.bin"), 3_000_000, 1);
        Made made = TestTorrents.of(source);
        Path savePath = link(root.resolve("getter"), made, source);
        getter.add(made.torrent(savePath, Start.CHECK, null));
        getter.engine.saveResumeData(made.hash());
        Bytes resumeData = getter.await(EngineEvent.ResumeData.class).data();
        getter.close();
        damage(source, 1_000_000);

        getter = engine();
        boolean believed =
                getter.add(made.torrent(savePath, Start.RESUME, resumeData)).complete();
        getter.engine.recheck(made.hash());
        boolean rechecked = getter.await(EngineEvent.Checked.class).complete();

        assertThat(believed).isTrue();
        assertThat(rechecked).isFalse();
    }

    @Test
    void resume_data_that_cannot_be_read_or_is_of_something_else_leads_to_hashing() throws IOException {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Made made = TestTorrents.of(source);
        Made other = TestTorrents.of(random(root.resolve("other.bin"), 1_000_000, 2));
        seeder.add(other.torrent(link(root.resolve("seeder"), other, root.resolve("other.bin")), Start.CHECK, null));
        seeder.engine.saveResumeData(other.hash());
        Bytes foreign = seeder.await(EngineEvent.ResumeData.class).data();
        damage(source, 5);
        Path savePath = link(root.resolve("getter"), made, source);

        boolean withForeign =
                getter.add(made.torrent(savePath, Start.RESUME, foreign)).complete();
        getter.engine.remove(made.hash());
        getter.await(EngineEvent.Removed.class);
        boolean withGarbage = getter.add(made.torrent(savePath, Start.RESUME, Bytes.of(new byte[] {1, 2})))
                .complete();

        assertThat(withForeign).isFalse();
        assertThat(withGarbage).isFalse();
    }

    @Test
    void what_has_not_changed_is_not_saved_again() throws IOException {
        Path source = random(root.resolve("film.bin"), 1_000_000, 1);
        Made made = TestTorrents.of(source);
        seed(made, source);
        get(made, Files.createDirectories(root.resolve("staging")).resolve("film.bin"), Start.RESUME);
        getter.engine.saveResumeData(made.hash());
        getter.await(EngineEvent.ResumeData.class);

        getter.engine.saveResumeData(made.hash());

        assertThat(getter.await(EngineEvent.ResumeUnchanged.class).hash()).isEqualTo(made.hash());
    }
}
