package bitween.model;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Twelve words that stand for the keys of two devices. Both people see the same ones, in the same order, exactly when each has pinned the key that the
 * other has; so they compare them by telephone or side by side.
 *
 * <p>Twelve, because whoever stands between two people who see each other's keys for the first time shows each of them a key of his own, and may choose
 * both: two lists of 2^33 keys hold a pair that agrees in six words, which is a week for one machine. Twelve words are 132 bits, so it takes 2^66 keys.
 */
public final class SafetyWords {
    public static final int COUNT = 12;
    /** 2,048 words. */
    private static final int BITS_PER_WORD = 11;

    private static final byte[] LABEL = "bitween safety words 1\0".getBytes(StandardCharsets.US_ASCII);
    private static final String RESOURCE = "/bitween/safety-words.txt";
    private static final List<String> WORDS = load();

    private SafetyWords() {}

    /** @return the same for (a, b) and (b, a) */
    public static List<String> of(Fingerprint one, Fingerprint other) {
        if (one.equals(other)) {
            throw new IllegalArgumentException("safety words are for two devices, not for " + one.brief() + " alone");
        }
        boolean ordered = one.compareTo(other) < 0;
        BigInteger hash =
                new BigInteger(1, Sha256.of(LABEL, (ordered ? one : other).bytes(), (ordered ? other : one).bytes()));
        int all = 256;
        return IntStream.rangeClosed(1, COUNT)
                .mapToObj(number -> hash.shiftRight(all - number * BITS_PER_WORD))
                .map(rest -> WORDS.get(rest.intValue() & (1 << BITS_PER_WORD) - 1))
                .toList();
    }

    private static List<String> load() {
        try (InputStream in = SafetyWords.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program was built without " + RESOURCE);
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
