package bitween.follow;

import bitween.catalogue.Catalogue;
import bitween.catalogue.Friend;
import bitween.catalogue.FriendDevice;
import bitween.model.Follow;
import bitween.model.InfoHash;
import bitween.model.Share;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What a friend's devices share under the name that is followed, as they told last. Immutable. */
final class Offers {
    /** A friend who shares more of one name plays tricks. */
    private static final int MAX_OFFERS = 50;

    private record Offer(Share share, Instant told) {}

    private final List<Offer> offers;

    private Offers(List<Offer> offers) {
        this.offers = List.copyOf(offers);
    }

    static Offers of(Catalogue now, Follow follow) {
        Friend friend = now.friends().get(follow.friend());
        List<Offer> offers = new ArrayList<>();
        String name = composed(follow.share());
        if (friend != null) {
            for (FriendDevice device : friend.sortedDevices()) {
                Instant told =
                        device.list() == null ? Instant.EPOCH : device.list().fetched();
                for (Share share : device.shares().values()) {
                    if (offers.size() < MAX_OFFERS && composed(share.name()).equalsIgnoreCase(name)) {
                        offers.add(new Offer(share, told));
                    }
                }
            }
        }
        return new Offers(offers);
    }

    private static String composed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    List<Share> all() {
        return offers.stream().map(Offer::share).toList();
    }

    Optional<Share> find(InfoHash hash) {
        return offers.stream()
                .map(Offer::share)
                .filter(share -> share.hash().equals(hash))
                .findFirst();
    }

    /** Of the highest revision; of several what was not seen before; of several of these what was told last. */
    Optional<Share> newest(Predicate<InfoHash> seen) {
        return offers.stream()
                .max(Comparator.<Offer>comparingInt(offer -> offer.share().revision())
                        .thenComparing(offer -> !seen.test(offer.share().hash()))
                        .thenComparing(Offer::told))
                .map(Offer::share);
    }
}
