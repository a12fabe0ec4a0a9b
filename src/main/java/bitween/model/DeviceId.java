package bitween.model;

/** Tells the devices of one person apart. Opaque but to the room that makes it: the SHA-256 of the device's public key, 64 hex digits. */
public record DeviceId(String value) implements Comparable<DeviceId> {
    /** RFC 7622: a resource has at most 1,023 bytes. */
    private static final int MAX_LENGTH = 1_023;

    public DeviceId {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a device id has 1 to 1,023 characters, not " + value.length());
        }
    }

    @Override
    public int compareTo(DeviceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
