package bitween.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How long it took, each time, until something was again as it should be: printed, for failsafe keeps what is, and never much longer than 15 s. */
public final class Returns {
    /** Nineteen of twenty. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final String what;
    private final List<Duration> all = new ArrayList<>();

    /** @param what such as {@code online again} */
    public Returns(String what) {
        this.what = what;
    }

    /** @param since when it could have begun to, by {@link System#nanoTime} */
    public void add(long since) {
        all.add(Duration.ofNanos(System.nanoTime() - since));
    }

    public void verify() {
        Collections.sort(all);
        Duration late = at(95);
        System.out.println(what + ": " + all.size() + " times, half within " + at(50).toMillis() + " ms, 95 % within "
                + late.toMillis() + " ms, all within " + at(100).toMillis() + " ms");
        assertThat(late).as(what).isLessThan(LIMIT);
    }

    private Duration at(int percent) {
        int rank = (all.size() * percent + 99) / 100;
        return all.get(Math.max(1, rank) - 1);
    }
}
