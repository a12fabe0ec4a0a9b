package bitween.torrent.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How files look on the disk, none of them read, beside how they were when they were hashed. The sets are of their numbers in the info dictionary.
 *
 * @param missing those that are not there, or cannot be looked at
 * @param changed those of another size, or no files any more, or that were read as they are now and found to be others
 * @param touched those of the right size that may have changed all the same; all, when nobody knows how they were
 * @param now how they look
 */
public record FilesLook(BitSet missing, BitSet changed, BitSet touched, FileStamps now) {
    /**
     * Looks at them all.
     *
     * @param folder whether {@code root} holds them; else it is the one file
     * @param known how they were; null: nobody knows
     */
    public static FilesLook at(boolean folder, List<FileEntry> files, Path root, @Nullable FileStamps known) {
        BitSet missing = new BitSet();
        BitSet changed = new BitSet();
        BitSet touched = new BitSet();
        List<FileStamp> now = new ArrayList<>(files.size());
        boolean rootThere = Files.exists(root);
        for (int file = 0; file < files.size(); file++) {
            FileEntry entry = files.get(file);
            BasicFileAttributes seen = rootThere ? attributes(folder ? Scan.below(root, entry.path()) : root) : null;
            FileStamp stamp = seen == null ? FileStamp.NONE : FileStamp.of(seen);
            now.add(stamp);
            if (seen == null) {
                missing.set(file);
            } else if (!seen.isRegularFile() || seen.size() != entry.sizeBytes()) {
                changed.set(file);
            } else if (known == null) {
                touched.set(file);
            } else if (known.each().get(file).equals(stamp.refuted())) {
                changed.set(file);
            } else if (!known.each().get(file).equals(stamp)) {
                touched.set(file);
            }
        }
        return new FilesLook(missing, changed, touched, new FileStamps(now));
    }

    /** Of no files at all. */
    public static FilesLook ofNothing() {
        return new FilesLook(new BitSet(), new BitSet(), new BitSet(), new FileStamps(List.of()));
    }

    /** Whether none looks different. */
    public boolean isAsHashed() {
        return missing.isEmpty() && changed.isEmpty() && touched.isEmpty();
    }

    private static @Nullable BasicFileAttributes attributes(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return null; // whatever the reason is, nobody gets anything of it now
        }
    }
}
