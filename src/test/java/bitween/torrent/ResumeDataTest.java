package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.InfoHash;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.FakeEngine;
import bitween.torrent.format.HashedShare;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Resume data that lie are not believed: all that is on disk is looked at instead. */
class ResumeDataTest extends TorrentFixture {
    private static final int MAC_BYTES = 32;

    private HashedShare music;
    private Transfer job;

    @BeforeEach
    void half_a_job() throws Exception {
        music = world.offered("music", 70_000);
        job = downloading(music);
        world.pass(Duration.ofSeconds(30));
        assertThat(world.store.resume().of(hash(job))).contains(FakeEngine.RESUME_DATA);
    }

    @Test
    void what_was_saved_here_is_believed() throws Exception {
        restart();

        assertThat(world.engine.calls()).startsWith("add RESUME with resume data");
    }

    @Test
    void thirty_rows_that_were_not_made_here_for_these_files_lead_to_a_look_at_all_of_them() throws Exception {
        byte[] good = row(hash(job));
        Map<String, byte[]> crafted = new LinkedHashMap<>();
        for (int bit = 0; bit < 12; bit++) {
            crafted.put("a flipped bit of the proof, " + bit, flipped(good, bit * 21 % (MAC_BYTES * 8)));
        }
        for (int bit = 0; bit < 8; bit++) {
            int at = MAC_BYTES * 8 + bit * 5 % ((good.length - MAC_BYTES) * 8);
            crafted.put("a flipped bit of the data, " + bit, flipped(good, at));
        }
        for (int length : List.of(0, 1, 31, 32, good.length - 1)) {
            crafted.put("cut off after " + length, Arrays.copyOf(good, length));
        }
        crafted.put("a byte more", Arrays.copyOf(good, good.length + 1));
        crafted.put("no proof at all", Arrays.copyOfRange(good, MAC_BYTES, good.length));
        crafted.put("a proof of zeros", with(good, proof -> new byte[MAC_BYTES]));
        crafted.put(
                "libtorrent's own words",
                "d11:file-format22:libtorrent resume file9:save_path4:/etce".getBytes(StandardCharsets.US_ASCII));
        crafted.put("a megabyte of nothing", new byte[1 << 20]);
        assertThat(crafted).hasSize(30);

        crafted.forEach((what, row) -> {
            put(hash(job), row);
            assertThat(world.store.resume().of(hash(job))).as(what).isEmpty();
        });
        restart();

        assertThat(world.engine.calls()).startsWith("add RESUME").doesNotContain("add RESUME with resume data");
        world.holds(music);
        world.offered("music", 70_000);
        world.peersFound(hash(job));
        world.until(job.id(), TransferState.COMPLETE);
        assertThat(world.downloads.resolve("music/file 0")).hasSameBinaryContentAs(temp.resolve("friend/music/file 0"));
    }

    @Test
    void the_row_of_another_job_is_not_believed() throws Exception {
        HashedShare films = world.offered("films", 8);
        world.holds(films);
        Transfer other = world.wanted(films.info().hash());
        byte[] foreign = row(hash(job));

        world.pass(Duration.ofSeconds(30));
        put(hash(other), foreign);

        assertThat(world.store.resume().of(hash(other))).isEmpty();
        assertThat(world.store.resume().of(hash(job))).isPresent();
    }

    @Test
    void a_row_about_files_that_lay_elsewhere_is_not_believed() {
        world.store.saveStaging(job.id(), temp.resolve("elsewhere"));

        assertThat(world.store.resume().of(hash(job))).isEmpty();
    }

    @Test
    void a_home_that_has_lost_its_key_looks_at_all_files_once() throws Exception {
        Path key = temp.resolve("home/resume.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        Files.writeString(key, "short");

        restart();
        assertThat(world.engine.calls()).startsWith("add RESUME").doesNotContain("add RESUME with resume data");
        world.holds(music);
        world.engine.keepsQuietOn("download");
        world.peersFound(hash(job));
        world.pass(Duration.ofSeconds(30));

        assertThat(world.store.resume().of(hash(job))).isPresent();
        assertThat(key).hasSize(32);
    }

    @Test
    void a_row_waits_until_what_it_speaks_of_is_on_the_disk() throws Exception {
        put(hash(job), new byte[0]);
        Path staged = Objects.requireNonNull(world.row(job.id()).staging()).resolve("file 0");
        Files.createSymbolicLink(staged, staged); // whoever opens it fails

        world.pass(Duration.ofSeconds(30));
        assertThat(world.store.resume().of(hash(job))).isEmpty();
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.PAUSED);
        assertThat(world.engine.holds(hash(job)))
                .as("what it knows may not be so")
                .isFalse();

        Files.delete(staged);
        world.pass(Duration.ofSeconds(5));
        world.pass(Duration.ofSeconds(30));
        assertThat(world.store.resume().of(hash(job))).isPresent();
    }

    @Test
    void sixty_four_megabytes_are_reason_enough_to_save() {
        world.engine.calls();
        progressed(ResumeSaver.BYTES - 1);
        assertThat(world.engine.calls()).isEmpty();

        progressed(ResumeSaver.BYTES);
        progressed(ResumeSaver.BYTES + 1);
        assertThat(world.engine.calls()).containsExactly("save");

        progressed(2 * ResumeSaver.BYTES);
        assertThat(world.engine.calls()).containsExactly("save");
    }

    private void progressed(long bytes) {
        world.engineSays(new EngineEvent.Updated(
                List.of(new EngineEvent.State(hash(job), bytes, 3 * ResumeSaver.BYTES, 1, 0, 0, false, List.of()))));
    }

    private byte[] row(InfoHash hash) {
        return world.database.read(connection -> {
            try (var query = connection.prepareStatement("select data from resume where hash = ?")) {
                query.setString(1, hash.hex());
                try (var result = query.executeQuery()) {
                    assertThat(result.next()).isTrue();
                    return result.getBytes(1);
                }
            }
        });
    }

    private void put(InfoHash hash, byte[] data) {
        world.database.change(connection -> {
            try (var update = connection.prepareStatement(
                    "insert into resume (hash, data) values (?, ?) on conflict (hash) do update set data = excluded.data")) {
                update.setString(1, hash.hex());
                update.setBytes(2, data);
                if (update.executeUpdate() != 1) {
                    throw new SQLException("no row");
                }
            }
        });
    }

    private static byte[] flipped(byte[] good, int bit) {
        byte[] bad = good.clone();
        bad[bit / 8] ^= (byte) (1 << bit % 8);
        return bad;
    }

    private static byte[] with(byte[] good, UnaryOperator<byte[]> proof) {
        byte[] bad = good.clone();
        System.arraycopy(proof.apply(Arrays.copyOf(good, MAC_BYTES)), 0, bad, 0, MAC_BYTES);
        return bad;
    }
}
