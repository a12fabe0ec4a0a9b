package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.control.client.Answer;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.Program;
import bitween.testing.Program.Ended;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single files, folders and what fits a pattern are got of a share; the rest is not on the disk. */
@Tag("xmpp-server")
class OnlyIT {
    private static final int FILE = 3_000_000;
    private static final int PIECE = 256 << 10;

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;
    private Path film;

    @BeforeEach
    void alice_shares_a_film() throws IOException {
        people = People.on(directory, "alice", "bob", "carol");
        alice = people.start("alice");
        bob = people.start("bob");
        alice.befriend(bob);
        film = directory.resolve("Film");
        Folders.file(film.resolve("Extras/one.mkv"), FILE, 1);
        Folders.file(film.resolve("Extras/two.mkv"), FILE, 2);
        Folders.file(film.resolve("Film.mkv"), 2 * FILE, 3);
        Folders.file(film.resolve("cover.jpg"), 70_000, 4);
        Files.createDirectories(film.resolve("later"));
        alice.share(film);
        bob.untilListed(alice, "Film");
    }

    @Test
    void a_file_comes_then_what_fits_a_pattern_then_all_and_nothing_comes_twice() throws IOException {
        Answer one = bob.get("alice/film/extras/ONE.mkv");

        Path here = bob.downloads().resolve("Film");
        assertThat(one.text("place")).isEqualTo(here.toString());
        assertThat(one.number("sizeBytes")).isEqualTo(FILE);
        assertThat(one.number("doneBytes")).isEqualTo(FILE);
        assertHere("Extras/one.mkv");
        assertThat(bob.downloads().toFile().list()).containsExactly("Film");
        assertThat(sentAtLeast(FILE)).isLessThanOrEqualTo(FILE + 2 * PIECE);

        bob.settled(more("*.jpg"));
        assertHere("Extras/one.mkv", "cover.jpg");

        Answer all = bob.get("alice/Film");
        Folders.assertSame(film, here);
        assertThat(all.has("only")).isFalse();
        assertThat(sentAtLeast(4 * FILE + 70_000)).isLessThanOrEqualTo(4 * FILE + 70_000 + 8 * PIECE);
    }

    @Test
    void what_is_chosen_is_kept_over_a_restart_while_its_owner_is_away() throws IOException {
        bob.get("alice/Film/cover.jpg");
        alice.stop();
        Answer job = more("Extras/two.mkv");
        bob.stop();
        bob.start();
        assertThat(bob.call("transfer.get", Map.of("name", "Film")).texts("only"))
                .containsExactly("cover.jpg", "Extras/two.mkv");

        alice.start();
        bob.settled(job);

        assertHere("Extras/two.mkv", "cover.jpg");
    }

    @Test
    void what_rotted_is_mended_and_what_is_bobs_own_stays() throws IOException {
        Answer job = bob.get("alice/Film/Extras");
        Path here = bob.downloads().resolve("Film");
        Files.writeString(here.resolve("cover.jpg"), "bob's own");
        Folders.file(here.resolve("Extras/two.mkv"), FILE, 99);

        bob.call("transfer.recheck", Map.of("name", "Film"));
        bob.settled(job);

        assertThat(here.resolve("cover.jpg")).hasContent("bob's own");
        assertThat(here.resolve("Extras/two.mkv")).hasSameBinaryContentAs(film.resolve("Extras/two.mkv"));
        bob.call("job.rm", Map.of("name", "Film", "withFiles", true));
        assertThat(here.resolve("Extras")).doesNotExist();
        assertHere("cover.jpg");
    }

    @Test
    void a_file_goes_to_another_program_byte_for_byte_and_nothing_else_does() throws Exception {
        String bobs = "scripts/bitween --home " + bob.home().data();
        Path out = directory.resolve("out");

        Ended got = Program.runToEnd(directory, "sh", "-c", bobs + " get alice/film/extras/one.mkv - | cat >" + out);
        Ended folder = Program.runToEnd(directory, "sh", "-c", bobs + " get alice/film/extras -");

        assertThat(got.exitCode()).as(got.output()).isZero(); // what it says of its progress goes beside the result
        assertThat(out).hasSameBinaryContentAs(film.resolve("Extras/one.mkv"));
        assertThat(folder.exitCode()).isEqualTo(2);
        assertThat(folder.output()).contains("Film/Extras' is a folder, and one file is wanted");
        assertHere("Extras/one.mkv");
    }

    @Test
    void what_fits_nothing_is_said_at_once_with_what_there_is() {
        assertThatThrownBy(() -> more("*.avi")).isInstanceOfSatisfying(UserException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.NOTHING_FITS);
            assertThat(e.hint()).isEqualTo("in it are 'Extras', 'Film.mkv', 'cover.jpg', 'later'");
        });
        assertThat(bob.call("jobs").views("jobs")).isEmpty();
    }

    private Answer more(String pattern) {
        return bob.call("job.get", Map.of("ref", "alice/Film", "only", List.of(pattern)))
                .view("transfer");
    }

    /** No file but these. */
    private void assertHere(String... files) throws IOException {
        Path here = bob.downloads().resolve("Film");
        try (Stream<Path> all = Files.walk(bob.downloads())) {
            assertThat(all.filter(Files::isRegularFile))
                    .containsExactlyInAnyOrder(
                            Stream.of(files).map(here::resolve).toArray(Path[]::new));
        }
    }

    /** Bytes of content that alice gave, as she counts them once a second. */
    private long sentAtLeast(long bytes) {
        return alice.until("transfer.get", Map.of("name", "Film"), share -> share.number("uploadedBytes") >= bytes)
                .number("uploadedBytes");
    }
}
