package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.bus.MailboxThread;
import bitween.bus.TimerThread;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Jid;
import bitween.model.LinkPath;
import bitween.model.PeerAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets and TLS; the friend's device is the test. */
@Timeout(30)
class CallsTest {
    private static final Device BOB = new Device(
            new Jid("bob@b.test"), new DeviceId(Ends.BOB.fingerprint().hex()));
    private static final LinkPath PATH = LinkPath.direct(PeerAddress.parse("192.0.2.7:50123"));

    private final MailboxThread mailbox = MailboxThread.start("link");
    private final TimerThread timers = new TimerThread();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Device> questions = new LinkedBlockingQueue<>();
    private final BlockingQueue<Link> served = new LinkedBlockingQueue<>();
    private final Routes routes = new Routes();
    private Dialer dialer;
    private Calls calls;
    private Ends ends;

    @BeforeEach
    void open() {
        dialer = new Dialer(Tls.jdk(Ends.ALICE), routes, new DialLimits(System::nanoTime), timers, mailbox);
        calls = new Calls(dialer, threads, questions::add, served::add);
        ends = Ends.over(Tls.jdk(Ends.ALICE), Tls.jdk(Ends.BOB), MemoryPipe.pair(100_000));
    }

    @AfterEach
    void close() {
        ends.close();
        threads.shutdownNow();
        mailbox.close();
        timers.close();
    }

    @Test
    void what_a_device_dials_when_it_was_asked_to_goes_to_whoever_asked() throws Exception {
        CompletableFuture<Link> wanted = Ends.start(() -> calls.call(BOB));
        assertThat(questions.poll(10, TimeUnit.SECONDS)).isEqualTo(BOB);
        Link link = new Link(BOB, PATH, false, ends.alice());

        calls.came(link);

        assertThat(wanted).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(link);
    }

    @Test
    void a_device_that_does_not_come_is_not_waited_for_long() {
        Calls hasty = new Calls(dialer, threads, Duration.ofMillis(100), questions::add, served::add);

        assertThatThrownBy(() -> hasty.call(BOB)).isInstanceOf(ConnectException.class);
    }

    @Test
    void who_comes_without_being_asked_is_sent_away() {
        Link link = new Link(BOB, PATH, false, ends.alice());

        calls.came(link);

        assertThat(Ends.failureOf(Ends.start(() -> {
                    link.write(ByteBuffer.allocate(1));
                    return link;
                })))
                .isInstanceOf(IOException.class);
    }

    @Test
    void who_asks_us_is_dialled_where_it_says_that_it_is_and_served_there() throws Exception {
        try (ServerSocketChannel door = door()) {
            routes.announced(BOB, List.of(at(door)));

            routes.proved(BOB, at(door));

            calls.asked(BOB);

            SecureChannel theirs = SecureChannel.accept(
                    TcpPipe.over(door.accept()), Tls.jdk(Ends.BOB), Ends.ALICE.fingerprint()::equals);
            ByteBuffer sign = ByteBuffer.allocate(1);
            theirs.read(sign);
            assertThat(sign.get(0)).isEqualTo(Purpose.CALLED.sign());
            assertThat(served.poll(10, TimeUnit.SECONDS))
                    .extracting(Link::device)
                    .isEqualTo(BOB);
        }
    }

    @Test
    void who_asks_us_is_not_dialled_where_it_never_was() throws Exception {
        try (ServerSocketChannel door = door()) {
            routes.announced(BOB, List.of(at(door)));
            List<Runnable> begun = new ArrayList<>();

            new Calls(dialer, begun::add, questions::add, served::add).asked(BOB);

            assertThat(begun).isEmpty();
        }
    }

    @Test
    void no_more_are_asked_for_at_once_than_a_device_dials() throws Exception {
        List<CompletableFuture<Link>> wanted = new ArrayList<>();
        for (int i = 0; i <= Calls.MAX_AT_ONCE; i++) {
            wanted.add(Ends.start(() -> calls.call(BOB)));
        }
        for (int i = 0; i < Calls.MAX_AT_ONCE; i++) {
            assertThat(questions.poll(10, TimeUnit.SECONDS)).isEqualTo(BOB);
        }
        assertThat(questions).isEmpty();

        calls.came(new Link(BOB, PATH, false, ends.alice()));

        assertThat(questions.poll(5, TimeUnit.SECONDS)).isEqualTo(BOB);
        assertThat(CompletableFuture.anyOf(wanted.toArray(CompletableFuture<?>[]::new)))
                .succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void what_came_through_the_xmpp_servers_is_no_answer() throws Exception {
        CompletableFuture<Link> wanted = Ends.start(() -> calls.call(BOB));
        assertThat(questions.poll(10, TimeUnit.SECONDS)).isEqualTo(BOB);

        calls.came(new Link(BOB, LinkPath.inBand(), false, ends.alice()));

        assertThat(wanted).isNotDone();
    }

    @Test
    void who_asks_again_and_again_is_dialled_a_few_times_at_once() {
        List<Runnable> begun = new ArrayList<>();
        Calls patient = new Calls(dialer, begun::add, questions::add, served::add);

        PeerAddress nobodys = PeerAddress.parse("127.0.0.1:1");
        routes.announced(BOB, List.of(nobodys));
        routes.proved(BOB, nobodys);
        for (int i = 0; i < 100; i++) {
            patient.asked(BOB);
        }
        assertThat(begun).hasSize(Calls.MAX_AT_ONCE);

        begun.remove(0).run(); // nobody is there, which frees the place
        patient.asked(BOB);
        patient.asked(BOB);
        assertThat(begun).hasSize(Calls.MAX_AT_ONCE);
    }

    private static PeerAddress at(ServerSocketChannel door) throws IOException {
        InetSocketAddress address = (InetSocketAddress) door.getLocalAddress();
        return new PeerAddress(address.getAddress(), address.getPort());
    }

    private static ServerSocketChannel door() throws IOException {
        return ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
    }
}
