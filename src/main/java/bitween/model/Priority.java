package bitween.model;

/** Which of the jobs that wait for their turn to download comes first; in this order. */
public enum Priority {
    HIGH,
    NORMAL,
    LOW;

    /** Whether it takes the turn of one of {@code other}. */
    public boolean isBefore(Priority other) {
        return compareTo(other) < 0;
    }
}
