package bitween.store;

import bitween.files.PrivateFiles;
import bitween.model.StoreStatus.Restored;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What was restored, in {@code bitween.db.restored}: it outlives the daemon's next starts, and goes when the user has looked at the damaged file and removed
 * it. Thread: any.
 */
final class RestoredNote {
    private static final Logger log = LogManager.getLogger(RestoredNote.class);
    /** When, the backup's time or a dash, the name of what was set aside or a dash, and why; a line each. */
    private static final int LINES = 4;

    private static final String NONE = "-";
    private static final String EMPTIED = "empty";

    private final Path file;
    private final Path database;

    private RestoredNote(Path database) {
        this.database = database;
        file = database.resolveSibling(database.getFileName() + ".restored");
    }

    static RestoredNote of(Path database) {
        return new RestoredNote(database);
    }

    Restored write(Restored restored) {
        Path aside = restored.setAside();
        String text = String.join(
                "\n",
                restored.when().toString(),
                restored.emptied()
                        ? EMPTIED
                        : restored.backup() == null ? NONE : restored.backup().toString(),
                aside == null ? NONE : String.valueOf(aside.getFileName()),
                restored.why().lines().findFirst().orElse(""));
        PrivateFiles.write(file, (text + "\n").getBytes(StandardCharsets.UTF_8));
        return restored;
    }

    /** @return null: nothing was restored, or the user has dealt with it */
    @Nullable
    Restored read() throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            List<String> lines = Files.readAllLines(file);
            Path aside =
                    lines.size() < LINES || lines.get(2).equals(NONE) ? null : database.resolveSibling(lines.get(2));
            if (aside != null && Files.exists(aside)) {
                return new Restored(
                        Instant.parse(lines.get(0)),
                        lines.get(3),
                        aside,
                        time(lines.get(1)),
                        lines.get(1).equals(EMPTIED));
            }
        } catch (IOException | DateTimeException e) {
            log.warn("{} cannot be read: {}", file, e.getMessage(), e);
        }
        PrivateFiles.delete(file);
        return null;
    }

    private static @Nullable Instant time(String text) {
        return text.equals(NONE) || text.equals(EMPTIED) ? null : Instant.parse(text);
    }
}
