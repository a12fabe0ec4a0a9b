package bitween.cli;

import bitween.config.Home;
import bitween.control.client.ControlClient;
import bitween.control.client.Versions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The world around the commands.
 *
 * @param homes finds the home for what {@code --home} says, null when it says nothing
 * @param clients connects to a home's daemon, or fails with UserException DAEMON_NOT_RUNNING
 * @param autostart whether the configuration of a home asks commands to start its daemon
 * @param versions of this program; its libtorrent is the daemon's business
 * @param variables the process's environment
 * @param workingDirectory absolute; what relative paths mean
 * @param clock in the zone of the person
 */
public record Environment(
        HomeFinder homes,
        Function<Home, ControlClient> clients,
        DaemonStarter daemons,
        Setup setup,
        Predicate<Home> autostart,
        Versions versions,
        Map<String, String> variables,
        Path workingDirectory,
        Clock clock) {
    public Environment {
        variables = Map.copyOf(variables);
    }

    /** The same world, in which daemons are reached otherwise. */
    public Environment withClients(Function<Home, ControlClient> others) {
        return new Environment(homes, others, daemons, setup, autostart, versions, variables, workingDirectory, clock);
    }

    /** Finds homes. */
    @FunctionalInterface
    public interface HomeFinder {
        Home find(@Nullable Path directory);
    }
}
