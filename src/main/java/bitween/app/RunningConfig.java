package bitween.app;

import bitween.bus.Bus;
import bitween.config.Config;
import bitween.config.ConfigFile;
import bitween.config.Home;
import bitween.config.Setting;
import bitween.control.LiveSettings;
import bitween.events.Happening.Kind;
import bitween.events.Hooks;
import bitween.message.RateRequest.LimitAll;
import bitween.message.RateRequest.LimitJobs;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What of the configuration holds in a daemon that runs. Thread: any; a reload waits for those whom it concerns. */
final class RunningConfig implements LiveSettings {
    private static final int PATIENCE_SECONDS = 30;

    private final Home home;
    private final Path userHome;
    private final Bus bus;
    private final Hooks hooks;
    /** By key, as TOML writes it; what the machine says is null. */
    private final Map<String, @Nullable String> inForce = new HashMap<>();

    RunningConfig(Home home, Path userHome, Bus bus, Hooks hooks) {
        this.home = home;
        this.userHome = userHome;
        this.bus = bus;
        this.hooks = hooks;
        ConfigFile.settings(home, userHome).forEach(setting -> inForce.put(setting.key(), setting.inForce()));
    }

    @Override
    public synchronized Taken reload() throws InterruptedException {
        List<Setting> changed = ConfigFile.settings(home, userHome).stream()
                .filter(setting -> !Objects.equals(setting.inForce(), inForce.get(setting.key())))
                .toList();
        takeOver(ConfigFile.load(home, userHome));
        List<String> live = new ArrayList<>();
        List<String> restart = new ArrayList<>();
        for (Setting setting : changed) {
            if (setting.live()) {
                inForce.put(setting.key(), setting.inForce());
            }
            (setting.live() ? live : restart).add(setting.key());
        }
        return new Taken(live, restart);
    }

    private void takeOver(Config now) throws InterruptedException {
        hooks.use(commands(now.on()));
        LimitAll limits = new LimitAll(
                now.network().downloadBytesPerSecond(), now.network().uploadBytesPerSecond());
        try {
            CompletableFuture.allOf(
                            bus.ask(limits),
                            bus.ask(new LimitJobs(now.downloads().active())))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new UserException(
                    ErrorCode.BUSY, "the limits do not hold yet: " + e.getMessage(), "try again in a moment", e);
        }
    }

    static Map<Kind, String> commands(Config.On on) {
        Map<Kind, String> commands = new EnumMap<>(Kind.class);
        put(commands, on.complete(), Kind.JOB_COMPLETE);
        put(commands, on.error(), Kind.JOB_ERROR, Kind.SHARE_ERROR);
        put(commands, on.shared(), Kind.FRIEND_SHARED);
        put(commands, on.found(), Kind.WANT_FOUND);
        put(commands, on.revision(), Kind.REVISION_FOUND, Kind.REVISION_HELD, Kind.REVISION_READY);
        put(commands, on.request(), Kind.FRIEND_REQUEST);
        put(commands, on.offer(), Kind.OFFER_FOUND);
        return commands;
    }

    private static void put(Map<Kind, String> commands, @Nullable String command, Kind... kinds) {
        if (command != null) {
            for (Kind kind : kinds) {
                commands.put(kind, command);
            }
        }
    }
}
