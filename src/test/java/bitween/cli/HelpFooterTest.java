package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The examples of the help can be copied from the screen, and its prose read. */
class HelpFooterTest {
    private static final CommandLine ROOT =
            Cli.commandLine(new Session(new FakeWorld().environment(), new FakeTerminal()));

    private static Stream<CommandLine> all(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(HelpFooterTest::all));
    }

    @Test
    void no_command_is_broken_and_no_word_and_what_can_be_is_no_wider_than_a_screen() {
        assertThat(all(ROOT).toList()).hasSizeGreaterThan(Cli.NAMES.size()).allSatisfy(command -> {
            List<String> footer =
                    List.of(command.getCommandSpec().usageMessage().footer());
            String help = command.getUsageMessage();
            assertThat(help.lines()).containsAll(examples(footer));
            assertThat(words(help)).containsSubsequence(words(String.join(" ", footer)));
            assertThat(help.lines().filter(line -> !line.startsWith("  bitween")))
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        });
    }

    /** Those that are explained in a line that is too long stand alone in theirs. */
    private static List<String> examples(List<String> footer) {
        return ManPages.examples(footer).stream()
                .map(line -> line.length() <= 80 ? line : line.replaceFirst("(?<=\\S) {2,}.*", ""))
                .toList();
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }

    @Test
    void a_sentence_goes_on_in_the_next_line_and_ends_where_it_ends() {
        String explanation = "word ".repeat(20).strip();

        assertThat(HelpFooter.lines(
                        List.of("", "One", "goes on.", "Two", "", "Examples:", "  bitween x    " + explanation)))
                .containsExactly(
                        "",
                        "One goes on.",
                        "Two",
                        "",
                        "Examples:",
                        "  bitween x",
                        "      " + "word ".repeat(15).strip(),
                        "      " + "word ".repeat(5).strip());
    }
}
