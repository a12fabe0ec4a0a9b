package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.Jid;
import bitween.model.LinkPath;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Alice's end is a program of the test's, Bob's is ours. */
@Timeout(30)
class ToldAddressTest {
    private static final PeerAddress ALICES = PeerAddress.parse("203.0.113.5:50123");
    private static final Page PAGE = new Page("r1", 3, 0, Bytes.of(new byte[3]));

    private final Ends ends = Ends.of(Engines.JDK_TO_JDK);
    private final Link alice = link(ends.alice(), LinkPath.direct(PeerAddress.parse("198.51.100.9:4711")));
    private final BlockingQueue<InetAddress> seen = new LinkedBlockingQueue<>();
    private final BlockingQueue<OffenceException> offences = new LinkedBlockingQueue<>();
    private final BlockingQueue<RequestLink> ended = new LinkedBlockingQueue<>();
    private RequestLink bob;

    @BeforeEach
    void start() {
        bob = new RequestLink(
                link(ends.bob(), LinkPath.direct(ALICES)), Duration.ofSeconds(20), new Answers(), ended::add);
        bob.start();
    }

    @AfterEach
    void close() {
        bob.close();
        ends.close();
    }

    @Test
    void the_first_that_is_said_is_from_where_the_other_side_is_seen_to_come() throws IOException {
        Frame first = next();

        assertThat(first.type()).isEqualTo(Frame.Type.PING);
        assertThat(first.seen()).isEqualTo(ALICES.ip());
    }

    @Test
    void where_the_other_side_sees_us_is_heard_once_in_a_while_and_each_ping_is_answered() throws Exception {
        InetAddress ours = PeerAddress.parse("198.51.100.1:1").ip();
        next();

        for (int i = 0; i < 3; i++) {
            alice.write(Frame.ping(ours).encoded());
            assertThat(next().type()).isEqualTo(Frame.Type.ALIVE);
        }
        alice.write(
                Frame.ask(1, new PageQuery(PageQuery.Kind.CATALOGUE, null, 0)).encoded());

        assertThat(next().page()).isEqualTo(PAGE); // by now all pings were read
        assertThat(seen).containsExactly(ours);
    }

    @Test
    void a_ping_that_says_nonsense_ends_the_link() throws Exception {
        alice.write(new Frame(Frame.Type.PING, 0, Bytes.of(new byte[] {'d', 'd', 'd'})).encoded());

        assertThat(ended.poll(20, TimeUnit.SECONDS)).isSameAs(bob);
        assertThat(offences).singleElement().asString().contains("a broken PING");
        assertThat(seen).isEmpty();
    }

    private Frame next() throws IOException {
        return Objects.requireNonNull(Frame.read(alice::fill), "the link ended");
    }

    private static Link link(SecureChannel channel, LinkPath path) {
        return new Link(new Device(new Jid("friend@b.test"), new DeviceId("ab".repeat(32))), path, true, channel);
    }

    private final class Answers extends NoAnswers {
        @Override
        public CompletableFuture<Page> page(PageQuery query) {
            return CompletableFuture.completedFuture(PAGE);
        }

        @Override
        public void offended(OffenceException how) {
            offences.add(how);
        }

        @Override
        public void seen(InetAddress ours) {
            seen.add(ours);
        }
    }
}
