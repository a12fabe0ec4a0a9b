package bitween.model;

import org.jspecify.annotations.Nullable;

/**
 * How the BitTorrent engine runs.
 *
 * @param port where it accepts peers; 0 until it listens
 * @param backend the disk back-end, "mmap" or "posix"
 * @param backendReason why that one, for people
 * @param failure why it does not listen; null while it does
 */
public record EngineStatus(
        int port,
        String backend,
        String backendReason,
        @Nullable Failure failure) {}
