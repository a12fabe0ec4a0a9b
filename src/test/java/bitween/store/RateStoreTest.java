package bitween.store;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Jid;
import bitween.model.RateLimit;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RateStoreTest {
    private static final Jid ALICE = new Jid("alice@example.org");
    private static final Jid BOB = new Jid("bob@example.org");
    private static final Jid CAROL = new Jid("carol@example.org");

    @TempDir
    Path temp;

    @Test
    void limits_outlive_the_process_and_no_limit_is_no_row() {
        try (Database database = open()) {
            RateStore store = new RateStore(database);
            store.save(ALICE, new RateLimit(4_000_000, 0));
            store.save(ALICE, new RateLimit(5_000_000, 1_000));
            store.save(BOB, new RateLimit(0, 2_000));
            store.save(BOB, RateLimit.NONE);
            store.save(CAROL, RateLimit.NONE.paused(true));
        }

        try (Database database = open()) {
            RateStore store = new RateStore(database);
            assertThat(store.limits())
                    .isEqualTo(Map.of(ALICE, new RateLimit(5_000_000, 1_000), CAROL, new RateLimit(0, 0, true)));
            store.save(CAROL, RateLimit.NONE);

            store.remove(ALICE);
            assertThat(store.limits()).isEmpty();
        }
    }

    private Database open() {
        return Database.open(temp.resolve("data/bitween.db"), temp.resolve("native"));
    }
}
