package bitween.link;

import bitween.model.Device;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** So many at a time for each device, so that none takes what is there for all. Thread: any. */
final class Places {
    private final int most;
    private final Map<Device, Integer> taken = new ConcurrentHashMap<>();

    /** @param most of one device at a time */
    Places(int most) {
        this.most = most;
    }

    /** @return whether there was one left, which has to be given back */
    boolean take(Device device) {
        if (taken.merge(device, 1, Integer::sum) <= most) {
            return true;
        }
        free(device);
        return false;
    }

    void free(Device device) {
        taken.computeIfPresent(device, (same, count) -> count > 1 ? count - 1 : null);
    }
}
