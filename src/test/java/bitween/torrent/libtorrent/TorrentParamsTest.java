package bitween.torrent.libtorrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.UserException;
import bitween.torrent.TorrentEngine.Torrent;
import bitween.torrent.TorrentEngine.Torrent.Start;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorrentParamsTest {
    @TempDir
    private static Path folder;

    private Path file;

    @BeforeAll
    static void load() {
        NativeLibrary.load(folder);
    }

    @BeforeEach
    void make() throws IOException {
        file = TestTorrents.random(folder.resolve("film.bin"), 600_000, 1);
    }

    @Test
    void a_complete_torrent_has_all_pieces_and_is_not_paused_so_that_it_gets_ready() throws IOException {
        var params = TorrentParams.of(TestTorrents.of(file).torrent(folder, Start.COMPLETE, null));

        assertThat(params.get_have_pieces().count()).isEqualTo(3);
        assertThat(params.getSave_path()).isEqualTo(folder.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssl-cert", "similar", "collections"})
    void keys_that_open_other_doors_are_refused(String key) throws IOException {
        Object value = key.equals("ssl-cert") ? "-----BEGIN" : List.of("12345678901234567890");

        assertRefused(TestTorrents.of(file, TestTorrents.PIECE, Map.of(key, value)), "it has the key '" + key + "'");
    }

    @Test
    void what_is_not_private_is_refused() throws IOException {
        assertRefused(TestTorrents.of(file, TestTorrents.PIECE, Map.of("private", 0L)), "not private");
    }

    @Test
    void another_hash_than_promised_is_refused() throws IOException {
        var made = TestTorrents.of(file);

        assertRefused(
                new TestTorrents.Made(InfoHash.of(new byte[20]), made.info(), made.name(), made.pieces()),
                "another info-hash, " + made.hash());
    }

    @Test
    void garbage_is_refused() {
        Bytes garbage = Bytes.of("d4:name".getBytes(StandardCharsets.US_ASCII));

        assertRefused(new TestTorrents.Made(InfoHash.of(new byte[20]), garbage, "x", 1), "does not take the metadata");
    }

    @Test
    void a_save_path_beyond_the_basic_plane_is_refused() {
        assertThatThrownBy(() -> TorrentParams.requireSpeakable(Path.of("/tmp").resolve("a😀b")))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PATH_REFUSED))
                .hasMessageContaining("😀");
    }

    private static void assertRefused(TestTorrents.Made made, String why) {
        Torrent torrent = made.torrent(folder, Start.RESUME, null);

        assertThatThrownBy(() -> TorrentParams.of(torrent))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_METADATA))
                .hasMessageContaining(why);
    }
}
