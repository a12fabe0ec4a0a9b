package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.CatalogueEvent.HoldersFound;
import bitween.message.LinkEvent.LinkChanged;
import bitween.model.BytePipe;
import bitween.model.FullJid;
import bitween.model.LinkPath;
import bitween.model.PeerAddress;
import bitween.model.PipeDoor;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On which path the bridge reaches a friend's device. */
class BridgeWaysTest extends BridgeFixture {
    @Test
    void what_goes_through_the_xmpp_servers_ends_when_there_is_a_direct_path() throws Exception {
        MemoryPipe[] pipes = MemoryPipe.pair(100_000);
        dialer.alsoInBand(new Pipes(() -> pipes[0]), device -> Optional.of(new FullJid(device.jid(), "desk")));
        try (SocketChannel libtorrent = dialLabel(List.of())) {
            libtorrent.write(PeerHandshakeTest.handshake());
            SecureChannel accepted = SecureChannel.accept(pipes[1], bobsTls, own.fingerprint()::equals);
            assertThat(take(accepted, 1).get()).isEqualTo(Purpose.PEER.sign());
            take(accepted, PeerHandshake.BYTES);
            accepted.write(PeerHandshakeTest.handshake());
            assertThat(take(libtorrent, PeerHandshake.BYTES)).isEqualTo(PeerHandshakeTest.handshake());

            bus.publish(new LinkChanged(bob, LinkPath.direct(PeerAddress.parse("192.0.2.7:4711")), Instant.EPOCH));

            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
            assertEnds(accepted);
        }
    }

    @Test
    @Tag("slow")
    void a_direct_path_that_comes_while_the_xmpp_servers_are_asked_is_not_missed() throws Exception {
        MemoryPipe[] pipes = MemoryPipe.pair(100_000);
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CompletableFuture<Void> came = new CompletableFuture<>();
        dialer.alsoInBand(
                new Pipes(() -> {
                    asked.complete(null);
                    came.join();
                    return pipes[0];
                }),
                device -> Optional.of(new FullJid(device.jid(), "desk")));
        try (SocketChannel libtorrent = dialLabel(List.of())) {
            libtorrent.write(PeerHandshakeTest.handshake());
            CompletableFuture<SecureChannel> accepted =
                    Ends.start(() -> SecureChannel.accept(pipes[1], bobsTls, own.fingerprint()::equals));
            asked.get(10, TimeUnit.SECONDS);

            bus.publish(new LinkChanged(bob, LinkPath.direct(PeerAddress.parse("192.0.2.7:4711")), Instant.EPOCH));
            bus.publish(new HoldersFound(HASH, List.of(bob)));
            assertThat(found.poll(10, TimeUnit.SECONDS)).isNotNull(); // by now the link was heard of
            came.complete(null);

            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
            assertThat(accepted).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void who_came_to_us_and_cannot_be_dialled_is_asked_to_come_for_bittorrent_too() throws Exception {
        bus.publish(new LinkChanged(bob, LinkPath.direct(PeerAddress.parse("192.0.2.7:50123")), Instant.EPOCH));
        try (SocketChannel libtorrent = dialLabel(List.of())) {
            libtorrent.write(PeerHandshakeTest.handshake());
            assertThat(called.poll(10, TimeUnit.SECONDS)).isEqualTo(bob);

            SecureChannel theirs = dial(Purpose.CALLED);
            assertThat(take(theirs, PeerHandshake.BYTES)).isEqualTo(PeerHandshakeTest.handshake());
            theirs.write(PeerHandshakeTest.handshake());

            assertThat(take(libtorrent, PeerHandshake.BYTES)).isEqualTo(PeerHandshakeTest.handshake());
        }
    }

    @Test
    void while_the_xmpp_servers_carry_the_questions_they_carry_four_of_its_torrents_too_and_no_address_is_dialled()
            throws Exception {
        AtomicInteger opened = new AtomicInteger();
        BlockingQueue<MemoryPipe> theirs = new LinkedBlockingQueue<>();
        dialer.alsoInBand(
                new Pipes(() -> {
                    opened.incrementAndGet();
                    MemoryPipe[] pipes = MemoryPipe.pair(100_000);
                    theirs.add(pipes[1]);
                    return pipes[0];
                }),
                device -> Optional.of(new FullJid(device.jid(), "desk")));
        bus.publish(new LinkChanged(bob, LinkPath.inBand(), Instant.EPOCH));
        List<SocketChannel> dialled = new ArrayList<>();
        for (int i = 0; i < PeerStreams.MAX_IN_BAND; i++) {
            SocketChannel libtorrent = dialLabel();
            dialled.add(libtorrent);
            libtorrent.write(PeerHandshakeTest.handshake());
            SecureChannel accepted =
                    SecureChannel.accept(theirs.poll(10, TimeUnit.SECONDS), bobsTls, own.fingerprint()::equals);
            take(accepted, 1 + PeerHandshake.BYTES);
            accepted.write(PeerHandshakeTest.handshake());
            assertThat(take(libtorrent, PeerHandshake.BYTES)).isEqualTo(PeerHandshakeTest.handshake());
        }

        try (SocketChannel more = dialLabel()) {
            more.write(PeerHandshakeTest.handshake());
            assertThat(more.read(ByteBuffer.allocate(1))).isNegative();
        }

        assertThat(opened).hasValue(PeerStreams.MAX_IN_BAND);
        friendsDoor.configureBlocking(false);
        assertThat(friendsDoor.accept()).isNull();
        for (SocketChannel each : dialled) {
            each.close();
        }
    }

    private record Pipes(Supplier<BytePipe> next) implements PipeDoor {
        @Override
        public BytePipe open(FullJid to) {
            return next.get();
        }

        @Override
        public void welcome(Guests guests) {
            throw new AssertionError("nobody comes here");
        }
    }
}
