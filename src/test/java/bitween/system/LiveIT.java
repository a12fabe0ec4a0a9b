package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes in a live folder is its next revision, and a friend has one revision or the other, never something between. */
@Tag("xmpp-server")
class LiveIT {
    private static final int CHANGED = 1_000_000;
    private static final int PIECE = 256 << 10;
    private static final int MANY = 10_000;
    private static final int LARGE = 24_000_000;

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;
    private Path folder;

    @BeforeEach
    void alice_and_bob() throws IOException {
        people = People.on(directory, "alice", "bob");
        alice = people.start("alice");
        bob = people.start("bob");
        alice.befriend(bob);
        folder = Files.createDirectories(directory.resolve("Notes"));
    }

    @Test
    void one_change_among_ten_thousand_files_is_listed_and_can_be_got() throws IOException {
        for (int i = 0; i < MANY; i++) {
            Folders.file(folder.resolve("of " + i % 100).resolve("note " + i + ".txt"), 1_000 + i % 7, i);
        }
        shareLive();
        untilBobSees(1);

        Files.writeString(folder.resolve("of 42/note 4242.txt"), "other");
        Files.move(folder.resolve("of 7/note 7.txt"), folder.resolve("of 7/renamed.txt"));
        Folders.file(folder.resolve("new folder").resolve("new.txt"), 10, 1);

        Answer second = untilBobSees(2);
        assertThat(second.number("files")).isEqualTo(MANY + 1);
        bob.get("alice/Notes");
        Folders.assertSame(folder, bob.downloads().resolve("Notes"));

        Folders.file(folder.resolve("new folder").resolve("newer.txt"), 10, 2);
        assertThat(untilBobSees(3).number("files")).isEqualTo(MANY + 2);
        assertThat(alice.call("shares").views("shares")).hasSize(1);
    }

    @Test
    void of_a_change_in_one_file_no_more_travels_than_its_pieces_and_those_at_its_ends() throws IOException {
        Folders.file(folder.resolve("1 before.bin"), 2 * CHANGED, 1);
        Path changed = Folders.file(folder.resolve("2 changed.bin"), CHANGED, 2);
        Folders.file(folder.resolve("3 after.bin"), 2 * CHANGED, 3);
        shareLive();
        untilBobSees(1);
        bob.call("follow.add", Map.of("ref", "alice/Notes", "auto", true));
        untilBobHas(1);
        long first = sent(5L * CHANGED, 0);

        Folders.file(changed, CHANGED, 4);
        untilBobHas(2);

        Folders.assertSame(folder, bob.downloads().resolve("Notes"));
        assertThat(sent(CHANGED, first))
                .as("what alice sent of the second revision")
                .isLessThanOrEqualTo((CHANGED / PIECE + 1 + 2) * (long) PIECE);
    }

    @Test
    void a_change_in_the_middle_of_a_download_gives_nobody_some_of_both() throws IOException {
        Path large = Folders.file(folder.resolve("film.mkv"), LARGE, 1);
        Folders.file(folder.resolve("readme.txt"), 1_000, 2);
        shareLive();
        untilBobSees(1);
        bob.call("friend.limit", Map.of("friend", "alice", "down", 1_000_000)); // however long the change takes
        Answer job = bob.want("alice/Notes");
        bob.until(
                "transfer.get",
                Map.of("name", "#" + job.text("id")),
                now -> now.text("state").equals("DOWNLOADING") && now.number("doneBytes") > 2_000_000);

        Folders.file(large, LARGE, 3);

        untilBobSees(2);
        assertThat(bob.call("transfer.get", Map.of("name", "#" + job.text("id")))
                        .text("state"))
                .isNotEqualTo("COMPLETE");
        assertThat(bob.downloads().resolve("Notes")).doesNotExist();
        bob.call("friend.limit", Map.of("friend", "alice", "down", 0));
        Answer next = bob.get("alice/Notes");
        assertThat(next.text("state")).isEqualTo("COMPLETE");
        Folders.assertSame(folder, Path.of(next.text("place")));
    }

    @Test
    void what_was_got_before_is_brought_up_to_date_where_it_stands_and_keeps_what_was_changed_there()
            throws IOException {
        Folders.file(folder.resolve("readme.txt"), 1_000, 1);
        Folders.file(folder.resolve("list.txt"), 1_000, 2);
        shareLive();
        untilBobSees(1);
        Path here = Path.of(bob.get("alice/Notes").text("place"));
        Files.writeString(here.resolve("list.txt"), "bob's own");

        Folders.file(folder.resolve("readme.txt"), 2_000, 3);
        Folders.file(folder.resolve("list.txt"), 2_000, 4);
        untilBobSees(2);
        Answer stored = bob.call("job.get", Map.of("ref", "alice/Notes"));
        Answer next = bob.settled(stored.view("transfer"));

        assertThat(stored.flag("updates")).isTrue();
        assertThat(next.text("place")).isEqualTo(here.toString());
        assertThat(bob.call("jobs").views("jobs")).hasSize(1);
        assertThat(here.resolve("list (yours).txt")).hasContent("bob's own");
        Files.delete(here.resolve("list (yours).txt"));
        Folders.assertSame(folder, here);
    }

    @Test
    void what_changed_while_the_daemon_was_stopped_is_a_revision_at_its_start() throws IOException {
        Folders.file(folder.resolve("readme.txt"), 1_000, 2);
        shareLive();
        untilBobSees(1);
        alice.stop();
        Folders.file(folder.resolve("readme.txt"), 1_000, 3);
        Folders.file(folder.resolve("more.txt"), 1_000, 3);

        alice.start();

        assertThat(untilBobSees(2).number("files")).isEqualTo(2);
        bob.get("alice/Notes");
        Folders.assertSame(folder, bob.downloads().resolve("Notes"));
    }

    private void shareLive() {
        alice.settled(alice.call("share.add", Map.of("path", folder.toString(), "mode", "LIVE")));
    }

    private void untilBobHas(int revision) {
        bob.until("follows", Map.of(), follows -> {
            Answer follow = follows.views("follows").get(0);
            return follow.text("state").equals("READY") && follow.view("newest").number("revision") == revision;
        });
    }

    /**
     * Bytes of content that alice gave, as she counts them once a second, of one revision.
     *
     * @param before what she had counted of the revisions before
     */
    private long sent(long atLeast, long before) {
        return alice.until(
                                "transfer.get",
                                Map.of("name", "Notes"),
                                share -> share.number("uploadedBytes") - before >= atLeast)
                        .number("uploadedBytes")
                - before;
    }

    private Answer untilBobSees(int revision) {
        return bob.until(
                        "ls",
                        Map.of("path", alice.jid()),
                        ls -> ls.views("shares").stream()
                                .anyMatch(share -> share.has("revision") && share.number("revision") == revision))
                .views("shares")
                .get(0);
    }
}
