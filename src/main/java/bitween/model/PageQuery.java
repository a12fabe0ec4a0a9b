package bitween.model;

import org.jspecify.annotations.Nullable;

/**
 * Asks a friend's device for one page of a document that it serves.
 *
 * @param hash which share's; null for the catalogue
 * @param held of the catalogue, the revision that the asker holds, of another document the info-hash of the revision before of which he holds it: the answer may then be
 *     only what is other now; empty: none
 * @param offset of the first byte wanted in the document as it travels
 */
public record PageQuery(Kind kind, @Nullable InfoHash hash, String held, int offset) {
    /** What documents there are. */
    public enum Kind {
        /** What the device shares. */
        CATALOGUE,
        /** The info dictionary of a share (BEP 3), which hashes to the info-hash. */
        INFO,
        /** The SHA-256 of each file of a share, 32 bytes each, in the order of the info dictionary. */
        DIGESTS,
        /** Which revisions a live share had. */
        HISTORY,
        /** Nothing: who reads it says that they have the offer whole. */
        TAKEN,
        /** Nothing: who reads it says no to the offer. */
        DECLINED
    }

    /** Asks for a whole document. */
    public PageQuery(Kind kind, @Nullable InfoHash hash, int offset) {
        this(kind, hash, "", offset);
    }

    /** Of which the asker holds the document; null: of none. */
    public @Nullable InfoHash heldHash() {
        return hash == null || held.isEmpty() ? null : new InfoHash(held);
    }

    public PageQuery {
        if (offset < 0
                || (hash == null) != (kind == Kind.CATALOGUE)
                || (hash != null && !held.matches("([0-9a-f]{40})?"))
                || held.length() > Announcement.MAX_REVISION) {
            throw new IllegalArgumentException(
                    "no page: " + kind + " " + hash + " from " + offset + ", where '" + held + "' is held");
        }
    }
}
