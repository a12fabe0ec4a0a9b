package bitween.cli;

import bitween.model.ErrorCode;
import bitween.model.Typos;
import bitween.model.UserException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command line. */
public final class Cli {
    /** In the order of the help. */
    static final List<String> NAMES = List.of(
            "init",
            "daemon",
            "stop",
            "status",
            "top",
            "events",
            "friends",
            "friend",
            "block",
            "unblock",
            "trust",
            "distrust",
            "verify",
            "limit",
            "config",
            "away",
            "back",
            "share",
            "grant",
            "revoke",
            "shares",
            "unshare",
            "send",
            "offers",
            "decline",
            "log",
            "diff",
            "import",
            "ls",
            "find",
            "want",
            "follow",
            "unfollow",
            "get",
            "jobs",
            "info",
            "priority",
            "pause",
            "resume",
            "rm",
            "recheck",
            "relocate",
            "move",
            "doctor",
            "fsck",
            "bugreport",
            "completion",
            "man",
            "shell",
            "version");

    /** For programs: neither listed nor suggested. */
    private static final String HIDDEN = "complete";

    private static final String MISSING = "Missing required parameter";

    private static final Pattern NO_NUMBER = Pattern.compile("('[^']*') is not an? (int|long|double)$");

    private Cli() {}

    /** @return an {@link ExitCodes exit code} */
    public static int run(String[] typed, Environment environment, Terminal terminal) {
        Session session = new Session(environment, terminal);
        String[] args = usual(typed, session);
        session.useJson(Arrays.asList(args).contains("--json")); // also for what is wrong with the other arguments
        StringWriter help = new StringWriter();
        CommandLine commandLine = commandLine(session, needed(args))
                .setOut(new PrintWriter(help, true))
                .setParameterExceptionHandler((e, given) -> session.failed(usage(e, given)))
                .setExecutionExceptionHandler((e, command, parsed) -> session.failed(forPeople(e)));
        int exitCode = commandLine.execute(args);
        help.toString().lines().forEach(terminal::out);
        return exitCode;
    }

    /** Loads what every command needs, so that the first one in a daemon is as quick as the next. */
    public static void prepare() {
        CommandLine.ParseResult unused = new CommandLine(CommandSpec.create()).parseArgs();
    }

    /** What people are used to from elsewhere: {@code help get} is {@code get --help}, and {@code --version} is {@code version}. */
    private static String[] usual(String[] typed, Session session) {
        if (typed.length == 1 && typed[0].equals("--version")) {
            return new String[] {"version"};
        }
        if (typed.length == 0 || !typed[0].equals("help")) {
            return typed;
        }
        String[] words = Arrays.copyOfRange(typed, 1, typed.length);
        if (words.length > 0 && words[0].equals("help")) {
            return usual(words, session);
        }
        if (isMistyped(words, session)) {
            return words;
        }
        String[] args = Arrays.copyOf(words, typed.length);
        args[words.length] = "--help";
        return args;
    }

    /** Whether these name no command; what follows on one that has no commands of its own is not looked at. */
    private static boolean isMistyped(String[] words, Session session) {
        CommandLine at = commandLine(session, needed(words));
        for (String word : words) {
            Map<String, CommandLine> commands = at.getSubcommands();
            if (word.startsWith("-") || commands.isEmpty()) {
                return false;
            }
            if (!commands.containsKey(word)) {
                return true;
            }
            at = commands.get(word);
        }
        return false;
    }

    /** With all commands: for help and for what is mistyped. */
    static CommandLine commandLine(Session session) {
        return commandLine(session, NAMES);
    }

    static CommandLine commandLine(Session session, List<String> names) {
        CommandLine root = new CommandLine(new BitweenCommand(session));
        names.forEach(name -> root.addSubcommand(command(name, session)));
        Map<String, IHelpSectionRenderer> help = new HashMap<>(root.getHelpSectionMap());
        help.put(UsageMessageSpec.SECTION_KEY_FOOTER, HelpFooter::of);
        // on the root last: these settings go down to the subcommands that are there
        return root.setHelpSectionMap(help)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setUsageHelpAutoWidth(false)
                .setExpandAtFiles(false); // @family is a group of the roster, not a file of arguments
    }

    /**
     * Which commands this command line can be about. picocli's look at the annotations of all of them takes a third of a command's time, so
     * only the one that is named is made.
     */
    static List<String> needed(String[] args) {
        String named = named(args);
        return named.isEmpty() ? NAMES : List.of(named);
    }

    /** @return the command; empty when none of ours follows on the options that stand before it */
    public static String named(String[] args) {
        int at = 0;
        while (at < args.length && (args[at].equals("--home") || args[at].equals("--json"))) {
            at += args[at].equals("--home") ? 2 : 1;
        }
        boolean named = at < args.length && (NAMES.contains(args[at]) || args[at].equals(HIDDEN));
        return named ? args[at] : "";
    }

