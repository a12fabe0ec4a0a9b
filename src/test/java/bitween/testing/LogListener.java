package bitween.testing;

import java.util.function.Consumer;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** Hears all that a package or class writes to the log, down to TRACE, on the thread that writes it, until it is closed; others hear of it what they heard before. */
public final class LogListener implements AutoCloseable {
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final LoggerConfig logger;

    private LogListener(String name, Consumer<LogEvent> hears) {
        var ear = new Ear(hears);
        ear.start();
        Configuration configuration = context.getConfiguration();
        Level before = configuration.getLoggerConfig(name).getLevel();
        logger = new LoggerConfig(name, Level.TRACE, false);
        logger.addAppender(ear, Level.TRACE, null);
        configuration
                .getRootLogger()
                .getAppenders()
                .values()
                .forEach(appender -> logger.addAppender(appender, before, null));
        configuration.addLogger(name, logger);
        context.updateLoggers();
    }

    /** @param name of a package or class that the configuration does not name */
    public static LogListener of(String name, Consumer<LogEvent> hears) {
        return new LogListener(name, hears);
    }

    @Override
    public void close() {
        context.getConfiguration().removeLogger(logger.getName());
        context.updateLoggers();
    }

    private static final class Ear extends AbstractAppender {
        private final Consumer<LogEvent> hears;

        private Ear(Consumer<LogEvent> hears) {
            super("ear", null, null, false, Property.EMPTY_ARRAY);
            this.hears = hears;
        }

        @Override
        public void append(LogEvent event) {
            hears.accept(event);
        }
    }
}
