package bitween.config;

import bitween.model.DiskReserve;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what disk.reserve says: "1GiB", "5%", or both. */
final class DiskReserves {
    private static final String NO_SIZE = "must be a size such as \"10GiB\"";
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15}) ?([kKMGT]i?)?B?");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}) ?%");
    private static final Map<String, Long> FACTORS = Map.of(
            "k",
            1_000L,
            "K",
            1_000L,
            "M",
            1_000_000L,
            "G",
            1_000_000_000L,
            "T",
            1_000_000_000_000L,
            "ki",
            1L << 10,
            "Ki",
            1L << 10,
            "Mi",
            1L << 20,
            "Gi",
            1L << 30,
            "Ti",
            1L << 40);

    private DiskReserves() {}

    /** @throws IllegalArgumentException with the rest of a sentence */
    static DiskReserve parse(String text) {
        long bytes = Long.MAX_VALUE;
        int percent = 100;
        for (String part : text.split(",", -1)) {
            Matcher size = SIZE.matcher(part.strip());
            Matcher share = PERCENT.matcher(part.strip());
            if (size.matches() && bytes == Long.MAX_VALUE) {
                bytes = bytes(size);
            } else if (share.matches() && percent == 100 && Integer.parseInt(share.group(1)) < 100) {
                percent = Integer.parseInt(share.group(1));
            } else {
                throw wrong();
            }
        }
        return new DiskReserve(bytes, percent);
    }

    /** @throws IllegalArgumentException with the rest of a sentence */
    static long size(String text) {
        Matcher size = SIZE.matcher(text.strip());
        if (size.matches()) {
            try {
                return bytes(size);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(NO_SIZE, e);
            }
        }
        throw new IllegalArgumentException(NO_SIZE);
    }

    private static long bytes(Matcher size) {
        try {
            long factor = size.group(2) == null ? 1 : FACTORS.getOrDefault(size.group(2), 1L);
            return Math.multiplyExact(Long.parseLong(size.group(1)), factor);
        } catch (ArithmeticException e) {
            throw wrong();
        }
    }

    private static IllegalArgumentException wrong() {
        return new IllegalArgumentException(
                "must be a size such as \"1GiB\", a part of the disk such as \"5%\", or both: \"1GiB, 5%\"");
    }
}
