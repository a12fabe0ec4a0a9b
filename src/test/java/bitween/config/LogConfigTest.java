package bitween.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogConfigTest {
    private static final String FILE_PROPERTY = "bitween.log";

    @TempDir
    Path temp;

    @AfterEach
    void forget() {
        System.clearProperty(FILE_PROPERTY);
    }

    @Test
    void what_a_friend_sends_stays_on_its_line() throws IOException {
        List<String> lines = logged(context -> {
            var log = context.getLogger("bitween.xmpp.Roster");
            log.info(
                    "seen: {}", "eve\n2026-11-21 00:00:00.000 ERROR forged\u001b[2J ${jndi:ldap://x} ${sys:user.home}");
            log.warn("failed: {}", "x", new IllegalStateException("first\nsecond"));
        });

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .matches("[0-9-]{10} [0-9:.]{12} INFO  \\[[^]]+] Roster: seen: eve\\\\n2026.*")
                .endsWith("ERROR forged?[2J ${jndi:ldap://x} ${sys:user.home}");
        assertThat(lines.get(1))
                .contains("WARN", "failed: x | java.lang.IllegalStateException: first")
                .contains("second")
                .contains("at bitween.config.LogConfigTest");
    }

    @Test
    void bitween_tells_at_info_and_the_libraries_only_warn() throws IOException {
        List<String> lines = logged(context -> {
            context.getLogger("bitween.app.Daemon").info("ours");
            context.getLogger("bitween.app.Daemon").debug("too much");
            context.getLogger("org.minidns.X").info("theirs");
            context.getLogger("org.minidns.X").warn("their warning");
            context.getLogger("org.jivesoftware.smack.X").warn("a connection broke, with a page of stack");
        });

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).endsWith("Daemon: ours");
        assertThat(lines.get(1)).endsWith("X: their warning");
    }

    @Test
    void without_a_file_nothing_is_written_anywhere() throws Exception {
        LoggerContext context = context();

        assertThat(Objects.requireNonNull(context.getConfiguration().getAppender("log"))
                        .getClass()
                        .getSimpleName())
                .isEqualTo("NullAppender");
        context.stop();
    }

    @Test
    @Tag("slow")
    void the_log_is_ours_alone_and_does_not_grow_forever() throws IOException {
        Path file = temp.resolve("bitween.log");
        logged(context -> {
            String megabyte = "x".repeat(1 << 20);
            for (int i = 0; i < 75; i++) {
                context.getLogger("bitween.Main").info(megabyte);
            }
        });

        try (var files = Files.list(temp)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(6).contains(file);
            for (Path one : all) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
                        .isEqualTo("rw-------");
            }
        }
    }

    /** What {@code work} leaves in the log, by lines. */
    private List<String> logged(Consumer<LoggerContext> work) throws IOException {
        Path file = temp.resolve("bitween.log");
        System.setProperty(FILE_PROPERTY, file.toString());
        LoggerContext context = context();
        work.accept(context);
        context.stop();
        return Files.readAllLines(file);
    }

    private static LoggerContext context() {
        var context = new LoggerContext("test", null, Path.of("conf/log4j2.xml").toUri());
        context.start();
        return context;
    }
}
