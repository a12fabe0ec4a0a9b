package bitween.cli;

import bitween.control.client.Answer;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "limit",
        description = "Limits how fast bytes come from a friend and go there, all their devices together.",
        footer = {
            "",
            "RATE is in bytes per second, such as 500k, 4M or 1.5MB/s; 0 is no limit. It holds at once, also for what is on its",
            "way, and after a restart. Without an option the limit is shown.",
            "",
            "Examples:",
            "  bitween limit bob --up 500k",
            "  bitween limit bob --down 4M --up 1M",
            "  bitween limit bob",
            "  bitween limit bob --off"
        })
final class LimitCommand extends Command {
    @Parameters(index = "0", paramLabel = "FRIEND", description = "whom it is about")
    private String friend = "";

    @Option(names = "--down", paramLabel = "RATE", description = "what may come from them")
    private @Nullable String down;

    @Option(names = "--up", paramLabel = "RATE", description = "what may go to them")
    private @Nullable String up;

    @Option(names = "--off", description = "no limit any more, neither way")
    private boolean off;

    LimitCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (off && (down != null || up != null)) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, "--off takes both limits away", "leave out --down and --up, or --off");
        }
        Map<String, @Nullable Object> params = new TreeMap<>();
        params.put("friend", friend);
        params.put("down", off ? (Long) 0L : rate(down));
        params.put("up", off ? (Long) 0L : rate(up));
        Answer answer = ask("friend.limit", params);
        session.result(answer, () -> out(answer.text("jid") + ": " + text(answer.view("limit"))));
        return ExitCodes.OK;
    }

    private static @Nullable Long rate(@Nullable String text) {
        return text == null ? null : (Long) Units.bytesPerSecond(text);
    }

    /** "at most 4.0 MB/s down and 1.0 MB/s up". */
    static String text(Answer limit) {
        long down = limit.number("down");
        long up = limit.number("up");
        if (down == 0 && up == 0) {
            return "no limit";
        }
        return "at most "
                + (down == 0 ? "" : Units.rate(down) + " down")
                + (down == 0 || up == 0 ? "" : " and ")
                + (up == 0 ? "" : Units.rate(up) + " up");
    }
}