    private static Object command(String name, Session session) {
        return switch (name) {
            case "init" -> new InitCommand(session);
            case "daemon" -> new DaemonCommand(session);
            case "stop" -> new StopCommand(session);
            case "away" -> new AwayCommand(session);
            case "back" -> new BackCommand(session);
            case "status" -> new StatusCommand(session);
            case "top" -> new TopCommand(session);
            case "events" -> new EventsCommand(session);
            case "friends" -> new FriendsCommand(session);
            case "friend" ->
                new CommandLine(new FriendCommand(session))
                        .addSubcommand(new FriendCommand.Add(session))
                        .addSubcommand(new FriendCommand.Accept(session))
                        .addSubcommand(new FriendCommand.AcceptFiles(session))
                        .addSubcommand(new FriendCommand.Rm(session));
            case "block" -> new BlockCommand(session);
            case "unblock" -> new UnblockCommand(session);
            case "trust" -> new TrustCommand(session);
            case "distrust" -> new DistrustCommand(session);
            case "verify" -> new VerifyCommand(session);
            case "follow" -> new FollowCommand(session);
            case "unfollow" -> new UnfollowCommand(session);
            case "want" -> new WantCommand(session);
            case "limit" -> new LimitCommand(session);
            case "config" ->
                new CommandLine(new ConfigCommand(session))
                        .addSubcommand(new ConfigCommand.Show(session))
                        .addSubcommand(new ConfigCommand.Diff(session))
                        .addSubcommand(new ConfigCommand.Get(session))
                        .addSubcommand(new ConfigCommand.Set(session))
                        .addSubcommand(new ConfigCommand.Reset(session))
                        .addSubcommand(new ConfigCommand.Validate(session));
            case "share" -> new ShareCommand(session);
            case "grant" -> new GrantCommand(session);
            case "revoke" -> new RevokeCommand(session);
            case "shares" -> new SharesCommand(session);
            case "unshare" -> new UnshareCommand(session);
            case "send" -> new SendCommand(session);
            case "offers" -> new OffersCommand(session);
            case "decline" -> new DeclineCommand(session);
            case "log" -> new LogCommand(session);
            case "diff" -> new DiffCommand(session);
            case "import" -> new ImportCommand(session);
            case "ls" -> new LsCommand(session);
            case "find" -> new FindCommand(session);
            case "get" -> new GetCommand(session);
            case "jobs" -> new JobsCommand(session);
            case "info" -> new InfoCommand(session);
            case "priority" -> new PriorityCommand(session);
            case "pause" -> new PauseCommand(session);
            case "resume" -> new ResumeCommand(session);
            case "rm" -> new RmCommand(session);
            case "recheck" -> new RecheckCommand(session);
            case "relocate" -> new RelocateCommand(session);
            case "move" -> new MoveCommand(session);
            case "doctor" -> new DoctorCommand(session);
            case "fsck" -> new FsckCommand(session);
            case "bugreport" -> new BugreportCommand(session);
            case "shell" -> new ShellCommand(session);
            case "man" -> new ManCommand(session);
            case "completion" -> new CompletionCommand(session);
            case "complete" -> new CompleteCommand(session);
            case "version" -> new VersionCommand(session);
            default -> throw new IllegalArgumentException("no command " + name);
        };
    }

    private static UserException usage(ParameterException e, String[] args) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        String unknown = e instanceof UnmatchedArgumentException unmatched
                ? unmatched.getUnmatched().get(0)
                : null;
        boolean option = unknown != null && unknown.startsWith("-") && !isArgument(args, unknown);
        String near = unknown == null ? "" : near(e.getCommandLine(), unknown, option);
        return new UserException(
                ErrorCode.BAD_ARGUMENT,
                unknown == null ? inPlainWords(e, args) : notThere(e.getCommandLine(), unknown, option),
                (near.isEmpty() ? "" : "did you mean " + near + "? ") + "see: " + command + " --help",
                e);
    }

    /** What stands behind {@code --} is no option, however it begins. */
    private static boolean isArgument(String[] args, String unknown) {
        List<String> all = Arrays.asList(args);
        int end = all.indexOf("--");
        return end >= 0 && !all.subList(0, end).contains(unknown);
    }

    private static String notThere(CommandLine command, String unknown, boolean option) {
        if (option) {
            return "there is no option '" + unknown + "'";
        }
        return command.getSubcommands().isEmpty()
                ? "'" + unknown + "' is one argument too many"
                : "there is no command '" + unknown + "'";
    }

    /** @return the nearest, "share or shape" when several are as near; empty when nothing is */
    private static String near(CommandLine command, String unknown, boolean option) {
        Set<String> known = option
                ? command.getCommandSpec().optionsMap().keySet()
                : command.getSubcommands().keySet();
        return String.join(" or ", Typos.near(known, unknown));
    }

    /** With the option as it was typed, of which picocli names the longest form. */
    private static String inPlainWords(ParameterException e, String[] args) {
        String usage = String.valueOf(e.getMessage());
        if (usage.startsWith(MISSING)) {
            String names = usage.substring(usage.indexOf(": ") + 2).replace("'", "");
            String command = e.getCommandLine().getCommandSpec().qualifiedName();
            return command.substring(command.indexOf(" ") + 1) + " needs " + names;
        }
        Matcher number = NO_NUMBER.matcher(usage);
        if (!number.find() || !(e.getArgSpec() instanceof OptionSpec option)) {
            return usage;
        }
        String typed = Stream.of(option.names())
                .filter(name -> Stream.of(args).anyMatch(argument -> argument.startsWith(name)))
                .findFirst()
                .orElse(option.longestName());
        return typed + " must be a " + (number.group(2).equals("double") ? "" : "whole ") + "number, not "
                + number.group(1);
    }

    static UserException forPeople(Exception e) {
        if (e instanceof UserException user) {
            return user;
        }
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return new UserException(ErrorCode.INTERNAL, "interrupted", "", e);
        }
        return new UserException(
                ErrorCode.INTERNAL,
                "this command failed in a way that nobody foresaw: " + e,
                "please report it, with: bitween bugreport",
                e);
    }
}
