package bitween.torrent.format;

import bitween.model.ErrorCode;
import bitween.model.UserException;

/**
 * How long the pieces of a new share are. Short ones spread sooner among several peers and cost less when one is wrong;
 * long ones keep the info dictionary small, which travels before anything else.
 *
 * <table>
 * <caption>by total size</caption>
 * <tr><th>up to</th><th>piece length</th><th>hashes at most</th></tr>
 * <tr><td>256 MiB</td><td>256 KiB</td><td>20 KiB</td></tr>
 * <tr><td>32 GiB</td><td>1 MiB</td><td>640 KiB</td></tr>
 * <tr><td>256 GiB</td><td>4 MiB</td><td>1.25 MiB</td></tr>
 * <tr><td>16 TiB</td><td>16 MiB</td><td>20 MiB</td></tr>
 * </table>
 */
public final class PieceLength {
    /** What the format allows; both are powers of two. */
    public static final int MIN = 16 << 10;

    public static final int MAX = 16 << 20;

    /** Their hashes are 20 MiB then, of the 32 MiB that an info dictionary may have. */
    private static final long MOST_PIECES = 1 << 20;

    private static final long GIB = 1L << 30;

    private PieceLength() {}

    /**
     * That a length is one of those that the format has.
     *
     * @throws UserException BAD_ARGUMENT
     */
    public static int checked(int bytes) {
        if (bytes < MIN || bytes > MAX || Integer.bitCount(bytes) != 1) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "a piece has a power of two of bytes from 16 KiB to 16 MiB, not " + bytes,
                    "such as 256K, 1M or 4M");
        }
        return bytes;
    }

    static void requireEnough(int length, long totalBytes) {
        if (totalBytes / length > MOST_PIECES) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    "pieces of " + length + " bytes are too short: of " + totalBytes + " bytes that would be "
                            + totalBytes / length + ", and " + MOST_PIECES + " are possible",
                    "let bitween choose, or take longer ones");
        }
    }

    public static int of(long totalBytes) {
        if (totalBytes <= GIB / 4) {
            return 256 << 10;
        }
        if (totalBytes <= 32 * GIB) {
            return 1 << 20;
        }
        return totalBytes <= 256 * GIB ? 4 << 20 : MAX;
    }
}
