package bitween.model;

/** One device of one person. */
public record Device(Jid jid, DeviceId id) {
    @Override
    public String toString() {
        return jid + "/" + id;
    }
}
