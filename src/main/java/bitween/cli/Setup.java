package bitween.cli;

import bitween.config.Home;
import bitween.config.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes a home's configuration. */
public interface Setup {
    /**
     * Asked before anything is.
     *
     * @throws bitween.model.UserException UNSUPPORTED_PLATFORM where no daemon could run
     */
    void requirePlatform();

    boolean isConfigured(Home home);

    /** What friends see when nothing else is said: the host's name. */
    String defaultDevice();

    Path defaultDownloads(Home home);

    /** Whether the session has a keyring that can keep a password. */
    boolean hasKeyring();

    /**
     * Looks at one value before anything is written: at its form, and at the file or folder that it names.
     *
     * @param called how the message names it: {@code --listen}
     * @throws bitween.model.UserException BAD_ARGUMENT, PATH_MISSING, PATH_UNREADABLE
     */
    void check(Home home, String key, Object value, String called);

    /**
     * Logs in with what {@link #write} would write, and out again. Writes nothing.
     *
     * @throws bitween.model.UserException XMPP_AUTH, XMPP_CERTIFICATE, XMPP_UNREACHABLE, BAD_CONFIG
     */
    void logIn(Home home, Map<String, ?> values, String password) throws InterruptedException;

    /** Whether the server makes accounts for whoever asks. @throws bitween.model.UserException as {@link #logIn} */
    boolean offersAccounts(Home home, Map<String, ?> values) throws InterruptedException;

    /**
     * Lets the server make the account. Writes nothing here.
     *
     * @throws bitween.model.UserException XMPP_REGISTRATION when it makes none, XMPP_AUTH when there is one of that name, or as {@link #logIn}
     */
    void register(Home home, Map<String, ?> values, String password) throws InterruptedException;

    /**
     * Writes bitween.toml with comments, and the password beside it with mode 0600; into the keyring where {@code xmpp.keyring} is true. Replaces what is there.
     *
     * @param values by key of bitween.toml, such as {@code xmpp.jid}: strings, lists of strings, true
     * @throws bitween.model.UserException BAD_CONFIG when a value is wrong, BAD_ARGUMENT when the password is; then nothing was written
     */
    void write(Home home, Map<String, ?> values, String password);

    /**
     * Every key of bitween.toml, and how it stands there.
     *
     * @throws bitween.model.UserException NOT_CONFIGURED, BAD_CONFIG
     */
    List<Setting> settings(Home home);

    /**
     * Writes one key into the bitween.toml that is there, and leaves everything else in it as it is.
     *
     * @param value a string, a list of strings, a number, true or false
     * @throws bitween.model.UserException BAD_ARGUMENT, BAD_CONFIG, DISK_WRITE; then nothing was written
     */
    void set(Home home, String key, Object value);

    /** Takes one key out of it, so that its default holds; as {@link #set}. */
    void reset(Home home, String key);

    /**
     * Writes {@code sharing.audience} into the bitween.toml that is there, and leaves everything else in it as it is.
     *
     * @throws bitween.model.UserException BAD_ARGUMENT, BAD_CONFIG, DISK_WRITE; then nothing was written
     */
    void keepAudience(Home home, List<String> audience);
}
