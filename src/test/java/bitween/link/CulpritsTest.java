package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.message.CatalogueEvent.FriendList;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.LinkEvent.OffenceSeen;
import bitween.message.TorrentEvent.DamageFound;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.model.Audience;
import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Offence;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.testing.FakeTimers;
import bitween.testing.ManualExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CulpritsTest {
    private static final InfoHash FILM = new InfoHash("a".repeat(40));
    private static final Transfer FILM_JOB = Transfer.of(
            new TransferId(1),
            Transfer.Kind.JOB,
            "film",
            Path.of("/srv/film"),
            TransferState.DOWNLOADING,
            FILM,
            Instant.EPOCH,
            Audience.NOBODY);
    private static final Device ALICE = device("alice");
    private static final Device MALLORY = device("mallory");

    private final ManualExecutor threads = new ManualExecutor(1);
    private final FakeTimers timers = new FakeTimers();
    private final Bus bus = new Bus(threads.lane("bus"));
    private final FirstSenders senders = new FirstSenders();
    private final List<OffenceSeen> told = new ArrayList<>();
    private final List<InfoHash> asked = new ArrayList<>();
    private boolean wanted = true;
    private boolean inBand;
    private final Offenders offenders = new Offenders(bus, threads.lane("link"), timers);
    private final Culprits culprits = new Culprits(bus, threads.lane("link"), timers, senders, offenders, new Around());

    CulpritsTest() {
        bus.subscribe(OffenceSeen.class, threads.lane("test"), told::add);
        assertThat(culprits.chosen(FILM, List.of(ALICE, MALLORY))).containsExactly(ALICE, MALLORY);
    }

    @Test
    void who_alone_sent_a_wrong_piece_is_told_and_the_others_are_asked() {
        blocks(MALLORY, 3, 0, 1);
        blocks(ALICE, 3, 0); // it is on its way again

        damaged(3);

        assertThat(told).containsExactly(new OffenceSeen(MALLORY, Offence.DAMAGED_PIECES, FILM, 1));
        assertThat(culprits.chosen(FILM)).containsExactly(ALICE);
        assertThat(asked).containsExactly(FILM);
    }

    @Test
    void who_sent_only_a_part_that_we_saw_is_not_told_but_asked_alone() {
        blocks(ALICE, 3, 1); // the other block is here since before a restart

        damaged(3);

        assertThat(told).isEmpty();
        assertThat(culprits.chosen(FILM)).containsExactly(ALICE);
        assertThat(asked).containsExactly(FILM);
    }

    @Test
    void of_several_nobody_is_told_and_one_after_the_other_is_asked_until_the_liar_is_alone_with_it() {
        blocks(ALICE, 3, 0);
        blocks(MALLORY, 3, 1);
        damaged(3);

        assertThat(told).isEmpty();
        assertThat(culprits.chosen(FILM)).containsExactly(ALICE);

        timers.advance(Duration.ofSeconds(16));
        threads.runAll();
        assertThat(culprits.chosen(FILM)).as("alice sends nothing").containsExactly(MALLORY);

        blocks(MALLORY, 3, 0, 1);
        damaged(3);
        assertThat(told).containsExactly(new OffenceSeen(MALLORY, Offence.DAMAGED_PIECES, FILM, 1));
        assertThat(culprits.chosen(FILM)).containsExactly(ALICE);
    }

    @Test
    void who_is_asked_alone_and_sends_stays() {
        blocks(ALICE, 3, 0);
        blocks(MALLORY, 3, 1);
        damaged(3);

        blocks(ALICE, 4, 0);
        timers.advance(Duration.ofSeconds(16));
        threads.runAll();

        assertThat(culprits.chosen(FILM)).containsExactly(ALICE);
        assertThat(culprits.chosen(FILM, List.of(MALLORY)))
                .as("alice went away")
                .containsExactly(MALLORY);
    }

    @Test
    void what_else_a_device_sends_does_not_count() {
        oneByOne();

        senders.came(ALICE, new InfoHash("b".repeat(40)), 1, 0);
        silent(Duration.ofSeconds(16));

        assertThat(culprits.chosen(FILM)).containsExactly(MALLORY);
    }

    @Test
    void who_sends_through_the_xmpp_servers_has_three_minutes() {
        inBand = true;
        oneByOne();

        silent(Duration.ofSeconds(170));
        assertThat(culprits.chosen(FILM)).containsExactly(ALICE);

        silent(Duration.ofSeconds(15));
        assertThat(culprits.chosen(FILM)).containsExactly(MALLORY);
    }

    @Test
    void a_job_that_waits_for_its_turn_disturbs_nobody() {
        oneByOne();
        asked.clear();
        wanted = false;

        silent(Duration.ofHours(1));

        assertThat(asked).isEmpty();
        assertThat(culprits.chosen(FILM)).containsExactly(ALICE);
    }

    @Test
    void whoever_comes_after_the_only_one_was_a_liar_is_asked() {
        assertThat(culprits.chosen(FILM, List.of(MALLORY))).containsExactly(MALLORY);
        oneByOne();
        blocks(MALLORY, 3, 0, 1);
        damaged(3);
        assertThat(told).containsExactly(new OffenceSeen(MALLORY, Offence.DAMAGED_PIECES, FILM, 1));

        assertThat(culprits.mayAsk(ALICE, FILM)).isTrue();
    }

    @Test
    void who_withdraws_the_share_and_offers_it_anew_is_asked_again() {
        blocks(MALLORY, 3, 0, 1);
        damaged(3);
        listed(MALLORY, FILM);
        assertThat(culprits.mayAsk(MALLORY, FILM)).as("still offered").isFalse();

        listed(MALLORY);
        listed(MALLORY, FILM);

        assertThat(culprits.mayAsk(MALLORY, FILM)).isTrue();
    }

    @Test
    void who_has_a_copy_of_its_own_is_not_asked_again_while_it_offers_that() {
        InfoHash copy = new InfoHash("c".repeat(40));
        culprits.asks(new Subject(MALLORY, FILM, copy, false));
        blocks(MALLORY, 3, 0);
        listed(MALLORY, copy);
        blocks(MALLORY, 3, 1);
        damaged(3);
        listed(MALLORY, copy);
        assertThat(told).containsExactly(new OffenceSeen(MALLORY, Offence.DAMAGED_PIECES, FILM, 1));
        assertThat(culprits.mayAsk(MALLORY, FILM)).as("still offered").isFalse();

        listed(MALLORY);

        assertThat(culprits.mayAsk(MALLORY, FILM)).isTrue();
    }

    @Test
    void who_had_a_wrong_copy_stays_out_when_the_job_is_removed_and_wanted_again() {
        InfoHash copy = new InfoHash("c".repeat(40));
        culprits.asks(new Subject(MALLORY, FILM, copy, false));
        blocks(MALLORY, 3, 0, 1);
        damaged(3);

        bus.publish(new TransferRemoved(FILM_JOB));
        threads.runAll();
        listed(MALLORY, copy);

        assertThat(culprits.mayAsk(MALLORY, FILM)).isFalse();
    }

    @Test
    void a_piece_that_is_half_of_before_it_was_withdrawn_and_half_of_after_says_nothing_of_who_sent_it() {
        blocks(ALICE, 3, 0);
        listed(ALICE);
        listed(ALICE, FILM);
        blocks(ALICE, 3, 1);

        damaged(3);

        assertThat(told).isEmpty();
        assertThat(culprits.mayAsk(ALICE, FILM)).isTrue();
        assertThat(asked).containsExactly(FILM);
    }

    @Test
    void what_is_found_late_of_a_share_that_was_withdrawn_does_not_count_once_it_is_offered_anew() {
        blocks(ALICE, 3, 0, 1);
        listed(ALICE);
        damaged(3);
        listed(ALICE, FILM);

        assertThat(told).isEmpty();
        assertThat(culprits.mayAsk(ALICE, FILM)).isTrue();
    }

    private void listed(Device device, InfoHash... hashes) {
        List<Share> shares = Stream.of(hashes)
                .map(hash -> new Share("film", hash, new ContentId("c".repeat(64)), 7, 1))
                .toList();
        bus.publish(new FriendListFetched(new FriendList(device, "laptop", "r", shares, Instant.EPOCH)));
        threads.runAll();
    }

    private void oneByOne() {
        blocks(ALICE, 3, 0);
        blocks(MALLORY, 3, 1);
        damaged(3);
    }

    private void silent(Duration time) {
        timers.advance(time);
        threads.runAll();
    }

    private final class Around implements Culprits.Surroundings {
        @Override
        public void askAnew(InfoHash hash) {
            asked.add(hash);
        }

        @Override
        public boolean wants(InfoHash hash) {
            return wanted;
        }

        @Override
        public boolean isInBand(Device device, InfoHash hash) {
            return inBand;
        }
    }

    private void blocks(Device from, int piece, int... numbers) {
        for (int number : numbers) {
            senders.came(from, FILM, piece, number * 16_384);
        }
    }

    private void damaged(int piece) {
        bus.publish(new DamageFound(FILM, piece, 2));
        threads.runAll();
    }

    private static Device device(String name) {
        return new Device(new Jid(name + "@example.org"), new DeviceId(name));
    }
}
