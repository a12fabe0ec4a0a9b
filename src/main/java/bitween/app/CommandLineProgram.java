package bitween.app;

import bitween.cli.Cli;
import bitween.cli.Environment;
import bitween.cli.ForegroundDaemon;
import bitween.cli.SystemTerminal;
import bitween.cli.remote.RemoteCommands;
import bitween.config.ConfigFile;
import bitween.config.Home;
import bitween.config.Homes;
import bitween.config.Keyring;
import bitween.control.Methods;
import bitween.control.MethodsClient;
import bitween.control.client.ControlClient;
import bitween.model.UserException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** The command line as this process runs it. */
public final class CommandLineProgram {
    private CommandLineProgram() {}

    /** @return the exit code */
    public static int run(String[] arguments) {
        Map<String, String> variables = System.getenv();
        Path userHome = Homes.userHome(variables);
        SystemTerminal terminal = new SystemTerminal(variables);
        Environment environment =
                environment(variables, Path.of("").toAbsolutePath(), there -> autostart(there, userHome));
        OptionalInt exitCode = ForegroundDaemon.run(arguments, environment, terminal);
        return terminal.ended(exitCode.isPresent() ? exitCode.getAsInt() : Cli.run(arguments, environment, terminal));
    }

    /**
     * For commands that this process runs for another one, whose daemon it is: there is nothing to start.
     *
     * @param home of this daemon
     * @param methods its API
     */
    static RemoteCommands forOthers(Home home, Methods methods) {
        return new RemoteCommands(home, ProgramFile.stamp(), ProgramFile.zone(System.getenv()), invocation -> {
            Map<String, String> variables = new HashMap<>(invocation.variables());
            // relative to where it was typed, not to where this process was started
            variables.computeIfPresent(
                    "BITWEEN_HOME",
                    (name, directory) -> directory.isEmpty()
                            ? directory
                            : invocation.workingDirectory().resolve(directory).toString());
            return environment(variables, invocation.workingDirectory(), there -> false)
                    .withClients(
                            there -> there.equals(home) ? new MethodsClient(methods) : ControlClient.connect(there));
        });
    }

    private static Environment environment(
            Map<String, String> variables, Path workingDirectory, Predicate<Home> autostart) {
        Path userHome = Homes.userHome(variables);
        return new Environment(
                directory -> Homes.resolve(directory, variables, userHome),
                ControlClient::connect,
                new LocalDaemons(userHome, variables),
                new LocalSetup(userHome, new Keyring(variables)),
                autostart,
                BuildInfo.versions(null),
                variables,
                workingDirectory,
                Clock.system(ZoneId.systemDefault()));
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
