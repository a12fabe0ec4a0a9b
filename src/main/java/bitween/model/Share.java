package bitween.model;

import java.util.List;

/**
 * What a catalogue tells of a share: enough to list it and to ask for it.
 *
 * @param sizeBytes the sum of its files
 * @param files how many files it has, empty ones included
 * @param reshare whether its owner lets those who get it share it on by themselves
 * @param revision which one of a live share it is, from 1; what changes is the next, with another hash and the same name. 0: it is no live share
 * @param unavailable whether nothing of it can be had at the moment: its owner's files are not what was shared, or are away
 * @param kept which former revisions can be had besides, the newest first
 * @param sent whether its owner sends it to whoever sees it: an offer, which goes once they have it
 */
public record Share(
        String name,
        InfoHash hash,
        ContentId content,
        long sizeBytes,
        int files,
        boolean reshare,
        int revision,
        boolean unavailable,
        List<Former> kept,
        boolean sent) {
    /** As long as a file name may be on Linux, in UTF-8 bytes. */
    public static final int MAX_NAME_BYTES = 255;

    public Share(String name, InfoHash hash, ContentId content, long sizeBytes, int files) {
        this(name, hash, content, sizeBytes, files, false);
    }

    public Share(String name, InfoHash hash, ContentId content, long sizeBytes, int files, boolean reshare) {
        this(name, hash, content, sizeBytes, files, reshare, 0);
    }

    public Share(
            String name, InfoHash hash, ContentId content, long sizeBytes, int files, boolean reshare, int revision) {
        this(name, hash, content, sizeBytes, files, reshare, revision, false);
    }

    public Share(
            String name,
            InfoHash hash,
            ContentId content,
            long sizeBytes,
            int files,
            boolean reshare,
            int revision,
            boolean unavailable) {
        this(name, hash, content, sizeBytes, files, reshare, revision, unavailable, List.of(), false);
    }

    public Share {
        kept = List.copyOf(kept);
        if (sizeBytes < 0 || files < 0) {
            throw new IllegalArgumentException(
                    "a share has no negative size: " + sizeBytes + " bytes, " + files + " files");
        }
        if (revision < 0) {
            throw new IllegalArgumentException("revisions are counted from 1, not " + revision);
        }
    }

    /** The same content, as this revision. */
    public Share at(int newRevision) {
        return new Share(name, hash, content, sizeBytes, files, reshare, newRevision);
    }

    /** The same, of which nothing can be had at the moment. */
    public Share withheld() {
        return new Share(name, hash, content, sizeBytes, files, reshare, revision, true, kept, sent);
    }

    /** The same, of which these former revisions can be had besides. */
    public Share keeping(List<Former> formers) {
        return new Share(name, hash, content, sizeBytes, files, reshare, revision, unavailable, formers, sent);
    }

    /** The same, as an offer. */
    public Share asSent() {
        return new Share(name, hash, content, sizeBytes, files, reshare, revision, unavailable, kept, true);
    }

    /** Whether {@code former} is one of those that can be had besides. */
    public boolean keeps(InfoHash former) {
        return kept.stream().anyMatch(one -> one.hash().equals(former));
    }

    /** The same, as no revision of anything. */
    public Share fixed() {
        return at(0);
    }
}
