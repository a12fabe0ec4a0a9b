package bitween.events;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.bus.Bus;
import bitween.catalogue.Catalogue;
import bitween.events.Happening.Kind;
import bitween.message.CatalogueEvent.FriendList;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.CatalogueEvent.FriendsLoaded;
import bitween.message.FollowEvent.RevisionFetched;
import bitween.message.FollowEvent.RevisionFound;
import bitween.message.FollowEvent.RevisionHeld;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.message.LinkEvent.DeviceGone;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.message.PresenceEvent.RequestsChanged;
import bitween.message.TorrentEvent.OwnFilesKept;
import bitween.message.TorrentEvent.RevisionNotKept;
import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentEvent.TransfersLoaded;
import bitween.model.Announcement;
import bitween.model.Audience;
import bitween.model.ConnectionState;
import bitween.model.ConnectionState.Status;
import bitween.model.ContentId;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.Follow;
import bitween.model.Followed;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.testing.ManualExecutor;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TellerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Jid ALICE = new Jid("alice@example.org");
    private static final Device LAPTOP = new Device(ALICE, new DeviceId("laptop"));
    private static final Device PHONE = new Device(ALICE, new DeviceId("phone"));
    private static final Failure FULL = new Failure(ErrorCode.DISK_FULL, "the disk is full", "free some", NOW);

    private final ManualExecutor threads = new ManualExecutor(1);
    private final Bus bus = new Bus(threads.lane("bus"));
    private final List<Happening> told = new ArrayList<>();
    private final Teller teller = new Teller(
            bus,
            threads.lane("events"),
            () -> Catalogue.EMPTY,
            new EventLog(Clock.fixed(NOW, ZoneOffset.UTC), 100),
            told::add);

    @Test
    void a_job_is_told_from_its_beginning_to_its_end() {
        Transfer job = job(TransferState.WAITING_FOR_FRIEND);
        changed(job);
        changed(job.with(TransferState.DOWNLOADING));
        changed(job.with(TransferState.DOWNLOADING));
        changed(job.paused(FULL));
        changed(job.paused(FULL));
        changed(job.with(TransferState.DOWNLOADING));
        changed(job.completed(NOW));
        changed(job.completed(NOW).shared("Film").with(TransferState.SEEDING));
        bus.publish(new TransferRemoved(job.completed(NOW)));
        threads.runAll();

        assertThat(words())
                .containsExactly(
                        "job.added", "job.state", "job.error", "job.state", "job.complete", "job.state", "job.removed");
        assertThat(told.get(2).details())
                .containsEntry("id", 1L)
                .containsEntry("name", "Film")
                .containsEntry("state", "PAUSED")
                .containsEntry("place", "/srv/Film")
                .containsEntry("code", "DISK_FULL")
                .containsEntry("message", "the disk is full");
    }

    @Test
    void files_that_were_changed_here_and_kept_are_told() {
        Transfer job = job(TransferState.VERIFYING);
        bus.publish(new OwnFilesKept(job, List.of(Path.of("/srv/Film/notes (yours).txt"))));
        threads.runAll();

        assertThat(words()).containsExactly("job.kept");
        assertThat(told.get(0).details())
                .containsEntry("name", "Film")
                .containsEntry("kept", List.of("/srv/Film/notes (yours).txt"));
    }

    @Test
    void the_next_revision_of_a_live_share_is_told_with_its_number() {
        Transfer live = job(TransferState.SEEDING).shared("Notes").with(TransferState.SEEDING);
        Share first = Objects.requireNonNull(live.share()).at(1);
        changed(live.with(first));
        changed(live.with(first.at(2)));
        changed(live.with(first.at(2)));
        threads.runAll();

        assertThat(words()).containsExactly("share.added", "share.revised");
        assertThat(told.get(1).details()).containsEntry("revision", 2).containsEntry("name", "Notes");
    }

    @Test
    void a_revision_whose_files_are_not_kept_is_told_with_the_reason() {
        Transfer live = job(TransferState.SEEDING).shared("Notes").with(TransferState.SEEDING);
        Failure full = new Failure(ErrorCode.DISK_FULL, "there is no room", "make some", NOW);
        bus.publish(new RevisionNotKept(live, 4, full));
        threads.runAll();

        assertThat(words()).containsExactly("share.unkept");
        assertThat(told.get(0).details())
                .containsEntry("name", "Notes")
                .containsEntry("revision", 4)
                .containsEntry("code", "DISK_FULL")
                .containsEntry("message", "there is no room");
    }

    @Test
    void what_becomes_of_something_followed_is_told_as_far_as_ready() {
        Share share =
                new Share("Gardening", new InfoHash("a".repeat(40)), new ContentId("c".repeat(64)), 20, 2, false, 3);
        Follow follow = new Follow(1, LAPTOP.jid(), "Gardening", true, false, List.of(), null, false, false, null, NOW);
        Followed followed = new Followed(follow, Followed.State.FOUND, share, null, null, null);
        Transfer job = job(TransferState.DOWNLOADING).completed(NOW);
        bus.publish(new RevisionFound(followed));
        bus.publish(new RevisionHeld(followed));
        bus.publish(new RevisionFetched(follow, share, job, 1, 7));
        threads.runAll();

        assertThat(words()).containsExactly("revision.found", "revision.held", "revision.ready");
        assertThat(told.get(0).details())
                .containsEntry("jid", LAPTOP.jid().toString())
                .containsEntry("name", "Gardening")
                .containsEntry("hash", "a".repeat(40))
                .containsEntry("revision", 3)
                .containsEntry("auto", true)
                .containsEntry("files", 2)
                .containsEntry("sizeBytes", 20L);
        assertThat(told.get(2).details())
                .containsEntry("name", "Gardening")
                .containsEntry("id", 1L)
                .containsEntry("place", "/srv/Film")
                .containsEntry("files", 1)
                .containsEntry("sizeBytes", 7L);
    }

    @Test
    void what_was_there_when_the_daemon_started_is_not_new() {
        bus.publish(new TransfersLoaded(List.of(job(TransferState.DOWNLOADING).completed(NOW))));
        bus.publish(new FriendsLoaded(List.of(list(LAPTOP, 'a')), Map.of()));
        changed(job(TransferState.DOWNLOADING).completed(NOW));
        bus.publish(new FriendListFetched(list(LAPTOP, 'a')));
        threads.runAll();

        assertThat(words()).isEmpty();
    }

    @Test
    void what_the_user_let_rest_and_what_waits_for_a_friend_is_no_trouble() {
        Transfer job = job(TransferState.DOWNLOADING);
        changed(job);
        changed(job.paused(new Failure(ErrorCode.PAUSED_BY_USER, "you paused it", "", NOW)));
        changed(job.waiting(new Failure(ErrorCode.FRIEND_OFFLINE, "nobody is here", "", NOW)));

        assertThat(words()).containsExactly("job.added", "job.state", "job.state");
    }

    @Test
    void a_friend_is_online_with_the_first_device_and_away_with_the_last() {
        announced(LAPTOP);
        announced(PHONE);
        announced(LAPTOP);
        bus.publish(new DeviceGone(LAPTOP));
        bus.publish(new DeviceGone(PHONE));
        threads.runAll();

        assertThat(words()).containsExactly("friend.online", "friend.offline");
        assertThat(told.get(0).details()).containsEntry("jid", ALICE.toString());
    }

    @Test
    void of_a_list_is_told_what_is_new_and_what_is_gone() {
        bus.publish(new FriendListFetched(list(LAPTOP, 'a', 'b')));
        bus.publish(new FriendListFetched(list(LAPTOP, 'b', 'c')));
        threads.runAll();

        assertThat(words()).containsExactly("friend.listed", "friend.unshared", "friend.shared");
        assertThat(told.get(0).details()).containsEntry("shares", 2);
        assertThat(told.get(2).details()).containsEntry("name", "share c").containsEntry("sizeBytes", 7L);
    }

    @Test
    void the_next_revision_of_a_live_share_is_neither_shared_nor_unshared() {
        bus.publish(new FriendListFetched(live("Notes", 'a', 1)));
        bus.publish(new FriendListFetched(live("Notes", 'b', 2)));
        bus.publish(new FriendListFetched(live("Notes", 'c', 1)));
        bus.publish(new FriendListFetched(live("Diary", 'd', 2)));
        threads.runAll();

        assertThat(words())
                .containsExactly(
                        "friend.listed",
                        "friend.revised",
                        "friend.unshared",
                        "friend.shared",
                        "friend.unshared",
                        "friend.shared");
        assertThat(told.get(1).details()).containsEntry("hash", "b".repeat(40)).containsEntry("revision", 2);
    }

    @Test
    void who_asks_and_how_we_are_connected_is_told_once() {
        bus.publish(new RequestsChanged(Set.of(ALICE)));
        bus.publish(new RequestsChanged(Set.of(ALICE)));
        for (int i = 0; i < 2; i++) {
            bus.publish(new ConnectionChanged(
                    new ConnectionState(ConnectionState.Status.OFFLINE, null, "example.org", FULL, NOW, null)));
        }
        threads.runAll();

        assertThat(words()).containsExactly("friend.request", "connection");
    }

    @Test
    void of_an_outage_its_beginning_each_reason_and_its_end_are_told_and_no_attempt() {
        Failure unreachable = new Failure(ErrorCode.XMPP_UNREACHABLE, "the server does not answer", "", NOW);
        Failure refused = new Failure(ErrorCode.XMPP_AUTH, "the password is wrong", "", NOW);
        connected(Status.CONNECTING, null);
        connected(Status.ONLINE, null);
        for (Failure why : List.of(unreachable, unreachable, refused, unreachable)) {
            connected(Status.OFFLINE, why);
            connected(Status.CONNECTING, why);
        }
        connected(Status.ONLINE, null);
        connected(Status.OFFLINE, unreachable);
        threads.runAll();

        assertThat(told.stream()
                        .map(happening -> happening.text("state") + " " + happening.text("code"))
                        .map(String::strip))
                .containsExactly(
                        "CONNECTING",
                        "ONLINE",
                        "OFFLINE XMPP_UNREACHABLE",
                        "OFFLINE XMPP_AUTH",
                        "ONLINE",
                        "OFFLINE XMPP_UNREACHABLE");
    }

    private void connected(Status status, @Nullable Failure why) {
        bus.publish(new ConnectionChanged(new ConnectionState(status, null, "example.org", why, NOW, null)));
    }

    private void changed(Transfer transfer) {
        bus.publish(new TransferChanged(transfer));
        threads.runAll();
    }

    private void announced(Device device) {
        bus.publish(new DeviceAnnounced(device, new Announcement("name", List.of(), "r")));
    }

    private List<String> words() {
        assertThat(teller).isNotNull();
        return told.stream().map(Happening::kind).map(Kind::word).toList();
    }

    private static FriendList list(Device device, char... names) {
        List<Share> shares = Stream.of(new String(names).split(""))
                .map(name ->
                        new Share("share " + name, new InfoHash(name.repeat(40)), new ContentId("c".repeat(64)), 7, 1))
                .toList();
        return new FriendList(device, "laptop", "r", shares, NOW);
    }

    private static FriendList live(String name, char hash, int revision) {
        Share share = new Share(
                name,
                new InfoHash(String.valueOf(hash).repeat(40)),
                new ContentId("c".repeat(64)),
                7,
                1,
                false,
                revision);
        return new FriendList(LAPTOP, "laptop", "r", List.of(share), NOW);
    }

    private static Transfer job(TransferState state) {
        Share share = new Share("Film", new InfoHash("a".repeat(40)), new ContentId("c".repeat(64)), 7, 1);
        return Transfer.of(
                        new TransferId(1),
                        Transfer.Kind.JOB,
                        "Film",
                        Path.of("/srv/Film"),
                        state,
                        share.hash(),
                        NOW,
                        Audience.EVERYONE)
                .with(share);
    }
}
