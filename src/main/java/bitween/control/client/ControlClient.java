package bitween.control.client;

import bitween.config.Home;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls the daemon's methods. Thread: one at a time; a call waits for its reply. */
public interface ControlClient extends AutoCloseable {
    /**
     * @param params by name; null values count as not given
     * @throws bitween.model.UserException what the daemon says went wrong; DAEMON_HANGS when it never answered
     *     here, TIMED_OUT or DAEMON_NOT_RUNNING when it does not say anything any more
     * @throws InterruptedException when the caller is asked to stop; the connection is closed then
     */
    Answer call(String method, Map<String, ? extends @Nullable Object> params) throws InterruptedException;

    default Answer call(String method) throws InterruptedException {
        return call(method, Map.of());
    }

    @Override
    void close();

    /**
     * Connects to the daemon of {@code home}.
     *
     * @throws bitween.model.UserException DAEMON_NOT_RUNNING; DAEMON_HANGS when it lets nobody in
     */
    static ControlClient connect(Home home) {
        return SocketClient.connect(home);
    }
}
