package bitween;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What a reader relies on when looking around. */
class TidyTest {
    private static final int MAX_LINES = 500;
    /** Components have threads; the others are values, or run on their caller's. */
    private static final List<String> COMPONENTS =
            List.of("app", "bus", "catalogue", "control", "link", "store", "torrent", "torrent/libtorrent", "xmpp");

    private static final Pattern LEFT_BEHIND = Pattern.compile(
            "\\bTODO\\b|\\bFIXME\\b|\\bXXX\\b|@Disabled|\\bprintStackTrace\\b|catch \\([^)]*\\bignored\\b|\\bThread\\.sleep\\b");
    /** Alice's home is the one that examples may name. */
    private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w$}])/(home/(?!alice/|me/)\\w+/|root\\b)");

    /** Tests so tagged are named together. */
    private static final Predicate<String> OF_A_CLASS =
            Pattern.compile("@Tag\\(\"(xmpp-server|namespaces|faults)\"\\)").asMatchPredicate();

    private static final Sources.Text README = Sources.read("README.md");

    @Test
    void every_package_says_what_it_is() {
        assertThat(packages()).allSatisfy(folder -> {
            assertThat(folder.resolve("package-info.java")).exists();
            assertThat(Sources.read(folder + "/package-info.java").content())
                    .containsPattern("(?s)/\\*\\*.{20,}?\\*/\\s*@NullMarked\\s+package ");
        });
    }

    @Test
    void every_component_names_its_thread() {
        assertThat(COMPONENTS)
                .allSatisfy(component -> assertThat(
                                Sources.read("src/main/java/bitween/" + component + "/package-info.java")
                                        .content())
                        .contains("<b>Thread:</b>"));
    }

    @Test
    void no_source_is_longer_than_one_reads() {
        assertThat(Sources.under("src", ".java"))
                .filteredOn(source -> source.lines().size() > MAX_LINES)
                .isEmpty();
    }

    @Test
    void nothing_is_left_for_later_or_hushed_up() {
        assertThat(texts()).flatMap(text -> found(LEFT_BEHIND, text)).isEmpty();
    }

    @Test
    void nothing_names_a_folder_of_one_machine() {
        assertThat(texts()).flatMap(text -> found(MACHINE_PATH, text)).isEmpty();
    }

    @Test
    void the_top_of_the_repository_is_seen_at_a_glance() throws InterruptedException {
        assertThat(tracked().map(name -> name.replaceFirst("/.*", "")).distinct())
                .containsExactlyInAnyOrder(
                        ".ci",
                        ".gitignore",
                        "CHANGELOG.md",
                        "LICENSE",
                        "README.md",
                        "conf",
                        "db",
                        "pom.xml",
                        "scripts",
                        "src");
    }

    @Test
    void a_script_stops_at_the_first_error_and_shows_how_it_is_used() {
        assertThat(Sources.under("scripts", "")).isNotEmpty().allSatisfy(script -> {
            List<String> lines = script.lines();
            List<String> header = lines.stream()
                    .skip(1)
                    .takeWhile(line -> line.startsWith("#"))
                    .toList();
            assertThat(lines.get(0)).isEqualTo("#!/usr/bin/env bash");
            assertThat(header).hasSizeGreaterThan(1).anyMatch(line -> line.matches("# +" + script + "\\b.*"));
            assertThat(lines).contains("set -euo pipefail");
            assertThat(Files.isExecutable(script.path())).isTrue();
        });
    }

    @Test
    void a_system_test_runs_with_real_servers_too_or_its_package_says_why_not() {
        String reasons =
                Sources.read("src/test/java/bitween/system/package-info.java").content();

        assertThat(Sources.under("src/test/java", "IT.java"))
                .filteredOn(test -> Pattern.compile("\\b(TestServer|People|Program)\\b")
                        .matcher(test.content())
                        .find())
                .filteredOn(test -> test.lines().stream().noneMatch(OF_A_CLASS))
                .isNotEmpty()
                .allSatisfy(test -> assertThat(reasons)
                        .containsPattern(
                                "\\b" + test.path().getFileName().toString().replace(".java", "") + "\\b"));
    }

    @Test
    void migrations_are_numbered_without_gaps() {
        List<String> names = Sources.under("db", "").stream()
                .map(script -> String.valueOf(script.path().getFileName()))
                .toList();

        assertThat(names).isNotEmpty().allMatch(name -> name.matches("\\d{3}_[a-z_]+\\.sql"));
        assertThat(names.stream().map(name -> name.substring(0, 3)))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, names.size())
                        .mapToObj(number -> String.format("%03d", number))
                        .toList());
    }

    @Test
    void the_changelog_begins_with_what_is_not_released() {
        assertThat(Sources.read("CHANGELOG.md").lines().stream().filter(line -> line.startsWith("## ")))
                .first()
                .isEqualTo("## [Unreleased]");
    }

    @Test
    void the_readme_has_every_command_and_no_other() {
        Set<String> rows = matches(
                "(?m)^\\| `([a-z]+(?: (?:add|accept(?:-files)?|rm|show|diff|get|set|reset|validate))?)[ `]", README);

        assertThat(rows).isNotEmpty().isEqualTo(commands());
    }

    @Test
    void the_readme_runs_only_commands_that_exist() {
        Set<String> words = commands().stream()
                .map(command -> command.replaceFirst(" .*", ""))
                .collect(Collectors.toSet());

        assertThat(words)
                .containsAll(matches("(?:`|\\$ |scripts/)bitween(?: --[a-z]+(?: [A-Z/.~]\\S*)?)* ([a-z]+)", README));
    }

    @Test
    void the_readme_leads_nowhere_that_is_missing() {
        Set<String> links = matches("\\]\\((?!https?:)([^)#]+)[^)]*\\)", README);
        Set<String> scripts = matches("\\b(scripts/[a-z-]+)", README);

        assertThat(Stream.concat(links.stream(), scripts.stream()))
                .isNotEmpty()
                .allSatisfy(named -> assertThat(Path.of(named)).exists());
    }

    /** "share", "friend add" …, from picocli's annotations; those that only hold others, and those for programs, are left out. */
    private static Set<String> commands() {
        return Sources.CLASSES.stream()
                .filter(type -> type.isAnnotatedWith(CommandLine.Command.class))
                .filter(type -> !type.isAssignableTo(Runnable.class))
                .filter(type ->
                        !type.getAnnotationOfType(CommandLine.Command.class).hidden())
                .map(type -> type.getEnclosingClass()
                                .map(outer -> nameOf(outer) + " ")
                                .orElse("")
                        + nameOf(type))
                .collect(Collectors.toSet());
    }

    private static String nameOf(JavaClass command) {
        return command.getAnnotationOfType(CommandLine.Command.class).name();
    }

    private static List<Path> packages() {
        return Sources.under("src/main/java", ".java").stream()
                .map(source -> Objects.requireNonNull(source.path().getParent()))
                .distinct()
                .toList();
    }

    /** All that people wrote but this test, which spells out what it looks for. */
    private static List<Sources.Text> texts() {
        return Stream.of("src", "scripts", "conf", "db", ".ci", "pom.xml", "README.md", "CHANGELOG.md")
                .flatMap(root -> Sources.under(root, "").stream())
                .filter(text -> !text.path().endsWith("TidyTest.java"))
                .toList();
    }

    private static Set<String> matches(String pattern, Sources.Text text) {
        return Pattern.compile(pattern)
                .matcher(text.content())
                .results()
                .map(found -> Objects.requireNonNull(found.group(1)))
                .collect(Collectors.toSet());
    }

    private static List<String> found(Pattern pattern, Sources.Text text) {
        return text.lines().stream()
                .filter(line -> pattern.matcher(line).find())
                .map(line -> text + ": " + line.strip())
                .toList();
    }

    /** What git knows; skips the test where there is no git, or no repository: in an unpacked release. */
    private static Stream<String> tracked() throws InterruptedException {
        assumeTrue(Files.exists(Path.of(".git")), "this is no clone");
        try {
            Process git = new ProcessBuilder("git", "ls-files", "-z")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assumeTrue(git.waitFor() == 0, "git does not want to read this clone");
            return Pattern.compile("\0").splitAsStream(names);
        } catch (IOException e) {
            return abort("git is not installed: " + e.getMessage());
        }
    }
}
