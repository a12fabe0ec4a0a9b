package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.config.ConfigFile;
import bitween.config.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The manual, and that what it and the help give as examples can be typed. */
class ManCommandTest {
    private static final Pattern COMMAND =
            Pattern.compile("(?:.*\\| )?bitween (.*?)(?: {2,}\\S.*| (?:\\||&&) .*| >.*)?");

    @TempDir
    Path directory;

    private final FakeWorld world = new FakeWorld();

    private static CommandLine root() {
        return Cli.commandLine(new Session(new FakeWorld().environment(), new FakeTerminal()));
    }

    private static Stream<CommandSpec> specs(CommandLine command) {
        return Stream.concat(
                Stream.of(command.getCommandSpec()),
                command.getSubcommands().values().stream().flatMap(ManCommandTest::specs));
    }

    private static Map<String, String> pages() {
        return new ManPages("0.1.0").all(root(), ConfigFile.reference());
    }

    @Test
    void every_command_has_its_page_and_the_configuration_too() throws IOException {
        world.running = false;
        assertThat(world.run("man", directory.toString())).isEqualTo(ExitCodes.OK);

        List<String> names =
                specs(root()).map(spec -> spec.qualifiedName("-") + ".1").toList();
        assertThat(directory.resolve("man1").toFile().list()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(directory.resolve("man5").toFile().list()).containsExactly("bitween.toml.5");
        assertThat(Files.readString(directory.resolve("man1/bitween-friend-add.1")))
                .startsWith(".TH \"BITWEEN\\-FRIEND\\-ADD\" \"1\" \"\" \"bitween 0.1.0\" \"bitween\"\n");
        assertThat(world.out()).contains("man -M " + directory);
    }

    @Test
    void programs_are_told_which_pages_there_are() {
        world.run("man", directory.toString(), "--json");

        assertThat(world.terminal.out)
                .singleElement()
                .asString()
                .startsWith("{\"directory\":\"" + directory + "\",\"pages\":[\"bitween-away.1\",");
    }

    @Test
    void a_folder_that_cannot_be_written_is_named() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThat(world.run("man", file.toString())).isEqualTo(ExitCodes.FAILED);
        assertThat(world.err()).contains("the manual cannot be written").contains(file.toString());
    }

    @Test
    void a_page_says_all_that_the_help_says() {
        CommandSpec get =
                Objects.requireNonNull(root().getSubcommands().get("get")).getCommandSpec();
        String page = Objects.requireNonNull(pages().get("bitween-get.1"));

        assertThat(page)
                .contains(
                        ".SH \"NAME\"",
                        ".SH \"SYNOPSIS\"",
                        ".SH \"ARGUMENTS\"",
                        ".SH \"EXAMPLES\"",
                        ".SH \"SEE ALSO\"");
        assertThat(get.options()).allSatisfy(option -> assertThat(page).contains(Roff.escaped(option.longestName())));
        assertThat(page).contains("bitween get alice/Music \\-\\-to \\(ti/Music \\-\\-wait\n");
    }

    @Test
    void the_page_of_the_configuration_has_every_key_with_its_default_and_when_it_holds() {
        String page = Objects.requireNonNull(pages().get("bitween.toml.5"));

        assertThat(ConfigFile.reference()).hasSizeGreaterThan(25).allSatisfy(setting -> {
            assertThat(page).contains("\\fB" + setting.key() + "\\fR\n");
            assertThat(setting.about()).as(setting.key()).isNotEmpty();
            assertThat(page).contains(Roff.escaped(String.join(" ", setting.about())));
        });
        assertThat(page)
                .contains(
                        "Example: \"alice@example.org\"",
                        "Default: 5 (live)",
                        "Default: 0 (holds once the daemon is started again)");
        assertThat(ConfigFile.reference().stream().filter(Setting::live)).isNotEmpty();
    }

    @Test
    void signs_that_mean_something_to_roff_are_text() {
        assertThat(new Roff("x", 1, "s")
                        .text(".so /etc/passwd")
                        .text("'x' \\fB a-b ~^` é\ud83c\udfb5")
                        .toString())
                .endsWith("\n\\&.so /etc/passwd\n\\(aqx\\(aq \\(rsfB a\\-b \\(ti\\(ha\\(ga \\[u00E9]\\[u1F3B5]\n");
    }

    @Test
    void groff_has_nothing_to_say_about_any_page() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/usr/bin/groff")), "groff is not installed");
        assertThat(world.run("man", directory.toString())).isEqualTo(ExitCodes.OK);
        List<String> command = new ArrayList<>(List.of("groff", "-man", "-ww", "-Tutf8", "-z"));
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(Files::isRegularFile).map(Path::toString).forEach(command::add);
        }

        Process groff = new ProcessBuilder(command).redirectErrorStream(true).start();

        assertThat(new String(groff.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(groff.waitFor()).isZero();
    }

    static Stream<String> examples() {
        return specs(root())
                .flatMap(spec -> ManPages.examples(List.of(spec.usageMessage().footer())).stream());
    }

    @Test
    void every_command_has_an_example_that_uses_it() {
        assertThat(specs(root()))
                .allSatisfy(spec -> assertThat(
                                ManPages.examples(List.of(spec.usageMessage().footer())))
                        .as(spec.qualifiedName())
                        .anyMatch(line -> line.replaceAll("--home \\S+ ", "").contains(spec.qualifiedName())));
    }

    @ParameterizedTest
    @MethodSource("examples")
    @Tag("slow")
    void every_example_is_a_command_line_that_is_understood(String example) {
        var command = COMMAND.matcher(example.strip());
        assertThat(command.matches()).as(example).isTrue();
        List<String> words = ShellLine.of(command.group(1) + " ").words();

        CommandLine.ParseResult parsed =
                root().parseArgs(words.subList(0, words.size() - 1).toArray(new String[0]));

        assertThat(parsed.hasSubcommand()).as(example).isTrue();
    }
}
