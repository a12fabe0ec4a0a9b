package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.LinkEvent.PeersFound;
import bitween.message.RateRequest.LimitJobs;
import bitween.message.TorrentEvent.PeersWanted;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.message.TorrentRequest.SetPriority;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.PageQuery;
import bitween.model.Priority;
import bitween.model.Progress;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import bitween.torrent.format.HashedShare;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueueTest extends TorrentFixture {
    @BeforeEach
    void keepDownloading() {
        world.engine.keepsQuietOn("download");
    }

    @Test
    void no_more_than_allowed_download_at_once() throws Exception {
        downloading("a");
        downloading("b");

        Transfer third = wanted("c");

        assertThat(third.state()).isEqualTo(TransferState.QUEUED);
    }

    @Test
    void more_begin_as_soon_as_more_are_allowed_and_those_that_run_go_on_when_fewer_are() throws Exception {
        Transfer first = downloading("a");
        Transfer second = downloading("b");
        Transfer third = wanted("c");

        var three = world.bus.ask(new LimitJobs(3));
        world.until(third.id(), TransferState.DOWNLOADING);
        var one = world.bus.ask(new LimitJobs(1));
        Transfer fourth = wanted("d");

        assertThat(three).isCompletedWithValue(true);
        assertThat(one).isCompletedWithValue(true);
        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.DOWNLOADING);
        assertThat(world.stored(second.id()).state()).isEqualTo(TransferState.DOWNLOADING);
        assertThat(fourth.state()).isEqualTo(TransferState.QUEUED);
    }

    @Test
    void the_next_begins_when_one_is_complete() throws Exception {
        Transfer first = downloading("a");
        downloading("b");
        Transfer third = wanted("c");

        world.engineSays(new EngineEvent.Finished(hash(first)));

        world.until(third.id(), TransferState.DOWNLOADING);
    }

    @Test
    void the_next_begins_when_one_fails() throws Exception {
        Transfer first = downloading("a");
        downloading("b");
        Transfer third = wanted("c");

        world.engineSays(new EngineEvent.Failed(hash(first), ErrorCode.DISK_WRITE, "broken"));

        assertThat(world.stored(third.id()).state()).isEqualTo(TransferState.DOWNLOADING);
    }

    @Test
    void the_next_begins_when_one_is_removed() throws Exception {
        Transfer first = downloading("a");
        downloading("b");
        Transfer third = wanted("c");

        world.ask(new RemoveJob(first.id(), false));
        world.threads.runAll();

        assertThat(world.stored(third.id()).state()).isEqualTo(TransferState.DOWNLOADING);
    }

    @Test
    void one_without_peers_waits_for_a_friend_and_lets_the_next_begin() throws Exception {
        Transfer first = downloading("a");
        Transfer second = downloading("b");
        Transfer third = wanted("c");
        world.said.clear();

        for (int seconds = 0; seconds < 15; seconds++) {
            world.engineSays(new EngineEvent.Updated(List.of(withPeer(hash(second)))));
            world.pass(Duration.ofSeconds(1));
        }

        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.WAITING_FOR_FRIEND);
        assertThat(world.stored(second.id()).state()).isEqualTo(TransferState.DOWNLOADING);
        assertThat(world.stored(third.id()).state()).isEqualTo(TransferState.DOWNLOADING);
        assertThat(world.said(PeersWanted.class)).contains(new PeersWanted(hash(first)));
    }

    @Test
    void one_that_waited_goes_on_with_the_first_peer() throws Exception {
        Transfer first = downloading("a");
        world.pass(Duration.ofSeconds(15));
        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.WAITING_FOR_FRIEND);

        world.engineSays(new EngineEvent.Updated(List.of(withPeer(hash(first)))));

        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.DOWNLOADING);
    }

    @Test
    void a_friend_without_addresses_does_not_make_it_look_like_downloading() throws Exception {
        Transfer first = downloading("a");
        world.pass(Duration.ofSeconds(15));

        world.bus.publish(new PeersFound(hash(first), List.of()));
        world.threads.runAll();

        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.WAITING_FOR_FRIEND);
    }

    @Test
    void friends_who_are_said_to_have_it_and_do_not_come_are_waited_for() throws Exception {
        Transfer first = downloading("a");
        world.peersFound(hash(first));
        world.pass(Duration.ofSeconds(15));

        world.peersFound(hash(first)); // the same, as they are asked for again

        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.WAITING_FOR_FRIEND);
        world.engineSays(new EngineEvent.Updated(List.of(withPeer(hash(first)))));
        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.DOWNLOADING);
    }

    @Test
    void one_whose_friend_comes_back_waits_for_its_turn_when_others_download() throws Exception {
        Transfer first = downloading("a");
        Transfer second = downloading("b");
        Transfer third = lonelyWhile(first, "c", second);

        world.peersFound(hash(first));

        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.QUEUED);
        assertThat(world.stored(third.id()).state()).isEqualTo(TransferState.DOWNLOADING);
        assertThat(world.engine.calls()).endsWith("pause");
    }

    @Test
    void one_that_a_peer_reaches_by_itself_waits_for_its_turn_too() throws Exception {
        Transfer first = downloading("a");
        Transfer second = downloading("b");
        lonelyWhile(first, "c", second);

        world.engineSays(new EngineEvent.Updated(List.of(withPeer(hash(first)))));

        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.QUEUED);
        assertThat(world.engine.calls()).endsWith("pause");
    }

    @Test
    void one_that_came_back_goes_on_before_those_that_are_younger_and_is_not_checked_again() throws Exception {
        Transfer first = downloading("a");
        Transfer second = downloading("b");
        lonelyWhile(first, "c", second);
        Transfer fourth = wanted("d");
        world.peersFound(hash(first));
        world.engine.calls();

        world.ask(new RemoveJob(second.id(), false));
        world.threads.runAll();

        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.DOWNLOADING);
        assertThat(world.stored(fourth.id()).state()).isEqualTo(TransferState.QUEUED);
        assertThat(world.engine.calls()).containsExactly("remove", "connect " + TorrentWorld.PEER, "resume");
    }

    @Test
    void one_that_was_done_when_it_was_paused_is_done() throws Exception {
        Transfer first = downloading("a");
        Transfer second = downloading("b");
        lonelyWhile(first, "c", second);
        world.peersFound(hash(first));

        world.engineSays(new EngineEvent.Finished(hash(first)));

        assertThat(world.statesOf(first.id())).contains(TransferState.VERIFYING);
    }

    @Test
    void one_that_was_rechecked_while_it_waited_for_a_friend_waits_for_its_turn() throws Exception {
        Transfer first = downloading("a");
        Transfer second = downloading("b");
        lonelyWhile(first, "c", second);

        world.ask(new RecheckTransfer(first.id()));
        world.threads.runAll();

        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.QUEUED);
        assertThat(world.stored(second.id()).state()).isEqualTo(TransferState.DOWNLOADING);
    }

    @Test
    void resume_data_of_one_that_waits_for_its_turn_are_saved_at_the_stop() throws Exception {
        Transfer first = downloading("a");
        Transfer second = downloading("b");
        lonelyWhile(first, "c", second);
        world.peersFound(hash(first));
        assertThat(world.store.resume().of(hash(first))).isEmpty();

        var stopped = world.worker.stop();
        world.threads.runUntil(stopped::isDone);

        assertThat(world.store.resume().of(hash(first))).isPresent();
    }

    @Test
    void when_all_that_wait_cannot_start_each_fails_once() throws Exception {
        Transfer first = downloading("a");
        Transfer second = downloading("b");
        Transfer third = wanted("c");
        Transfer fourth = wanted("d");
        Transfer fifth = wanted("e");
        world.engine.calls();
        world.engine.refuses(new UserException(ErrorCode.BAD_METADATA, "not for me", ""));

        world.engineSays(new EngineEvent.Failed(hash(first), ErrorCode.DISK_WRITE, "broken"));

        assertThat(List.of(third, fourth, fifth))
                .allSatisfy(job -> assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.FAILED));
        assertThat(world.engine.calls().stream().filter("add RESUME"::equals)).hasSize(3);
        assertThat(world.stored(second.id()).state()).isEqualTo(TransferState.DOWNLOADING);
    }

    @Test
    void what_matters_most_begins_next_then_the_oldest() throws Exception {
        Transfer first = downloading("a");
        Transfer second = downloading("b");
        Transfer third = wanted("c");
        Transfer fourth = wanted("d");
        Transfer fifth = wanted("e");
        world.ask(new SetPriority(first.id(), Priority.HIGH));
        world.ask(new SetPriority(second.id(), Priority.HIGH));
        world.ask(new SetPriority(third.id(), Priority.LOW));
        world.ask(new SetPriority(fifth.id(), Priority.HIGH));
        assertThat(world.stored(fifth.id()).state()).isEqualTo(TransferState.QUEUED);

        List<Transfer> begun = new ArrayList<>();
        for (Transfer ending : List.of(first, second, fifth)) {
            world.engineSays(new EngineEvent.Failed(hash(ending), ErrorCode.INTERNAL, "broken"));
            for (Transfer job : List.of(third, fourth, fifth)) {
                if (!begun.contains(job) && world.stored(job.id()).state() == TransferState.DOWNLOADING) {
                    begun.add(job);
                }
            }
        }

        assertThat(begun).containsExactly(fifth, fourth, third);
    }

    @Test
    void what_matters_more_takes_the_turn_of_the_youngest_that_matters_least_which_goes_on_afterwards()
            throws Exception {
        Transfer first = downloading("a");
        Transfer second = downloading("b");
        Transfer third = wanted("c");
        world.engine.calls();

        world.ask(new SetPriority(third.id(), Priority.HIGH));
        world.threads.runAll();

        assertThat(world.engine.calls()).startsWith("pause", "add RESUME");
        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.DOWNLOADING);
        assertThat(world.stored(second.id()).state()).isEqualTo(TransferState.QUEUED);
        assertThat(world.stored(third.id()).state()).isEqualTo(TransferState.DOWNLOADING);

        world.engineSays(new EngineEvent.Failed(hash(third), ErrorCode.INTERNAL, "broken"));
        assertThat(world.engine.calls()).contains("resume").doesNotContain("add RESUME");
        assertThat(world.stored(second.id()).state()).isEqualTo(TransferState.DOWNLOADING);
    }

    @Test
    void what_matters_as_much_waits_for_its_turn_and_how_much_it_matters_is_kept() throws Exception {
        Transfer first = downloading("a");
        Transfer second = downloading("b");
        Transfer third = wanted("c");
        for (Transfer job : List.of(first, second, third)) {
            world.ask(new SetPriority(job.id(), Priority.LOW));
        }

        restart();

        assertThat(List.of(first, second, third))
                .allSatisfy(job -> assertThat(world.stored(job.id()).priority()).isEqualTo(Priority.LOW));
        assertThat(world.stored(third.id()).state()).isEqualTo(TransferState.QUEUED);
    }

    /** {@code lonely} loses its friend, {@code other} does not, and a third takes the place. */
    private Transfer lonelyWhile(Transfer lonely, String third, Transfer other) throws Exception {
        Transfer next = wanted(third);
        for (int seconds = 0; seconds < 15; seconds++) {
            world.engineSays(new EngineEvent.Updated(List.of(withPeer(hash(other)))));
            world.pass(Duration.ofSeconds(1));
        }
        assertThat(world.stored(lonely.id()).state()).isEqualTo(TransferState.WAITING_FOR_FRIEND);
        assertThat(world.stored(next.id()).state()).isEqualTo(TransferState.DOWNLOADING);
        return next;
    }

    private Transfer downloading(String name) throws IOException, InterruptedException {
        Transfer job = wanted(name);
        assertThat(job.state()).isEqualTo(TransferState.DOWNLOADING);
        return job;
    }

    private Transfer wanted(String name) throws IOException, InterruptedException {
        HashedShare share = world.offered(name, 7);
        world.holds(share);
        world.answers(PageQuery.Kind.DIGESTS, TorrentWorld.nobody());
        Transfer job = world.fetched(share.info().hash());
        world.bus.publish(new PeersFound(hash(job), List.of()));
        world.threads.runAll();
        return world.stored(job.id());
    }

    private static EngineEvent.State withPeer(InfoHash hash) {
        return new EngineEvent.State(hash, 1, 7, 1, 0, 0, false, List.of(new Progress.Peer(TorrentWorld.PEER, 1, 0)));
    }
}
