package bitween.control;

import java.util.List;

/** The configuration of the daemon that runs. What the file says is everybody's to read. */
final class ConfigMethods {
    private final LiveSettings settings;

    ConfigMethods(LiveSettings settings) {
        this.settings = settings;
    }

    void addTo(Methods methods) {
        methods.add(
                "config.reload",
                "reads the configuration anew; 'live' holds now, 'restart' once the daemon is started again",
                List.of(),
                params -> {
                    LiveSettings.Taken taken = settings.reload();
                    return new View().with("live", taken.live()).with("restart", taken.restart());
                });
    }
}
