package bitween.app;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.ConfigFile;
import bitween.config.Home;
import bitween.model.ErrorCode;
import bitween.model.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskCheckTest {
    @TempDir
    Path directory;

    @Test
    void a_folder_that_the_first_download_will_make_is_not_made_by_a_look_at_it() throws IOException {
        Finding found = check(directory.resolve("a/b"), Map.of("disk.reserve", "0"));

        assertThat(found.state()).as(found.what()).isEqualTo(Finding.State.OK);
        assertThat(found.what()).endsWith(" MB are free in " + directory.resolve("a/b"));
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void a_folder_that_is_there_is_left_as_it_was() throws IOException {
        Finding found = check(directory, Map.of("disk.reserve", "0"));

        assertThat(found.state()).as(found.what()).isEqualTo(Finding.State.OK);
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void less_room_than_is_to_be_kept_free_is_a_full_disk() throws IOException {
        Files.write(directory.resolve("something"), new byte[10_000]); // else all of it may be free

        Finding found = check(directory, Map.of("disk.reserve", "100 TB"));

        assertThat(found.code()).isEqualTo(ErrorCode.DISK_FULL);
        assertThat(found.what()).contains(" are kept free: downloads pause");
        assertThat(found.hint()).contains("disk.reserve");
    }

    @Test
    void where_nothing_can_be_written_that_is_said_and_not_that_there_is_no_room() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        Path dangling = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("nowhere"));

        for (Path place : new Path[] {file.resolve("a"), dangling, Path.of("/proc/bitween/downloads")}) {
            Finding found = check(place, Map.of());

            assertThat(found.code()).as(found.what()).isEqualTo(ErrorCode.DISK_WRITE);
            assertThat(found.what()).startsWith("cannot write " + place + ": ");
            assertThat(found.hint()).contains("bitween config set downloads.directory DIR");
        }
    }

    private Finding check(Path downloads, Map<String, Object> more) {
        Map<String, Object> values = new HashMap<>(more);
        values.put("xmpp.jid", "alice@example.org");
        values.put("downloads.directory", downloads.toString());
        return DiskCheck.of(ConfigFile.of(Home.in(directory.resolve("home")), directory, values));
    }
}
