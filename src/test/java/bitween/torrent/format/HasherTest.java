package bitween.torrent.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HasherTest {
    private static final int MIB = 1 << 20;
    private static final byte[] NOISE = noise();

    @TempDir
    private Path directory;

    private final Hasher hasher = new Hasher(() -> Samples.SALT);
    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectories(directory.toRealPath().resolve("share"));
    }

    @AfterEach
    void close() {
        hasher.close();
    }

    @Test
    @Tag("slow")
    void pieces_and_digests_are_those_of_a_plain_implementation() throws Exception {
        Random random = new Random(1);
        int[] sizes = {0, 1, 70_000, 262_144, 262_143, 3 * MIB, 0, 9 * MIB, 5, 17 * MIB + 1, 0};
        for (int i = 0; i < sizes.length; i++) {
            write((i % 3 == 0 ? "" : i % 3 + "/") + "file" + i, sizes[i], random);
        }
        write("many/0", 8 * MIB - 1, random);

        assertHashedRight();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 16 * MIB})
    void files_that_end_at_a_stretch_are_hashed_right(int size) throws Exception {
        Random random = new Random(size);
        write("a", size, random);
        write("b", 0, random);
        write("c", 3, random);

        assertHashedRight();
    }

    @Test
    void many_small_files_are_hashed_right() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            write(i % 10 + "/" + i, random.nextInt(50_000), random);
        }

        assertHashedRight();
    }

    @Test
    void a_shared_file_is_hashed_under_the_name_of_the_share() throws Exception {
        write("a", 300_000, new Random(2));
        Scan scan = scanner().scan(root.resolve("a"), "b", () -> false);

        HashedShare share = hash(scan);

        assertThat(share.info().folder()).isFalse();
        assertThat(share.info().name()).isEqualTo("b");
        assertThat(share.info().pieces()).isEqualTo(plainPieces(scan));
        assertThat(hasher.verify(share.info(), share.digests(), root.resolve("a"), null, bytes -> {})
                        .get(60, TimeUnit.SECONDS))
                .isEmpty();
    }

    @Test
    void a_share_of_nothing_has_no_pieces() throws Exception {
        Files.createDirectories(root.resolve("empty"));
        write("zero", 0, new Random(3));

        HashedShare share = hash(scan());

        assertThat(share.info().pieces()).isEqualTo(Bytes.EMPTY);
        assertThat(share.info().emptyFolders()).containsExactly(List.of("empty"));
        assertThat(share.digests()).isEqualTo(Bytes.of(Digests.sha256().digest()));
    }

    @Test
    void what_is_hashed_passes_the_validator() throws Exception {
        write("ü😀/a", 300_000, new Random(4));

        HashedShare share = hash(scan());

        assertThat(MetadataValidator.validate(share.encoded(), share.info().hash()))
                .isEqualTo(share.info());
    }

    @Test
    void every_share_gets_another_salt() throws Exception {
        write("a", 3, new Random(5));
        try (Hasher random = new Hasher()) {
            HashedShare one = random.hash(scan(), bytes -> {}).get(60, TimeUnit.SECONDS);
            HashedShare other = random.hash(scan(), bytes -> {}).get(60, TimeUnit.SECONDS);

            assertThat(one.info().hash()).isNotEqualTo(other.info().hash());
            assertThat(one.info().contentId()).isEqualTo(other.info().contentId());
        }
    }

    @Test
    void progress_ends_at_the_size_of_the_share() throws Exception {
        write("a", 20 * MIB, new Random(6));
        write("b", 12_345, new Random(6));
        AtomicLong most = new AtomicLong();
        Scan scan = scan();

        HashedShare share = hasher.hash(scan, bytes -> most.accumulateAndGet(bytes, Math::max))
                .get(60, TimeUnit.SECONDS);

        assertThat(most.getAndSet(0)).isEqualTo(scan.totalBytes());
        hasher.verify(share.info(), share.digests(), root, null, bytes -> most.accumulateAndGet(bytes, Math::max))
                .get(60, TimeUnit.SECONDS);
        assertThat(most.get()).isEqualTo(scan.totalBytes());
    }

    @Test
    void a_file_that_changed_since_the_scan_fails_the_job() throws Exception {
        write("a", 300_000, new Random(8));
        write("large", 9 * MIB, new Random(8));
        write("zero", 0, new Random(8));
        Scan before = scan();

        touch("a");
        assertFails(before, ErrorCode.CONTENT_CHANGED, "share/a' was changed");

        Scan between = scan();
        touch("large");
        assertFails(between, ErrorCode.CONTENT_CHANGED, "share/large' was changed");

        Scan after = scan();
        write("large", 8 * MIB, new Random(8));
        assertFails(after, ErrorCode.CONTENT_CHANGED, "share/large' was changed");

        Scan last = scan();
        Files.delete(root.resolve("zero"));
        assertFails(last, ErrorCode.CONTENT_CHANGED, "share/zero' was changed");
    }

    @Test
    void a_file_replaced_by_another_or_by_a_link_fails_the_job() throws Exception {
        write("a", 1_000, new Random(9));
        Scan scan = scan();
        FileTime modified = Files.getLastModifiedTime(root.resolve("a"));
        Files.move(root.resolve("a"), directory.resolve("old"));
        Files.copy(directory.resolve("old"), root.resolve("a"));
        Files.setLastModifiedTime(root.resolve("a"), modified);

        assertFails(scan, ErrorCode.CONTENT_CHANGED, "share/a' was changed");

        Files.delete(root.resolve("a"));
        Files.createSymbolicLink(root.resolve("a"), directory.resolve("old"));
        assertFails(scan, ErrorCode.CONTENT_CHANGED, "share/a' was changed");
    }

    @Test
    void a_cancelled_job_stops_reading() throws Exception {
        write("a", 32 * MIB, new Random(10));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        AtomicLong most = new AtomicLong();

        CompletableFuture<HashedShare> job = hasher.hash(scan(), bytes -> {
            most.accumulateAndGet(bytes, Math::max);
            begun.countDown();
            await(cancelled);
        });
        await(begun);
        job.cancel(false);
        cancelled.countDown();
        hasher.close();

        assertThatThrownBy(job::join).isInstanceOf(CancellationException.class);
        assertThat(most.get()).isLessThan(4 * MIB);
    }

    @Test
    void closing_cancels_what_runs_and_what_comes() throws Exception {
        write("a", 32 * MIB, new Random(11));
        CountDownLatch begun = new CountDownLatch(1);
        Scan scan = scan();
        CompletableFuture<HashedShare> job = hasher.hash(scan, bytes -> begun.countDown());
        await(begun);

        hasher.close();

        assertThatThrownBy(job::join).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> hasher.hash(scan, bytes -> {}).join()).isInstanceOf(CancellationException.class);
    }

    @Test
    void a_short_job_does_not_wait_for_a_long_one() throws Exception {
        write("long", 24 * MIB, new Random(12));
        write("short", 10, new Random(12));
        HashedShare small = hash(scanner().scan(root.resolve("short"), null, () -> false));
        CountDownLatch shortDone = new CountDownLatch(1);

        CompletableFuture<HashedShare> longJob = hasher.hash(scan(), bytes -> {
            if (bytes > 20 * MIB) {
                await(shortDone);
            }
        });
        hasher.verify(small.info(), small.digests(), root.resolve("short"), null, bytes -> {})
                .get(60, TimeUnit.SECONDS);
        shortDone.countDown();

        assertThat(longJob.get(60, TimeUnit.SECONDS).info().totalBytes()).isEqualTo(24 * MIB + 10);
    }

    @Test
    void verifying_names_the_files_that_differ() throws Exception {
        for (String path : List.of("a", "b", "d/c", "d/e", "f/g", "h", "same")) {
            write(path, 100_000, new Random(path.hashCode()));
        }
        HashedShare share = hash(scan());
        byte[] b = Files.readAllBytes(root.resolve("b"));
        b[99_999] ^= 1;
        Files.write(root.resolve("b"), b);
        Files.write(root.resolve("d/c"), new byte[100_001]);
        Files.delete(root.resolve("d/e"));
        Files.delete(root.resolve("f/g"));
        Files.delete(root.resolve("f"));
        Files.writeString(root.resolve("f"), "a file in place of the folder");
        Files.move(root.resolve("h"), directory.resolve("h"));
        Files.createSymbolicLink(root.resolve("h"), directory.resolve("h"));

        List<FileEntry> different = hasher.verify(share.info(), share.digests(), root, null, bytes -> {})
                .get(60, TimeUnit.SECONDS);

        assertThat(different)
                .extracting(file -> String.join("/", file.path()))
                .containsExactly("b", "h", "d/c", "d/e", "f/g");
    }

    @Test
    @Tag("slow")
    void verifying_takes_no_longer_for_each_file_when_there_are_many() throws Exception {
        String[] paths = IntStream.range(0, 100_000).mapToObj("%06d"::formatted).toArray(String[]::new);
        InfoDictionary many = Samples.folder("many", paths);

        assertThat(hasher.verify(many, Bytes.of(new byte[many.digestsBytes()]), root, null, bytes -> {})
                        .get(20, TimeUnit.SECONDS)) // 1 s, or a minute
                .hasSize(paths.length);
    }

    @Test
    void scanning_goes_through_the_hasher_too() throws Exception {
        write("a", 3, new Random(13));

        assertThat(hasher.scan(scanner(), root, null).get(60, TimeUnit.SECONDS).totalBytes())
                .isEqualTo(3);
        assertThatThrownBy(() -> hasher.scan(scanner(), root.resolve("b"), null).join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseInstanceOf(NoSuchFileException.class)
                .cause()
                .isInstanceOf(UserException.class);
    }

    private void assertHashedRight() throws Exception {
        Scan scan = scan();

        HashedShare share = hash(scan);

        ByteArrayOutputStream digests = new ByteArrayOutputStream();
        for (Scan.File file : scan.files()) {
            digests.writeBytes(Digests.sha256().digest(Files.readAllBytes(scan.path(file.entry()))));
        }
        assertThat(share.info().pieces()).isEqualTo(plainPieces(scan));
        assertThat(share.digests()).isEqualTo(Bytes.of(digests.toByteArray()));
        assertThat(share.encoded()).isEqualTo(share.info().encoded());
        assertThat(hasher.verify(share.info(), share.digests(), root, null, bytes -> {})
                        .get(60, TimeUnit.SECONDS))
                .isEmpty();
    }

    private static Bytes plainPieces(Scan scan) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (Scan.File file : scan.files()) {
            content.writeBytes(Files.readAllBytes(scan.path(file.entry())));
        }
        byte[] all = content.toByteArray();
        ByteArrayOutputStream pieces = new ByteArrayOutputStream();
        for (int at = 0; at < all.length; at += 262_144) {
            pieces.writeBytes(Digests.sha1().digest(Arrays.copyOfRange(all, at, Math.min(at + 262_144, all.length))));
        }
        return Bytes.of(pieces.toByteArray());
    }

    private HashedShare hash(Scan scan) throws ExecutionException, InterruptedException, TimeoutException {
        return hasher.hash(scan, bytes -> {}).get(60, TimeUnit.SECONDS);
    }

    private Scan scan() {
        return scanner().scan(root, null, () -> false);
    }

    private ShareScanner scanner() {
        return scanner(directory);
    }

    static ShareScanner scanner(Path directory) {
        return new ShareScanner(
                new ShareScanner.Rules(".bitweenignore", false, directory.resolve("home"), List.of(), directory));
    }

    private void assertFails(Scan scan, ErrorCode code, String reason) {
        assertThatThrownBy(() -> hash(scan))
                .cause()
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(reason);
    }

    private void touch(String path) throws IOException {
        Path file = root.resolve(path);
        Files.setLastModifiedTime(
                file, FileTime.fromMillis(Files.getLastModifiedTime(file).toMillis() + 5_000));
    }

    private void write(String path, int size, Random random) throws IOException {
        byte[] content = new byte[size];
        for (int at = 0; at < size; at += MIB) {
            System.arraycopy(NOISE, random.nextInt(MIB), content, at, Math.min(MIB, size - at));
        }
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private static byte[] noise() {
        byte[] noise = new byte[2 * MIB];
        new Random(0).nextBytes(noise);
        return noise;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
