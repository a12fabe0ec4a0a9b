package bitween.torrent.libtorrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskBackendTest {
    private static final String JVM = "7f2c0-7f2d0 r-xp 00000000 fe:00 131 /usr/lib/jvm/java-17/lib/server/libjvm.so\n";

    @TempDir
    private Path folder;

    @Test
    void memory_maps_are_used_below_a_preloaded_libjsig() throws IOException {
        Path maps = Files.writeString(
                folder.resolve("maps"),
                JVM + "7f3c0-7f3d0 r-xp 00000000 fe:00 132 /usr/lib/jvm/java-17/lib/libjsig.so\n");

        DiskBackend backend = DiskBackend.choose(maps);

        assertThat(backend).isEqualTo(new DiskBackend("mmap", "libjsig is preloaded, so memory-mapped I/O is safe"));
        assertThat(backend.isMapped()).isTrue();
    }

    @Test
    void without_libjsig_files_are_read_and_written_the_slow_way() throws IOException {
        Path maps =
                Files.writeString(folder.resolve("maps"), JVM + "7f3c0-7f3d0 r--p 0 fe:00 9 /home/libjsig.so.txt\n");

        DiskBackend backend = DiskBackend.choose(maps);

        assertThat(backend.isMapped()).isFalse();
        assertThat(backend.reason()).contains("started without libjsig", "scripts/bitween");
    }

    @Test
    void who_cannot_look_takes_the_safe_way() {
        assertThat(DiskBackend.choose(folder.resolve("missing")).name()).isEqualTo("posix");
    }
}
