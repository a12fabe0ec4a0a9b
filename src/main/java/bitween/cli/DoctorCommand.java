package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.Finding;
import bitween.model.UserException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(
        name = "doctor",
        description = "Says what keeps you from sharing, with everybody or with FRIEND, and what to do about it.",
        footer = {
            "",
            "Each line is one thing that sharing needs, in the order in which one needs the other: the first that failed is the one to",
            "mend. Nothing is changed. Exit codes: 0 all is well, 1 something failed.",
            "",
            "Examples:",
            "  bitween doctor",
            "  bitween doctor bob",
            "  bitween doctor bob --json"
        })
final class DoctorCommand extends Command {
    private static final String LINE = "%2s  %-13s %-8s %s";

    @Parameters(arity = "0..1", paramLabel = "FRIEND", description = "with whom it does not work")
    private @Nullable String friend;

    DoctorCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() throws InterruptedException {
        Answer report = report();
        List<Answer> checks = report.views("checks");
        session.result(report, () -> print(checks));
        return report.number("failed") == 0 ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private Answer report() throws InterruptedException {
        try (ControlClient daemon = session.runningDaemon()) {
            return daemon.call("doctor", friend == null ? Map.of() : Map.of("friend", friend));
        } catch (UserException e) {
            if (e.code() != ErrorCode.DAEMON_NOT_RUNNING
                    || !session.environment().setup().isConfigured(session.home())) {
                throw e;
            }
            return withoutDaemon(e);
        }
    }

    private Answer withoutDaemon(UserException notRunning) {
        List<Map<String, @Nullable Object>> checks = new ArrayList<>();
        for (Finding finding : session.environment().daemons().examine(session.home())) {
            checks.add(check(checks.size() + 1, finding.check(), finding.code(), finding.what(), finding.hint()));
        }
        checks.add(check(checks.size() + 1, "daemon", notRunning.code(), notRunning.sentence(), notRunning.hint()));
        long failed = checks.stream().filter(check -> check.get("code") != null).count();
        Map<String, @Nullable Object> report = new LinkedHashMap<>();
        report.put("friend", null);
        report.put("checks", checks);
        report.put("failed", failed);
        return Answer.of(report);
    }

    private static Map<String, @Nullable Object> check(
            int number, String name, @Nullable ErrorCode failed, String what, String hint) {
        Map<String, @Nullable Object> check = new LinkedHashMap<>();
        check.put("number", number);
        check.put("check", name);
        check.put("state", failed == null ? "OK" : "FAILED");
        check.put("code", failed == null ? null : failed.name());
        check.put("what", what);
        check.put("hint", hint);
        return check;
    }

    private void print(List<Answer> checks) {
        for (Answer check : checks) {
            boolean failed = check.text("state").equals("FAILED");
            String state = failed ? "FAILED" : check.text("state").toLowerCase(Locale.ROOT);
            out(String.format(LINE, check.text("number"), check.text("check"), state, check.text("what")));
            if (!check.text("hint").isEmpty()) {
                out(String.format(LINE, "", "", "", session.command(check.text("hint"))));
            }
        }
        checks.stream()
                .filter(check -> check.text("state").equals("FAILED"))
                .findFirst()
                .ifPresentOrElse(
                        first -> out("see to number " + first.text("number") + " first"), () -> out("all is well"));
    }
}
