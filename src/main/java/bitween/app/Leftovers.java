package bitween.app;

import bitween.config.Home;
import bitween.files.PrivateFiles;
import bitween.model.UserException;
import java.nio.file.Path;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** What a daemon that was killed in the middle of writing has left behind. Thread: the one that starts the next, which holds the lock. */
final class Leftovers {
    private static final Logger log = LogManager.getLogger(Leftovers.class);

    private Leftovers() {}

    /** Commands write the configuration and the password whether a daemon runs or not: theirs are left alone. */
    static void remove(Home home) {
        Path data = home.data();
        for (Path directory : List.of(data, data.resolve("torrents"), data.resolve("backups"), home.natives())) {
            try {
                PrivateFiles.removeUnfinished(directory, home.configFile(), home.passwordFile());
            } catch (UserException e) {
                log.warn("{}", e.sentence()); // it does no harm
            }
        }
    }
}
