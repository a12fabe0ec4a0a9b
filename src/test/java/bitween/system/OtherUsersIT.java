package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.control.client.Answer;
import bitween.model.PeerAddress;
import bitween.testing.Folders;
import bitween.testing.OtherUser;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another user of this machine looks for ports in 127.77.0.0/16 while bob gets something of alice, and says to each what a BitTorrent client would. */
@Timeout(120)
class OtherUsersIT {
    private static final String ENGINE = "127.77.0.1";
    /** The first of each daemon. */
    private static final String FRIENDS = "127.77.1.0";

    private static final String UNKNOWN = "00".repeat(20);
    /** proc(5), /proc/net/tcp and tcp6: a socket that listens there, in the machine's order of bytes; its port and inode. */
    private static final Pattern LISTENS =
            Pattern.compile("(\\p{XDigit}{4}4D7F):(\\p{XDigit}{4}) 0+:0000 0A \\S+ \\S+ \\S+ +\\d+ +\\d+ (\\d+)");

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    @BeforeEach
    void a_server() throws IOException {
        people = People.on(directory, "alice", "bob");
    }

    @Test
    void who_knows_the_info_hash_gets_nothing_at_a_friends_port_and_who_does_not_nothing_at_libtorrents()
            throws Exception {
        assumeTrue(OtherUser.isPossible(), "acting as another user needs root, setpriv and perl");
        TestDaemon alice = people.start("alice", Map.of("network.upload_bytes_per_second", 1_000_000));
        TestDaemon bob = people.start("bob");
        alice.befriend(bob);
        Answer share = alice.share(Folders.file(directory.resolve("film.bin"), 50_000_000, 1));
        bob.untilListed(alice, "film.bin");
        Answer job = bob.want("alice/film.bin");
        bob.until("transfer.get", Map.of("name", "#" + job.number("id")), now -> now.number("doneBytes") > 0);

        List<PeerAddress> ports = listening();
        Map<String, String> heard = new TreeMap<>();
        for (PeerAddress port : ports) {
            if (port.ip().getHostAddress().equals(ENGINE)) {
                heard.put(port + " as itself", says(port, null, share.text("hash")));
                heard.put(port + " as a friend", says(port, FRIENDS, UNKNOWN));
            } else {
                heard.put(port + "", says(port, null, share.text("hash")));
            }
        }

        assertThat(ports)
                .extracting(port -> port.ip().getHostAddress())
                .containsOnlyOnce(FRIENDS)
                .filteredOn(ENGINE::equals)
                .hasSize(2);
        assertThat(heard).allSatisfy((port, what) -> assertThat(what).isEqualTo("ended"));
    }

    private String says(PeerAddress port, @Nullable String from, String hash) throws IOException, InterruptedException {
        return OtherUser.says(directory, port, from, handshake(hash));
    }

    private static String handshake(String hash) {
        return "13" + HexFormat.of().formatHex("BitTorrent protocol".getBytes(StandardCharsets.US_ASCII))
                + "00".repeat(8) + hash + "2d".repeat(20);
    }

    /** Where this process listens in 127.77.0.0/16, as every user can read. */
    private static List<PeerAddress> listening() throws IOException {
        Set<String> ours = new HashSet<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path file : open) {
                if (Files.isSymbolicLink(file)) {
                    ours.add(Files.readSymbolicLink(file).toString());
                }
            }
        }
        List<PeerAddress> ports = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/net", table))) {
                Matcher listens = LISTENS.matcher(line);
                if (listens.find() && ours.contains("socket:[" + listens.group(3) + "]")) {
                    byte[] reversed = HexFormat.of().parseHex(listens.group(1));
                    byte[] ip = {reversed[3], reversed[2], reversed[1], reversed[0]};
                    ports.add(new PeerAddress(InetAddress.getByAddress(ip), Integer.parseInt(listens.group(2), 16)));
                }
            }
        }
        return ports;
    }
}
