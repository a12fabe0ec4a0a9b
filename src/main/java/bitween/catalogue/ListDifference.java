package bitween.catalogue;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Sha256;
import bitween.model.Share;
import bitween.model.UserException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is other in a list of shares than in one that is held already. A whole list is what differs from nothing. Each share stands in a list once, by its hash.
 *
 * @param base the revision of the list that is held; empty: nothing is
 * @param changed the shares that are new, or are other than in the list that is held
 * @param removed the shares of the list that is held which are gone
 * @param digest of the list that comes of it, see {@link #digest(Collection)}: by it who applies the difference sees that both mean the same list
 */
record ListDifference(String base, List<Share> changed, List<InfoHash> removed, Bytes digest) {
    /** More than anybody shares by hand; what has more is refused here, and is not kept. */
    static final int MAX_SHARES = 100_000;

    ListDifference {
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }

    static ListDifference whole(List<Share> shares) {
        return between("", List.of(), shares);
    }

    /** @param base the revision of {@code before} */
    static ListDifference between(String base, List<Share> before, List<Share> after) {
        Map<InfoHash, Share> gone = byHash(before);
        List<Share> changed = new ArrayList<>();
        Map<InfoHash, Share> all = byHash(after);
        all.forEach((hash, share) -> {
            if (!share.equals(gone.remove(hash))) {
                changed.add(share);
            }
        });
        return new ListDifference(base, changed, List.copyOf(gone.keySet()), digest(all.values()));
    }

    boolean isWhole() {
        return base.isEmpty();
    }

    /** How much there is to say. */
    int size() {
        return changed.size() + removed.size();
    }

    /**
     * @param revision of {@code held}; both are empty when this is a whole list
     * @return the list that was meant, in the order of the hashes
     * @throws UserException BAD_METADATA when it was made for another list
     */
    List<Share> applyTo(String revision, List<Share> held) {
        if (!base.equals(revision)) {
            throw broken("it is the difference to another list than the one that is here", null);
        }
        Map<InfoHash, Share> all = byHash(held);
        for (InfoHash hash : removed) {
            if (all.remove(hash) == null) {
                throw broken("it removes " + hash + ", which is not there", null);
            }
        }
        changed.forEach(share -> all.put(share.hash(), share));
        if (all.size() > MAX_SHARES) {
            throw broken("it has more than " + MAX_SHARES + " shares", null);
        }
        if (!digest(all.values()).equals(digest)) {
            throw broken("what comes of it is not the list that was meant", null);
        }
        return List.copyOf(all.values());
    }

    static UserException broken(String why, @Nullable Exception cause) {
        String sentence = "a friend's device sent a broken list: " + why;
        return cause == null
                ? new UserException(ErrorCode.BAD_METADATA, sentence, "")
                : new UserException(ErrorCode.BAD_METADATA, sentence, "", cause);
    }

    private static Map<InfoHash, Share> byHash(List<Share> shares) {
        Map<InfoHash, Share> all = new TreeMap<>();
        shares.forEach(share -> all.put(share.hash(), share));
        return all;
    }

    /**
     * SHA-256 over each share, in the order of their hashes: info-hash (20 bytes), content id (32), size (8, big-endian), files (4), whether it may be shared
     * on (1), the name's length in UTF-8 (2), the name. It stays so when documents tell more of a share one day.
     */
    private static Bytes digest(Collection<Share> sorted) {
        MessageDigest sha256 = Sha256.begun();
        for (Share share : sorted) {
            byte[] name = share.name().getBytes(StandardCharsets.UTF_8);
            sha256.update(share.hash().bytes());
            sha256.update(share.content().bytes());
            sha256.update(ByteBuffer.allocate(15)
                    .putLong(share.sizeBytes())
                    .putInt(share.files())
                    .put((byte) (share.reshare() ? 1 : 0))
                    .putShort((short) name.length)
                    .flip());
            sha256.update(name);
        }
        return Bytes.of(sha256.digest());
    }
}
