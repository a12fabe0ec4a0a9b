package bitween.model;

import java.util.List;

/**
 * What a device says of itself in presence.
 *
 * @param deviceName for people: "laptop"
 * @param addresses where it accepts peers, at most {@link #MAX_ADDRESSES}, best first
 * @param revision names the state of its catalogue; opaque, equal means unchanged
 */
public record Announcement(String deviceName, List<PeerAddress> addresses, String revision) {
    public static final int MAX_ADDRESSES = 8;
    public static final int MAX_DEVICE_NAME = 64;
    public static final int MAX_REVISION = 64;

    public Announcement {
        addresses = List.copyOf(addresses);
        if (addresses.size() > MAX_ADDRESSES
                || deviceName.length() > MAX_DEVICE_NAME
                || revision.length() > MAX_REVISION) {
            throw new IllegalArgumentException(
                    "too large for an announcement: " + addresses.size() + " addresses, device name of "
                            + deviceName.length() + ", revision of " + revision.length() + " characters");
        }
    }
}
