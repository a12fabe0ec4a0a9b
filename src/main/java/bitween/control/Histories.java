package bitween.control;

import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.Revision;
import bitween.model.TransferId;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Knows what live shares were. Nothing here blocks; what fails does so with a {@link bitween.model.UserException}. */
public interface Histories {
    /** Of an own share, the newest first, that which is offered included; empty: it is not live. */
    CompletableFuture<List<Revision>> own(TransferId share);

    /**
     * Of a friend's share, likewise.
     *
     * @param devices of which one is asked
     */
    CompletableFuture<List<Revision>> of(InfoHash hash, List<Device> devices);

    /** What a friend's live share was before it was {@code hash}, as their devices told while it was; the newest first. */
    CompletableFuture<List<InfoHash>> before(InfoHash hash);

    /** Where the files of a former revision of our own stand, if they are kept. */
    Path keptAt(InfoHash hash);

    /** What was in a revision: of our own, or, where {@code devices} are given, of a friend's. */
    CompletableFuture<List<Entry>> content(InfoHash hash, List<Device> devices);

    /** @param path of a shared file: its name */
    record Entry(List<String> path, long sizeBytes, Bytes sha256) {
        public Entry {
            path = List.copyOf(path);
        }
    }
}
