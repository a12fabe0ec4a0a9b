package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.RateLimit;
import org.junit.jupiter.api.Test;

class RatesTest {
    private static final Jid ALICE = new Jid("alice@example.org");
    private static final Jid BOB = new Jid("bob@example.org");
    private static final InfoHash HASH = new InfoHash("a".repeat(40));
    private static final int BLOCK = 1 << 20;

    private final Rates rates = new Rates();

    @Test
    void of_two_limits_the_smaller_one_decides_how_much_is_taken_at_once() {
        rates.limit(ALICE, new RateLimit(400_000, 40_000));
        Rates.Pair alice = rates.of(ALICE, HASH, () -> new RateLimit(200_000, 200_000));
        Rates.Pair bob = rates.of(BOB, HASH, () -> RateLimit.NONE);

        assertThat(alice.down().portion(BLOCK)).isEqualTo(10_000);
        assertThat(alice.up().portion(BLOCK)).isEqualTo(2_000);
        assertThat(bob.down().portion(BLOCK)).as("of the same share").isEqualTo(10_000);
    }

    @Test
    void what_is_taken_counts_for_the_friend_and_for_what_it_is_of() throws InterruptedException {
        rates.limit(ALICE, new RateLimit(1_000_000, 0));
        Rates.Pair alice = rates.of(ALICE, HASH, () -> new RateLimit(1_000_000, 1_000_000));

        alice.down().take(BLOCK, () -> false);

        assertThat(rates.of(ALICE).down().isInDebt()).isTrue();
        assertThat(rates.of(BOB, HASH, () -> RateLimit.NONE).down().transfer().isInDebt())
                .isTrue();
        assertThat(alice.up().transfer().isInDebt()).isFalse();
    }

    @Test
    void a_limit_that_changes_holds_for_who_is_connected_and_one_that_is_gone_is_asked_anew() {
        rates.limit(HASH, new RateLimit(200_000, 0));
        Rates.Pair alice = rates.of(ALICE, HASH, () -> RateLimit.NONE);
        assertThat(alice.down().portion(BLOCK)).as("nobody was connected").isEqualTo(BLOCK);

        rates.limit(HASH, new RateLimit(200_000, 0));
        assertThat(alice.down().portion(BLOCK)).isEqualTo(10_000);
        rates.limit(HASH, RateLimit.NONE);
        assertThat(alice.down().portion(BLOCK)).isEqualTo(BLOCK);

        rates.forget(HASH);
        assertThat(rates.of(ALICE, HASH, () -> new RateLimit(400_000, 0)).down().portion(BLOCK))
                .isEqualTo(20_000);
    }
}
