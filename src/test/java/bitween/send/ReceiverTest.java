package bitween.send;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.DeviceRequest.FetchPage;
import bitween.message.PresenceEvent.ContactRemoved;
import bitween.message.PresenceEvent.RosterChanged;
import bitween.message.SendEvent.OfferFound;
import bitween.message.SendEvent.OfferGone;
import bitween.message.SendRequest.ListAllowances;
import bitween.message.SendRequest.ListOffers;
import bitween.message.SendRequest.ReturnOffer;
import bitween.message.SendRequest.SetAllowance;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.Choice;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.OpenOffer;
import bitween.model.OpenOffer.State;
import bitween.model.PageQuery;
import bitween.model.Selection;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.UserException;
import bitween.store.OfferStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What friends send. */
class ReceiverTest extends SendFixture {
    private static final Share FILM = share(1, 1_000_000).asSent();

    @Test
    void an_offer_is_told_once_and_asks_and_an_ordinary_share_is_none() throws IOException {
        meets();
        lists(FILM, share(2, 5));

        assertThat(states()).containsExactly(State.ASKS);
        restart();
        meets();
        lists(FILM, share(2, 5));

        assertThat(told).hasSize(1).allMatch(OfferFound.class::isInstance);
        assertThat(receiver.open()).hasSize(1);
        assertThat(asked).isEmpty();
    }

