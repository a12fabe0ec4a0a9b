package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Audience;
import bitween.model.TransferId;
import bitween.store.Database;
import bitween.store.NewTransfer;
import bitween.store.TorrentStore;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import bitween.torrent.format.Hasher;
import bitween.torrent.format.Scan;
import bitween.torrent.format.ShareScanner;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A share whose hashing is cut off, and goes on. */
@Tag("slow")
class HashedRowsTest {
    private static final int LARGE = 160 << 20;
    private static final int STRETCH = 8 << 20;

    @TempDir
    Path temp;

    @AutoClose
    private Database database;

    @AutoClose
    private final Hasher hasher = new Hasher();

    private TorrentStore store;
    private TransferId share;
    private Path folder;

    @BeforeEach
    void a_share_of_a_large_file_and_small_ones() throws IOException {
        database = Database.open(temp.resolve("home/bitween.db"), temp.resolve("native"));
        store = new TorrentStore(database);
        folder = Files.createDirectories(temp.resolve("films"));
        try (RandomAccessFile large =
                new RandomAccessFile(folder.resolve("b.bin").toFile(), "rw")) {
            large.setLength(LARGE);
            large.seek(LARGE / 2);
            large.write(7);
        }
        Folders.file(folder.resolve("a.txt"), 1_000, 1);
        Folders.file(folder.resolve("c.txt"), 1_000, 2);
        share = store.insert(NewTransfer.share("films", folder, Audience.EVERYONE, Instant.EPOCH));
    }

    @Test
    void what_was_hashed_before_is_not_read_again_but_for_64_mb() {
        HashedShare whole = hasher.hash(scan(), done -> {}).join();
        long cutAt = LARGE / 4 * 3;
        long doneThen = cutOff(cutAt);

        AtomicLong first = new AtomicLong(-1);
        HashedShare resumed = hasher.hash(scan(), rows(), done -> first.compareAndSet(-1, done))
                .join();

        assertThat(resumed.info().pieces()).isEqualTo(whole.info().pieces());
        assertThat(resumed.digests()).isEqualTo(whole.digests());
        assertThat(doneThen).isGreaterThanOrEqualTo(cutAt);
        assertThat(stretchesKept()).isGreaterThanOrEqualTo((int) ((cutAt - HashedRows.BYTES) / STRETCH) / 2);
    }

    @Test
    void what_was_kept_counts_and_is_taken_for_what_is_there() throws IOException {
        HashedShare whole = complete();
        FileTime time = Files.getLastModifiedTime(folder.resolve("b.bin"));
        overwrite(folder.resolve("b.bin"), time);

        HashedShare resumed = hasher.hash(scan(), rows(), done -> {}).join();

        assertThat(resumed.info().pieces()).isEqualTo(whole.info().pieces()); // it looks the same, so nobody read it
        assertThat(resumed.digests()).isEqualTo(whole.digests());
    }

    @Test
    void a_file_that_has_changed_is_read_again_and_the_others_are_not() throws IOException {
        complete();
        overwrite(folder.resolve("c.txt"), FileTime.fromMillis(1));
        FileTime time = Files.getLastModifiedTime(folder.resolve("b.bin"));
        HashedShare fresh = hasher.hash(scan(), done -> {}).join();
        overwrite(folder.resolve("b.bin"), time);

        HashedShare resumed = hasher.hash(scan(), rows(), done -> {}).join();

        assertThat(resumed.digests()).isEqualTo(fresh.digests());
        assertThat(rows().changed().isEmpty()).isTrue();
    }

    @Test
    void where_a_file_came_or_went_all_begins_anew() throws IOException {
        complete();
        Folders.file(folder.resolve("d.txt"), 1_000, 3);

        HashedRows rows = rows();

        assertThat(rows.stretch(0)).isNull();
        assertThat(store.hashing().find(share)).isEmpty();
    }

    /** All of it, and everything that was kept of it. */
    private HashedShare complete() {
        HashedRows rows = rows();
        HashedShare whole = hasher.hash(scan(), rows, done -> {}).join();
        rows.flush();
        return whole;
    }

    private long cutOff(long atBytes) {
        AtomicLong done = new AtomicLong();
        CompletableFuture<CompletableFuture<HashedShare>> running = new CompletableFuture<>();
        CompletableFuture<HashedShare> hashing = hasher.hash(scan(), rows(), bytes -> {
            done.set(bytes);
            if (bytes >= atBytes) {
                running.join().cancel(false);
            }
        });
        running.complete(hashing);
        try {
            hashing.join();
        } catch (CancellationException | CompletionException e) {
            return done.get();
        }
        throw new AssertionError("it was not cut off");
    }

    private int stretchesKept() {
        return store.hashing().find(share).orElseThrow().stretches().size();
    }

    private HashedRows rows() {
        return HashedRows.of(store.hashing(), share, scan());
    }

    private Scan scan() {
        return new ShareScanner(new ShareScanner.Rules(".ignore", false, temp.resolve("nobody"), List.of(), temp))
                .scan(folder, null, () -> false);
    }

    private static void overwrite(Path file, FileTime time) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.write(9);
        }
        Files.setLastModifiedTime(file, time);
    }
}
