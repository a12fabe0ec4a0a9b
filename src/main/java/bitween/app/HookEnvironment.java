package bitween.app;

import bitween.config.Home;
import bitween.config.Homes;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** In what the user's hooks run: so that a plain {@code bitween} in one is this program, and speaks with the daemon that started it. Pure. */
final class HookEnvironment {
    /** Where whoever started the daemon left it out, as some supervisors do. */
    private static final String USUAL_PATH = "/usr/local/bin:/usr/bin:/bin";

    private HookEnvironment() {}

    /** @param variables the daemon's own */
    static Map<String, String> of(Home home, Map<String, String> variables) {
        Map<String, String> theirs = new HashMap<>(variables);
        String path = variables.getOrDefault("PATH", "");
        String launcher = variables.getOrDefault(LocalDaemons.LAUNCHER, "");
        Path folder = launcher.isEmpty() ? null : Path.of(launcher).getParent();
        // last: in its source there are programs beside it that are called as those of the system
        theirs.put("PATH", (path.isEmpty() ? USUAL_PATH : path) + (folder == null ? "" : ":" + folder));
        // the launcher's, which would have other programs warn of it
        theirs.computeIfPresent(
                "LD_PRELOAD",
                (name, libraries) -> Stream.of(libraries.split("[: ]"))
                        .filter(library -> !library.endsWith("/libjsig.so"))
                        .reduce((one, other) -> one + ":" + other)
                        .orElse(null));
        if (home.equals(Homes.resolve(home.config(), variables, Homes.userHome(variables)))) {
            theirs.put("BITWEEN_HOME", home.config().toString());
        }
        return theirs;
    }
}
