package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.testing.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacesTest {
    @TempDir
    Path temp;

    @Test
    void what_is_in_place_is_in_place_although_something_beside_it_cannot_be_deleted() throws Exception {
        Path staged = Folders.file(temp.resolve(".bitween-x/film"), 7, 1);
        Path busy = Files.createDirectory(temp.resolve(".bitween-x/busy"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", busy.toString()) == 0, "needs root");
        try {
            assertThat(Places.moveInPlace(staged, temp.resolve("film"))).isEqualTo(temp.resolve("film"));
        } finally {
            run("umount", "-l", busy.toString());
        }
        assertThat(temp.resolve("film")).hasSize(7);
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }
}
