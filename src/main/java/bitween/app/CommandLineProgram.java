package bitween.app;

import bitween.cli.Cli;
import bitween.cli.Environment;
import bitween.cli.ExitCodes;
import bitween.cli.SystemTerminal;
import bitween.config.ConfigFile;
import bitween.config.Home;
import bitween.config.Homes;
import bitween.config.Keyring;
import bitween.control.client.ControlClient;
import bitween.model.UserException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;

/** The command line as this process runs it. */
public final class CommandLineProgram {
    private CommandLineProgram() {}

    /** @return the exit code */
    public static int run(String[] arguments) {
        Map<String, String> variables = System.getenv();
        Path userHome = Homes.userHome(variables);
        Environment environment = new Environment(
                directory -> Homes.resolve(directory, variables, userHome),
                ControlClient::connect,
                new LocalDaemons(userHome, variables),
                new LocalSetup(userHome, new Keyring(System.getenv())),
                home -> autostart(home, userHome),
                BuildInfo.versions(null),
                variables,
                Path.of("").toAbsolutePath(),
                Clock.system(ZoneId.systemDefault()));
        SystemTerminal terminal = new SystemTerminal(variables);
        int exitCode = Cli.run(arguments, environment, terminal);
        String lost = terminal.lost();
        if (lost != null) {
            terminal.err("bitween: the output is not complete: " + lost);
        }
        return lost != null && exitCode == ExitCodes.OK ? ExitCodes.FAILED : exitCode;
    }

    /** A broken configuration starts nothing by itself; the command that needs the daemon says what to do. */
    private static boolean autostart(Home home, Path userHome) {
        try {
            return ConfigFile.load(home, userHome).control().autostart();
        } catch (UserException e) {
            return false;
        }
    }
}
