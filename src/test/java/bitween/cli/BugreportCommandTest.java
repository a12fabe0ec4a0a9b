package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.ErrorCode;
import bitween.model.Finding;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BugreportCommandTest {
    private static final String HASH = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    Path folder;

    private final FakeWorld world = new FakeWorld();
    private Path file;
    private Path home;

    @BeforeEach
    void a_home_with_a_log() throws IOException {
        file = folder.resolve("report.zip");
        home = Files.createDirectories(folder.resolve("home"));
        Files.writeString(
                home.resolve("bitween.log"),
                "2026-11-29 14:13:35.123 INFO  [torrent] Sharing: " + HASH + " shared: 3 files\n"
                        + "2026-11-29 14:13:36.123 DEBUG [xmpp] Contacts: canary@example.org wants Canary's Cage, tresor-99\n");
        Files.writeString(home.resolve("bitween.toml"), "# a comment\n[xmpp]\njid = \"canary@example.org\"\n");
        Files.writeString(home.resolve("password"), "tresor-99\n");
    }

    @Test
    void a_report_tells_how_it_is_and_no_secret_and_no_name() throws IOException {
        world.running = true;
        world.answer("status", "{'pid':4711,'home':'/home/canary','version':'0.1.0'}")
                .answer("version", "{'bitween':'0.1.0'}")
                .answer("shares", "{'shares':[{'name':'Canary cage','hash':'" + HASH + "','state':'SEEDING'}]}")
                .answer("jobs", "{'jobs':[]}")
                .answer("friends", "{'friends':[{'jid':'canary@example.org','online':true}]}")
                .answer(
                        "threads",
                        "{'threads':[{'thread':'bus','state':'WAITING','stack':['bitween.bus.MailboxThread.run(MailboxThread.java:1)']}]}")
                .answer("fsck", "{'findings':[]}");

        assertThat(run()).isEqualTo(ExitCodes.OK);

        String all = content();
        assertThat(all)
                .contains("\"state\":\"SEEDING\"", "\"name\":\"name-1\"", "\"jid\":\"friend-1\"")
                .contains("bitween.bus.MailboxThread.run(MailboxThread.java:1)")
                .contains("2026-11-29 14:13:35.123 INFO  [torrent] Sharing: hash-1 shared: 3 files")
                .contains("jid = \"friend-1\"")
                .doesNotContainIgnoringCase("canary", HASH, "tresor-99", "a comment");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(world.out())
                .contains("the report is " + file, "log.txt", "it answers", "none of people, files and folders");
    }

    @Test
    void with_everything_the_names_are_in_it_and_still_no_secret() throws IOException {
        world.running = false;
        assertThat(run("--full")).isEqualTo(ExitCodes.OK);

        assertThat(content()).contains("canary@example.org", "Canary's Cage").doesNotContain(HASH, "tresor-99");
    }

    @Test
    void without_a_daemon_it_is_looked_at_from_outside() throws IOException {
        world.running = false;
        world.findings = List.of(Finding.wrong("modes", ErrorCode.DISK_READ, "others can read something", ""));

        assertThat(run()).isEqualTo(ExitCodes.OK);

        assertThat(world.started).containsExactly("check " + home);
        assertThat(content()).contains("\"state\":\"WRONG\"", "the daemon: none runs");
    }

    @Test
    void a_daemon_that_gives_no_answer_is_said_to_hang() throws IOException {
        world.running = true;
        world.fail("friends", ErrorCode.TIMED_OUT, "the daemon gave no answer", "");

        assertThat(run()).isEqualTo(ExitCodes.OK);

        assertThat(content()).contains("the daemon: it does not answer: ", "there is no jstack, or nobody knows");
    }

    @Test
    void what_gives_no_answer_is_waited_for_no_longer_than_that_and_let_go() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);

        assertThatThrownBy(() -> BugreportCommand.within(Duration.ofMillis(20), "friends", () -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                    return "an answer";
                }))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT));

        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void of_a_long_log_the_end_is_in_it() throws IOException {
        world.running = false;
        String line = "2026-11-29 14:13:35.123 INFO  [torrent] Sharing: #1 is shared no longer\n";
        Files.writeString(home.resolve("bitween.log"), "the first\n" + line.repeat(10_000) + "the last\n");

        assertThat(run("--full")).isEqualTo(ExitCodes.OK);

        assertThat(content()).contains("the last").doesNotContain("the first").hasSizeLessThan(line.length() * 10_000);
    }

    @Test
    void nothing_is_overwritten() throws IOException {
        world.running = false;
        Files.writeString(file, "mine");

        assertThat(run()).isEqualTo(ExitCodes.USAGE);

        assertThat(file).hasContent("mine");
    }

    private int run(String... more) throws IOException {
        Files.writeString(home.resolve("lock"), "nobody");
        String[] all = new String[more.length + 5];
        System.arraycopy(new String[] {"--home", home.toString(), "bugreport", "-o", file.toString()}, 0, all, 0, 5);
        System.arraycopy(more, 0, all, 5, more.length);
        return world.run(all);
    }

    private String content() throws IOException {
        StringBuilder all = new StringBuilder();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
                all.append(new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return all.toString();
    }
}
