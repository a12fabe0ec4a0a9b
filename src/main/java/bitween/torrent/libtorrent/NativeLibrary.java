package bitween.torrent.libtorrent;

import bitween.files.PrivateFiles;
import bitween.model.ErrorCode;
import bitween.model.Sha256;
import bitween.model.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import org.libtorrent4j.swig.libtorrent;

/**
 * libtorrent's machine code: taken out of its jar into a folder that only this user can write, checked against a hash compiled in, loaded once in a JVM.
 */
final class NativeLibrary {
    private static final String RESOURCE = "/lib/x86_64/libtorrent4j.so";
    static final String FILE_NAME = "libtorrent4j-2.0.6-26.so";
    /** Of libtorrent4j-linux 2.0.6-26. A new version of the jar needs a new hash here, or nothing starts. */
    static final String SHA_256 = "761a4463355e6827be367798e379449d9ef0acf6c0e868abb85fff03dedbf98c";
    /** Read by libtorrent4j when its first class is initialised. */
    private static final String PATH_PROPERTY = "libtorrent4j.jni.path";

    private static boolean loaded;

    private NativeLibrary() {}

    /**
     * Loads libtorrent; later calls do nothing.
     *
     * @param directory made when missing
     * @throws UserException UNSUPPORTED_PLATFORM, HOME_UNSAFE or DISK_WRITE
     */
    static synchronized void load(Path directory) {
        if (loaded) {
            return;
        }
        Platform.require();
        Path library = extract(directory);
        System.setProperty(PATH_PROPERTY, library.toString());
        try {
            libtorrent.version();
        } catch (LinkageError e) {
            throw new UserException(
                    ErrorCode.UNSUPPORTED_PLATFORM,
                    "the native library " + library + " cannot be loaded: " + e.getMessage(),
                    "bitween needs Linux on x86_64 with glibc, and a home on a file system that is not mounted noexec",
                    e);
        }
        loaded = true;
    }

    /** @return the verified file; written anew when missing or not what it should be */
    static Path extract(Path directory) {
        Path file = PrivateFiles.directory(directory).resolve(FILE_NAME).toAbsolutePath();
        try {
            if (!isOurs(file) || !isGenuine(file)) {
                write(file);
            }
            return file;
        } catch (IOException e) {
            throw new UserException(
                    ErrorCode.DISK_WRITE,
                    "cannot write the native library " + file + ": " + e.getMessage(),
                    "free some space, or make the folder writable",
                    e);
        }
    }

    private static void write(Path file) throws IOException {
        Path temporary = Files.createTempFile(
                file.resolveSibling("").toAbsolutePath(),
                "." + FILE_NAME,
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (InputStream packed = NativeLibrary.class.getResourceAsStream(RESOURCE)) {
            if (packed == null) {
                throw new UserException(
                        ErrorCode.UNSUPPORTED_PLATFORM,
                        "the native library is missing from this bitween",
                        "install bitween again, with all of its jars");
            }
            Files.copy(packed, temporary, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx------"));
            if (!isGenuine(temporary)) {
                throw new UserException(
                        ErrorCode.HOME_UNSAFE,
                        "the native library in this bitween's jars is not the one that it was built with",
                        "install bitween again from a source that you trust");
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Who may write it runs code as this user: neither a link to elsewhere nor a file of somebody else is taken. */
    private static boolean isOurs(Path file) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(PrivateFiles.uid());
    }

    private static boolean isGenuine(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return HexFormat.of().formatHex(Sha256.of(in)).equals(SHA_256);
        }
    }
}
