package bitween.control;

import bitween.control.client.Versions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * What {@code status} tells of this process.
 *
 * @param home what people know it by
 * @param downloads where jobs put things
 * @param freeBytes of the disk that holds {@code downloads}; -1 when that cannot be told. Called on {@code control} threads, may block on the disk.
 * @param started when this daemon began
 * @param longestStop after which a stop is forced
 */
public record DaemonFacts(
        Versions versions,
        Path home,
        Path downloads,
        LongSupplier freeBytes,
        Clock clock,
        Instant started,
        Duration longestStop) {}
