package bitween.cli;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers for people. Pure. */
final class Units {
    private static final String[] SIZES = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final DateTimeFormatter TODAY = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final DateTimeFormatter ANOTHER_DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    /** At most six digits before the point with the largest unit, twelve with the next: it fits into a long. */
    private static final Pattern BINARY = Pattern.compile("([0-9]{1,9})(?:([KkMm])(?:i?B)?)?");

    private static final Pattern BYTES = Pattern.compile(
            "(\\d{1,9}(?:\\.\\d{1,3})?) ?([kmg]?b?)|(\\d{1,6}(?:\\.\\d{1,3})?) ?(tb?)", Pattern.CASE_INSENSITIVE);

    private Units() {}

    /** Decimal, as disks are sold: "999 B", "1.2 MB", "345 GB". */
    static String size(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B"; // as most of the thousands in a list are: formatting takes ten times as long
        }
        double value = bytes;
        int unit = 0;
        while (unit == 0 || value >= 999.5) { // 999.5 would be rounded up to four digits
            value /= 1_000;
            unit++;
        }
        String number =
                value >= 99.95 ? String.format(Locale.ROOT, "%.0f", value) : String.format(Locale.ROOT, "%.1f", value);
        return number + " " + SIZES[unit];
    }

    /** A device's id for people who read it to each other: groups of four digits. */
    static String groups(String id) {
        return id.replaceAll("(?<=\\G.{4})(?!$)", " ");
    }

    static String rate(long bytesPerSecond) {
        return size(bytesPerSecond) + "/s";
    }

    /**
     * @param text "500k", "4M", "1.5MB/s", "800000"; decimal, as rates are shown
     * @throws UserException BAD_ARGUMENT
     */
    static long bytesPerSecond(String text) {
        return parsed(text.strip().replaceFirst("/[sS]$", ""))
                .orElseThrow(() -> new UserException(
                        ErrorCode.BAD_ARGUMENT, "'" + text + "' is no rate", "a rate is like 500k, 4M or 1.5MB/s"));
    }

    /**
     * @param text "500k", "4M", "1.5GB", "2T", "800000"; decimal, as sizes are shown
     * @throws UserException BAD_ARGUMENT
     */
    static long bytes(String text) {
        return parsed(text.strip())
                .orElseThrow(() -> new UserException(
                        ErrorCode.BAD_ARGUMENT, "'" + text + "' is no size", "a size is like 500k, 4M or 1.5GB"));
    }

    /**
     * @param text "256K", "1MiB", "16384": binary, as pieces are
     * @throws UserException BAD_ARGUMENT
     */
    static int binary(String text) {
        Matcher matcher = BINARY.matcher(text.strip());
        if (!matcher.matches()) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT, "'" + text + "' is no size of pieces", "it is like 64K, 256K, 1M or 16M");
        }
        int power = matcher.group(2) == null ? 0 : "KM".indexOf(matcher.group(2).toUpperCase(Locale.ROOT)) + 1;
        long bytes = Long.parseLong(matcher.group(1)) << (10 * power);
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    /**
     * A number that was typed, before the daemon is asked.
     *
     * @param most {@link Integer#MAX_VALUE}: any
     * @throws UserException BAD_ARGUMENT, as people typed it: {@code --limit takes a whole number from 1 to 1000, not 0}
     */
    static long within(String option, long number, long least, long most) {
        if (number < least || (number > most && most < Integer.MAX_VALUE)) {
            throw new UserException(
                    ErrorCode.BAD_ARGUMENT,
                    option + " takes a whole number from " + least + (most == Integer.MAX_VALUE ? " on" : " to " + most)
                            + ", not " + number,
                    "");
        }
        return number;
    }

    private static Optional<Long> parsed(String text) {
        Matcher matcher = BYTES.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int group = matcher.group(1) == null ? 3 : 1;
        String unit = String.valueOf(matcher.group(group + 1)).toLowerCase(Locale.ROOT);
        int power = unit.isEmpty() ? 0 : "bkmgt".indexOf(unit.charAt(0));
        return Optional.of(new BigDecimal(matcher.group(group))
                .movePointRight(3 * Math.max(power, 0))
                .longValue());
    }

    /** The two largest units: "45 s", "3 min", "2 h 5 min", "4 d 1 h". */
    static String duration(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        long minutes = seconds / 60;
        if (minutes < 60) {
            return minutes + " min";
        }
        long hours = minutes / 60;
        return hours < 24 ? pair(hours, "h", minutes % 60, "min") : pair(hours / 24, "d", hours % 24, "h");
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }

    /** In the clock's zone: "14:02" today, "2026-03-01 14:02" else. */
    static String time(Instant when, Clock clock) {
        ZonedDateTime local = when.atZone(clock.getZone());
        boolean today = local.toLocalDate()
                .equals(clock.instant().atZone(clock.getZone()).toLocalDate());
        return (today ? TODAY : ANOTHER_DAY).format(local);
    }

    /** "1 file", "203 files". */
    static String count(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    static String percent(double percent) {
        return String.format(Locale.ROOT, "%.1f %%", percent);
    }
}
