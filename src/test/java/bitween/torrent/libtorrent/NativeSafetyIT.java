package bitween.torrent.libtorrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What libtorrent and the JVM do to each other's memory, in child JVMs, which die of it. With both disk back-ends: memory-mapped where libjsig is preloaded. */
class NativeSafetyIT {
    private static final boolean LONG = Boolean.getBoolean("bitween.long");
    private static final int OPERATIONS = LONG ? 1_000_000 : 10_000;
    private static final Duration LIMIT = LONG ? Duration.ofHours(2) : Duration.ofMinutes(3);
    private static final long SEED = Long.getLong("bitween.seed", System.nanoTime());
    private static final Path LIBJSIG = Path.of(System.getProperty("java.home"), "lib", "libjsig.so");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"mmap", "posix"})
    void no_native_object_is_used_after_its_end_whatever_the_garbage_collector_does(String backend) throws Exception {
        System.out.println("REPRO: -Dbitween.seed=" + SEED);

        String said =
                run(backend, GcStormMain.class, folder.toString(), Integer.toString(OPERATIONS), Long.toString(SEED));

        System.out.println(backend + ": " + said);
        assertThat(said).contains("Checked", "Removed", "ResumeData", "Updated");
    }

    @ParameterizedTest
    @CsvSource({"mmap,seeding", "posix,seeding", "mmap,checking", "posix,checking"})
    void a_file_that_is_cut_short_while_it_is_read_is_told_and_costs_nobody_his_life(String backend, String doing)
            throws Exception {
        String said = run(backend, TruncatedMain.class, folder.toString(), doing);

        System.out.println(doing + ": " + said);
        assertThat(said).contains(backend + " ");
        if (doing.equals("seeding")) {
            assertThat(said).contains("DISK_READ", "big.bin");
        }
    }

    private String run(String backend, Class<?> main, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:-CreateCoredumpOnCrash",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        Path said = folder.resolve("said");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().put("MALLOC_PERTURB_", "165"); // what is freed is overwritten
        if (backend.equals("mmap")) {
            builder.environment().put("LD_PRELOAD", LIBJSIG.toString());
        }
        Process child = builder.start();
        boolean ended = child.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        child.destroyForcibly();
        assertThat(ended).as(Files.readString(said)).isTrue();
        assertThat(child.exitValue()).as(Files.readString(said)).isZero();
        return Files.readString(said).strip();
    }
}
