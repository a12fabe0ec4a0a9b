package bitween.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** What bitween warns of, of all daemons in this process, from now until it is closed. Thread: any. */
public final class KeptWarnings implements AutoCloseable {
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Keeper keeper = new Keeper();

    public KeptWarnings() {
        keeper.start();
        context.getConfiguration().getRootLogger().addAppender(keeper, Level.WARN, null);
    }

    /** In order, without time, thread and class. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        context.getConfiguration().getRootLogger().removeAppender(keeper.getName());
        keeper.stop();
    }

    private final class Keeper extends AbstractAppender {
        private Keeper() {
            super("kept warnings", null, null, false, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            if (event.getLoggerName().startsWith("bitween.")) {
                lines.add(event.getMessage().getFormattedMessage());
            }
        }
    }
}
