package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.bus.MailboxThread;
import bitween.bus.TimerThread;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Jid;
import bitween.model.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several addresses of one device, on real sockets. */
@Timeout(30)
class DialerTest {
    private static final Device BOB = new Device(
            new Jid("bob@b.test"), new DeviceId(Ends.BOB.fingerprint().hex()));

    private final MailboxThread mailbox = MailboxThread.start("link");
    private final TimerThread timers = new TimerThread();
    private final Routes routes = new Routes();
    private final DialLimits limits = new DialLimits(System::nanoTime);

    @AfterEach
    void close() {
        mailbox.close();
        timers.close();
    }

    @Test
    @Tag("slow")
    void who_connected_while_another_was_spoken_to_has_its_turn_also_after_the_time() throws Exception {
        try (ServerSocket silent = door();
                ServerSocket open = door();
                Race race = Race.start(List.of(at(silent), at(open)), Duration.ofMillis(500))) {
            Race.Runner first = Objects.requireNonNull(race.next());
            try (SocketChannel spokenTo = Sockets.prepared(first.channel())) {
                spokenTo.socket().setSoTimeout(1_000);
                assertThatThrownBy(() -> spokenTo.socket().getInputStream().read())
                        .isInstanceOf(java.net.SocketTimeoutException.class); // it says nothing

                Race.Runner second = Objects.requireNonNull(race.next());

                assertThat(second.address()).isNotEqualTo(first.address());
                Sockets.close(second.channel());
                assertThat(race.hasMore()).isFalse();
            }
        }
    }

    @Test
    void an_address_that_refuses_is_proven_no_longer() throws IOException {
        ServerSocket gone = door();
        PeerAddress address = at(gone);
        gone.close();
        limits.proved(BOB, address);
        routes.announced(BOB, List.of(address));
        Dialer dialer = new Dialer(Tls.jdk(Ends.ALICE), routes, limits, timers, mailbox);

        for (int i = 0; i <= DialLimits.PER_ADDRESS; i++) {
            assertThatThrownBy(() -> dialer.dial(BOB, Purpose.REQUESTS)).isInstanceOf(IOException.class);
        }

        assertThat(limits.permits(BOB, address)).isFalse();
    }

    private static ServerSocket door() throws IOException {
        return new ServerSocket(0, 8, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    }

    private static PeerAddress at(ServerSocket door) {
        return new PeerAddress(door.getInetAddress(), door.getLocalPort());
    }
}
