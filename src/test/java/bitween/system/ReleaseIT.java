package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code scripts/release} makes, as those get it who have no source: packed, installed, used and removed. Two builds from fresh copies are the long form. */
@Tag("faults")
class ReleaseIT {
    private static final boolean LONG = Boolean.getBoolean("bitween.long");
    /** A fresh machine fetches the plugin that lists what is in it; the long form builds twice. */
    private static final Duration LIMIT = Duration.ofMinutes(LONG ? 30 : 8);

    private static final Path RELEASE = Path.of("target/release").toAbsolutePath();

    @TempDir
    Path directory;

    @Test
    void what_is_released_can_be_installed_used_and_removed() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "installing needs root");
        for (String tool : List.of("dpkg-deb", "apt-get", "man", "systemd-analyze")) {
            assumeTrue(
                    Files.isExecutable(Path.of("/usr/bin", tool)),
                    tool + " is missing: as root, apt-get install man-db systemd");
        }
        assumeTrue(mayLayer(), "this machine allows no layer over its file system (overlay)");
        Program.Ended packed = release();
        assertThat(packed.exitCode()).as(packed.output()).isZero();
        assertThat(names())
                .satisfiesExactlyInAnyOrder(
                        name -> assertThat(name).isEqualTo("SHA256SUMS"),
                        name -> assertThat(name).matches("bitween-[\\w.-]+\\.tar\\.gz"),
                        name -> assertThat(name).matches("bitween-[\\w.-]+\\.cdx\\.json"),
                        name -> assertThat(name).matches("bitween_[\\w.~]+_amd64\\.deb"));

        Program.Ended used = release("--try");

        assertThat(used.exitCode()).as(used.output()).isZero();
        assertThat(used.output())
                .contains(
                        "depends on what there is",
                        "installed: bitween",
                        "reads memory-mapped",
                        "completes",
                        "has its manual",
                        "has units that systemd takes",
                        "has units that are confined",
                        "what people keep in it is there")
                .doesNotContain("NOT looked at");
        unpackedRuns();
        if (LONG) {
            Program.Ended twice = release("--check");
            assertThat(twice.exitCode()).as(twice.output()).isZero();
        }
    }

    /** The archive is the program, wherever it is unpacked. */
    private void unpackedRuns() throws IOException, InterruptedException {
        Path archive = names().stream()
                .filter(name -> name.endsWith(".tar.gz"))
                .map(RELEASE::resolve)
                .findFirst()
                .orElseThrow();
        Program.Ended unpacked = Program.runToEnd(
                directory, "tar", "xzf", archive.toString(), "-C", directory.toString(), "--strip-components=1");
        assertThat(unpacked.exitCode()).as(unpacked.output()).isZero();

        Program.Ended version =
                Program.runToEnd(directory, directory.resolve("bitween").toString(), "version");

        assertThat(version.output()).startsWith("bitween ");
        assertThat(directory.resolve("bitween.cdx.json"))
                .content()
                .contains("\"bomFormat\" : \"CycloneDX\"", "pkg:maven/org.libtorrent4j/libtorrent4j@");
        long pinned = Files.readAllLines(Path.of(".ci/jars.sha256")).size();
        assertThat(Files.readAllLines(directory.resolve("bitween.cdx.json")))
                .filteredOn(line -> line.contains("\"purl\" : \"pkg:maven/"))
                .as("what is in it, and the program itself")
                .hasSize((int) pinned + 1);
        assertThat(directory.resolve("man/man1/bitween.1")).exists();
    }

    private Program.Ended release(String... arguments) throws IOException, InterruptedException {
        List<String> command = Stream.concat(Stream.of("scripts/release"), Stream.of(arguments))
                .toList();
        return Program.runToEnd(directory, LIMIT, command.toArray(String[]::new));
    }

    private boolean mayLayer() throws IOException, InterruptedException {
        return Program.runToEnd(
                                directory,
                                "unshare",
                                "--mount",
                                "sh",
                                "-c",
                                "mount -t tmpfs tmpfs /mnt && mkdir /mnt/u /mnt/w /mnt/m"
                                        + " && mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w /mnt/m")
                        .exitCode()
                == 0;
    }

    private static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(RELEASE)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
