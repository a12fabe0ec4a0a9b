package bitween.control;

import java.util.List;

/** What a daemon that runs takes over from its configuration without a new start. */
public interface LiveSettings {
    /**
     * Reads the configuration anew, and takes over what can be.
     *
     * @throws bitween.model.UserException BAD_CONFIG; then all is as before
     */
    Taken reload() throws InterruptedException;

    /**
     * What came of it.
     *
     * @param live the keys whose new value holds now
     * @param restart those whose new value holds once the daemon is started again
     */
    record Taken(List<String> live, List<String> restart) {
        public Taken {
            live = List.copyOf(live);
            restart = List.copyOf(restart);
        }
    }
}
