package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.CatalogueEvent.AccessChanged;
import bitween.message.CatalogueEvent.HoldersFound;
import bitween.message.LinkEvent.OffenceSeen;
import bitween.model.Offence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bob shares the same content as what we get, under an info-hash of his own. */
class BridgeCopiesTest extends BridgeFixture {
    @BeforeEach
    void bob_has_a_copy() {
        copy = OTHER;
    }

    @Test
    void each_side_hears_the_info_hash_that_it_knows_however_the_answer_comes_and_messages_stay_as_they_are()
            throws Exception {
        try (SocketChannel libtorrent = dialLabel()) {
            libtorrent.write(PeerHandshakeTest.handshake(HASH));
            SecureChannel accepted = accept();

            assertThat(take(accepted, 1 + PeerHandshake.BYTES).position(1))
                    .isEqualTo(PeerHandshakeTest.handshake(OTHER));
            ByteBuffer answer = ByteBuffer.allocate(PeerHandshake.BYTES + 14)
                    .put(PeerHandshakeTest.handshake(OTHER))
                    .put(block())
                    .flip();
            libtorrent.write(request());
            take(accepted, 17);
            accepted.write(answer.slice(0, 30));
            assertThat(take(libtorrent, 30))
                    .isEqualTo(PeerHandshakeTest.handshake(HASH).limit(30));
            accepted.write(answer.slice(30, 5));
            accepted.write(answer.slice(35, answer.limit() - 35));

            assertThat(take(libtorrent, PeerHandshake.BYTES - 30))
                    .isEqualTo(PeerHandshakeTest.handshake(HASH).position(30));
            assertThat(take(libtorrent, 14)).isEqualTo(block());
        }
    }

    @Test
    void who_answers_for_another_share_than_his_copy_is_named() throws Exception {
        BlockingQueue<OffenceSeen> culprits = new LinkedBlockingQueue<>();
        bus.subscribe(OffenceSeen.class, router, culprits::add);
        try (SocketChannel libtorrent = dialLabel()) {
            libtorrent.write(PeerHandshakeTest.handshake(HASH));
            SecureChannel accepted = accept();
            take(accepted, 1 + PeerHandshake.BYTES);

            accepted.write(PeerHandshakeTest.handshake(HASH));

            assertThat(culprits.poll(10, TimeUnit.SECONDS))
                    .isEqualTo(new OffenceSeen(bob, Offence.OTHER_PROTOCOL, HASH, 1));
            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
        }
    }

    @Test
    void a_copy_that_is_not_offered_any_more_is_not_drawn_from_any_longer() throws Exception {
        try (SocketChannel libtorrent = dialLabel()) {
            libtorrent.write(PeerHandshakeTest.handshake(HASH));
            SecureChannel accepted = accept();
            take(accepted, 1 + PeerHandshake.BYTES);
            copy = HASH; // as we know it: what is open is about the other

            bus.publish(new AccessChanged());

            assertEnds(accepted);
            assertThat(libtorrent.read(ByteBuffer.allocate(1))).isNegative();
        }
    }

    @Test
    void a_copy_is_found_as_the_share_itself_is() throws Exception {
        bus.publish(new HoldersFound(HASH, List.of(), List.of(bob)));

        var peers = found.poll(10, TimeUnit.SECONDS);
        assertThat(peers).isNotNull();
        assertThat(peers.peers()).hasSize(1);
    }

    private SecureChannel accept() throws IOException {
        return SecureChannel.accept(TcpPipe.over(friendsDoor.accept()), bobsTls, own.fingerprint()::equals);
    }
}
