package bitween.cli;

import bitween.control.client.Answer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** What is amiss with the daemon's database, in lines for people. */
final class StoreTrouble {
    private StoreTrouble() {}

    /** @param store as {@code status} has it; empty: all is well, or the daemon is of before it told */
    static List<String> lines(Answer store, Clock clock) {
        List<String> lines = new ArrayList<>();
        addError(lines, "", store.view("error"));
        addError(lines, "no backup: ", store.view("backupError"));
        Answer restored = store.view("restored");
        if (restored.has("why")) {
            lines.add("damaged: " + restored.text("why"));
            lines.add(restored.instant("backup")
                    .map(when -> "restored as it was at " + Units.time(when, clock)
                            + ": look at friends, grants and what is blocked, which may have changed since")
                    .orElse(
                            restored.flag("emptied")
                                    ? "there was no backup: it begins anew, without friends' keys and grants"
                                    : "its last changes are gone: look at friends, grants and what is blocked"));
            if (restored.has("setAside")) {
                lines.add(
                        "the damaged one is " + restored.text("setAside") + "; remove it when all is as it should be");
            }
        }
        return lines;
    }

    private static void addError(List<String> lines, String what, Answer error) {
        if (error.has("message")) {
            lines.add(what + error.text("message"));
            if (!error.text("hint").isEmpty()) {
                lines.add(error.text("hint"));
            }
        }
    }
}
