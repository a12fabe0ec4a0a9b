package bitween.catalogue;

import bitween.model.ContentId;
import bitween.model.InfoHash;
import bitween.model.Share;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a friend's device shares.
 *
 * @param byContent the info-hash of what is said to have a content: of several copies, the first that can be had at the moment
 * @param former of which share something is a former revision that can be had
 */
record Offer(Map<InfoHash, Share> byHash, Map<ContentId, InfoHash> byContent, Map<InfoHash, Share> former) {
    static final Offer NONE = new Offer(Map.of(), Map.of(), Map.of());

    static Offer of(List<Share> shares) {
        Map<InfoHash, Share> byHash = new LinkedHashMap<>();
        Map<ContentId, InfoHash> byContent = new LinkedHashMap<>();
        Map<InfoHash, Share> former = new LinkedHashMap<>();
        for (Share share : shares) {
            share.kept().forEach(kept -> former.put(kept.hash(), share));
            byHash.put(share.hash(), share);
            if (!share.unavailable()) {
                byContent.putIfAbsent(share.content(), share.hash());
            }
        }
        // whose hashes a friend may choose: Map.copyOf has no trees for those that collide
        return new Offer(
                Collections.unmodifiableMap(byHash),
                Collections.unmodifiableMap(byContent),
                Collections.unmodifiableMap(former));
    }
}
