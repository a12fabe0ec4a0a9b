package bitween.cli;

import bitween.control.client.Answer;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "want",
        description = {
            "Waits until a friend shares what has all of the words in its name, a share or a file; without words it lists what you wait for.",
            "What is found is told by bitween events, and by the command that on.found in bitween.toml names; what is shared already is told at once."
        },
        footer = {
            "",
            "Examples:",
            "  bitween want nosferatu",
            "  bitween want \"radio play\" --auto      gets it as well",
            "  bitween want                          lists what you wait for",
            "  bitween want --rm 2"
        })
final class WantCommand extends Command {
    @Parameters(
            arity = "0..*",
            paramLabel = "WORDS",
            description = "what its name has; a word may be the beginning of one")
    private List<String> words = List.of();

    @Option(names = "--auto", description = "gets what is found")
    private boolean auto;

    @Option(names = "--rm", paramLabel = "NUMBER", description = "waits for it no longer")
    private @Nullable Long removed;

    WantCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (removed != null && (auto || !words.isEmpty())) {
            throw new UserException(ErrorCode.BAD_ARGUMENT, "--rm takes a number and nothing else", "");
        }
        if (removed != null) {
            long number = Units.within("--rm", removed, 1, Integer.MAX_VALUE);
            Answer gone = ask("want.rm", Map.of("id", number));
            session.result(gone, () -> out("you wait for '" + gone.text("words") + "' no longer"));
        } else if (words.isEmpty()) {
            Answer all = ask("wants", Map.of());
            session.result(all, () -> print(all.views("wants")));
        } else {
            Answer added = ask("want.add", Map.of("words", String.join(" ", words), "auto", auto));
            session.result(
                    added,
                    () -> out("#" + added.text("id") + ": what has '" + added.text("words") + "' in its name is told"
                            + (auto ? " and got" : "") + " once a friend shares it"));
        }
        return ExitCodes.OK;
    }

    private void print(List<Answer> wants) {
        if (wants.isEmpty()) {
            advise("you wait for nothing; bitween want WORDS does");
            return;
        }
        Table table = new Table(">#", "WORDS", "THEN", "SINCE");
        wants.forEach(want -> table.row(
                want.text("id"),
                want.text("words"),
                want.flag("auto") ? "get it" : "tell",
                want.instant("since").map(when -> Units.time(when, clock())).orElse("")));
        table.print(session.terminal());
    }
}
