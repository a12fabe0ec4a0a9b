package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.bus.MailboxThread;
import bitween.message.LinkEvent.LimitsChanged;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.message.RateRequest.LimitFriend;
import bitween.model.Jid;
import bitween.model.RateLimit;
import bitween.model.RosterEntry;
import bitween.store.Database;
import bitween.store.RateStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FriendRatesTest {
    private static final Jid SELF = new Jid("me@example.org");
    private static final Jid ALICE = new Jid("alice@example.org");
    private static final Jid BOB = new Jid("bob@example.org");
    private static final RateLimit SLOW = new RateLimit(20_000, 0);

    @TempDir
    Path temp;

    private final MailboxThread mailbox = MailboxThread.start("link");
    private final MailboxThread router = MailboxThread.start("bus");
    private final Bus bus = new Bus(router);
    private final Rates rates = new Rates();
    private final BlockingQueue<LimitsChanged> told = new LinkedBlockingQueue<>();
    private Database database;
    private FriendRates friendRates;

    @BeforeEach
    void open() {
        database = Database.open(temp.resolve("data/bitween.db"), temp.resolve("native"));
        new RateStore(database).save(ALICE, SLOW);
        bus.subscribe(LimitsChanged.class, router, told::add);
        friendRates = new FriendRates(bus, mailbox, new RateStore(database), rates, SELF);
    }

    @AfterEach
    void close() {
        mailbox.close();
        router.close();
        database.close();
    }

    @Test
    void what_was_limited_before_the_start_is_limited_and_told() throws InterruptedException {
        friendRates.publishStored();

        assertThat(next().limits()).isEqualTo(Map.of(ALICE, SLOW));
        assertThat(rates.of(ALICE).down().portion(1_000_000)).isLessThan(20_000);
        assertThat(rates.of(ALICE).up().portion(1_000_000)).isEqualTo(1_000_000);
    }

    @Test
    void a_limit_holds_at_once_is_kept_and_can_be_taken_away() throws InterruptedException {
        bus.ask(new LimitFriend(BOB, new RateLimit(0, 40_000))).join();

        assertThat(next().limits()).containsOnlyKeys(ALICE, BOB);
        assertThat(rates.of(BOB).up().portion(1_000_000)).isEqualTo(2_000);
        assertThat(new RateStore(database).limits()).containsOnlyKeys(ALICE, BOB);

        bus.ask(new LimitFriend(BOB, RateLimit.NONE)).join();

        assertThat(next().limits()).containsOnlyKeys(ALICE);
        assertThat(rates.of(BOB).up().portion(1_000_000)).isEqualTo(1_000_000);
        assertThat(new RateStore(database).limits()).containsOnlyKeys(ALICE);
    }

    @Test
    void who_leaves_the_roster_is_forgotten_and_ones_own_devices_are_not() throws InterruptedException {
        bus.ask(new LimitFriend(SELF, SLOW)).join();
        assertThat(next().limits()).containsOnlyKeys(ALICE, SELF);

        bus.publish(
                new RosterChanged(List.of(new RosterEntry(BOB, null, RosterEntry.Subscription.BOTH, false, Set.of()))));

        assertThat(next().limits()).containsOnlyKeys(SELF);
        assertThat(rates.of(ALICE).down().portion(1_000_000)).isEqualTo(1_000_000);
        assertThat(new RateStore(database).limits()).containsOnlyKeys(SELF);
    }

    private LimitsChanged next() throws InterruptedException {
        return Objects.requireNonNull(told.poll(10, TimeUnit.SECONDS), "nobody told");
    }
}