    @Test
    void strangers_offer_nothing() {
        says(new RosterChanged(List.of(contact(BOB))));
        lists(FILM);
        ask(new SetAllowance(ALICE, 10_000_000));

        assertThat(told).isEmpty();
        assertThat(ask(new ListOffers())).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void what_may_come_by_itself_comes_once_and_its_sender_is_told_until_the_offer_is_gone() {
        meets();
        ask(new SetAllowance(ALICE, 1_000_000));
        lists(FILM);

        assertThat(states()).containsExactly(State.COMING);
        assertThat(asked(FetchShare.class)).containsExactly(new FetchShare(FILM.hash(), FILM.name(), null));
        assertThat(asked(FetchPage.class)).isEmpty();

        refusal = new UserException(ErrorCode.FRIEND_OFFLINE, "away", "");
        Transfer job = transfers.values().iterator().next();
        put(job.with(FILM).completed(NOW));
        threads.runAll();
        assertThat(states()).isEmpty();
        pass(Duration.ofSeconds(10));
        assertThat(asked(FetchPage.class)).hasSize(1);
        pass(Duration.ofSeconds(30));
        assertThat(asked(FetchPage.class)).hasSize(2).containsOnly(said(PageQuery.Kind.TAKEN));

        lists();
        pass(Duration.ofMinutes(5));
        assertThat(asked(FetchPage.class)).hasSize(2);
        assertThat(told).hasSize(1);
        assertThat(asked(FetchShare.class)).hasSize(1);
    }

    @Test
    void what_is_more_than_may_come_in_a_day_asks_until_the_next() {
        meets();
        ask(new SetAllowance(ALICE, 1_500_000));
        Share more = share(2, 600_000).asSent();
        lists(FILM, more);

        assertThat(states()).containsExactly(State.COMING, State.TOO_MUCH);
        Transfer job = transfers.values().iterator().next();
        put(job.with(FILM).completed(NOW));
        lists(more);
        assertThat(states()).containsExactly(State.TOO_MUCH); // what came counts on, although it is offered no more
        pass(Duration.ofHours(24));

        assertThat(states()).containsExactly(State.COMING);
        assertThat(asked(FetchShare.class)).hasSize(2);
    }

    @Test
    void what_is_larger_than_its_sender_said_does_not_come_either_once_it_is_offered_otherwise() {
        meets();
        ask(new SetAllowance(ALICE, 1_500_000));
        lists(FILM);
        Transfer job = transfers.values().iterator().next();
        lists(share(1, 1_000_000_000));
        pass(Duration.ofHours(25));

        put(job.with(share(1, 1_000_000_000)));
        threads.runAll();

        assertThat(asked(RemoveJob.class)).containsExactly(new RemoveJob(job.id(), false));
    }

    @Test
    void what_is_shared_here_already_is_not_on_its_way_and_can_be_declined() {
        meets();
        InfoHash own = Objects.requireNonNull(
                put(sharedAs(new TransferId(7), "own", temp, Audience.NOBODY)).hash());
        lists(new Share("film", own, FILM.content(), 5, 1).asSent());

        assertThat(states()).containsExactly(State.ASKS);
        assertThat(ask(new ReturnOffer(ALICE, own)).state()).isEqualTo(State.ASKS);
    }

    @Test
    void what_was_removed_on_its_way_does_not_come_again_by_itself() throws IOException {
        meets();
        ask(new SetAllowance(ALICE, 9_000_000));
        lists(FILM);

        removed(transfers.values().iterator().next());
        threads.runAll();
        assertThat(states()).containsExactly(State.ASKS);
        restart();
        meets();
        lists(FILM);

        assertThat(states()).containsExactly(State.ASKS);
        assertThat(asked(FetchShare.class)).hasSize(1);
    }

    @Test
    void what_is_larger_than_its_sender_said_does_not_come_by_itself_and_comes_when_the_user_gets_it()
            throws IOException {
        meets();
        ask(new SetAllowance(ALICE, 9_000_000));
        lists(FILM);
        Share real = share(1, 800_000_000);

        put(transfers.values().iterator().next().with(real));
        threads.runAll();

        assertThat(asked(RemoveJob.class)).hasSize(1);
        assertThat(states()).containsExactly(State.ASKS);
        restart();
        meets();
        lists(FILM);
        Transfer wanted = ask(new FetchShare(FILM.hash(), FILM.name(), null)).transfer();
        put(wanted.with(real));
        threads.runAll();
        assertThat(states()).containsExactly(State.COMING);
        assertThat(asked(RemoveJob.class)).hasSize(1);
    }

    @Test
    void a_disk_without_room_for_it_and_for_what_comes_already_is_not_filled() {
        room = 1_500_000;
        meets();
        ask(new SetAllowance(ALICE, 9_000_000));
        lists(FILM, share(2, 600_000).asSent());

        assertThat(states()).containsExactly(State.COMING, State.NO_ROOM);
        room = 1_700_000;
        pass(Duration.ofSeconds(10));
        assertThat(states()).containsExactly(State.COMING, State.COMING);
    }

    @Test
    void who_says_no_is_heard_also_after_a_restart_and_is_not_asked_again() throws IOException {
        refusal = new UserException(ErrorCode.FRIEND_OFFLINE, "away", "");
        meets();
        lists(FILM);
        assertThat(ask(new ReturnOffer(ALICE, FILM.hash())).share()).isEqualTo(FILM);
        assertThat(states()).isEmpty();
        restart();
        meets();
        lists(FILM);

        assertThat(states()).isEmpty();
        assertThat(asked(FetchPage.class)).hasSize(2).containsOnly(said(PageQuery.Kind.DECLINED));
        assertThat(failure(new ReturnOffer(ALICE, FILM.hash()))).isEqualTo(ErrorCode.UNKNOWN_SHARE);
    }

    @Test
    void who_offers_on_what_was_answered_is_told_less_and_less_often() {
        meets();
        lists(FILM);
        ask(new ReturnOffer(ALICE, FILM.hash()));

        for (int tens = 0; tens < 90; tens++) {
            pass(Duration.ofSeconds(10));
        }

        assertThat(asked(FetchPage.class)).hasSizeBetween(5, 6); // after 0, 30, 90, 210, 450 and 930 s
    }

    @Test
    void what_came_and_was_removed_is_not_said_to_be_here_when_it_is_sent_again() {
        meets();
        ask(new SetAllowance(ALICE, 9_000_000));
        lists(FILM);
        Transfer job = transfers.values().iterator().next();
        put(job.with(FILM).completed(NOW));
        threads.runAll();
        lists();
        removed(job);

        lists(FILM);
        lists(FILM, share(2, 5));

        assertThat(states()).containsExactly(State.ASKS);
        assertThat(told).hasSize(2).allMatch(OfferFound.class::isInstance); // each time that it is sent
        assertThat(asked(FetchPage.class)).hasSize(1);
    }

    @Test
    void what_is_on_its_way_is_not_declined() {
        meets();
        ask(new SetAllowance(ALICE, 9_000_000));
        lists(FILM);

        assertThat(failure(new ReturnOffer(ALICE, FILM.hash()))).isEqualTo(ErrorCode.BAD_ARGUMENT);
    }

    @Test
    void what_is_taken_back_is_told_as_gone() {
        meets();
        lists(FILM);
        lists();

        assertThat(told).hasSize(2);
        assertThat(told.get(1)).isEqualTo(new OfferGone(new OpenOffer(ALICE, FILM, NOW, State.ASKS)));
        assertThat(states()).isEmpty();
    }

    @Test
    void what_is_taken_back_on_its_way_is_told_also_after_a_restart_until_it_is_sent_again_or_removed()
            throws IOException {
        meets();
        lists(FILM);
        Transfer job = ask(new FetchShare(FILM.hash(), FILM.name(), null)).transfer();
        lists();
        assertThat(takenBack()).containsExactly(FILM.hash());

        lists(FILM);
        assertThat(takenBack()).isEmpty();
        lists();
        pass(Duration.ofHours(25));
        restart();
        meets();
        lists();
        assertThat(takenBack()).containsExactly(FILM.hash());

        removed(job);
        threads.runAll();
        assertThat(takenBack()).isEmpty();
        assertThat(new OfferStore(database).all()).isEmpty();
    }

    @Test
    void a_part_of_it_is_not_taken() {
        meets();
        lists(FILM);
        ask(new FetchShare(FILM.hash(), "film", null));
        Transfer job = transfers.values().iterator().next();
        put(job.with(FILM)
                .choosing(new Selection(List.of(new Choice("a", "")), Bytes.EMPTY, 1, 5))
                .completed(NOW));
        threads.runAll();

        assertThat(states()).containsExactly(State.ASKS);
        assertThat(asked(FetchPage.class)).isEmpty();
    }

    @Test
    void a_friend_who_offers_without_end_is_looked_at_so_far() {
        meets();
        lists(IntStream.range(0, 300)
                .mapToObj(number -> share(number, 5).asSent())
                .toArray(Share[]::new));

        assertThat(receiver.open()).hasSize(Receiver.MAX_OFFERS);
        assertThat(told).hasSize(Receiver.MAX_OFFERS);
    }

    @Test
    void who_is_a_friend_no_more_has_no_allowance_when_they_come_back() {
        meets();
        ask(new SetAllowance(ALICE, 9_000_000));
        ask(new SetAllowance(BOB, 5));

        says(new ContactRemoved(ALICE));
        meets();
        lists(FILM);

        assertThat(ask(new ListAllowances())).containsOnlyKeys(BOB);
        assertThat(states()).containsExactly(State.ASKS);
    }

    private static FetchPage said(PageQuery.Kind kind) {
        return new FetchPage(LAPTOP, new PageQuery(kind, FILM.hash(), 0));
    }

    private Set<InfoHash> takenBack() {
        return Objects.requireNonNull(keeper.current().friends().get(ALICE)).takenBack();
    }

    private List<State> states() {
        return ask(new ListOffers()).stream().map(OpenOffer::state).toList();
    }
}
