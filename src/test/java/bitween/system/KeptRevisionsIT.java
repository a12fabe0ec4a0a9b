package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.control.client.Answer;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A friend gets what a live folder was, as long as somebody holds it. */
@Tag("xmpp-server")
class KeptRevisionsIT {
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
        Folders.file(folder.resolve("stays.bin"), 700_000, 1);
        Folders.file(folder.resolve("changes.bin"), 300_000, 2);
        alice.settled(alice.call("share.add", Map.of("path", folder.toString(), "mode", "LIVE", "keepRevisions", 2)));
        untilBobSees(1);
        untilKept(1);
    }

    @Test
    void a_former_revision_is_got_as_it_was_while_its_owner_keeps_it() throws IOException {
        Folders.file(folder.resolve("changes.bin"), 300_000, 3);
        Files.createDirectory(folder.resolve("empty"));
        untilBobSees(2);
        untilKept(2);
        Path second = directory.resolve("second/Notes");
        Folders.file(second.resolve("stays.bin"), 700_000, 1);
        Folders.file(second.resolve("changes.bin"), 300_000, 3);
        Files.createDirectory(second.resolve("empty"));
        Folders.file(folder.resolve("changes.bin"), 300_000, 4);
        untilBobSees(3);
        untilKept(2);
        bob.get("alice/Notes");

        bob.until("share.log", Map.of("name", "alice/Notes"), log -> isAvailable(log, 2) && !isAvailable(log, 1));
        Answer got = bob.get("alice/Notes@2");

        assertThat(Path.of(got.text("place"))).isEqualTo(bob.downloads().resolve("Notes@2"));
        Folders.assertSame(second, Path.of(got.text("place")));
        Folders.assertSame(folder, bob.downloads().resolve("Notes"));
        assertRefused();
        assertFoundByItsOwner(second);

        alice.stop();
        alice.start();
        bob.call("job.rm", Map.of("name", "Notes@2", "withFiles", true));
        bob.until(
                "ls",
                Map.of("path", alice.jid()),
                ls -> ls.views("shares").get(0).flag("online"));

        Folders.assertSame(second, Path.of(bob.get("alice/Notes@2").text("place")));
        assertRefused();

        alice.call("share.rm", Map.of("name", "Notes"));
        alice.until("shares", Map.of(), shares -> kept() == 0);
    }

    private void assertRefused() {
        assertThatThrownBy(() -> bob.call("job.get", Map.of("ref", "alice/Notes@1")))
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.REVISION_GONE, UserException::code)
                .returns("revision 1 of 'Notes' is not kept by " + alice.jid(), UserException::sentence)
                .returns(
                        "there is @3, @2: bitween get '" + alice.jid() + "/Notes@2'; bitween log '" + alice.jid()
                                + "/Notes' lists what there was",
                        UserException::hint);
    }

    /** Also under his own name. */
    private void assertFoundByItsOwner(Path second) throws IOException {
        Answer log = alice.call("share.log", Map.of("name", "Notes"));
        String kept = log.views("revisions").get(1).text("keptAt");
        for (String reference : List.of("Notes@2", alice.jid() + "/Notes@2")) {
            assertThatThrownBy(() -> alice.call("job.get", Map.of("ref", reference)))
                    .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                    .returns(ErrorCode.ALREADY_SHARED, UserException::code)
                    .returns("copy it from there: cp -r '" + kept + "' WHERE", UserException::hint);
        }
        Folders.assertSame(second, Path.of(kept));
    }

    private static boolean isAvailable(Answer log, int revision) {
        return log.views("revisions").stream()
                .anyMatch(one -> one.number("revision") == revision && one.flag("available"));
    }

    private void untilKept(int revisions) {
        alice.until("shares", Map.of(), shares -> kept() == revisions);
    }

    /** Whole ones. */
    private long kept() {
        try (var all = Files.list(alice.home().revisions())) {
            return all.filter(path -> !path.toString().endsWith(".half")).count();
        } catch (IOException e) {
            return -1;
        }
    }

    private void untilBobSees(int revision) {
        bob.until(
                "ls",
                Map.of("path", alice.jid()),
                ls -> ls.views("shares").stream()
                        .anyMatch(share -> share.has("revision") && share.number("revision") == revision));
    }
}
