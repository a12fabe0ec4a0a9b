package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "version",
        description = "Shows what bitween is made of. Needs no daemon.",
        footer = {"", "Examples:", "  bitween version", "  bitween version --json"})
final class VersionCommand extends Command {
    VersionCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Map<String, @Nullable Object> versions =
                new LinkedHashMap<>(session.environment().versions().toMap());
        Answer daemon = daemonVersions();
        if (daemon.has("libtorrent")) {
            versions.put("libtorrent", daemon.text("libtorrent"));
        }
        versions.put("daemon", daemon.has("bitween") ? daemon.text("bitween") : null);
        session.result(new Answer(versions), () -> print(new Answer(versions)));
        return ExitCodes.OK;
    }

    /** @return empty when no daemon runs */
    private Answer daemonVersions() throws InterruptedException {
        try (ControlClient daemon = session.runningDaemon()) {
            return daemon.call("version");
        } catch (UserException e) {
            if (e.code() == ErrorCode.DAEMON_NOT_RUNNING) {
                return Answer.EMPTY;
            }
            throw e;
        }
    }

    private void print(Answer versions) {
        for (String name : versions.fields().keySet()) {
            if (versions.has(name)) {
                session.out(String.format("%-12s %s", name, versions.text(name)));
            }
        }
    }
}
