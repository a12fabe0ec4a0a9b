package bitween.follow;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.FollowEvent.RevisionFetched;
import bitween.message.FollowEvent.RevisionHeld;
import bitween.message.FollowRequest.RemoveFollow;
import bitween.message.TorrentEvent.RevisionReplaced;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentRequest.FetchShare;
import bitween.model.Basis;
import bitween.model.Choice;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.Follow;
import bitween.model.Followed;
import bitween.model.Followed.State;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.UserException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is new comes once, in its place, as much of it as is wanted. */
class FollowerTest extends FollowFixture {
    @Test
    void what_is_there_comes_at_once_and_what_is_new_takes_its_place() {
        shares(LAPTOP, 1);
        Followed followed = followed(with(true));
        assertThat(followed.state()).isEqualTo(State.FOUND);
        assertThat(asked).containsExactly(fetch(1, null));
        Transfer first = completed(1);
        asked.clear();

        shares(LAPTOP, 2);

        assertThat(asked).containsExactly(fetch(2, new Basis(first.id(), false)));
        assertThat(states()).containsExactly(State.GETTING);
    }

    @Test
    void each_revision_is_found_once_and_ready_once_also_over_restarts() {
        shares(LAPTOP, 1);
        followed(with(true));
        completed(1);
        shares(LAPTOP, 2);
        shares(LAPTOP, 2);
        Transfer second = completed(2);
        restart();
        shares(LAPTOP, 2);
        says(new TransferChanged(second));

        assertThat(told.stream().map(FollowerTest::brief)).containsExactly("ready 1", "found 2", "ready 2");
        assertThat(states()).containsExactly(State.READY);
    }

    @Test
    void ready_says_how_much_was_new() {
        shares(LAPTOP, 1);
        followed(with(true));
        Transfer first = completed(1);
        says(list(LAPTOP, share(known(2), 7)));

        says(new RevisionReplaced(job(2), 3, 77), new TransferRemoved(first));
        completed(2);

        RevisionFetched ready = (RevisionFetched) told.get(told.size() - 1);
        assertThat(ready.files()).isEqualTo(3);
        assertThat(ready.sizeBytes()).isEqualTo(77);
        assertThat(ready.share().revision()).isEqualTo(7);
    }

    @Test
    void without_auto_it_is_told_and_got_by_the_user() {
        shares(LAPTOP, 1);
        followed(with(false));
        shares(LAPTOP, 2);

        assertThat(told.stream().map(FollowerTest::brief)).containsExactly("found 2");
        assertThat(asked).isEmpty();
        assertThat(states()).containsExactly(State.FOUND);

        completed(2);
        assertThat(told.stream().map(FollowerTest::brief)).containsExactly("found 2", "ready 2");
        Followed now = follows().get(0);
        assertThat(now.place()).isEqualTo(job(2).id());
    }

    @Test
    void it_begins_when_something_of_that_name_is_shared() {
        Followed followed = followed(with(true));
        assertThat(followed.state()).isEqualTo(State.WAITING);

        shares(LAPTOP, 1);

        assertThat(asked).containsExactly(fetch(1, null));
        assertThat(told.stream().map(FollowerTest::brief)).containsExactly("found 1");
    }

