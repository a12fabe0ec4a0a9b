package bitween.store;

import bitween.files.PrivateFiles;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.UserException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file for each share and job in {@code torrents/} beside the database: what is in the database about it, for the case that the database is lost.
 *
 * <p>Thread: any but {@code bus}; a call returns when the disk has it. Failures are UserExceptions DISK_WRITE or DISK_READ.
 */
public final class TorrentFiles {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{40})\\.torrent");

    private final Path directory;

    TorrentFiles(Path database) {
        directory = database.resolveSibling("torrents");
    }

    /** Puts it in place of what was there, whole or not at all. */
    public void save(InfoHash hash, Bytes content) {
        PrivateFiles.directory(directory);
        PrivateFiles.write(file(hash), content.toArray());
    }

    public void remove(InfoHash hash) {
        PrivateFiles.delete(file(hash));
    }

    public Set<InfoHash> all() {
        Set<InfoHash> hashes = new LinkedHashSet<>();
        if (!Files.isDirectory(directory)) {
            return hashes;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.torrent")) {
            for (Path file : files) {
                Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
                if (name.matches()) {
                    hashes.add(new InfoHash(name.group(1)));
                }
            }
            return hashes;
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /** @param maxBytes whoever has put a longer one there was not bitween */
    public Bytes read(InfoHash hash, int maxBytes) {
        Path file = file(hash);
        try {
            if (Files.size(file) > maxBytes) {
                throw new IOException("it is too long");
            }
            return Bytes.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** @return false when it is not there (any more) */
    public boolean isOlderThan(InfoHash hash, Instant time) {
        try {
            return Files.getLastModifiedTime(file(hash)).toInstant().isBefore(time);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw unreadable(file(hash), e);
        }
    }

    /** Whether each share and job that has metadata has its file: then one without was removed. */
    public boolean areComplete() {
        return Files.exists(marker());
    }

    public void setComplete() {
        PrivateFiles.directory(directory);
        PrivateFiles.write(marker(), new byte[0]);
    }

    Path file(InfoHash hash) {
        return directory.resolve(hash.hex() + ".torrent");
    }

    private Path marker() {
        return directory.resolve("complete");
    }

    private static UserException unreadable(Path path, IOException e) {
        return new UserException(
                ErrorCode.DISK_READ,
                path + " cannot be read: " + e.getMessage(),
                "look at its owner, mode and disk",
                e);
    }
}
