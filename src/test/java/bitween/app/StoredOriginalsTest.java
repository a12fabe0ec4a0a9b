package bitween.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bitween.bencode.BencodeWriter;
import bitween.control.OriginalTorrents.OriginalTorrent;
import bitween.control.OriginalTorrents.State;
import bitween.model.Bytes;
import bitween.model.InfoHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredOriginalsTest {
    private static final InfoHash HASH = new InfoHash("a".repeat(40));
    private static final String MAGNET = "magnet:?xt=urn:btih:" + HASH + "&tr=udp%3A%2F%2Ftracker.example";
    private static final byte[] WHOLE = {1, 1, 3};
    private static final byte[] PARTLY = {1, 0, 1};

    @TempDir
    Path temp;

    private Path folder;

    @BeforeEach
    void a_folder() throws IOException {
        folder = Files.createDirectory(temp.resolve("shared"));
    }

    @Test
    void what_stands_where_it_was_is_here() throws SQLException, IOException {
        Files.createDirectory(folder.resolve("Music"));

        assertThat(read(MAGNET, torrent("Music", false), status(WHOLE), folder.toString()))
                .isEqualTo(new OriginalTorrent(HASH, "Music", folder.resolve("Music"), State.HERE, ""));
    }

    @Test
    void the_name_of_a_magnet_link_does_where_there_is_no_torrent() throws SQLException, IOException {
        Files.createFile(folder.resolve("my film.mkv"));

        assertThat(read(MAGNET + "&dn=my%20film.mkv", null, null, folder.toString())
                        .place())
                .isEqualTo(folder.resolve("my film.mkv"));
    }

    @Test
    void what_had_come_in_part_is_not_shared_as_if_it_were_whole() throws SQLException, IOException {
        Files.createDirectory(folder.resolve("Music"));

        assertThat(read(MAGNET, torrent("Music", false), status(PARTLY), folder.toString()))
                .extracting(OriginalTorrent::state, OriginalTorrent::problem)
                .containsExactly(
                        State.LOST,
                        "only a part of it had come, and its info-hash is one that only the first bitween had");
    }

    @Test
    void what_is_gone_and_was_made_by_the_first_bitween_cannot_come_again() throws SQLException {
        assertThat(read(MAGNET, torrent("Music", false), status(WHOLE), folder.toString()))
                .extracting(OriginalTorrent::state, OriginalTorrent::problem)
                .containsExactly(
                        State.LOST, "it is no longer there, and its info-hash is one that only the first bitween had");
    }

    @Test
    void what_is_gone_is_wanted_where_somebody_can_have_its_info_hash() throws SQLException {
        assertThat(read(MAGNET, torrent("Music", true), null, folder.toString()))
                .isEqualTo(new OriginalTorrent(HASH, "Music", folder.resolve("Music"), State.WANTED, ""));
        assertThat(read(MAGNET, null, null, "")).isEqualTo(new OriginalTorrent(HASH, null, null, State.WANTED, ""));
    }

    @Test
    void garbage_in_the_blobs_is_as_good_as_nothing() throws SQLException, IOException {
        Files.createDirectory(folder.resolve("Music"));
        byte[] garbage = "d4:infod4:name99:Music".getBytes(UTF_8);

        assertThat(read(MAGNET + "&dn=Music", garbage, garbage, folder.toString()))
                .isEqualTo(new OriginalTorrent(HASH, "Music", folder.resolve("Music"), State.HERE, ""));
    }

    @Test
    void what_says_nothing_at_all_is_refused() throws SQLException {
        assertThat(read("no link", "no torrent".getBytes(UTF_8), null, folder.toString()))
                .isEqualTo(new OriginalTorrent(
                        null, null, null, State.REFUSED, "neither its magnet link nor its torrent can be read"));
    }

    @Test
    void a_link_that_cannot_be_read_matters_only_for_what_is_gone() throws SQLException, IOException {
        Files.createDirectory(folder.resolve("Music"));

        assertThat(read("no link", torrent("Music", false), null, folder.toString())
                        .state())
                .isEqualTo(State.HERE);
        assertThat(read("no link", torrent("Films", true), null, folder.toString())
                        .problem())
                .isEqualTo("it is no longer there, and its magnet link cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "../secrets", "/etc", "a/b", "a\\b", "a\u001b[2Jb", "a\u202eb"})
    void a_name_that_leads_elsewhere_or_fools_a_terminal_is_refused(String name) throws SQLException, IOException {
        Files.createDirectory(temp.resolve("secrets"));

        assertThat(read(MAGNET, torrent(name, false), null, folder.toString()))
                .extracting(OriginalTorrent::state, OriginalTorrent::place)
                .containsExactly(State.REFUSED, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "/srv/../etc", "/srv\0x"})
    void a_folder_that_leads_elsewhere_is_refused(String savePath) throws SQLException {
        assertThat(read(MAGNET, torrent("Music", false), null, savePath))
                .isEqualTo(new OriginalTorrent(HASH, "Music", null, State.REFUSED, "its folder is no absolute path"));
    }

    @Test
    void a_name_without_end_is_refused_and_cut() throws SQLException {
        OriginalTorrent found = read(MAGNET, torrent("x".repeat(1_000_000), false), null, folder.toString());

        assertThat(found.state()).isEqualTo(State.REFUSED);
        assertThat(found.name()).hasSizeLessThan(250);
    }

    private OriginalTorrent read(String magnet, byte @Nullable [] torrent, byte @Nullable [] status, String savePath)
            throws SQLException {
        Path file = temp.resolve(".bitween.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                PreparedStatement make = connection.prepareStatement(
                        "create table if not exists torrents (magnetlink VARCHAR PRIMARY KEY, torrent BLOB, status BLOB, save_path VARCHAR)")) {
            make.executeUpdate();
            try (PreparedStatement row =
                    connection.prepareStatement("insert or replace into torrents values (?, ?, ?, ?)")) {
                row.setString(1, magnet);
                row.setBytes(2, torrent);
                row.setBytes(3, status);
                row.setString(4, savePath);
                row.executeUpdate();
            }
        }
        List<OriginalTorrent> found = new StoredOriginals().read(file);
        return found.get(found.size() - 1);
    }

    private static byte[] torrent(String name, boolean salted) {
        BencodeWriter writer = new BencodeWriter();
        writer.beginDictionary().key("creation date").integer(1).key("info").beginDictionary();
        writer.key("length").integer(3).key("name").text(name);
        writer.key("piece length").integer(16_384).key("pieces").string(Bytes.of(new byte[20]));
        if (salted) {
            writer.key("salt").string(Bytes.of(new byte[16]));
        }
        return writer.end().end().toBytes().toArray();
    }

    private static byte[] status(byte[] pieces) {
        BencodeWriter writer = new BencodeWriter();
        writer.beginDictionary().key("file-format").text("libtorrent resume file");
        return writer.key("pieces").string(Bytes.of(pieces)).end().toBytes().toArray();
    }
}
