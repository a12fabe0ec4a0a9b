package bitween.cli;

import bitween.config.Home;
import java.nio.file.Path;
import java.util.Map;

/** Writes a home's configuration. */
public interface Setup {
    boolean isConfigured(Home home);

    /** What friends see when nothing else is said: the host's name. */
    String defaultDevice();

    Path defaultDownloads(Home home);

    /**
     * Writes bitween.toml with comments, and the password beside it with mode 0600. Replaces what is there.
     *
     * @param values by key of bitween.toml, such as {@code xmpp.jid}: strings, or lists of strings
     * @throws bitween.model.UserException BAD_CONFIG when a value is wrong, BAD_ARGUMENT when the password is; then nothing was written
     */
    void write(Home home, Map<String, ?> values, String password);
}
