package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.Finding;
import bitween.model.UserException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "fsck",
        description = "Checks the database, its backups, keys, and each share and job; mends what can be mended.",
        footer = {
            "",
            "It works with a daemon that runs, and without one. Exit codes: 0 all is well, or was mended; 1 something is wrong that",
            "is not mended.",
            "",
            "Examples:",
            "  bitween fsck",
            "  bitween fsck --json"
        })
final class FsckCommand extends Command {
    FsckCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer report = report();
        List<Answer> findings = report.views("findings");
        session.result(report, () -> {
            findings.forEach(this::print);
            out(summary(findings));
        });
        return count(findings, Finding.State.WRONG) == 0 ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private Answer report() throws InterruptedException {
        try (ControlClient daemon = session.runningDaemon()) {
            return daemon.call("fsck");
        } catch (UserException e) {
            if (e.code() != ErrorCode.DAEMON_NOT_RUNNING
                    || !session.environment().setup().isConfigured(session.home())) {
                throw e;
            }
        }
        List<Map<String, @Nullable Object>> findings = session.environment().daemons().check(session.home()).stream()
                .map(FsckCommand::fields)
                .toList();
        return Answer.of(Map.of("findings", findings));
    }

    static Map<String, @Nullable Object> fields(Finding finding) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("check", finding.check());
        fields.put("state", finding.state().name());
        fields.put("code", finding.code() == null ? null : finding.code().name());
        fields.put("what", finding.what());
        fields.put("hint", finding.hint());
        return fields;
    }

    private void print(Answer finding) {
        out(finding.text("check"), finding.text("state").toLowerCase(Locale.ROOT) + ": " + finding.text("what"));
        if (!finding.text("hint").isEmpty()) {
            out("", session.command(finding.text("hint")));
        }
    }

    private static String summary(List<Answer> findings) {
        long wrong = count(findings, Finding.State.WRONG);
        long mended = count(findings, Finding.State.MENDED);
        if (wrong + mended == 0) {
            return "all is well";
        }
        return Units.count(mended, "thing") + " mended, " + wrong + " wrong";
    }

    private static long count(List<Answer> findings, Finding.State state) {
        return findings.stream()
                .filter(finding -> finding.text("state").equals(state.name()))
                .count();
    }
}
