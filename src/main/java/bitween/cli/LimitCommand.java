package bitween.cli;

import bitween.config.Setting;
import bitween.control.client.Answer;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "limit",
        description = "Limits how fast bytes come and go: in all, from and to one friend, or of one share or job.",
        footer = {
            "",
            "RATE is in bytes per second, such as 500k, 4M or 1.5MB/s; 0 is no limit. It holds at once, also for what is on its",
            "way, and after a restart. Without an option the limit is shown. A friend's devices share the friend's limit. Where",
            "several limits are about the same bytes, all of them hold.",
            "",
            "Examples:",
            "  bitween limit --down 4M --up 500k",
            "  bitween limit bob --up 500k",
            "  bitween limit bob --down 4M --up 1M",
            "  bitween limit Music --down 1M",
            "  bitween limit '#3' --up 200k",
            "  bitween limit bob",
            "  bitween limit bob --off"
        })
final class LimitCommand extends Command {
    private static final String DOWN = "network.download_bytes_per_second";
    private static final String UP = "network.upload_bytes_per_second";

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FRIEND|NAME",
            description = "a friend, or a share's or job's name, #number or info-hash; else everybody together")
    private @Nullable String name;

    @Option(names = "--down", paramLabel = "RATE", description = "what may come")
    private @Nullable String down;

    @Option(names = "--up", paramLabel = "RATE", description = "what may go")
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
        if (name == null) {
            return all();
        }
        Map<String, @Nullable Object> params = new TreeMap<>();
        params.put("name", name);
        params.put("down", off ? (Long) 0L : rate(down));
        params.put("up", off ? (Long) 0L : rate(up));
        Answer answer = ask("limit", params);
        String what = answer.has("jid") ? answer.text("jid") : answer.text("name");
        session.result(answer, () -> out(what + ": " + text(answer.view("limit"))));
        return ExitCodes.OK;
    }

    /** In the configuration, which a daemon that runs reads again. */
    private int all() throws InterruptedException {
        put(DOWN, off ? (Long) 0L : rate(down));
        put(UP, off ? (Long) 0L : rate(up));
        if (off || down != null || up != null) {
            Answer unused = session.reloadConfig();
        }
        Map<String, @Nullable Object> limit = new TreeMap<>(Map.of("down", value(DOWN), "up", value(UP)));
        Map<String, @Nullable Object> result = new LinkedHashMap<>(); // with the keys that one of a friend has
        result.put("jid", null);
        result.put("id", null);
        result.put("name", null);
        result.put("limit", limit);
        session.result(new Answer(result), () -> out("all together: " + text(new Answer(limit))));
        return ExitCodes.OK;
    }

    private void put(String key, @Nullable Long rate) {
        if (rate != null) {
            session.environment().setup().set(session.home(), key, rate);
        }
    }

    private long value(String key) {
        return session.environment().setup().settings(session.home()).stream()
                .filter(setting -> setting.key().equals(key))
                .map(Setting::inForce)
                .flatMap(Stream::ofNullable)
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
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
