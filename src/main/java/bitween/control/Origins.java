package bitween.control;

import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.Jid;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Knows where files came from, also long ago. May wait for a disk. */
public interface Origins {
    /**
     * @param share its name, as its owner calls it
     * @param place where the file stood once it was here
     * @param path of the file below the share's folder; empty: the share itself
     * @param sha256 of the file; null: nobody told, or it is a folder
     * @param from the devices it came from, with what they were called
     */
    record Origin(
            InfoHash hash,
            String share,
            Path place,
            List<String> path,
            long sizeBytes,
            @Nullable Bytes sha256,
            Instant finished,
            Map<Device, String> from) {}

    /** Of a file, or of all of a share, by where it stands; what came last is first. */
    List<Origin> at(Path path);

    /** Whose devices gave what came to this place under this hash; nobody: that is not known. */
    Set<Jid> givers(InfoHash hash, Path place);

    /** Of a file, by what is in it, wherever it is now; what came last is first. */
    List<Origin> withDigest(Bytes sha256);
}
