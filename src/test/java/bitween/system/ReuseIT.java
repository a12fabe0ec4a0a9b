package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands already where a share is to go is not downloaded again. */
class ReuseIT {
    private static final int FILE = 10_000_000;
    private static final int FILES = 10;

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;
    private Path films;

    @BeforeEach
    void alice_shares_ten_files() throws IOException {
        people = People.on(directory, "alice", "bob");
        alice = people.start("alice");
        bob = people.start("bob");
        alice.befriend(bob);
        films = Files.createDirectories(directory.resolve("Films"));
        for (int i = 0; i < FILES; i++) {
            Folders.file(films.resolve(i + ".bin"), FILE, i);
        }
        alice.share(films);
        bob.untilListed(alice, "Films");
    }

    @Test
    void a_folder_of_which_nine_tenths_are_there_costs_one_tenth() throws IOException {
        Path here = Files.createDirectories(bob.downloads().resolve("Films"));
        for (int i = 0; i < FILES - 1; i++) {
            Files.copy(films.resolve(i + ".bin"), here.resolve(i + ".bin"));
        }

        Answer job = bob.get("alice/Films");

        assertThat(job.text("state")).isEqualTo("COMPLETE");
        assertThat(job.text("place")).isEqualTo(here.toString());
        Folders.assertSame(films, here);
        assertThat(sentAtLeast(FILE * 9L / 10)).isLessThan(FILE * 15L / 10);
    }

    @Test
    void a_file_that_was_cut_off_is_completed_and_one_that_rotted_is_mended_beside_it() throws IOException {
        Path here = Files.createDirectories(bob.downloads().resolve("Films"));
        for (int i = 0; i < FILES; i++) {
            Files.copy(films.resolve(i + ".bin"), here.resolve(i + ".bin"));
        }
        try (FileChannel file = FileChannel.open(here.resolve("3.bin"), StandardOpenOption.WRITE)) {
            file.truncate(FILE / 2);
        }
        Folders.file(here.resolve("4.bin"), FILE, 99);

        Answer job = bob.get("alice/Films");

        assertThat(job.text("place"))
                .isEqualTo(bob.downloads().resolve("Films (2)").toString());
        Folders.assertSame(films, bob.downloads().resolve("Films (2)"));
        assertThat(here.resolve("3.bin")).hasSize(FILE / 2);
        assertThat(sentAtLeast(FILE * 14L / 10)).isLessThan(FILE * 25L / 10);
    }

    @Test
    void what_is_there_whole_costs_nothing_and_is_said_to_be_here_when_asked_for_again() throws IOException {
        Path here = Files.createDirectories(bob.downloads().resolve("Films"));
        for (int i = 0; i < FILES; i++) {
            Files.copy(films.resolve(i + ".bin"), here.resolve(i + ".bin"));
        }

        Answer job = bob.get("alice/Films");
        Answer again = bob.call("job.get", Map.of("ref", "alice/Films"));

        assertThat(job.text("place")).isEqualTo(here.toString());
        assertThat(sentAtLeast(0)).isZero();
        assertThat(again.flag("known")).isTrue();
        assertThat(again.view("transfer").text("place")).isEqualTo(here.toString());
    }

    /** Bytes of content that alice gave, as she counts them once a second. */
    private long sentAtLeast(long bytes) {
        return alice.until("transfer.get", Map.of("name", "Films"), share -> share.number("uploadedBytes") >= bytes)
                .number("uploadedBytes");
    }
}
