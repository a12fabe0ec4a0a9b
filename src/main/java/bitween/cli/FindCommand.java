package bitween.cli;

import bitween.control.client.Answer;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "find",
        description = "Finds shares and files of friends by the words in their names, also of friends who are away.",
        footer = {
            "",
            "All of the words have to be there, or words that begin so; case and accents do not matter. The share's name counts for each of its files.",
            "Files are found once it is known what is in a share: bitween asks for that by itself while the friend is online.",
            "",
            "Examples:",
            "  bitween find goldberg gould",
            "  bitween find holiday --type video --online",
            "  bitween find live --from alice --size 10M..",
            "  bitween find --regex 's0[1-3]e\\d+.*\\.mkv$'"
        })
final class FindCommand extends Command {
    /** The daemon tells no more at once. */
    private static final int MAX_FOUND = 1_000;

    @Parameters(paramLabel = "WORDS", arity = "1..*", description = "what to look for")
    private List<String> words = List.of();

    @Option(names = "--regex", description = "takes WORDS as a regular expression for the path, SHARE/FOLDER/FILE")
    private boolean regex;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "share, file, or files of one kind: audio, video, image, text, archive")
    private @Nullable String type;

    @Option(names = "--size", paramLabel = "MIN..MAX", description = "with this size: 10M.., ..2G, 10M..2G")
    private @Nullable String size;

    @Option(names = "--from", paramLabel = "FRIEND", description = "only what this friend has")
    private @Nullable String from;

    @Option(names = "--online", description = "only what somebody has who is online")
    private boolean online;

    @Option(names = "--limit", paramLabel = "N", description = "shows so many, at most 1000 (100)")
    private @Nullable Integer limit;

    FindCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Map<String, @Nullable Object> params = new HashMap<>();
        params.put("words", String.join(" ", words));
        params.put("regex", regex);
        params.put("type", type);
        params.put("from", from);
        params.put("online", online);
        params.put("limit", limit == null ? null : (Long) Units.within("--limit", limit, 1, MAX_FOUND));
        if (size != null) {
            putRange(params, size);
        }
        Answer answer = ask("find", params);
        session.result(answer, () -> print(answer));
        return ExitCodes.OK;
    }

    static Expected types() {
        return Expected.oneOf("share", "file", "audio", "video", "image", "text", "archive");
    }

    private static void putRange(Map<String, @Nullable Object> params, String range) {
        int dots = range.indexOf("..");
        if (dots < 0 || range.length() == 2) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, "'" + range + "' is no range of sizes", "it is 10M.., ..2G or 10M..2G");
        }
        String least = range.substring(0, dots);
        String most = range.substring(dots + 2);
        Long leastBytes = least.isEmpty() ? null : (Long) Units.bytes(least);
        Long mostBytes = most.isEmpty() ? null : (Long) Units.bytes(most);
        if (leastBytes != null && mostBytes != null && leastBytes > mostBytes) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "nothing is of the size '" + range + "', which begins above its end",
                    "did you mean " + most + ".." + least + "?");
        }
        params.put("leastBytes", leastBytes);
        params.put("mostBytes", mostBytes);
    }

    private void print(Answer answer) {
        Table table = new Table(">SIZE", "WHO", "WHAT");
        for (Answer found : answer.views("found")) {
            String path = found.text("path");
            table.row(
                    Transfers.size(found),
                    LsCommand.who(found.views("holders")) + (found.flag("here") ? "; you" : ""),
                    found.text("share") + (path.isEmpty() ? "" : "/" + path));
        }
        if (table.isEmpty()) {
            advise("nothing that friends share is called so; bitween ls shows what there is");
            return;
        }
        table.print(session.terminal());
        if (answer.flag("more")) {
            out("and more: add a word, or see --limit, --type, --from");
        }
    }
}
