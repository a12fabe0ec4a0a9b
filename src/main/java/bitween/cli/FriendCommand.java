package bitween.cli;

import bitween.control.client.Answer;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@CommandLine.Command(
        name = "friend",
        description = "Changes the roster: who sees what you share, and whose shares you see.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Examples:", "  bitween friend add bob@example.org", "  bitween friend accept bob@example.org"})
final class FriendCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static boolean isMutual(Answer entry) {
        return entry.text("subscription").equals("BOTH");
    }

    @CommandLine.Command(
            name = "add",
            description = "Asks somebody to be a friend. You see each other's shares once it is accepted.",
            footer = {"", "Examples:", "  bitween friend add bob@example.org"})
    static final class Add extends Command {
        @Parameters(paramLabel = "JID", description = "the XMPP address")
        private String jid = "";

        Add(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws InterruptedException {
            Answer entry = ask("friend.add", Map.of("jid", jid));
            session.result(
                    entry,
                    () -> out(
                            isMutual(entry)
                                    ? entry.text("jid") + " is your friend"
                                    : "asked " + entry.text("jid") + ", who has to accept now"));
            return ExitCodes.OK;
        }
    }

    @CommandLine.Command(
            name = "accept",
            description = "Accepts somebody who asks to be a friend.",
            footer = {
                "",
                "Examples:",
                "  bitween friends                       shows who asks",
                "  bitween friend accept bob@example.org"
            })
    static final class Accept extends Command {
        @Parameters(paramLabel = "JID", description = "the XMPP address")
        private String jid = "";

        Accept(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws InterruptedException {
            Answer entry = ask("friend.accept", Map.of("jid", jid));
            session.result(
                    entry,
                    () -> out(
                            isMutual(entry)
                                    ? entry.text("jid") + " is your friend now"
                                    : "accepted " + entry.text("jid") + ", and asked back"));
            return ExitCodes.OK;
        }
    }

    @CommandLine.Command(
            name = "rm",
            description = "Removes a friend from the roster, or refuses somebody who asks.",
            footer = {"", "Examples:", "  bitween friend rm bob@example.org"})
    static final class Rm extends Command {
        @Parameters(paramLabel = "FRIEND", description = "the XMPP address, or what is enough to tell whose it is")
        private String jid = "";

        Rm(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws InterruptedException {
            Answer entry = ask("friend.rm", Map.of("jid", jid));
            session.result(entry, () -> out(entry.text("jid") + " is removed, and sees your lists no longer"));
            return ExitCodes.OK;
        }
    }
}
