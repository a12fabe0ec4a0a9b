package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Does the same to one share or job, to several, or to all. Of several, one that refuses keeps nobody else from it. */
abstract class SeveralCommand extends Command {
    @Parameters(paramLabel = "NAME", arity = "0..*", description = "a share's or job's name, #number or info-hash")
    private List<String> names = List.of();

    @Option(names = "--all", description = "all shares and jobs that there are at this moment")
    private boolean all;

    private final String method;

    /** @param method of the daemon, which takes a name and answers with the share or job */
    SeveralCommand(Session session, String method) {
        super(session);
        this.method = method;
    }

    /** Whom {@code --friend} names; null: nobody. */
    abstract @Nullable String friend();

    /** What is done to a friend. */
    abstract int ofFriend(ControlClient daemon, String friend) throws InterruptedException;

    /** Whether it is meant by {@code --all}. */
    abstract boolean isMeant(Answer transfer);

    /** What became of one, for people. */
    abstract void print(Answer transfer);

    @Override
    public Integer call() throws InterruptedException {
        String friend = friend();
        if (Stream.of(!names.isEmpty(), all, friend != null)
                        .filter(given -> given)
                        .count()
                != 1) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, "it takes names, or --all, or --friend FRIEND", "name what you mean");
        }
        try (ControlClient daemon = session.daemon()) {
            if (friend != null) {
                return ofFriend(daemon, friend);
            }
            if (names.size() == 1) {
                Answer transfer = daemon.call(method, Map.of("name", names.get(0)));
                session.result(transfer, () -> print(transfer));
                return ExitCodes.OK;
            }
            return each(daemon, all ? numbers(daemon) : names);
        }
    }

    private List<String> numbers(ControlClient daemon) throws InterruptedException {
        List<Answer> own = new ArrayList<>(daemon.call("jobs").views("jobs"));
        own.addAll(daemon.call("shares").views("shares"));
        return own.stream()
                .filter(this::isMeant)
                .map(transfer -> "#" + transfer.text("id"))
                .toList();
    }

    /** @return the exit code of the first that refuses */
    final int each(ControlClient daemon, List<String> which) throws InterruptedException {
        List<Answer> done = new ArrayList<>();
        List<UserException> refused = new ArrayList<>();
        for (String name : which) {
            try {
                done.add(daemon.call(method, Map.of("name", name)));
            } catch (UserException e) {
                refused.add(e);
            }
        }
        if (session.isJson()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("transfers", done.stream().map(Answer::fields).toList());
            result.put("errors", refused.stream().map(Session::view).toList());
            session.json(result);
        } else {
            done.forEach(this::print);
            refused.forEach(session::failed);
            if (which.isEmpty()) {
                out("there is nothing of that kind");
            }
        }
        return refused.isEmpty() ? ExitCodes.OK : ExitCodes.of(refused.get(0).code());
    }
}
