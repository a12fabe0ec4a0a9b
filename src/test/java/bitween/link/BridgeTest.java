package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.message.CatalogueEvent.AccessChanged;
import bitween.message.CatalogueEvent.FriendList;
import bitween.message.CatalogueEvent.FriendListFetched;
import bitween.message.CatalogueEvent.HoldersFound;
import bitween.message.LinkEvent.HelpersFound;
import bitween.message.LinkEvent.LabelsChanged;
import bitween.message.LinkEvent.OffenceSeen;
import bitween.message.LinkEvent.PeersFound;
import bitween.message.LinkEvent.TrustChanged;
import bitween.message.TorrentEvent.DamageFound;
import bitween.message.TorrentRequest.ServeShare;
import bitween.model.ContentId;
import bitween.model.InfoHash;
import bitween.model.Offence;
import bitween.model.Share;
import bitween.testing.FakeTimers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who gets through the bridge, and who does not. */
class BridgeTest extends BridgeFixture {
    @Test
    void what_is_granted_reaches_libtorrent_from_the_address_that_stands_for_the_device() throws IOException {
        SecureChannel link = dial(HASH);

        try (SocketChannel libtorrent = engine.accept()) {
            assertThat(take(libtorrent, PeerHandshake.BYTES)).isEqualTo(PeerHandshakeTest.handshake());
            assertThat(((InetSocketAddress) libtorrent.getRemoteAddress()).getHostString())
                    .isEqualTo("127.77.1.0");
            libtorrent.write(text("from libtorrent"));
            assertThat(take(link, 15)).isEqualTo(text("from libtorrent"));
            link.write(request());
            assertThat(take(libtorrent, 17)).isEqualTo(request());
        }
        assertEnds(link);
    }

    @Test
    void what_rests_is_asked_of_libtorrent_once_it_has_it() throws Exception {
        CompletableFuture<Void> has = new CompletableFuture<>();
        BlockingQueue<InfoHash> asked = new LinkedBlockingQueue<>();
        bus.answerLater(ServeShare.class, router, request -> {
            asked.add(request.hash());
            return has;
        });
        SecureChannel link = dial(HASH);
        assertThat(asked.poll(10, TimeUnit.SECONDS)).isEqualTo(HASH);
        engine.configureBlocking(false);
        assertThat(engine.accept()).isNull();
        engine.configureBlocking(true);

        has.complete(null);

        try (SocketChannel libtorrent = engine.accept()) {
            assertThat(take(libtorrent, PeerHandshake.BYTES)).isEqualTo(PeerHandshakeTest.handshake());
        }
        assertEnds(link);
    }

    @Test
    void who_has_said_what_it_wants_is_not_cut_off_while_a_large_share_is_looked_at() throws Exception {
        FakeTimers time = new FakeTimers();
        bridge.close();
        bridge = bridge(time);
        tellBridge();
        CompletableFuture<Void> has = new CompletableFuture<>();
        BlockingQueue<InfoHash> asked = new LinkedBlockingQueue<>();
        bus.answerLater(ServeShare.class, router, request -> {
            asked.add(request.hash());
            return has;
        });
        SecureChannel link = dial(HASH);
        assertThat(asked.poll(10, TimeUnit.SECONDS)).isEqualTo(HASH);

        time.advance(SecureChannel.HANDSHAKE_LIMIT);
        CompletableFuture.runAsync(() -> {}, mailbox).join();
        has.complete(null);

        try (SocketChannel libtorrent = engine.accept()) {
            take(libtorrent, PeerHandshake.BYTES);
            libtorrent.write(text("from libtorrent"));
            assertThat(take(link, 15)).isEqualTo(text("from libtorrent"));
        }
    }

    @Test
    void what_is_not_granted_is_asked_of_nobody() throws Exception {
        BlockingQueue<InfoHash> asked = new LinkedBlockingQueue<>();
        bus.answer(ServeShare.class, router, request -> {
            asked.add(request.hash());
            return null;
        });

        assertEnds(dial(OTHER));

        assertThat(asked).isEmpty();
    }

    @Test
    void who_opens_more_connections_than_it_says_what_for_gets_no_more() throws IOException {
        List<SecureChannel> silent = new ArrayList<>();
        for (int i = 0; i <= PeerStreams.MAX_PER_DEVICE; i++) {
            silent.add(dial(Purpose.PEER));
        }

        assertEnds(silent.get(PeerStreams.MAX_PER_DEVICE));
        silent.get(0).write(PeerHandshakeTest.handshake(HASH));

        try (SocketChannel libtorrent = engine.accept()) {
            assertThat(take(libtorrent, PeerHandshake.BYTES)).isEqualTo(PeerHandshakeTest.handshake());
        }
    }

