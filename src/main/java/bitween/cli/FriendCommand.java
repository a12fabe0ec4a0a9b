package bitween.cli;

import bitween.control.client.Answer;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@CommandLine.Command(
        name = "friend",
        description = "Changes the roster: whom you can share with, and whose shares you see.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Examples:", "  bitween friend add bob@example.org", "  bitween friend accept bob@example.org"})
final class FriendCommand implements Runnable {
    private final Session session;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    FriendCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        session.requirePerson("friend needs a command: add, accept, accept-files or rm");
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** One call about one person, and a line about what came of it. */
    private abstract static class Change extends Command {
        private final String method;
        private final Sentence sentence;

        @Parameters(
                paramLabel = "JID",
                description = "the XMPP address; to accept or remove, its part before the @ is enough")
        private String person = "";

        Change(Session session, String method, Sentence sentence) {
            super(session);
            this.method = method;
            this.sentence = sentence;
        }

        @Override
        public Integer call() throws InterruptedException {
            Answer entry = ask(method, Map.of("jid", person));
            boolean mutual = entry.text("subscription").equals("BOTH");
            String jid = entry.text("jid");
            session.result(
                    entry,
                    () -> out(
                            entry.flag("accepted")
                                    ? "accepted " + jid + ", who had asked"
                                    : sentence.about(jid, mutual)));
            return ExitCodes.OK;
        }
    }

    @FunctionalInterface
    private interface Sentence {
        /** @param mutual whether each of the two sees the other */
        String about(String jid, boolean mutual);
    }

    @CommandLine.Command(
            name = "add",
            description =
                    "Asks somebody to be a friend. Once it is accepted, each sees what the other shares with them.",
            footer = {"", "Examples:", "  bitween friend add bob@example.org"})
    static final class Add extends Change {
        Add(Session session) {
            super(
                    session,
                    "friend.add",
                    (jid, mutual) -> mutual ? jid + " is your friend" : "asked " + jid + ", who has to accept now");
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
    static final class Accept extends Change {
        Accept(Session session) {
            super(
                    session,
                    "friend.accept",
                    (jid, mutual) -> mutual ? jid + " is your friend now" : "accepted " + jid + ", and asked back");
        }
    }

    @CommandLine.Command(
            name = "accept-files",
            description = {
                "Lets what a friend sends come by itself, up to so much a day; more waits until you get or decline it.",
                "Each file counts with 4096 bytes at least. Nothing comes that the disk has no room for, and nothing is overwritten or started."
            },
            footer = {
                "",
                "Examples:",
                "  bitween friend accept-files bob 500M",
                "  bitween friend accept-files bob none    asks again, as usual",
                "  bitween offers                          shows what may come by itself"
            })
    static final class AcceptFiles extends Command {
        @Parameters(index = "0", paramLabel = "FRIEND", description = "by their whole name or address")
        private String friend = "";

        @Parameters(index = "1", paramLabel = "SIZE", description = "so much a day, such as 500M or 2G; or none")
        private String size = "";

        AcceptFiles(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws InterruptedException {
            long bytes = size.equals("none") ? 0 : Units.bytes(size);
            Answer allowed = ask("friend.allowance", Map.of("friend", friend, "bytesPerDay", bytes));
            session.result(
                    allowed,
                    () -> out(
                            bytes == 0
                                    ? "nothing that " + allowed.text("jid") + " sends comes by itself"
                                    : "what " + allowed.text("jid") + " sends comes by itself, up to "
                                            + Units.size(bytes) + " a day"));
            return ExitCodes.OK;
        }
    }

    @CommandLine.Command(
            name = "rm",
            description = {
                "Removes a friend from the roster, or refuses somebody who asks.",
                "They are cut off at once, also while there is no connection to the XMPP server, which hears of it later."
            },
            footer = {"", "Examples:", "  bitween friend rm bob@example.org"})
    static final class Rm extends Change {
        Rm(Session session) {
            super(session, "friend.rm", (jid, mutual) -> jid + " is removed, and sees your lists no longer");
        }
    }
}
