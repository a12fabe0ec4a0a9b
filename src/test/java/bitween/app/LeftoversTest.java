package bitween.app;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.config.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
    @TempDir
    Path directory;

    @Test
    void what_was_not_finished_goes_and_all_else_stays() throws IOException {
        Home home = Home.in(directory);
        Path downloads = Files.createDirectories(directory.resolve("downloads"));
        List<Path> left = List.of(
                file(directory.resolve(".device.p12123.new")),
                file(directory.resolve("torrents/.0af.torrent99.new")),
                file(directory.resolve("backups/.bitween.db.new")),
                file(directory.resolve("native/.libtorrent4j.so7.new")));
        List<Path> kept = List.of(
                file(directory.resolve("device.p12")),
                file(directory.resolve(".bitween.toml5.new")),
                file(directory.resolve(".password6.new")),
                file(downloads.resolve(".what a person called it.new")));

        Leftovers.remove(home);

        assertThat(left).noneMatch(Files::exists);
        assertThat(kept).allMatch(Files::exists);
    }

    @Test
    void folders_that_were_never_made_are_fine() {
        Leftovers.remove(Home.in(directory.resolve("new")));

        assertThat(directory).isEmptyDirectory();
    }

    private static Path file(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }
}
