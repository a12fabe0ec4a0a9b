package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.LinkEvent.LabelsChanged;
import bitween.message.LinkEvent.LinkChanged;
import bitween.message.SendEvent.TakenBackChanged;
import bitween.message.TorrentEvent.TransfersProgressed;
import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.Choice;
import bitween.model.ContentId;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.InfoHash;
import bitween.model.LinkPath;
import bitween.model.PeerAddress;
import bitween.model.Priority;
import bitween.model.Progress;
import bitween.model.Selection;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TransferViewsTest {
    private static final String[] KEYS = {
        "id",
        "kind",
        "name",
        "state",
        "queuePlace",
        "hash",
        "magnet",
        "contentId",
        "allowsReshare",
        "revision",
        "mode",
        "sizeBytes",
        "files",
        "only",
        "shareFiles",
        "shareBytes",
        "priority",
        "filePriorities",
        "limit",
        "doneBytes",
        "percent",
        "downloadBytesPerSecond",
        "uploadBytesPerSecond",
        "uploadedBytes",
        "etaSeconds",
        "peers",
        "holdersOnline",
        "damagedBy",
        "place",
        "audience",
        "error",
        "since",
        "finished"
    };
    private final World world = new World();

    @Test
    void a_live_share_shows_its_revision_and_any_other_none() {
        Share live = new Share("Notes", World.hash('7'), World.MUSIC.content(), 5, 1, false, 3);
        world.transfer(World.own(1, live));
        world.transfer(World.own(2, World.PHOTOS));

        assertThat(view(1)).containsEntry("revision", 3);
        assertThat(view(2)).containsEntry("revision", null);
    }

    @Test
    void a_job_that_runs_shows_how_far_and_how_long() {
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));
        progress(2, new Progress(15_999_999, 64_000_000, 1_000_000, 5, 7, List.of()));

        assertThat(view(2))
                .containsOnlyKeys(KEYS)
                .containsEntry("id", 2L)
                .containsEntry("kind", "JOB")
                .containsEntry("name", "Music")
                .containsEntry("state", "DOWNLOADING")
                .containsEntry("hash", World.MUSIC.hash().hex())
                .containsEntry("magnet", "magnet:?xt=urn:btih:" + World.MUSIC.hash() + "&dn=Music")
                .containsEntry("contentId", World.MUSIC.content().hex())
                .containsEntry("sizeBytes", 64_000_000L)
                .containsEntry("files", 203)
                .containsEntry("doneBytes", 15_999_999L)
                .containsEntry("percent", 24.9)
                .containsEntry("downloadBytesPerSecond", 1_000_000L)
                .containsEntry("uploadBytesPerSecond", 5L)
                .containsEntry("uploadedBytes", 7L)
                .containsEntry("etaSeconds", 49L)
                .containsEntry("place", "/home/me/Downloads/Music")
                .containsEntry("audience", null)
                .containsEntry("error", null)
                .containsEntry("since", "2026-03-01T12:00:00Z")
                .containsEntry("finished", null);
    }

    @Test
    void of_a_job_that_gets_some_files_these_are_counted() {
        Selection selection = new Selection(
                List.of(Choice.path(List.of("Live")), Choice.glob(List.of(), "*.jpg")), Bytes.EMPTY, 3, 1_000_000);
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING).choosing(selection));
        progress(2, new Progress(250_000, 1_000_000, 0, 0, 0, List.of()));

        assertThat(view(2))
                .containsEntry("only", List.of("Live", "*.jpg"))
                .containsEntry("files", 3)
                .containsEntry("sizeBytes", 1_000_000L)
                .containsEntry("shareFiles", 203)
                .containsEntry("shareBytes", 64_000_000L)
                .containsEntry("percent", 25.0);
    }

    @Test
    void who_is_online_and_has_it_is_counted() {
        world.roster(World.friend(World.ALICE), World.friend(World.BOB));
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC);
        world.shares(World.BOBS_DESKTOP, "desktop", World.MUSIC);
        world.transfer(World.job(2, World.MUSIC, TransferState.WAITING_FOR_FRIEND));
        assertThat(view(2)).containsEntry("holdersOnline", 0L);

        world.online(World.ALICES_LAPTOP, "laptop");
        world.bus.publish(new LinkChanged(World.BOBS_DESKTOP, LinkPath.inBand(), World.NOW)); // without the XMPP server

        assertThat(view(2)).containsEntry("holdersOnline", 2L);
    }

    @Test
    void hundreds_of_jobs_that_wait_for_what_nobody_offers_are_listed_at_once_however_much_friends_share() {
        world.roster(World.friend(World.ALICE));
        world.shares(World.ALICES_LAPTOP, "laptop", many(10_000, 1, 'a').toArray(Share[]::new));
        List<Share> gone = many(600, 100_000, 'b');
        for (int i = 0; i < gone.size(); i++) {
            world.transfer(World.job(100 + i, gone.get(i), TransferState.WAITING_FOR_FRIEND));
        }

        long fastestNanos = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long begun = System.nanoTime();
            world.call("jobs");
            fastestNanos = Math.min(fastestNanos, System.nanoTime() - begun);
        }

        assertThat(Duration.ofNanos(fastestNanos)).as("it was 1.6 s").isLessThan(Duration.ofMillis(600));
    }

    private static List<Share> many(int count, int first, char content) {
        return IntStream.range(first, first + count)
                .mapToObj(i -> new Share(
                        "share " + i,
                        new InfoHash(String.format("%040x", i)),
                        new ContentId(String.valueOf(content).repeat(64)),
                        1,
                        1))
                .toList();
    }

    @Test
    void a_job_of_what_its_owner_replaced_says_so_and_what_to_do() {
        world.roster(World.friend(World.ALICE));
        world.transfer(World.job(2, World.MUSIC, TransferState.WAITING_FOR_FRIEND));
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC);
        assertThat(view(2)).as("alice has it, and is away").containsEntry("error", null);

        world.shares(
                World.ALICES_LAPTOP, "laptop", World.share("Music", '9', 7, 1).at(4));
        assertThat(World.map(view(2).get("error")))
                .containsEntry("code", "REVISION_GONE")
                .containsEntry("message", "nobody offers it any more: alice@example.org has revision 4 of it now")
                .containsEntry(
                        "hint",
                        "get that with: bitween get 'alice@example.org/Music'; forget this one with: bitween rm '#2'");
        world.shares(World.ALICES_LAPTOP, "laptop", World.share("Music", '9', 7, 1));
        assertThat(World.map(view(2).get("error")).get("message"))
                .isEqualTo("nobody offers it any more: alice@example.org shares something else under that name now");
        world.shares(World.ALICES_LAPTOP, "laptop", World.PHOTOS);
        assertThat(view(2)).as("somebody else may have it").containsEntry("error", null);
    }

    @Test
    void a_job_of_what_was_sent_and_taken_back_says_so_and_what_to_do() {
        world.roster(World.friend(World.ALICE));
        world.shares(World.ALICES_LAPTOP, "laptop", World.PHOTOS);
        world.transfer(World.job(2, World.MUSIC, TransferState.WAITING_FOR_FRIEND));
        world.bus.publish(new TakenBackChanged(Map.of(World.ALICE, Set.of(World.MUSIC.hash()))));
        assertThat(World.map(view(2).get("error")))
                .containsEntry("code", "OFFER_WITHDRAWN")
                .containsEntry("message", "nobody offers it any more: alice@example.org, who sent it, took it back")
                .containsEntry("hint", "ask them to send it again; or forget it with: bitween rm '#2'");

        Transfer asked = World.job(2, World.MUSIC, TransferState.WAITING_FOR_FRIEND)
                .waiting(Failure.of(
                        new UserException(ErrorCode.UNKNOWN_SHARE, "alice does not share that", ""), World.NOW));
        world.transfer(asked);
        assertThat(World.map(view(2).get("error")))
                .as("she was asked for it after that")
                .containsEntry("code", "OFFER_WITHDRAWN");

        world.transfer(World.job(2, World.MUSIC, TransferState.WAITING_FOR_FRIEND));
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC);
        assertThat(view(2)).as("she has it again").containsEntry("error", null);
        world.shares(
                World.ALICES_LAPTOP, "laptop", World.share("Music", '9', 7, 1).asSent());
        assertThat(World.map(view(2).get("error"))).as("she sent it anew").containsEntry("code", "REVISION_GONE");
    }

    @Test
    void a_job_without_metadata_has_every_key_and_nulls() {
        world.transfer(Transfer.of(
                new TransferId(3),
                Transfer.Kind.JOB,
                "x",
                Path.of("/d/x"),
                TransferState.WAITING_FOR_FRIEND,
                World.hash('9'),
                World.NOW,
                Audience.NOBODY));

        assertThat(view(3))
                .containsOnlyKeys(KEYS)
                .containsEntry("sizeBytes", null)
                .containsEntry("files", null)
                .containsEntry("percent", null)
                .containsEntry("etaSeconds", null)
                .containsEntry("contentId", null);
    }

    @Test
    void only_what_is_whole_is_at_a_hundred_percent() {
        world.transfer(World.job(2, World.MUSIC, TransferState.VERIFYING));
        progress(2, new Progress(64_000_000, 64_000_000, 0, 0, 0, List.of()));
        world.transfer(World.own(1, World.share("empty", '1', 0, 1)));

        assertThat(view(2)).containsEntry("percent", 99.9);
        assertThat(view(1)).containsEntry("percent", 100.0).containsEntry("doneBytes", 0L);
    }

    @Test
    void a_failure_is_there_with_code_sentence_hint_and_time() {
        Transfer failed = World.job(2, World.MUSIC, TransferState.DOWNLOADING)
                .failed(new Failure(
                        ErrorCode.DISK_FULL, "the disk is full", "make room", World.NOW, World.NOW.plusSeconds(60)));
        world.transfer(failed);

        assertThat(World.map(view(2).get("error")))
                .containsExactly(
                        Map.entry("code", "DISK_FULL"),
                        Map.entry("message", "the disk is full"),
                        Map.entry("hint", "make room"),
                        Map.entry("since", "2026-03-01T12:00:00Z"),
                        Map.entry("retryAt", "2026-03-01T12:01:00Z"));
    }

    @Test
    void peers_are_named_by_the_addresses_that_stand_for_their_devices() throws UnknownHostException {
        world.roster(World.friend(World.ALICE), World.friend(World.BOB));
        world.online(World.ALICES_LAPTOP, "laptop", "192.0.2.1:6881");
        world.online(World.BOBS_DESKTOP, "desktop", "192.0.2.9:6881");
        world.bus.publish(new LabelsChanged(Map.of(
                InetAddress.getByName("127.77.1.0"), World.ALICES_LAPTOP,
                InetAddress.getByName("127.77.1.1"), World.BOBS_DESKTOP,
                InetAddress.getByName("127.77.1.2"), World.ALICES_PHONE)));
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));
        progress(
                2,
                new Progress(
                        0,
                        64,
                        0,
                        0,
                        0,
                        List.of(
                                peer("127.77.1.0:50123"),
                                peer("127.77.1.1:6881"),
                                peer("127.77.1.2:1"), // whose device is forgotten
                                peer("127.77.9.9:1")))); // nobody's

        assertThat(World.list(view(2).get("peers")))
                .extracting(peer -> peer.get("contact") + " " + peer.get("device") + " " + peer.get("address"))
                .containsExactly(
                        "alice@example.org laptop 127.77.1.0:50123",
                        "bob@example.org desktop 127.77.1.1:6881",
                        "null null 127.77.1.2:1",
                        "null null 127.77.9.9:1");
        assertThat(World.list(view(2).get("peers")).get(0))
                .containsOnlyKeys("contact", "device", "address", "down", "up");
    }

    @Test
    void a_peer_is_where_its_device_is_and_in_band_it_has_no_address() throws UnknownHostException {
        world.roster(World.friend(World.ALICE), World.friend(World.BOB));
        world.online(World.ALICES_LAPTOP, "laptop");
        world.online(World.BOBS_DESKTOP, "desktop");
        world.bus.publish(new LabelsChanged(Map.of(
                InetAddress.getByName("127.77.1.0"), World.ALICES_LAPTOP,
                InetAddress.getByName("127.77.1.1"), World.BOBS_DESKTOP)));
        world.bus.publish(new LinkChanged(
                World.ALICES_LAPTOP, LinkPath.direct(PeerAddress.parse("[2001:db8:0:0:0:0:0:1]:6881")), World.NOW));
        world.bus.publish(new LinkChanged(World.BOBS_DESKTOP, LinkPath.inBand(), World.NOW));
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));
        progress(2, new Progress(0, 64, 0, 0, 0, List.of(peer("127.77.1.0:1"), peer("127.77.1.1:1"))));

        assertThat(World.list(view(2).get("peers")))
                .extracting(peer -> peer.get("device") + " " + peer.get("address"))
                .containsExactly("laptop [2001:db8::1]:6881", "desktop null");
    }

    private static Progress.Peer peer(String address) {
        return new Progress.Peer(PeerAddress.parse(address), 1, 2);
    }

    private void progress(long id, Progress progress) {
        world.bus.publish(new TransfersProgressed(Map.of(new TransferId(id), progress)));
    }

    private Map<String, @Nullable Object> view(long id) {
        return world.call("transfer.get", "name", "#" + id);
    }

    @Test
    void what_is_queued_says_after_how_many_others_it_begins() {
        world.transfer(queued(1, Priority.LOW));
        world.transfer(queued(2, Priority.NORMAL));
        world.transfer(queued(3, Priority.NORMAL));
        world.transfer(queued(4, Priority.HIGH));
        world.transfer(World.job(5, World.PHOTOS, TransferState.DOWNLOADING));

        assertThat(World.list(world.call("jobs").get("jobs")))
                .extracting(job -> job.get("id") + ": " + job.get("queuePlace"))
                .containsExactlyInAnyOrder("1: 4", "2: 2", "3: 3", "4: 1", "5: null");
    }

    private static Transfer queued(long id, Priority priority) {
        return World.job(id, World.share("Job " + id, (char) ('a' + id), 1, 1), TransferState.QUEUED)
                .with(priority);
    }
}
