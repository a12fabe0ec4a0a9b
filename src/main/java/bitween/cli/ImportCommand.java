package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(
        name = "import",
        description = "Takes over what the first bitween, the one in Python, had shared and was getting.",
        footer = {
            "",
            "What is where it was is shared from there, hashed anew: its info-hash is another one than before, so friends get it anew by its",
            "name. WHO is as with bitween share. What is not there waits as a job until a friend has that info-hash; where that can never be,",
            "because it was made by the first bitween, that is said. FILE is only read; a second time does no harm. The file could name any",
            "folder of yours: look with --dry-run before you share with everyone.",
            "",
            "Exit codes: 0 all was taken over, or had been; 1 something was not.",
            "",
            "Examples:",
            "  bitween import --bitween ~/.bitween.db --dry-run    shows what is in it",
            "  bitween import --bitween ~/.bitween.db --to @family"
        })
final class ImportCommand extends Command {
    /** There is no daemon, or it hangs, or {@code --to} is wrong: the others would fail of the same. */
    private static final Set<ErrorCode> FATAL = Set.of(
            ErrorCode.DAEMON_NOT_RUNNING,
            ErrorCode.DAEMON_HANGS,
            ErrorCode.AUDIENCE_MISSING,
            ErrorCode.UNKNOWN_FRIEND,
            ErrorCode.UNKNOWN_GROUP,
            ErrorCode.AMBIGUOUS,
            ErrorCode.BAD_ARGUMENT);

    @Option(names = "--bitween", paramLabel = "FILE", required = true, description = "the first bitween's database")
    private String file = "";

    @Option(names = "--to", paramLabel = "WHO", description = "who may have it; can be given several times")
    private List<String> to = List.of();

    @Option(names = "--dry-run", description = "only lists what there is")
    private boolean dryRun;

    ImportCommand(Session session) {
        super(session);
    }

    /** What became of one. */
    private enum Result {
        SHARED("shared, is hashed"),
        ALREADY_SHARED("shared already"),
        WAITING("waits for a friend"),
        ALREADY_KNOWN("asked for already"),
        NOT_IMPORTED("not imported");

        private final String words;

        Result(String words) {
            this.words = words;
        }
    }

    /** @param error why it is NOT_IMPORTED; else null */
    private record Imported(
            Answer torrent, Result result, @Nullable UserException error) {
        Imported(Answer torrent, Result result) {
            this(torrent, result, null);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        try (ControlClient daemon = session.daemon()) {
            Answer read =
                    daemon.call("import.read", Map.of("path", session.path(file).toString()));
            List<Answer> torrents = read.views("torrents");
            if (dryRun) {
                session.result(read, () -> printFound(torrents));
                return ExitCodes.OK;
            }
            List<Imported> all = new ArrayList<>();
            for (Answer torrent : torrents) {
                all.add(imported(daemon, torrent));
            }
            session.result(answer(all), () -> print(all));
            return all.stream().anyMatch(one -> one.result == Result.NOT_IMPORTED) ? ExitCodes.FAILED : ExitCodes.OK;
        }
    }

    /** @throws UserException when the others would fail of the same */
    private Imported imported(ControlClient daemon, Answer torrent) throws InterruptedException {
        try {
            return switch (torrent.text("state")) {
                case "HERE" -> shared(daemon, torrent);
                case "WANTED" -> wanted(daemon, torrent);
                case "LOST" ->
                    throw new UserException(
                            ErrorCode.PATH_MISSING,
                            torrent.text("problem"),
                            "ask who shared it to share it again, then: bitween get FRIEND/SHARE");
                default -> throw new UserException(ErrorCode.NAME_REFUSED, torrent.text("problem"), "");
            };
        } catch (UserException e) {
            if (FATAL.contains(e.code())) {
                throw e;
            }
            return new Imported(torrent, Result.NOT_IMPORTED, e);
        }
    }

    private Imported shared(ControlClient daemon, Answer torrent) throws InterruptedException {
        try {
            share(daemon, torrent.text("place"));
            return new Imported(torrent, Result.SHARED);
        } catch (UserException e) {
            if (e.code() == ErrorCode.ALREADY_SHARED) {
                return new Imported(torrent, Result.ALREADY_SHARED);
            }
            throw e.code() == ErrorCode.NAME_TAKEN
                    ? new UserException(e.code(), e.sentence(), "share it with: bitween share PATH --name N", e)
                    : e;
        }
    }

    private void share(ControlClient daemon, String place) throws InterruptedException {
        try {
            var unused = add(daemon, place);
        } catch (UserException e) {
            if (e.code() != ErrorCode.AUDIENCE_MISSING || !session.isInteractive()) {
                throw e;
            }
            var unused = new AudienceQuestion(session, daemon).ask(e, named -> {
                to = named; // for those that follow too
                return add(daemon, place);
            });
        }
    }

    private Answer add(ControlClient daemon, String place) throws InterruptedException {
        Map<String, @Nullable Object> params = new HashMap<>();
        params.put("path", place);
        params.put("to", to.isEmpty() ? null : to);
        return daemon.call("share.add", params);
    }

    /** Into the configured folder: where it was is what the file says, and nothing is written there because of that. */
    private static Imported wanted(ControlClient daemon, Answer torrent) throws InterruptedException {
        Answer got = daemon.call("job.get", Map.of("ref", torrent.text("magnet")));
        return new Imported(torrent, got.flag("known") ? Result.ALREADY_KNOWN : Result.WAITING);
    }

    private static Answer answer(List<Imported> all) {
        List<Map<String, @Nullable Object>> torrents = new ArrayList<>();
        for (Imported one : all) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>(one.torrent.fields());
            fields.put("result", one.result.name());
            fields.put("error", one.error == null ? null : fields(one.error));
            torrents.add(fields);
        }
        return Answer.of(Map.of("torrents", torrents));
    }

    private static Map<String, Object> fields(UserException e) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", e.code().name());
        error.put("message", e.sentence());
        error.put("hint", e.hint());
        return error;
    }

    private void printFound(List<Answer> torrents) {
        Table table = new Table("NAME", "WHAT WOULD BE DONE", "PLACE");
        torrents.forEach(torrent -> table.row(
                name(torrent),
                switch (torrent.text("state")) {
                    case "HERE" -> "share it";
                    case "WANTED" -> "wait for a friend who has it";
                    default -> "nothing: " + torrent.text("problem");
                },
                place(torrent)));
        print(table);
    }

    private void print(List<Imported> all) {
        Table table = new Table("NAME", "RESULT", "PLACE");
        all.forEach(one -> table.row(name(one.torrent), one.result.words, place(one.torrent)));
        print(table);
        for (Imported one : all) {
            if (one.error != null) {
                out(name(one.torrent) + ": " + one.error.sentence());
                if (!one.error.hint().isEmpty()) {
                    out("  " + session.command(one.error.hint()));
                }
            }
        }
        if (all.stream().anyMatch(one -> one.result == Result.SHARED)) {
            out(session.command("bitween shares shows how far the hashing is"));
        }
    }

    private void print(Table table) {
        if (table.isEmpty()) {
            out("there are no torrents in " + session.path(file));
        } else {
            table.print(session.terminal());
        }
    }

    private static String name(Answer torrent) {
        return torrent.has("name") ? torrent.text("name") : torrent.has("hash") ? torrent.text("hash") : "?";
    }

    private static String place(Answer torrent) {
        return torrent.has("place") ? torrent.text("place") : "-";
    }
}
