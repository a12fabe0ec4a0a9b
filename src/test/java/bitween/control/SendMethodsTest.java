package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bitween.message.SendRequest.AddSent;
import bitween.message.SendRequest.ListAllowances;
import bitween.message.SendRequest.ListOffers;
import bitween.message.SendRequest.RemoveSent;
import bitween.message.SendRequest.ReturnOffer;
import bitween.message.SendRequest.SetAllowance;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.Grantee;
import bitween.model.OpenOffer;
import bitween.model.Sent;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class SendMethodsTest {
    private static final Share OFFER = World.MUSIC.asSent();

    private final World world = new World();
    private final List<OpenOffer> offers = new ArrayList<>();

    @BeforeEach
    void friends() {
        world.roster(World.friend(World.ALICE));
        world.online(World.ALICES_LAPTOP, "laptop", "192.0.2.1:6881");
        world.shares(World.ALICES_LAPTOP, "laptop", OFFER, World.PHOTOS);
        world.answer(AddSent.class, request -> sent(null));
        world.answer(RemoveSent.class, request -> sent(Sent.Outcome.WITHDRAWN));
        world.sent.add(sent(null));
        world.answer(ListOffers.class, request -> List.copyOf(offers));
        world.answer(ListAllowances.class, request -> Map.of(World.ALICE, 5L));
        world.answer(SetAllowance.class, request -> request.bytesPerDay());
        world.answer(ReturnOffer.class, request -> offer());
    }

    @Test
    void something_is_sent_to_one_friend_in_full() {
        assertThat(world.call("send.add", "path", "/film", "friend", "alice"))
                .containsEntry("id", 3L)
                .containsEntry("jid", "alice@example.org")
                .containsEntry("outcome", null);

        assertThat(world.asked).containsExactly(new AddSent(Path.of("/film"), null, World.ALICE, false));
        assertRefused(() -> world.call("send.add", "path", "/film", "friend", "everyone"), ErrorCode.BAD_ARGUMENT);
        assertRefused(() -> world.call("send.add", "path", "/film", "friend", "al"), ErrorCode.UNKNOWN_FRIEND);
        assertRefused(() -> world.call("send.add", "path", "film", "friend", "alice"), ErrorCode.BAD_ARGUMENT);
    }

    @Test
    void who_waits_is_answered_when_the_time_is_up_and_of_what_was_not_sent_at_once() {
        assertThat(world.call("send.wait", "id", 3, "timeoutMs", 0)).containsEntry("outcome", null);
        assertRefused(() -> world.call("send.wait", "id", 4), ErrorCode.UNKNOWN_SHARE);
    }

    @Test
    void what_is_sent_is_neither_granted_nor_revoked_also_while_it_is_hashed() {
        world.roster(World.friend(World.ALICE), World.friend(World.BOB));
        Transfer film = Transfer.of(
                new TransferId(7),
                Transfer.Kind.SHARE,
                "film",
                Path.of("/the film"),
                TransferState.HASHING,
                null,
                World.NOW,
                new Audience(Set.of(new Grantee.Person(World.ALICE))));
        world.transfer(film);
        world.sent.set(0, sent(film.id(), null));

        assertThat(refused("share.grant", "name", "film", "to", "bob"))
                .returns(ErrorCode.BAD_ARGUMENT, UserException::code)
                .hasMessage("'film' is sent to alice@example.org; what is sent is neither granted nor revoked")
                .returns("send it to them as well: bitween send '/the film' bob@example.org", UserException::hint);
        assertThat(refused("share.grant", "name", "film", "to", List.of("everyone")))
                .returns("send it to them as well: bitween send '/the film' FRIEND", UserException::hint);
        assertThat(refused("share.revoke", "name", "film", "from", "alice"))
                .returns(ErrorCode.BAD_ARGUMENT, UserException::code)
                .returns("take it back with: bitween send --rm 3", UserException::hint);

        world.sent.set(0, sent(film.id(), Sent.Outcome.TAKEN));
        world.transfer(film.with(OFFER));
        assertThat(refused("share.grant", "name", "film", "to", "bob").code())
                .as("until its share goes, too")
                .isEqualTo(ErrorCode.BAD_ARGUMENT);
        assertThat(world.asked).isEmpty();
    }

    @Test
    void what_friends_send_is_told_and_declined_by_name_and_an_ordinary_share_is_not() {
        offers.add(offer());

        Map<String, ?> told = world.call("offers");
        assertThat(World.list(told.get("offers")).get(0))
                .containsOnlyKeys("jid", "name", "hash", "sizeBytes", "files", "since", "state", "unavailable")
                .containsEntry("state", "TOO_MUCH");
        assertThat(World.list(told.get("allowances")))
                .containsExactly(Map.of("jid", "alice@example.org", "bytesPerDay", 5L));

        world.call("offer.decline", "ref", "alice/Music");
        assertThat(world.asked).contains(new ReturnOffer(World.ALICE, OFFER.hash()));
        assertRefused(() -> world.call("offer.decline", "ref", "alice/Photos"), ErrorCode.UNKNOWN_SHARE);
    }

    @Test
    void status_names_what_is_offered() {
        world.offers.add(offer());

        assertThat(World.list(world.call("status").get("offers")).get(0)).containsEntry("name", "Music");
    }

    @Test
    void a_copy_that_is_here_does_not_stand_for_what_is_sent() {
        Share mine = new Share("Mine", World.hash('f'), OFFER.content(), OFFER.sizeBytes(), OFFER.files());
        world.transfer(World.own(1, mine));
        world.answer(
                FetchShare.class,
                request -> new Fetched(world.told(World.job(2, OFFER, TransferState.DOWNLOADING)), false));

        assertThat(world.call("job.get", "ref", "alice/Music")).containsEntry("sameContent", false);

        assertThat(world.asked).hasSize(1).allMatch(FetchShare.class::isInstance);
    }

    @Test
    void how_much_comes_by_itself_is_said_of_a_friend_in_full() {
        assertThat(world.call("friend.allowance", "friend", "alice", "bytesPerDay", 500))
                .isEqualTo(Map.of("jid", "alice@example.org", "bytesPerDay", 500L));
        assertRefused(
                () -> world.call("friend.allowance", "friend", "al", "bytesPerDay", 500), ErrorCode.UNKNOWN_FRIEND);
        assertThat(world.asked).containsExactly(new SetAllowance(World.ALICE, 500));
    }

    private static OpenOffer offer() {
        return new OpenOffer(World.ALICE, OFFER, World.NOW, OpenOffer.State.TOO_MUCH);
    }

    private UserException refused(String method, Object... params) {
        return Objects.requireNonNull(
                catchThrowableOfType(UserException.class, () -> world.call(method, params)), "not refused");
    }

    private static Sent sent(Sent.@Nullable Outcome outcome) {
        return sent(null, outcome);
    }

    private static Sent sent(@Nullable TransferId share, Sent.@Nullable Outcome outcome) {
        return new Sent(3, World.ALICE, "film", Path.of("/film"), false, share, null, null, World.NOW, outcome, null);
    }

    private static void assertRefused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
