package bitween.catalogue;

import bitween.model.Device;
import bitween.model.Share;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What friends' devices hold of our lists, as far as it is remembered: of each device the list that it named last, and the one that it was sent since. A
 * difference is made to one of these alone, so that it names nothing that the device was not sent. After a restart nothing is remembered, and lists travel
 * whole once. Thread: {@code io}.
 */
final class SentLists {
    private final int most;
    private final int mostOfOne;
    /** The device that asked last comes last. */
    private final Map<Device, List<Sent>> byDevice = new LinkedHashMap<>(16, 0.75f, true);

    private record Sent(String revision, List<Share> shares) {}

    /**
     * @param most how many shares are remembered, over all lists; the lists of those who asked longest ago go first
     * @param mostOfOne the same for one contact, so that none with many devices has the others' forgotten
     */
    SentLists(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /** The list that this device was sent under this name; empty when that is not remembered, or never was. */
    Optional<List<Share>> of(Device device, String revision) {
        return byDevice.getOrDefault(device, List.of()).stream()
                .filter(sent -> sent.revision.equals(revision))
                .findFirst()
                .map(Sent::shares);
    }

    /**
     * @param held which list the device says to have
     * @param revision of the list that it has once it gets what it is being sent
     */
    void sent(Device device, String held, String revision, List<Share> shares) {
        List<Sent> two = new ArrayList<>();
        if (!held.equals(revision)) {
            of(device, held).ifPresent(list -> two.add(new Sent(held, list)));
        }
        two.add(new Sent(revision, shares));
        byDevice.put(device, two);
        forgetEldest(other -> other.jid().equals(device.jid()), mostOfOne);
        forgetEldest(other -> true, most);
    }

    private void forgetEldest(Predicate<Device> whose, int limit) {
        int all = byDevice.entrySet().stream()
                .filter(entry -> whose.test(entry.getKey()))
                .mapToInt(entry -> cost(entry.getValue()))
                .sum();
        for (var eldest = byDevice.entrySet().iterator(); all > limit && eldest.hasNext(); ) {
            var next = eldest.next();
            if (whose.test(next.getKey())) {
                all -= cost(next.getValue());
                eldest.remove();
            }
        }
    }

    /** An empty list takes room, too. */
    private static int cost(List<Sent> lists) {
        return lists.stream().mapToInt(sent -> sent.shares.size() + 1).sum();
    }
}
