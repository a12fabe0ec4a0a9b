package bitween.testing;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process holds at a moment, after a full garbage collection.
 *
 * @param directBytes of Java's buffers outside of the heap
 * @param residentBytes VmRSS: with what native libraries hold, and what the heap keeps though it is free
 */
public record Footprint(int threads, long descriptors, long heapBytes, long directBytes, long residentBytes) {
    private static final Path SELF = Path.of("/proc/self");

    public static Footprint now() throws IOException {
        System.gc();
        System.gc(); // what cleaners let go of after the first
        return new Footprint(
                ManagementFactory.getThreadMXBean().getThreadCount(),
                openDescriptors(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .filter(pool -> pool.getName().equals("direct"))
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum(),
                resident());
    }

    private static long openDescriptors() throws IOException {
        try (Stream<Path> open = Files.list(SELF.resolve("fd"))) {
            return open.count();
        }
    }

    private static long resident() throws IOException {
        return Files.readAllLines(SELF.resolve("status")).stream()
                        .filter(line -> line.startsWith("VmRSS"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                << 10;
    }

    @Override
    public String toString() {
        return threads + " threads, " + descriptors + " descriptors, heap " + (heapBytes >> 10) + " KiB, direct "
                + (directBytes >> 10) + " KiB, resident " + (residentBytes >> 10) + " KiB";
    }
}
