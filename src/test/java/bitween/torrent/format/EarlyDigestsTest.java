package bitween.torrent.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyDigestsTest {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path directory;

    private final Hasher hasher = new Hasher(() -> Samples.SALT);
    private final Deque<Runnable> turns = new ArrayDeque<>();
    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectories(directory.toRealPath().resolve("share"));
    }

    @AfterEach
    void close() {
        hasher.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4})
    @Tag("slow")
    void in_whatever_order_pieces_come_files_are_right_and_those_that_differ_are_named(long seed) throws Exception {
        Random random = new Random(seed);
        HashedShare share = share(random, 0, 5, 300_000, 21 * MIB, 70_000, 0, 3 * MIB, 262_144, 1);
        List<Integer> order = inOrder(share);
        Collections.shuffle(order, random);
        EarlyDigests early = early(share);

        for (int piece : order) {
            early.pieceCame(piece);
            runTurns(random.nextInt(3));
        }

        assertThat(different(share, early)).as("seed %d", seed).isEmpty();
        overwrite("file3", 20 * MIB);
        overwrite("file6", 0);
        EarlyDigests ofChanged = early(share);
        order.forEach(ofChanged::pieceCame);
        runTurns(Integer.MAX_VALUE);
        assertThat(different(share, ofChanged)).as("seed %d", seed).containsExactly("file3", "file6");
    }

    @Test
    @Tag("slow")
    void what_was_read_while_it_came_is_not_read_again() throws Exception {
        HashedShare share = share(new Random(1), 40 * MIB);
        EarlyDigests early = early(share);
        inOrder(share).forEach(early::pieceCame);
        runTurns(Integer.MAX_VALUE);

        overwrite("file0", 0); // nobody would do that to a download; it shows what is looked at

        assertThat(different(share, early)).isEmpty();
    }

    @Test
    void the_end_which_may_not_be_written_yet_is_left_for_later() throws Exception {
        HashedShare share = share(new Random(2), 40 * MIB);
        EarlyDigests early = early(share);

        inOrder(share).forEach(early::pieceCame);
        runTurns(Integer.MAX_VALUE);

        assertThat(early.digest(0)).isEmpty();
        assertThat(early.begun(0).orElseThrow().position()).isEqualTo(32 * MIB);
    }

    @Test
    @Tag("slow")
    void a_file_that_was_read_before_it_was_written_is_read_again() throws Exception {
        HashedShare share = share(new Random(3), 100, 40 * MIB, 200);
        overwrite("file0", 0);
        overwrite("file1", 5 * MIB);
        EarlyDigests early = early(share);
        inOrder(share).forEach(early::pieceCame);
        runTurns(Integer.MAX_VALUE);

        overwrite("file0", 0);
        overwrite("file1", 5 * MIB);

        assertThat(different(share, early)).isEmpty();
    }

    @Test
    void a_file_that_cannot_be_read_yet_is_read_at_the_end() throws Exception {
        HashedShare share = share(new Random(4), 1_000, 20 * MIB);
        Path file = root.resolve("file0");
        Files.move(file, directory.resolve("elsewhere"));
        EarlyDigests early = early(share);
        inOrder(share).forEach(early::pieceCame);
        runTurns(Integer.MAX_VALUE);

        Files.move(directory.resolve("elsewhere"), file);

        assertThat(different(share, early)).isEmpty();
    }

    @Test
    void after_closing_nothing_is_read() throws Exception {
        HashedShare share = share(new Random(5), 40 * MIB);
        EarlyDigests early = early(share);
        inOrder(share).forEach(early::pieceCame);
        assertThat(turns).hasSize(1);

        early.close();
        runTurns(Integer.MAX_VALUE);

        assertThat(early.digest(0)).isEmpty();
        assertThat(early.begun(0)).isEmpty();
        assertThat(turns).isEmpty();
    }

    private HashedShare share(Random random, int... sizes) throws Exception {
        for (int i = 0; i < sizes.length; i++) {
            byte[] content = new byte[sizes[i]];
            random.nextBytes(content);
            Files.write(root.resolve("file" + i), content);
        }
        Scan scan = HasherTest.scanner(directory).scan(root, null, () -> false);
        return hasher.hash(scan, bytes -> {}).get(60, TimeUnit.SECONDS);
    }

    private EarlyDigests early(HashedShare share) {
        return new EarlyDigests(share.info(), root, turns::add);
    }

    private void runTurns(int most) {
        for (int i = 0; i < most && !turns.isEmpty(); i++) {
            turns.remove().run();
        }
    }

    private static List<Integer> inOrder(HashedShare share) {
        return new ArrayList<>(
                IntStream.range(0, share.info().pieceCount()).boxed().toList());
    }

    /** Twice makes it what it was. */
    private void overwrite(String name, int position) throws IOException {
        byte[] content = Files.readAllBytes(root.resolve(name));
        content[position] ^= 1;
        Files.write(root.resolve(name), content);
    }

    private List<String> different(HashedShare share, EarlyDigests early) throws Exception {
        return hasher.verify(share.info(), share.digests(), root, early, bytes -> {}).get(60, TimeUnit.SECONDS).stream()
                .map(file -> file.path().get(0))
                .toList();
    }
}