    @Test
    void what_is_not_granted_gets_no_byte_and_libtorrent_hears_nothing_of_it() throws IOException {
        SecureChannel link = dial(OTHER);

        assertEnds(link);
        engine.configureBlocking(false);
        assertThat(engine.accept()).isNull();
    }

    @Test
    void whose_ticket_has_ended_is_cut_off_at_once() throws IOException {
        SecureChannel link = dial(HASH);
        try (SocketChannel libtorrent = engine.accept()) {
            take(libtorrent, PeerHandshake.BYTES);
            granted = false; // as a ticket's end does

            bus.publish(new HelpersFound(HASH, List.of()));

            assertEnds(link);
            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
        }
    }

    @Test
    void what_is_revoked_in_the_middle_ends_at_once() throws IOException {
        SecureChannel link = dial(HASH);
        try (SocketChannel libtorrent = engine.accept()) {
            take(libtorrent, PeerHandshake.BYTES);
            granted = false;

            bus.publish(new AccessChanged());

            assertEnds(link);
            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
        }
    }

    @Test
    void every_trusted_device_has_its_label_and_who_is_not_has_none() throws Exception {
        assertThat(labels.poll(10, TimeUnit.SECONDS))
                .isEqualTo(new LabelsChanged(Map.of(InetAddress.getByName("127.77.1.0"), bob)));

        bus.publish(new TrustChanged(Set.of()));

        assertThat(labels.poll(10, TimeUnit.SECONDS)).isEqualTo(new LabelsChanged(Map.of()));
    }

    @Test
    void a_device_that_loses_trust_in_the_middle_is_cut_off_at_once() throws IOException {
        SecureChannel link = dial(HASH);
        try (SocketChannel libtorrent = engine.accept()) {
            take(libtorrent, PeerHandshake.BYTES);
            trusted = false;

            bus.publish(new TrustChanged(Set.of()));

            assertEnds(link);
            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
        }
    }

    @Test
    void who_alone_sent_a_damaged_piece_is_named_cut_off_and_not_asked_for_that_again() throws Exception {
        BlockingQueue<OffenceSeen> culprits = new LinkedBlockingQueue<>();
        bus.subscribe(OffenceSeen.class, router, culprits::add);
        bobSendsDamage(culprits);
        bus.publish(new HoldersFound(HASH, List.of(bob)));
        assertThat(found.poll(10, TimeUnit.SECONDS)).isEqualTo(new PeersFound(HASH, List.of()));
    }

    @Test
    void who_offers_anew_what_was_damaged_is_asked_under_another_port_than_the_banned_one() throws Exception {
        BlockingQueue<OffenceSeen> culprits = new LinkedBlockingQueue<>();
        bus.subscribe(OffenceSeen.class, router, culprits::add);
        InetSocketAddress banned = bobSendsDamage(culprits);

        listed();
        listed(HASH);
        bus.publish(new HoldersFound(HASH, List.of(bob)));

        PeersFound anew = found.poll(10, TimeUnit.SECONDS);
        assertThat(anew).isNotNull();
        assertThat(anew.peers()).hasSize(1).noneMatch(peer -> peer.port() == banned.getPort());
    }

    /** Once we have heard of it. */
    private InetSocketAddress bobSendsDamage(BlockingQueue<OffenceSeen> culprits) throws Exception {
        try (SocketChannel libtorrent = dialLabel()) {
            InetSocketAddress label = (InetSocketAddress) libtorrent.getRemoteAddress();
            libtorrent.write(PeerHandshakeTest.handshake());
            SecureChannel accepted =
                    SecureChannel.accept(TcpPipe.over(friendsDoor.accept()), bobsTls, own.fingerprint()::equals);
            take(accepted, 1 + PeerHandshake.BYTES);
            accepted.write(PeerHandshakeTest.handshake());
            libtorrent.write(request());
            take(accepted, 17);
            accepted.write(block());
            take(libtorrent, PeerHandshake.BYTES + 14);

            bus.publish(new DamageFound(HASH, 3, 1));

            assertThat(culprits.poll(10, TimeUnit.SECONDS))
                    .isEqualTo(new OffenceSeen(bob, Offence.DAMAGED_PIECES, HASH, 1));
            assertEnds(accepted);
            assertThat(found.poll(10, TimeUnit.SECONDS)).isEqualTo(new PeersFound(HASH, List.of()));
            return label;
        }
    }

