package bitween.model;

import java.util.ArrayList;
import java.util.List;

/** How soon some files of a job come, among the job's. Of several that are about a file, the last holds. */
public record FilePriority(Choice what, Priority priority) {
    /** More than anybody types. */
    private static final int MAX = 100;

    /**
     * With what was said last; what was said of the same before is over.
     *
     * @throws UserException BAD_ARGUMENT
     */
    public static List<FilePriority> added(List<FilePriority> before, FilePriority last) {
        List<FilePriority> all = new ArrayList<>(before);
        all.removeIf(
                rule -> rule.what.equals(last.what) || last.what.equals(Choice.ALL) || last.what.equals(EVERY_NAME));
        all.add(last);
        while (!all.isEmpty() && all.get(0).priority == Priority.NORMAL) {
            all.remove(0); // as it is anyway
        }
        if (all.size() > MAX) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "more than " + MAX + " priorities for files of one job are too many",
                    "name folders or patterns; '*' with priority normal forgets all of them");
        }
        return List.copyOf(all);
    }

    private static final Choice EVERY_NAME = new Choice("", "*");
}
