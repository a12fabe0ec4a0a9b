package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.message.LinkEvent.DeviceAnnounced;
import bitween.model.Announcement;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Jid;
import bitween.model.PeerAddress;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TcpProxy;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two daemons of which neither can be dialled: the XMPP server carries what they say to each other. */
@Tag("xmpp-server")
class InBandIT {
    /** Loopback is all that a test's daemon has, so who does not allow it announces no address and dials none. */
    private static final Map<String, Object> UNREACHABLE =
            Map.of("network.allow", List.of(), "network.in_band_bytes_per_second", 0L);

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;

    @BeforeEach
    void two_friends() throws IOException {
        people = People.on(directory, "alice", "bob");
        Map<String, Object> asFastAsCanBe = Map.of("network.in_band_bytes_per_second", 0L);
        alice = people.start("alice", asFastAsCanBe);
        bob = people.start("bob", UNREACHABLE);
        alice.befriend(bob);
    }

    @Test
    void a_friend_is_browsed_and_a_small_file_got_without_an_open_port_until_a_direct_path_is_there()
            throws IOException {
        Path small = Folders.file(directory.resolve("small.bin"), carried(1_000_000), 1);
        alice.share(small);
        bob.untilListed(alice, "small.bin");
        Answer job = bob.get("alice/small.bin");

        assertThat(job.text("state")).isEqualTo("COMPLETE");
        assertThat(bob.downloads().resolve("small.bin")).hasSameBinaryContentAs(small);
        assertThat(device(bob).text("path")).isEqualTo("IN_BAND");
        assertThat(device(bob).has("pathSince")).isTrue();
        assertThat(device(alice).text("path")).isEqualTo("IN_BAND");

        bob.stop();
        Files.delete(bob.home().configFile());
        bob = people.start("bob");
        untilPath(bob, "DIRECT");
        untilPath(alice, "DIRECT");
        Path other = Folders.file(directory.resolve("other.bin"), 3_000_000, 2);
        alice.share(other);
        bob.untilListed(alice, "other.bin");

        assertThat(bob.get("alice/other.bin").text("state")).isEqualTo("COMPLETE");
        assertThat(bob.downloads().resolve("other.bin")).hasSameBinaryContentAs(other);
    }

    /** As ejabberd's shaper is set in Debian, but for its burst of 20 kB, which would be enough for all of this. */
    @Test
    void a_server_that_lets_3_kB_a_second_through_is_enough_to_browse() throws IOException {
        bob.stop();
        alice.share(Folders.file(directory.resolve("first film.bin"), 100_000, 1));
        alice.share(Folders.holiday(directory, "Holiday", 200_000));
        try (TcpProxy slow = TcpProxy.to(people.server().at("bob"))) {
            slow.limit(3_000, 2_000);
            Files.delete(bob.home().configFile());
            Map<String, Object> settings = new HashMap<>(UNREACHABLE);
            settings.put("xmpp.server", "127.0.0.1:" + slow.port());
            bob = people.start("bob", settings);

            bob.untilListed(alice, "first film.bin");
            Answer inside = bob.call("ls", Map.of("path", alice.jid() + "/Holiday"));

            assertThat(inside.fields().toString()).contains("large.bin");
            assertThat(device(bob).text("path")).isEqualTo("IN_BAND");
            bob.close();
        }
    }

    @Test
    void a_direct_path_takes_over_in_the_middle_of_a_download() throws IOException {
        Path large = Folders.file(directory.resolve("large.bin"), 12_000_000, 3);
        alice.share(large);
        bob.untilListed(alice, "large.bin");
        Answer job = bob.want("alice/large.bin");
        bob.until(
                "transfer.wait",
                Map.of("id", job.number("id"), "timeoutMs", 100),
                transfer -> transfer.number("doneBytes") > carried(500_000));
        assertThat(device(bob).text("path")).isEqualTo("IN_BAND");

        // as if she came into reach: what she announced is let through, which bob's settings do not
        PeerAddress address = PeerAddress.parse(
                "127.0.0.1:" + alice.call("status").view("engine").number("port"));
        bob.publish(new DeviceAnnounced(
                new Device(new Jid(alice.jid()), new DeviceId(device(bob).text("id"))),
                new Announcement("alice-laptop", List.of(address), "r")));

        untilPath(bob, "DIRECT");
        untilPath(alice, "DIRECT");
        assertThat(bob.settled(job).text("state")).isEqualTo("COMPLETE");
        assertThat(bob.downloads().resolve("large.bin")).hasSameBinaryContentAs(large);
    }

    /** What the server carries in a moment: a slow one takes half a minute for 60 kB. */
    private int carried(int usualBytes) {
        return people.server().isSlow() ? 60_000 : usualBytes;
    }

    private static void untilPath(TestDaemon daemon, String path) {
        daemon.until(
                "friends",
                Map.of(),
                friends -> friends.views("friends").get(0).views("devices").stream()
                        .anyMatch(device ->
                                device.has("path") && device.text("path").equals(path)));
    }

    private static Answer device(TestDaemon of) {
        return of.call("friends").views("friends").get(0).views("devices").get(0);
    }
}
