package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.LinkEvent.LabelsChanged;
import bitween.message.LinkEvent.LinkChanged;
import bitween.message.LinkEvent.ListenPortChanged;
import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.message.PresenceEvent.RequestsChanged;
import bitween.message.TorrentEvent.EngineChanged;
import bitween.message.TorrentEvent.TransfersProgressed;
import bitween.model.ConnectionState;
import bitween.model.EngineStatus;
import bitween.model.ErrorCode;
import bitween.model.Failure;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.LinkPath;
import bitween.model.PeerAddress;
import bitween.model.Progress;
import bitween.model.StoreStatus;
import bitween.model.TransferId;
import bitween.model.TransferState;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusMethodsTest {
    private static final FullJid ME = new FullJid(new Jid("me@example.org"), "r-me");
    private final World world = new World();

    @Test
    void before_anything_happened_every_key_is_there() {
        Map<String, @Nullable Object> status = world.call("status");

        assertThat(status)
                .containsOnlyKeys(
                        "xmpp",
                        "engine",
                        "rates",
                        "limits",
                        "damagedBy",
                        "offenders",
                        "shares",
                        "jobs",
                        "friendsOnline",
                        "friends",
                        "links",
                        "pending",
                        "offers",
                        "pausedFriends",
                        "dropped",
                        "disk",
                        "store",
                        "unwatched",
                        "messages",
                        "uptimeSeconds",
                        "pid",
                        "outside",
                        "home",
                        "version");
        assertThat(World.map(status.get("xmpp")))
                .containsOnlyKeys("state", "jid", "device", "server", "since", "error", "retryAt", "seedingStopped")
                .containsEntry("state", "STOPPED")
                .containsEntry("jid", null);
        assertThat(World.map(status.get("engine")))
                .containsOnlyKeys("port", "backend", "reason", "error")
                .containsEntry("port", 0)
                .containsEntry("backend", null);
    }

    @Test
    void what_is_known_is_told() {
        world.bus.publish(new ConnectionChanged(new ConnectionState(
                ConnectionState.Status.OFFLINE,
                ME,
                "xmpp.example.org:5222",
                new Failure(ErrorCode.XMPP_AUTH, "wrong password", "change it", World.NOW),
                World.NOW,
                World.NOW.plusSeconds(30))));
        world.bus.publish(new ListenPortChanged(6881));
        world.bus.publish(new EngineChanged(new EngineStatus(40_000, "mmap", "libjsig is loaded", null)));
        world.bus.publish(new RequestsChanged(Set.of(World.BOB)));
        world.roster(World.friend(World.ALICE), World.friend(World.BOB));
        world.online(World.ALICES_LAPTOP, "laptop", "192.0.2.1:6881");
        world.bus.publish(new LinkChanged(World.ALICES_LAPTOP, LinkPath.inBand(), World.NOW));
        world.transfer(World.own(1, World.MUSIC));
        world.transfer(World.job(2, World.PHOTOS, TransferState.DOWNLOADING));
        world.bus.publish(new TransfersProgressed(Map.of(
                new TransferId(1), new Progress(0, 0, 0, 30, 0, List.of()),
                new TransferId(2), new Progress(0, 0, 20, 5, 0, List.of()))));

        Map<String, @Nullable Object> status = world.call("status");

        assertThat(World.map(status.get("xmpp")))
                .containsEntry("state", "OFFLINE")
                .containsEntry("jid", "me@example.org")
                .containsEntry("device", "r-me")
                .containsEntry("server", "xmpp.example.org:5222")
                .containsEntry("retryAt", "2026-03-01T12:00:30Z");
        assertThat(World.map(World.map(status.get("xmpp")).get("error"))).containsEntry("code", "XMPP_AUTH");
        assertThat(World.map(status.get("engine")))
                .containsEntry("port", 6881)
                .containsEntry("backend", "mmap")
                .containsEntry("reason", "libjsig is loaded")
                .containsEntry("error", null);
        assertThat(World.map(status.get("rates"))).containsEntry("down", 20L).containsEntry("up", 35L);
        assertThat(status)
                .containsEntry("shares", 1L)
                .containsEntry("jobs", 1L)
                .containsEntry("friends", 2)
                .containsEntry("friendsOnline", 1L)
                .containsEntry("pending", List.of("bob@example.org"))
                .containsEntry(
                        "links",
                        List.of(Map.of(
                                "jid", World.ALICES_LAPTOP.jid().value(),
                                "id", World.ALICES_LAPTOP.id().value(),
                                "name", "laptop",
                                "path", "IN_BAND",
                                "since", World.NOW.toString())))
                .containsEntry("uptimeSeconds", 90L)
                .containsEntry("pid", ProcessHandle.current().pid())
                .containsEntry("outside", Map.of("mapped", List.of("203.0.113.7:6881"), "seen", List.of()))
                .containsEntry("home", "/home/me/.config/bitween")
                .containsEntry("version", "0.1.0");
        assertThat(World.map(status.get("disk")))
                .containsEntry("directory", "/home/me/Downloads")
                .containsEntry("freeBytes", 5_000_000_000L);
        assertThat(World.map(status.get("dropped")))
                .containsEntry("stanzas", 7L)
                .containsEntry("connections", 8L);
        assertThat(World.map(status.get("store")))
                .containsOnlyKeys("error", "backups", "newestBackup", "backupError", "restored")
                .containsEntry("error", null)
                .containsEntry("backups", 2)
                .containsEntry("newestBackup", "2026-03-01T11:00:00Z")
                .containsEntry("restored", null);
        assertThat(World.map(status.get("messages")))
                .containsOnlyKeys("published", "failed", "lost")
                .containsEntry("failed", 0L);
    }

    @Test
    void a_database_that_was_restored_is_told_with_the_age_of_what_is_in_its_place() {
        world.store = new StoreStatus(
                new Failure(ErrorCode.DISK_FULL, "the disk is full", "make room", World.NOW),
                1,
                World.NOW,
                new Failure(ErrorCode.STORE_FAILED, "it failed", "", World.NOW),
                new StoreStatus.Restored(
                        World.NOW,
                        "it is gone",
                        Path.of("/d/bitween.db.corrupt-1"),
                        World.NOW.minusSeconds(60),
                        false));

        Map<String, @Nullable Object> store = World.map(world.call("status").get("store"));

        assertThat(World.map(store.get("error"))).containsEntry("code", "DISK_FULL");
        assertThat(World.map(store.get("backupError"))).containsEntry("code", "STORE_FAILED");
        assertThat(World.map(store.get("restored")))
                .containsEntry("when", "2026-03-01T12:00:00Z")
                .containsEntry("why", "it is gone")
                .containsEntry("setAside", "/d/bitween.db.corrupt-1")
                .containsEntry("backup", "2026-03-01T11:59:00Z")
                .containsEntry("emptied", false);
    }

    @Test
    void rates_are_told_for_each_friend_over_all_transfers_and_devices() throws UnknownHostException {
        world.roster(World.friend(World.ALICE), World.friend(World.BOB));
        world.online(World.ALICES_LAPTOP, "laptop");
        world.online(World.ALICES_PHONE, "phone");
        world.online(World.BOBS_DESKTOP, "desktop");
        world.bus.publish(new LabelsChanged(Map.of(
                InetAddress.getByName("127.77.1.0"), World.ALICES_LAPTOP,
                InetAddress.getByName("127.77.1.1"), World.ALICES_PHONE,
                InetAddress.getByName("127.77.1.2"), World.BOBS_DESKTOP)));
        world.bus.publish(new TransfersProgressed(Map.of(
                new TransferId(1),
                new Progress(0, 9, 50, 1, 0, List.of(peer("127.77.1.0:1", 20, 1), peer("127.77.1.2:1", 30, 0))),
                new TransferId(2),
                new Progress(0, 9, 7, 4, 0, List.of(peer("127.77.1.0:2", 0, 4), peer("127.77.1.1:1", 7, 0))))));

        Map<String, @Nullable Object> rates = World.map(world.call("status").get("rates"));
        Map<String, @Nullable Object> alice =
                World.list(world.call("friends").get("friends")).get(0);

        assertThat(rates)
                .containsEntry("down", 57L)
                .containsEntry("up", 5L)
                .containsEntry(
                        "friends",
                        List.of(
                                Map.of("jid", "alice@example.org", "down", 27L, "up", 5L),
                                Map.of("jid", "bob@example.org", "down", 30L, "up", 0L)));
        assertThat(alice).containsEntry("downloadBytesPerSecond", 27L).containsEntry("uploadBytesPerSecond", 5L);
    }

    private static Progress.Peer peer(String address, long down, long up) {
        return new Progress.Peer(PeerAddress.parse(address), down, up);
    }

    @Test
    void fsck_tells_what_was_found() {
        assertThat(world.call("fsck"))
                .containsEntry(
                        "findings",
                        List.of(Map.of(
                                "check",
                                "backups",
                                "state",
                                "WRONG",
                                "code",
                                "STORE_DAMAGED",
                                "what",
                                "there is none yet",
                                "hint",
                                "wait")));
    }

    @Test
    void stop_asks_for_a_shutdown_and_says_whose() {
        assertThat(world.call("daemon.stop"))
                .containsEntry("pid", ProcessHandle.current().pid())
                .containsEntry("longestSeconds", 20L);
        assertThat(world.shutdowns).hasSize(1);
    }
}
