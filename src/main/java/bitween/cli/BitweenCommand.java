package bitween.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

@CommandLine.Command(
        name = "bitween",
        description = "Shares folders with the people in your XMPP roster.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  bitween init                            sets up your account, once",
            "  bitween daemon                          starts sharing",
            "  bitween share ~/Music --to everyone     lets your friends get a folder",
            "  bitween ls alice                        shows what alice shares with you",
            "  bitween get alice/Music --wait          gets it",
            "",
            "Exit codes: 0 ok, 1 failed, 2 usage, 3 daemon not running, 4 not found, 5 ambiguous, 6 already running,",
            "130 ended by Ctrl-C."
        })
final class BitweenCommand implements Runnable {
    private final Session session;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    BitweenCommand(Session session) {
        this.session = session;
    }

    @Option(
            names = "--home",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "keeps everything in this folder; several daemons can live on one machine")
    void home(String directory) {
        session.useHome(directory);
    }

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "prints one JSON object, for programs")
    void json(boolean wanted) {
        session.useJson(wanted);
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "shows this")
    @SuppressWarnings("unused") // picocli looks at it
    private boolean help;

    @Override
    public void run() {
        session.requirePerson("a command is missing");
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
