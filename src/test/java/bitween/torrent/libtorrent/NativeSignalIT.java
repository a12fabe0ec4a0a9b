package bitween.torrent.libtorrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the JVM keeps its SIGSEGV: child JVMs that force a safepoint each millisecond move 400 MB, and must not die with exit code 139. */
class NativeSignalIT {
    private static final Logger log = LogManager.getLogger(NativeSignalIT.class);
    private static final int KILLED_BY_SIGSEGV = 139;
    private static final int BYTES = 400 << 20;
    private static final int RUNS = Boolean.getBoolean("bitween.long") ? 10 : 1;
    private static final Path LIBJSIG = Path.of(System.getProperty("java.home"), "lib", "libjsig.so");

    @TempDir
    private Path folder;

    @Test
    void a_jvm_with_libjsig_survives_memory_mapped_io() throws Exception {
        assertThat(exits(RUNS, LIBJSIG, "mmap")).containsOnly(0).hasSize(RUNS);
    }

    @Test
    void a_jvm_without_libjsig_survives_posix_io() throws Exception {
        assertThat(exits(RUNS, null, "posix")).containsOnly(0).hasSize(RUNS);
    }

    /** Proves that the two above can fail. */
    @Test
    void a_jvm_without_libjsig_dies_of_memory_mapped_io() throws Exception {
        assertThat(exits(3, null, "mmap")).contains(KILLED_BY_SIGSEGV);
    }

    /** @param preloaded null for none; then memory-mapped I/O is forced, as the engine would not choose it */
    private List<Integer> exits(int runs, @Nullable Path preloaded, String backend) throws Exception {
        List<Integer> exits = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            Path work = Files.createDirectories(folder.resolve("run"));
            boolean forced = preloaded == null && backend.equals("mmap");
            exits.add(exit(work, preloaded, forced, backend));
            delete(work);
        }
        System.out.println(backend + " I/O, libjsig " + preloaded + ": exit codes " + exits);
        return exits;
    }

    private static int exit(Path work, @Nullable Path preloaded, boolean forced, String backend) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:GuaranteedSafepointInterval=1",
                "-cp",
                System.getProperty("java.class.path"),
                TransferMain.class.getName(),
                work.toString(),
                String.valueOf(BYTES),
                "true"));
        if (forced) {
            command.add(backend);
        }
        Path said = work.resolve("output");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        if (preloaded != null) {
            builder.environment().put("LD_PRELOAD", preloaded.toString());
        }
        Process child = builder.start();
        if (!child.waitFor(2, TimeUnit.MINUTES)) {
            child.destroyForcibly();
            throw new AssertionError("a child JVM hangs; it said " + Files.readString(said));
        }
        if (child.exitValue() == 0) {
            assertThat(Files.readString(said)).contains(backend + " ");
        } else {
            log.info("exit code {}: {}", child.exitValue(), Files.readString(said));
        }
        return child.exitValue();
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