    private void listed(InfoHash... hashes) {
        List<Share> shares = Stream.of(hashes)
                .map(hash -> new Share("film", hash, new ContentId("c".repeat(64)), 7, 1))
                .toList();
        bus.publish(new FriendListFetched(new FriendList(bob, "laptop", "r", shares, Instant.EPOCH)));
    }

    @Test
    void who_dials_us_and_sends_a_damaged_piece_is_named_and_cut_off_as_well() throws Exception {
        BlockingQueue<OffenceSeen> culprits = new LinkedBlockingQueue<>();
        bus.subscribe(OffenceSeen.class, router, culprits::add);
        SecureChannel link = dial(HASH);
        try (SocketChannel libtorrent = engine.accept()) {
            take(libtorrent, PeerHandshake.BYTES);
            libtorrent.write(PeerHandshakeTest.handshake());
            libtorrent.write(request());
            take(link, PeerHandshake.BYTES + 17);
            link.write(block());
            take(libtorrent, 14);

            bus.publish(new DamageFound(HASH, 3, 1));

            assertThat(culprits.poll(10, TimeUnit.SECONDS))
                    .isEqualTo(new OffenceSeen(bob, Offence.DAMAGED_PIECES, HASH, 1));
            assertEnds(link);
        }
        assertEnds(dial(HASH));
    }

    @Test
    void who_says_to_have_it_and_may_not_get_a_byte_of_it_from_us_cannot_ask_for_any() throws Exception {
        granted = false;
        try (SocketChannel libtorrent = dialLabel()) {
            libtorrent.write(PeerHandshakeTest.handshake());
            SecureChannel accepted =
                    SecureChannel.accept(TcpPipe.over(friendsDoor.accept()), bobsTls, own.fingerprint()::equals);
            take(accepted, 1 + PeerHandshake.BYTES);
            accepted.write(PeerHandshakeTest.handshake());
            assertThat(take(libtorrent, PeerHandshake.BYTES).remaining()).isEqualTo(PeerHandshake.BYTES);

            accepted.write(request());

            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
            assertEnds(accepted);
        }
    }

    @Test
    void a_key_that_is_not_trusted_gets_nothing_but_tls() throws Exception {
        trusted = false;

        // TLS 1.3 lets the other side say no only after we have spoken
        assertThatThrownBy(() -> dial(HASH).read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(listener.refused()).isEqualTo(1);
    }

    @Test
    void libtorrent_reaches_a_friends_device_at_its_label_once_permission_was_asked() throws Exception {
        try (SocketChannel libtorrent = dialLabel()) {
            libtorrent.write(PeerHandshakeTest.handshake());

            SecureChannel accepted =
                    SecureChannel.accept(TcpPipe.over(friendsDoor.accept()), bobsTls, own.fingerprint()::equals);
            assertThat(take(accepted, 1).get()).isEqualTo(Purpose.PEER.sign());
            assertThat(take(accepted, PeerHandshake.BYTES)).isEqualTo(PeerHandshakeTest.handshake());
            accepted.write(PeerHandshakeTest.handshake());
            assertThat(take(libtorrent, PeerHandshake.BYTES)).isEqualTo(PeerHandshakeTest.handshake());
            accepted.finish();
            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
        }
    }

    @Test
    void what_we_do_not_want_of_a_friend_is_not_dialled() throws Exception {
        wanted = false;

        try (SocketChannel libtorrent = dialLabel()) {
            libtorrent.write(PeerHandshakeTest.handshake());

            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
            friendsDoor.configureBlocking(false);
            assertThat(friendsDoor.accept()).isNull();
        }
    }

    @Test
    void somebody_elses_key_at_a_friends_address_gets_no_handshake() throws Exception {
        Tls eves = Tls.open(DeviceKey.create(), natives);
        try (SocketChannel libtorrent = dialLabel()) {
            libtorrent.write(PeerHandshakeTest.handshake());

            TcpPipe pipe = TcpPipe.over(friendsDoor.accept());
            assertThatThrownBy(
                            () -> SecureChannel.accept(pipe, eves, any -> true).read(ByteBuffer.allocate(1)))
                    .isInstanceOf(IOException.class);
            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
        }
    }
}
