package bitween.torrent.format;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Bytes;
import bitween.testing.Folders;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownRevisionTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path temp;

    private final Hasher hasher = new Hasher(() -> Bytes.of(new byte[InfoDictionary.SALT_BYTES]));
    private ShareScanner scanner;
    private Path folder;

    @BeforeEach
    void a_folder_over_some_stretches() throws IOException {
        scanner = new ShareScanner(new ShareScanner.Rules(".ignore", false, temp.resolve("nobody"), List.of(), temp));
        folder = Files.createDirectories(temp.resolve("notes"));
        Folders.file(folder.resolve("a large"), 17 * MIB, 1);
        for (int i = 0; i < 30; i++) {
            Folders.file(folder.resolve("b small " + i), i * 1_000, i);
        }
        Folders.file(folder.resolve("c large"), 9 * MIB + 5, 2);
    }

    @AfterEach
    void close() {
        hasher.close();
    }

    @RepeatedTest(12)
    @Tag("slow")
    void what_is_known_gives_the_same_hashes_as_reading_it_all(RepetitionInfo run) throws IOException {
        HashedShare before = hashed(HashedParts.NONE);
        Random random = new Random(run.getCurrentRepetition());
        for (int change = random.nextInt(4); change >= 0; change--) {
            change(random);
        }

        HashedShare known = hashed(new KnownRevision(before.info(), before.digests(), before.stamps(), scan()));
        HashedShare read = hashed(HashedParts.NONE);

        assertThat(known.info()).isEqualTo(read.info());
        assertThat(known.digests()).isEqualTo(read.digests());
        assertThat(known.stamps()).isEqualTo(read.stamps());
    }

    @Test
    void files_that_look_as_they_did_are_not_read_also_under_another_name() throws IOException {
        HashedShare before = hashed(HashedParts.NONE);
        Path large = folder.resolve("a large");
        FileTime modified = Files.getLastModifiedTime(large);
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.write(99); // that cannot be seen
        }
        Files.setLastModifiedTime(large, modified);
        Files.move(folder.resolve("b small 9"), folder.resolve("b small 9 renamed"));

        HashedShare after = hashed(new KnownRevision(before.info(), before.digests(), before.stamps(), scan()));

        assertThat(after.info().pieces()).isEqualTo(before.info().pieces());
        assertThat(after.digests()).isEqualTo(before.digests());
    }

    private void change(Random random) throws IOException {
        String small = "b small " + random.nextInt(30);
        switch (random.nextInt(6)) {
            case 0 -> Folders.file(folder.resolve("d new"), random.nextInt(9 * MIB), 7);
            case 1 -> Files.deleteIfExists(folder.resolve(small));
            case 2 -> {
                Folders.file(folder.resolve(small), 1_000 + random.nextInt(5), 8);
                Files.setLastModifiedTime(folder.resolve(small), FileTime.from(Instant.EPOCH));
            }
            case 3 -> Folders.file(folder.resolve("a earlier"), 8 * MIB, 9); // the next begin where pieces began
            case 4 -> {
                if (Files.exists(folder.resolve("c large"))) {
                    Files.move(folder.resolve("c large"), folder.resolve("b moved"));
                }
            }
            default -> Folders.file(folder.resolve("a large"), 17 * MIB, 11);
        }
    }

    private Scan scan() {
        return hasher.scan(scanner, folder, null).join();
    }

    private HashedShare hashed(HashedParts parts) {
        return hasher.hash(scan(), parts, done -> {}).join();
    }
}
