package bitween.control;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.message.TorrentRequest.MoveTransfer;
import bitween.message.TorrentRequest.PauseTransfer;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.message.TorrentRequest.Removed;
import bitween.message.TorrentRequest.ResumeTransfer;
import bitween.message.TorrentRequest.SetPriority;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.Shared;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.model.Audience;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.LeftOut;
import bitween.model.Share;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class TransferMethodsTest {
    private static final LeftOut LEFT_OUT = new LeftOut(
            Map.of(LeftOut.Reason.HIDDEN, 2, LeftOut.Reason.SYMBOLIC_LINK, 1),
            List.of(new LeftOut.Thing(".git", LeftOut.Reason.HIDDEN)));

    private final World world = new World();

    @BeforeEach
    void friends() {
        world.roster(World.friend(World.ALICE));
        world.online(World.ALICES_LAPTOP, "laptop", "192.0.2.1:6881");
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC, World.PHOTOS);
        world.answer(SharePath.class, request -> new Shared(world.told(hashing(request)), LEFT_OUT));
        world.answer(
                FetchShare.class,
                request -> new Fetched(world.told(World.job(2, World.MUSIC, TransferState.DOWNLOADING)), false));
        world.answer(UnsharePath.class, request -> removed(request.id()));
        world.answer(RemoveJob.class, request -> new Removed(removed(request.id()), request.withFiles()));
        world.answer(
                RecheckTransfer.class, request -> world.told(known(request.id()).with(TransferState.VERIFYING)));
    }

    @Test
    void a_path_is_shared_under_the_name_given() {
        Map<String, @Nullable Object> view = world.call("share.add", "path", "/home/me/Music", "name", "My music");

        assertThat(world.asked)
                .containsExactly(new SharePath(Path.of("/home/me/Music"), "My music", Audience.EVERYONE));
        assertThat(view).containsEntry("state", "HASHING").containsEntry("name", "My music");
        view.remove("leftOut");
        assertThat(World.list(world.call("shares").get("shares"))).containsExactly(view);
    }

    @Test
    void a_live_share_can_keep_revisions_and_stays_for_whom_it_is_when_that_changes() {
        world.call("share.add", "path", "/notes", "mode", "LIVE", "keepRevisions", 4);
        world.usualAudience = Audience.NOBODY;
        world.transfer(World.own(7, World.PHOTOS.at(1)).with(ShareMode.LIVE).named("x", Path.of("/photos")));

        world.call("share.add", "path", "/photos", "mode", "LIVE", "keepRevisions", 0);
        world.call("share.add", "path", "/photos", "keepRevisions", 3);

        assertThat(world.asked)
                .containsExactly(
                        new SharePath(Path.of("/notes"), null, Audience.EVERYONE, false, ShareMode.LIVE, 4),
                        new SharePath(Path.of("/photos"), null, Audience.NOBODY, false, ShareMode.LIVE, 0),
                        new SharePath(Path.of("/photos"), null, Audience.NOBODY, false, ShareMode.LIVE, 3));
        assertFails(
                ErrorCode.AUDIENCE_MISSING,
                () -> world.call("share.add", "path", "/other", "mode", "LIVE", "keepRevisions", 2));
        assertFails(ErrorCode.BAD_ARGUMENT, () -> world.call("share.add", "path", "/other", "keepRevisions", 2));
        assertFails(
                ErrorCode.BAD_ARGUMENT,
                () -> world.call("share.add", "path", "/photos", "mode", "FROZEN", "keepRevisions", 2));
        assertFails(
                ErrorCode.BAD_ARGUMENT,
                () -> world.call("share.add", "path", "/photos", "mode", "LIVE", "keepRevisions", 100));
    }

    @Test
    void what_is_left_out_of_a_share_is_counted_by_reason_and_named() {
        Map<String, @Nullable Object> view = world.call("share.add", "path", "/home/me/Music");

        assertThat(World.map(view.get("leftOut")))
                .containsExactly(
                        Map.entry("count", 3),
                        Map.entry("reasons", Map.of("HIDDEN", 2, "SYMBOLIC_LINK", 1)),
                        Map.entry("first", List.of(Map.of("path", ".git", "reason", "HIDDEN"))));
    }

    @Test
    void a_relative_path_is_refused_because_the_daemon_stands_elsewhere() {
        assertFails(ErrorCode.BAD_ARGUMENT, () -> world.call("share.add", "path", "Music"));
    }

    @Test
    void what_the_worker_refuses_reaches_the_client_as_it_is() {
        World refusing = new World();
        refusing.bus.answer(SharePath.class, refusing.mailbox, request -> {
            throw new UserException(ErrorCode.ALREADY_SHARED, "it is shared as 'Music'", "unshare it first");
        });

        UserException e = assertFails(ErrorCode.ALREADY_SHARED, () -> refusing.call("share.add", "path", "/m"));

        assertThat(e.hint()).isEqualTo("unshare it first");
    }

    @Test
    void a_share_is_removed_by_its_name() {
        world.transfer(World.own(1, World.MUSIC));

        assertThat(world.call("share.rm", "name", "music")).containsEntry("name", "Music");

        assertThat(world.asked).containsExactly(new UnsharePath(new TransferId(1)));
        assertThat(World.list(world.call("shares").get("shares"))).isEmpty();
    }

    @Test
    void a_share_of_a_friend_is_got_by_name_with_its_holders() {
        Map<String, @Nullable Object> answer = world.call("job.get", "ref", "alice/music", "to", "/mnt");

        assertThat(world.asked).containsExactly(new FetchShare(World.MUSIC.hash(), "Music", Path.of("/mnt")));
        assertThat(answer)
                .containsOnlyKeys("transfer", "known", "share", "holders", "path", "sameContent", "updates")
                .containsEntry("known", false);
        assertThat(World.map(answer.get("transfer"))).containsEntry("id", 2L).containsEntry("state", "DOWNLOADING");
        assertThat(World.list(answer.get("holders")).get(0))
                .containsOnlyKeys("jid", "id", "name", "online", "copy", "unavailable")
                .containsEntry("jid", "alice@example.org")
                .containsEntry("id", "r-laptop")
                .containsEntry("copy", null);
    }

    @Test
    void what_is_got_is_shared_on_with_whom_the_user_says_or_with_the_usual_ones() {
        world.call("job.get", "ref", "alice/music", "reshare", true);
        world.call("job.get", "ref", "alice/music", "reshareTo", List.of("alice"));

        assertThat(world.asked)
                .containsExactly(
                        new FetchShare(World.MUSIC.hash(), "Music", null, Audience.EVERYONE),
                        new FetchShare(
                                World.MUSIC.hash(), "Music", null, Audience.parse(List.of("alice@example.org"))));
        assertFails(
                ErrorCode.UNKNOWN_FRIEND,
                () -> world.call("job.get", "ref", "alice/music", "reshareTo", List.of("eve")));
    }

    @Test
    void what_its_owner_allows_is_shared_on_with_the_usual_ones_unless_the_user_says_no() {
        Share film = new Share("Film", World.hash('7'), World.PHOTOS.content(), 5, 1, true);
        world.shares(World.ALICES_LAPTOP, "laptop", film);

        world.call("job.get", "ref", "alice/film");
        world.call("job.get", "ref", "alice/film", "reshare", false);

        assertThat(world.asked)
                .containsExactly(
                        new FetchShare(film.hash(), "Film", null, Audience.EVERYONE),
                        new FetchShare(film.hash(), "Film", null, Audience.NOBODY));
    }

    @Test
    void what_one_of_its_owners_does_not_allow_is_shared_on_only_for_who_names_one_that_does() {
        Share open = new Share("Film", World.hash('7'), World.PHOTOS.content(), 5, 1, true);
        Share kept = new Share("Film", World.hash('7'), World.PHOTOS.content(), 5, 1, false);
        world.shares(World.ALICES_LAPTOP, "laptop", open);
        world.shares(World.BOBS_DESKTOP, "desk", kept);

        world.call("job.get", "ref", open.hash().hex());
        world.call("job.get", "ref", "bob/film");
        world.call("job.get", "ref", "alice/film");

        assertThat(world.asked)
                .containsExactly(
                        new FetchShare(open.hash(), "Film", null, Audience.NOBODY),
                        new FetchShare(open.hash(), "Film", null, Audience.NOBODY),
                        new FetchShare(open.hash(), "Film", null, Audience.EVERYONE));
    }

    @Test
    void a_hash_that_nobody_holds_becomes_a_job_without_holders() {
        Map<String, @Nullable Object> answer =
                world.call("job.get", "ref", World.hash('9').hex());

        assertThat(world.asked).containsExactly(new FetchShare(World.hash('9'), null, null));
        assertThat(World.list(answer.get("holders"))).isEmpty();
    }

    @Test
    void a_job_is_forgotten_with_its_files_only_if_asked() {
        world.transfer(World.job(2, World.MUSIC, TransferState.COMPLETE));
        assertThat(world.call("job.rm", "name", "Music")).containsEntry("deleting", false);
        world.transfer(World.job(2, World.MUSIC, TransferState.COMPLETE));
        assertThat(world.call("job.rm", "name", "Music", "withFiles", true)).containsEntry("deleting", true);

        assertThat(world.asked)
                .containsExactly(new RemoveJob(new TransferId(2), false), new RemoveJob(new TransferId(2), true));
    }

    @Test
    void a_share_and_a_job_of_one_name_are_told_apart_by_kind() {
        world.transfer(World.own(1, World.MUSIC));
        world.transfer(World.job(2, World.share("Music", 'd', 1, 1), TransferState.COMPLETE));

        assertThat(world.call("transfer.get", "name", "Music", "kind", "JOB")).containsEntry("id", 2L);
        assertThat(world.call("transfer.get", "name", "Music", "kind", "SHARE")).containsEntry("id", 1L);
        assertThat(refusal(() -> world.call("transfer.get", "name", "Music")).code())
                .isEqualTo(ErrorCode.AMBIGUOUS);
        assertThat(refusal(() -> world.call("transfer.get", "name", "Music", "kind", "FILE"))
                        .code())
                .isEqualTo(ErrorCode.BAD_ARGUMENT);
    }

    @Test
    void after_a_recheck_the_next_look_shows_it() {
        world.transfer(World.own(1, World.MUSIC));

        assertThat(world.call("transfer.recheck", "name", "#1")).containsEntry("state", "VERIFYING");
        assertThat(world.call("transfer.get", "name", "#1")).containsEntry("state", "VERIFYING");
    }

    @Test
    void what_moves_is_answered_as_it_is_once_the_move_has_begun() {
        world.transfer(World.own(1, World.MUSIC));
        world.answer(
                MoveTransfer.class, request -> world.told(known(request.id()).with(TransferState.MOVING)));

        assertThat(world.call("transfer.move", "name", "Music", "directory", "/srv"))
                .containsEntry("state", "MOVING");
    }

    @Test
    void how_much_a_job_matters_is_said_when_it_is_wanted_or_later() {
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));
        world.answer(
                SetPriority.class, request -> world.told(known(request.id()).with(request.priority())));

        world.call("job.get", "ref", "alice/music", "priority", "high");
        assertThat(world.call("transfer.get", "name", "#2")).containsEntry("priority", "HIGH");
        assertThat(world.call("job.priority", "name", "Music", "priority", "low"))
                .containsEntry("priority", "LOW");

        assertFails(ErrorCode.BAD_ARGUMENT, () -> world.call("job.priority", "name", "Music", "priority", "urgent"));
        world.asked.clear();
        assertFails(ErrorCode.BAD_ARGUMENT, () -> world.call("job.get", "ref", "alice/music", "priority", "urgent"));
        assertThat(world.asked).isEmpty();
    }

    @Test
    void a_job_rests_and_goes_on_as_asked_and_the_next_look_shows_it() {
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));
        Failure why = new Failure(ErrorCode.PAUSED_BY_USER, "you paused it", "", Instant.EPOCH);
        world.answer(
                PauseTransfer.class, request -> world.told(known(request.id()).paused(why)));
        world.answer(
                ResumeTransfer.class, request -> world.told(known(request.id()).with(TransferState.QUEUED)));

        assertThat(world.call("job.pause", "name", "Music")).containsEntry("state", "PAUSED");
        assertThat(World.map(world.call("transfer.get", "name", "Music").get("error")))
                .containsEntry("code", "PAUSED_BY_USER");
        assertThat(world.call("job.resume", "name", "#2"))
                .containsEntry("state", "QUEUED")
                .containsEntry("error", null);
        assertThat(world.asked)
                .containsExactly(new PauseTransfer(new TransferId(2)), new ResumeTransfer(new TransferId(2)));
    }

    @Test
    void waiting_ends_when_the_transfer_settles() throws Exception {
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));
        CompletableFuture<Map<String, @Nullable Object>> waiting =
                CompletableFuture.supplyAsync(() -> world.call("transfer.wait", "id", 2, "timeoutMs", 60_000));

        world.transfer(World.job(2, World.MUSIC, TransferState.COMPLETE));

        assertThat(waiting.get(5, SECONDS)).containsEntry("state", "COMPLETE");
    }

    @Test
    void waiting_ends_in_time_with_the_view_of_the_moment() {
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));

        assertThat(world.call("transfer.wait", "id", 2, "timeoutMs", 1)).containsEntry("state", "DOWNLOADING");
    }

    @Test
    void waiting_for_what_is_removed_fails() {
        assertFails(ErrorCode.UNKNOWN_JOB, () -> world.call("transfer.wait", "id", 99));
    }

    @Test
    void nobody_waits_longer_than_a_minute_in_one_call() {
        assertThatThrownBy(() -> world.call("transfer.wait", "id", 2, "timeoutMs", 60_001))
                .isInstanceOf(Params.InvalidParams.class)
                .hasMessage("'timeoutMs' is a whole number from 0 to 60000");
    }

    @Test
    void info_joins_ones_own_job_with_what_friends_say() {
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));

        Map<String, @Nullable Object> own = world.call("info", "name", "Music");
        Map<String, @Nullable Object> theirs = world.call("info", "name", "alice/Photos");

        assertThat(own).containsOnlyKeys("transfer", "share", "holders");
        assertThat(World.map(own.get("transfer"))).containsEntry("id", 2L);
        assertThat(World.map(own.get("share"))).containsEntry("friend", "alice@example.org");
        assertThat(World.list(own.get("holders"))).hasSize(1);
        assertThat(theirs).containsEntry("transfer", null);
        assertThat(World.map(theirs.get("share"))).containsEntry("name", "Photos");
        assertFails(ErrorCode.UNKNOWN_JOB, () -> world.call("info", "name", "nothing"));
        assertFails(ErrorCode.UNKNOWN_SHARE, () -> world.call("info", "name", "alice/nothing"));
    }

    @Test
    void an_answer_that_never_comes_is_a_time_out() {
        assertThatThrownBy(() -> Replies.await(new CompletableFuture<>(), java.time.Duration.ofMillis(1)))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT));
    }

    @Test
    void a_full_mailbox_is_busy() {
        World full = new World();
        full.bus.answer(
                SharePath.class,
                new bitween.bus.Mailbox() {
                    @Override
                    public String name() {
                        return "torrent";
                    }

                    @Override
                    public boolean isOwner() {
                        return false;
                    }

                    @Override
                    public void execute(Runnable task) {
                        throw new java.util.concurrent.RejectedExecutionException("full");
                    }
                },
                request -> new Shared(hashing(request), LeftOut.NOTHING));

        UserException e = assertFails(ErrorCode.BUSY, () -> full.call("share.add", "path", "/m"));

        assertThat(e.sentence()).contains("'torrent'");
    }

    @Test
    void every_method_that_clients_use_is_in_the_table() {
        assertThat(World.list(world.call("Api.methods").get("methods")))
                .extracting(method -> method.get("name"))
                .containsExactlyInAnyOrder(
                        "Api.methods",
                        "status",
                        "version",
                        "daemon.stop",
                        "fsck",
                        "doctor",
                        "friends",
                        "friend.add",
                        "friend.accept",
                        "friend.rm",
                        "block",
                        "unblock",
                        "trust",
                        "distrust",
                        "verify",
                        "friend.limit",
                        "away",
                        "back",
                        "shares",
                        "share.add",
                        "share.grant",
                        "share.revoke",
                        "share.rm",
                        "share.log",
                        "share.diff",
                        "jobs",
                        "job.get",
                        "job.read",
                        "job.priority",
                        "job.pause",
                        "transfer.pause",
                        "transfer.resume",
                        "limit",
                        "friend.pause",
                        "friend.resume",
                        "job.resume",
                        "job.rm",
                        "transfer.get",
                        "transfer.wait",
                        "transfer.recheck",
                        "info",
                        "hashes",
                        "ls",
                        "origin",
                        "find",
                        "follow.add",
                        "follow.rm",
                        "follows",
                        "want.add",
                        "want.rm",
                        "wants",
                        "send.add",
                        "send.rm",
                        "send.wait",
                        "sent",
                        "offers",
                        "offer.decline",
                        "friend.allowance",
                        "events",
                        "config.reload",
                        "share.relocate",
                        "transfer.move",
                        "threads",
                        "import.read",
                        "Api.versions",
                        "Api.exit",
                        "complete",
                        "bt.get_torrents",
                        "bt.add_path",
                        "bt.add_torrent_by_hash",
                        "bt.del_torrent",
                        "xmpp.get_shares",
                        "xmpp.get_hashes");
    }

    private Transfer hashing(SharePath request) {
        String name = request.name() == null ? String.valueOf(request.path().getFileName()) : request.name();
        return Transfer.of(
                new TransferId(1),
                Transfer.Kind.SHARE,
                name,
                request.path(),
                TransferState.HASHING,
                null,
                World.NOW,
                request.audience());
    }

    private Transfer known(TransferId id) {
        return Objects.requireNonNull(world.keeper.current().transfers().get(id));
    }

    private Transfer removed(TransferId id) {
        Transfer transfer = known(id);
        world.bus.publish(new TransferRemoved(transfer));
        return transfer;
    }

    private static UserException assertFails(ErrorCode code, ThrowingCallable call) {
        Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(call);
        assertThat(thrown).isInstanceOf(UserException.class);
        assertThat(((UserException) thrown).code()).isEqualTo(code);
        return (UserException) thrown;
    }

    private static UserException refusal(ThrowableAssert.ThrowingCallable call) {
        return assertThatExceptionOfType(UserException.class).isThrownBy(call).actual();
    }
}
