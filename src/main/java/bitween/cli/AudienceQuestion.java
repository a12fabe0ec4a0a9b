package bitween.cli;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks a person at a terminal for whom a share is, where neither {@code --to} nor {@code sharing.audience} says it. Thread: one. */
final class AudienceQuestion {
    /** What fits a line; the roster of a chat program can have a hundred. */
    private static final int MAX_GROUPS = 8;
    /** Mistakes in what was typed; whatever else goes wrong has nothing to do with it. */
    private static final Set<ErrorCode> MISTYPED =
            EnumSet.of(ErrorCode.UNKNOWN_FRIEND, ErrorCode.UNKNOWN_GROUP, ErrorCode.AMBIGUOUS, ErrorCode.BAD_ARGUMENT);

    private final Session session;
    private final ControlClient daemon;

    AudienceQuestion(Session session, ControlClient daemon) {
        this.session = session;
        this.daemon = daemon;
    }

    /** Shares with those whom a person names. */
    @FunctionalInterface
    interface Attempt {
        Answer with(List<String> to) throws InterruptedException;
    }

    /**
     * Asks until an answer will do, shares with it, and offers to keep it.
     *
     * @param unsaid what is thrown when nothing is answered
     */
    Answer ask(UserException unsaid, Attempt attempt) throws InterruptedException {
        String question = question();
        while (true) {
            List<String> to = words(session.terminal().ask(question));
            if (to.isEmpty()) {
                throw unsaid;
            }
            Answer shared;
            try {
                shared = attempt.with(to);
            } catch (UserException e) {
                if (!MISTYPED.contains(e.code())) {
                    throw e;
                }
                session.terminal()
                        .err("  " + e.sentence() + (e.hint().isEmpty() ? "" : "; " + session.command(e.hint())));
                continue;
            }
            offerToKeep(shared.texts("audience"));
            return shared;
        }
    }

    private String question() throws InterruptedException {
        List<String> groups = daemon.call("friends").views("friends").stream()
                .flatMap(friend -> friend.texts("groups").stream())
                .distinct()
                .sorted(String.CASE_INSENSITIVE_ORDER)
                .map(group -> "@" + group)
                .toList();
        String named = groups.isEmpty()
                ? ""
                : groups.stream().limit(MAX_GROUPS).collect(Collectors.joining(", "))
                        + (groups.size() > MAX_GROUPS ? " …" : "") + ", ";
        return "For whom? everyone (in your roster), " + named + "or friends' names; several with commas: ";
    }

    /** Commas rather than blanks stand between, because names of groups have blanks. */
    private static List<String> words(@Nullable String typed) {
        return typed == null
                ? List.of()
                : Stream.of(typed.split(","))
                        .map(String::strip)
                        .filter(word -> !word.isEmpty())
                        .toList();
    }

    /** The share is made already: what goes wrong here is told, and is no failure of the command. */
    private void offerToKeep(List<String> audience) {
        if (!session.isConfirmed("Is that so for all that you share from now on without --to?")) {
            return;
        }
        try {
            session.environment().setup().keepAudience(session.home(), audience);
            session.terminal()
                    .err("  kept as sharing.audience in " + session.home().configFile());
        } catch (UserException e) {
            session.terminal()
                    .err("  not kept: " + e.sentence() + (e.hint().isEmpty() ? "" : "; " + session.command(e.hint())));
        }
    }
}
