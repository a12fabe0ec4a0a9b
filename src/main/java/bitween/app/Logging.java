package bitween.app;

import bitween.config.Home;
import java.util.Objects;
import org.apache.logging.log4j.LogManager;

/** Where the log goes; decided before the first logger is made, and so before any class that has one is touched. */
final class Logging {
    private Logging() {}

    /** @param console whether somebody watches: a terminal, or a supervisor such as systemd */
    static void start(Home home, boolean console) {
        System.setProperty("java.util.logging.manager", "org.apache.logging.log4j.jul.LogManager"); // Smack's
        System.setProperty("bitween.log", home.logFile().toString());
        System.setProperty("bitween.console", Boolean.toString(console));
        if (System.getProperty("log4j2.configurationFile") == null) {
            System.setProperty(
                    "log4j2.configurationFile",
                    Objects.requireNonNull(Logging.class.getResource("/bitween/conf/log4j2.xml"))
                            .toString());
        }
    }

    /** For a command that uses a part of the daemon: it says itself what went wrong, and has no log. */
    static void off() {
        System.setProperty("java.util.logging.manager", "org.apache.logging.log4j.jul.LogManager");
        if (System.getProperty("log4j2.configurationFile") == null) {
            System.setProperty("log4j2.level", "OFF");
        }
    }

    static void stop() {
        LogManager.shutdown();
    }
}
