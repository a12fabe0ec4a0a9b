package bitween.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What {@code scripts/fuzz} does for minutes, for a moment: the seeds, what was found once, and some of the nearest neighbours of both. */
class FuzzTargetsTest {
    /** Of what {@code scripts/fuzz} found; a file each. */
    private static final Path FOUND = Path.of("src/test/resources/bitween/fuzz");

    private static final int NEIGHBOURS = 200;

    @ParameterizedTest
    @FieldSource("bitween.testing.FuzzTarget#ALL")
    @Tag("slow")
    void whatever_comes_is_read_or_refused(FuzzTarget target) throws IOException {
        List<byte[]> seeds =
                Stream.concat(target.seeds().get().stream(), found(target)).toList();
        Random random = new Random(1);

        assertThat(seeds).isNotEmpty();
        for (byte[] seed : seeds) {
            read(target, seed);
            for (int i = 0; i < NEIGHBOURS; i++) {
                read(target, neighbour(seed, random));
            }
        }
    }

    private static void read(FuzzTarget target, byte[] input) {
        try {
            target.reader().read(input);
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError(target + " fails on " + HexFormat.of().formatHex(input), e);
        }
    }

    private static Stream<byte[]> found(FuzzTarget target) throws IOException {
        Path folder = FOUND.resolve(target.name());
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<byte[]> all = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                all.add(Files.readAllBytes(file));
            }
            return all.stream();
        }
    }

    /** With one to four things changed. */
    private static byte[] neighbour(byte[] seed, Random random) {
        byte[] bytes = seed;
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(bytes.length + 1);
            int end = Math.min(bytes.length, at + random.nextInt(9));
            byte[] instead = new byte[random.nextInt(9)];
            switch (random.nextInt(4)) {
                case 0 -> random.nextBytes(instead);
                case 1 -> Arrays.fill(instead, (byte) (random.nextBoolean() ? 0xff : '9'));
                case 2 -> instead = Arrays.copyOfRange(bytes, at / 2, at);
                default -> end = random.nextInt(8) == 0 ? bytes.length : end;
            }
            ByteArrayOutputStream changed = new ByteArrayOutputStream();
            changed.write(bytes, 0, at);
            changed.writeBytes(instead);
            changed.write(bytes, end, bytes.length - end);
            bytes = changed.toByteArray();
        }
        return bytes;
    }
}
