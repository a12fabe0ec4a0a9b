package bitween.model;

/** The number under which the store keeps a transfer; never used twice in one home. */
public record TransferId(long value) {
    @Override
    public String toString() {
        return "#" + value;
    }
}