    @Test
    void a_device_that_is_behind_the_others_brings_nothing_back() {
        shares(LAPTOP, 1);
        followed(with(true));
        completed(1);
        shares(LAPTOP, 2);
        completed(2);
        asked.clear();
        told.clear();

        shares(PHONE, 1);
        says(list(LAPTOP));

        assertThat(asked).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void of_live_shares_the_highest_revision_counts() {
        says(list(LAPTOP, share(1, 7)));
        followed(with(true));
        completed(1);
        asked.clear();

        says(list(PHONE, share(2, 5))); // never seen, but older
        assertThat(asked).isEmpty();
        says(list(PHONE, share(3, 8)));

        assertThat(asked).hasSize(1);
        assertThat(((FetchShare) asked.get(0)).hash()).isEqualTo(hash(3));
    }

    @Test
    void a_flood_has_the_newest_of_each_minute_got_one_at_a_time() {
        shares(LAPTOP, 1);
        followed(with(true));
        Transfer first = completed(1);
        asked.clear();
        for (int revision = 2; revision < 9; revision++) {
            shares(LAPTOP, revision);
        }
        assertThat(asked).containsExactly(fetch(2, new Basis(first.id(), false)));

        pass(Getting.PACE);

        assertThat(asked)
                .containsExactly(fetch(2, new Basis(first.id(), false)), fetch(8, new Basis(first.id(), false)));
    }

    @Test
    void a_first_job_that_is_not_the_newest_any_more_is_succeeded_too() {
        shares(LAPTOP, 1);
        followed(with(true));
        asked.clear();

        shares(LAPTOP, 2);
        pass(Getting.PACE);

        assertThat(asked).containsExactly(fetch(2, new Basis(new TransferId(1), false)));
    }

    @Test
    void what_the_user_let_rest_is_left_alone() {
        shares(LAPTOP, 1);
        followed(with(true));
        asked.clear();
        put(job(1).paused(Failure.of(new UserException(ErrorCode.PAUSED_BY_USER, "you", ""), NOW)));

        shares(LAPTOP, 2);
        pass(Getting.PACE);

        assertThat(asked).isEmpty();
    }

    @Test
    void what_the_user_removed_does_not_come_back() {
        shares(LAPTOP, 1);
        followed(with(true));
        asked.clear();
        Transfer removed = job(1);
        jobs.remove(hash(1));
        says(new TransferRemoved(removed));

        pass(Getting.PACE);
        restart();
        shares(LAPTOP, 1);

        assertThat(asked).isEmpty();
        assertThat(states()).containsExactly(State.FOUND);
    }

    @Test
    void new_only_spares_the_files_that_are_there_and_gets_what_comes_later() {
        files(1, "one", "two");
        shares(LAPTOP, 1);
        followed(follow(true, true, List.of(), null));
        assertThat(asked).isEmpty();
        assertThat(states()).containsExactly(State.READY);

        files(2, "one", "three", "two");
        shares(LAPTOP, 2);

        assertThat(asked).containsExactly(fetch(2, null, Choice.path(List.of("three"))));
    }

    @Test
    void new_only_waits_until_it_is_known_what_is_there() {
        files(1, "one");
        away = true;
        shares(LAPTOP, 1);
        followed(follow(true, true, List.of(), null));
        away = false;
        pass(Duration.ofSeconds(30));
        files(2, "one", "two");

        shares(LAPTOP, 2);

        assertThat(asked).containsExactly(fetch(2, null, Choice.path(List.of("two"))));
    }

    @Test
    void of_patterns_those_that_fit_something_are_got() {
        files(1, "a.txt", "b.jpg");
        shares(LAPTOP, 1);

        followed(follow(true, false, List.of(new Choice("", "*.jpg"), new Choice("", "*.mkv")), null));

        assertThat(asked).containsExactly(fetch(1, null, new Choice("", "*.jpg")));
    }

    @Test
    void where_nothing_fits_nothing_is_got_and_the_next_revision_is_looked_at() {
        files(1, "a.txt");
        shares(LAPTOP, 1);
        followed(follow(true, false, List.of(new Choice("", "*.jpg")), null));
        assertThat(asked).isEmpty();
        assertThat(states()).containsExactly(State.READY);

        files(2, "a.txt", "b.jpg");
        shares(LAPTOP, 2);

        assertThat(asked).containsExactly(fetch(2, null, new Choice("", "*.jpg")));
    }

    @Test
    void what_is_too_large_waits_and_is_told_once() {
        files(1, "one", "two");
        shares(LAPTOP, 1);
        followed(follow(true, false, List.of(), 15L));
        pass(Getting.PACE);

        assertThat(asked).isEmpty();
        assertThat(told).hasSize(1).allMatch(RevisionHeld.class::isInstance);
        assertThat(states()).containsExactly(State.HELD);
    }

    @Test
    void only_what_would_come_is_measured() {
        files(1, "one", "two");
        shares(LAPTOP, 1);
        followed(with(true));
        completed(1);
        followed(follow(true, false, List.of(), 15L));
        asked.clear();

        files(2, "one", "three", "two");
        shares(LAPTOP, 2);

        assertThat(asked).hasSize(1);
    }

    @Test
    void what_cannot_begin_is_tried_again_and_says_why() {
        refusal = new UserException(ErrorCode.DISK_WRITE, "nothing can be written there", "");
        shares(LAPTOP, 1);
        followed(with(true));
        assertThat(follows().get(0).reason()).isEqualTo("nothing can be written there");
        refusal = null;
        asked.clear();

        pass(Duration.ofSeconds(30));

        assertThat(asked).containsExactly(fetch(1, null));
    }

    @Test
    void what_is_here_already_is_not_got_again_and_its_place_is_known() {
        shares(LAPTOP, 1);
        Transfer got = completed(1);
        followed(with(true));
        assertThat(asked).isEmpty();
        assertThat(told).isEmpty();

        shares(LAPTOP, 2);

        assertThat(asked).containsExactly(fetch(2, new Basis(got.id(), false)));
    }

    @Test
    void followed_again_it_is_as_was_said_last() {
        shares(LAPTOP, 1);
        followed(with(false));
        assertThat(asked).isEmpty();

        followed(with(true));

        assertThat(follows()).hasSize(1);
        assertThat(asked).containsExactly(fetch(1, null));
    }

    @Test
    void the_user_is_sent_one_message_for_each_revision() {
        shares(LAPTOP, 1);
        followed(notifying(true, null));
        completed(1);
        shares(LAPTOP, 2);
        says(new RevisionReplaced(job(2), 3, 1_234_567_890));
        completed(2);
        restart();
        completed(2);
        followed(notifying(false, null));
        shares(LAPTOP, 3);
        completed(3);

        assertThat(messages)
                .containsExactly(
                        "ready: alice/Gardening (2 new files, 20 B)",
                        "ready: alice/Gardening (3 new files, 1.2 GB)",
                        "new: alice/Gardening (2 files, 20 B in all); to get it: bitween get 'alice/Gardening'");
    }

    @Test
    void what_waits_because_it_is_large_is_one_message_too() {
        files(1, "one", "two");
        shares(LAPTOP, 1);
        followed(notifying(true, 15L));
        completed(1);

        assertThat(messages).hasSize(1);
        assertThat(messages.get(0)).startsWith("new: alice/Gardening (2 files, 20 B in all)");
    }

    private static Follow notifying(boolean auto, @Nullable Long max) {
        return new Follow(0, ALICE, "Gardening", auto, false, List.of(), max, false, true, null, NOW);
    }

    @Test
    void what_is_followed_no_longer_is_nobodys_affair() throws Exception {
        shares(LAPTOP, 1);
        followed(with(false));
        ask(new RemoveFollow(ALICE, "gardening"));

        shares(LAPTOP, 2);

        assertThat(told).isEmpty();
        assertThat(follows()).isEmpty();
        assertThat(failure(new RemoveFollow(ALICE, "Gardening"))).isEqualTo(ErrorCode.UNKNOWN_FOLLOW);
    }
}
