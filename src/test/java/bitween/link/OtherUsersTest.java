package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bitween.message.CatalogueEvent.HoldersFound;
import bitween.model.PeerAddress;
import bitween.testing.OtherUser;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of other users of this machine, real ones, at the ports that are for libtorrent. */
class OtherUsersTest extends BridgeFixture {
    @TempDir
    Path directory;

    @Test
    void another_users_process_gets_nothing_where_our_own_reaches_the_friend() throws Exception {
        assumeTrue(OtherUser.isPossible(), "acting as another user needs root, setpriv and perl");
        PeerAddress label = label();
        String handshake =
                HexFormat.of().formatHex(PeerHandshakeTest.handshake(HASH).array());

        assertThat(OtherUser.says(directory, label, null, handshake)).isEqualTo("ended");
        CompletableFuture<Boolean> friend = friendSays();
        assertThat(OtherUser.ourselves(directory, label, null, handshake)).isEqualTo("68 bytes");
        friend.get(10, TimeUnit.SECONDS);
    }

    /** The friend's device takes the handshake, and answers with its own. The first that comes is the right one: nobody else was let through. */
    private CompletableFuture<Boolean> friendSays() {
        return Ends.start(() -> {
            try (SocketChannel socket = friendsDoor.accept()) {
                SecureChannel link = SecureChannel.accept(
                        TcpPipe.over(Sockets.prepared(socket)), bobsTls, own.fingerprint()::equals);
                assertThat(take(link, 1).get()).isEqualTo(Purpose.PEER.sign());
                assertThat(take(link, PeerHandshake.BYTES).remaining()).isEqualTo(PeerHandshake.BYTES);
                link.write(PeerHandshakeTest.handshake(HASH));
                assertEnds(link);
                return true;
            }
        });
    }

    private PeerAddress label() throws IOException, InterruptedException {
        routes.announced(
                bob,
                List.of(PeerAddress.parse("127.0.0.1:" + friendsDoor.socket().getLocalPort())));
        bus.publish(new HoldersFound(HASH, List.of(bob)));
        return Objects.requireNonNull(found.poll(10, TimeUnit.SECONDS)).peers().get(0);
    }
}
