package bitween.torrent.format;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What tells a file from a changed one without reading it. The number of its disk is not in it: that is another one each time some disks are plugged in.
 *
 * @param modifiedNanos since 1970, of its last change; as exact as the file system has it
 * @param inode what tells it from another file in its place; 0 where the file system has none
 */
public record FileStamp(long sizeBytes, long modifiedNanos, long inode) {
    /** Of what is not there. */
    static final FileStamp NONE = new FileStamp(Long.MIN_VALUE, 0, 0);

    private static final Pattern INODE = Pattern.compile("ino=(\\d+)");

    /** Kept of a file that looked so, was read, and was not what had been hashed. No file looks like this. */
    FileStamp refuted() {
        return new FileStamp(-1 - sizeBytes, modifiedNanos, inode);
    }

    public static FileStamp of(BasicFileAttributes attributes) {
        return of(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }

    static FileStamp of(long sizeBytes, FileTime modified, @Nullable Object key) {
        Matcher inode = INODE.matcher(String.valueOf(key));
        return new FileStamp(
                sizeBytes,
                modified.to(TimeUnit.NANOSECONDS),
                inode.find() ? Long.parseUnsignedLong(inode.group(1)) : 0);
    }
}
