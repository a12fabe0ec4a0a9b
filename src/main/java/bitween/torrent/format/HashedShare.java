package bitween.torrent.format;

import bitween.model.Bytes;

/**
 * A share whose content has been read.
 *
 * @param encoded {@code info} as it is stored and sent
 * @param digests the SHA-256 of each file, 32 bytes each, in the order of {@code info}
 * @param stamps how the files were before they were read, and still after
 */
public record HashedShare(InfoDictionary info, Bytes encoded, Bytes digests, FileStamps stamps) {}
