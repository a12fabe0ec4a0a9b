package bitween.events;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.events.Happening.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HooksTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    @Test
    void a_command_is_told_what_happened_and_a_name_is_no_part_of_it() {
        Map<String, @Nullable Object> details = new HashMap<>();
        details.put("name", "x'; touch owned; $(touch owned) `touch owned`\n");
        details.put("place", "/srv/x y");
        details.put("from", List.of("alice@a.example", "bob@b.example"));
        details.put("code", null);
        try (Hooks hooks = hooks(
                Kind.JOB_COMPLETE,
                "printf '%s|%s|%s|%s|%s' \"$BITWEEN_EVENT\" \"$BITWEEN_NAME\" "
                        + "\"$BITWEEN_PATH\" \"$BITWEEN_FRIEND\" \"$BITWEEN_ERROR_CODE\" > told.new; mv told.new told")) {
            hooks.heard(happening(1, Kind.JOB_COMPLETE, details));

            assertThat(untilThere("told"))
                    .hasContent("job.complete|x'; touch owned; $(touch owned) `touch owned`\n|/srv/x y|"
                            + "alice@a.example bob@b.example|");
        }
        assertThat(directory.resolve("owned")).doesNotExist();
    }

    @Test
    void nobody_else_reads_what_a_command_prints() {
        try (Hooks hooks = hooks(Kind.JOB_ERROR, "stat -c %a hook.out > told.new; mv told.new told")) {
            hooks.heard(happening(1, Kind.JOB_ERROR, Map.of()));

            assertThat(untilThere("told")).hasContent("600");
        }
    }

    @Test
    void bitweens_own_variables_are_not_handed_on() {
        try (Hooks hooks = hooks(Kind.JOB_ERROR, "env > told.new; mv told.new told")) {
            hooks.heard(happening(1, Kind.JOB_ERROR, Map.of()));

            assertThat(untilThere("told"))
                    .content()
                    .contains("BITWEEN_EVENT=job.error", "LANG=C", "BITWEEN_HOME=/srv/b")
                    .doesNotContain("secret");
        }
    }

    @Test
    @Tag("slow")
    void one_that_fails_or_takes_too_long_leaves_the_others_their_turn() {
        try (Hooks hooks = new Hooks(
                Map.of(Kind.JOB_ERROR, "echo no; exit 3", Kind.JOB_ADDED, "sleep 60", Kind.JOB_COMPLETE, "mkdir told"),
                directory,
                Map.of("PATH", System.getenv("PATH")),
                Duration.ofSeconds(3))) {
            hooks.heard(happening(1, Kind.JOB_ERROR, Map.of("name", "x")));
            hooks.heard(happening(2, Kind.JOB_ADDED, Map.of("name", "x")));
            hooks.heard(happening(3, Kind.JOB_COMPLETE, Map.of("name", "x")));

            assertThat(untilThere("told")).isDirectory();
        }
    }

    @Test
    void one_that_runs_is_ended_with_the_daemon() {
        Hooks hooks = hooks(Kind.JOB_ERROR, "mkdir told; exec sleep 600");
        hooks.heard(happening(1, Kind.JOB_ERROR, Map.of()));
        Path unused = untilThere("told");

        hooks.close();

        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> ProcessHandle.current()
                        .children()
                        .noneMatch(
                                child -> child.info().commandLine().orElse("").endsWith("sleep 600")));
    }

    private Hooks hooks(Kind kind, String command) {
        return new Hooks(
                Map.of(kind, command),
                directory,
                Map.of(
                        "PATH",
                        System.getenv("PATH"),
                        "LANG",
                        "C",
                        "BITWEEN_PASSWORD",
                        "secret",
                        "BITWEEN_HOME",
                        "/srv/b"),
                LONG);
    }

    private static Happening happening(long number, Kind kind, Map<String, @Nullable Object> details) {
        return new Happening(number, Instant.EPOCH, kind, details);
    }

    private Path untilThere(String name) {
        Path file = directory.resolve(name);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(file));
        return file;
    }
}
