package bitween.store;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.store.GotStore.Arrival;
import bitween.store.GotStore.Got;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GotStoreTest {
    private static final InfoHash HASH = new InfoHash("a".repeat(40));
    private static final InfoHash OTHER = new InfoHash("b".repeat(40));
    private static final Path PLACE = Path.of("/d/Film");
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Map<Device, String> ALICE =
            Map.of(new Device(new Jid("alice@example.org"), new DeviceId("d".repeat(64))), "laptop");
    private static final Bytes DIGESTS =
            Bytes.of("one digest, which is of 32 bytes".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    @TempDir
    Path temp;

    private Database database;
    private GotStore store;

    @BeforeEach
    void open() {
        database = Database.open(temp.resolve("bitween.db"), temp.resolve("native"));
        store = new GotStore(database, 3_000);
        TorrentStore torrents = new TorrentStore(database);
        torrents.saveMetadata(HASH, Bytes.of(new byte[1_000]), NOW);
        torrents.saveMetadata(OTHER, Bytes.of(new byte[1_000]), NOW);
        torrents.saveDigests(HASH, DIGESTS, NOW);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void what_was_got_is_found_by_where_it_stood_or_what_is_in_it_when_its_torrent_is_forgotten() {
        record(HASH, PLACE, null, NOW);
        new TorrentStore(database).removeDigests(HASH);

        Got got = new Got(HASH, "Film", PLACE, null, Bytes.of(new byte[1_000]), DIGESTS, NOW, ALICE);
        assertThat(store.at(PLACE)).containsExactly(got);
        assertThat(store.at(PLACE.resolve("Extras/one.mkv"))).containsExactly(got);
        assertThat(store.at(Path.of("/d"))).isEmpty();
        assertThat(store.at(Path.of("/d/Film2"))).isEmpty();
        assertThat(store.withDigest(DIGESTS)).containsExactly(got);
        assertThat(store.withDigest(Bytes.of(new byte[32]))).isEmpty();
    }

    @Test
    void the_same_is_kept_once_and_more_of_it_again() {
        record(HASH, PLACE, Bytes.of(new byte[] {1}), NOW);
        record(HASH, PLACE, Bytes.of(new byte[] {1}), NOW.plusSeconds(9));
        record(HASH, PLACE, null, NOW.plusSeconds(10));

        assertThat(store.at(PLACE)).extracting(Got::finished).containsExactly(NOW, NOW.plusSeconds(10));
    }

    @Test
    void the_oldest_is_forgotten_when_it_is_too_much() {
        for (String place : List.of("/a", "/b", "/c", "/d")) {
            record(OTHER, Path.of(place), null, NOW);
        }

        assertThat(store.at(Path.of("/a"))).isEmpty();
        assertThat(store.at(Path.of("/b"))).hasSize(1);
        assertThat(store.at(Path.of("/d"))).hasSize(1);
    }

    private void record(InfoHash hash, Path place, @Nullable Bytes files, Instant finished) {
        store.record(List.of(new Arrival(hash, "Film", place, files, finished, ALICE)));
    }
}
