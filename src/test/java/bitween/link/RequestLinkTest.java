package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.Bytes;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.LinkPath;
import bitween.model.Offence;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.PeerAddress;
import bitween.model.UserException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two daemons' ends of one link, in memory. */
@Timeout(30)
class RequestLinkTest {
    private static final int MANY = 300;

    private final BlockingQueue<CompletableFuture<Page>> bobsAnswers = new LinkedBlockingQueue<>();
    private final CompletableFuture<RequestLink> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> called = new CompletableFuture<>();
    private final BlockingQueue<Offence> offences = new LinkedBlockingQueue<>();
    private Ends ends;
    private RequestLink alice;
    private RequestLink bob;

    @BeforeEach
    void open() {
        ends = Ends.over(Tls.jdk(Ends.ALICE), Tls.jdk(Ends.BOB), MemoryPipe.pair(100_000));
        alice = link(ends.alice(), true);
        bob = link(ends.bob(), false);
    }

    @AfterEach
    void close() {
        alice.close();
        bob.close();
        ends.close();
    }

    @Test
    void a_hundred_jobs_that_ask_at_once_are_all_answered_a_few_at_a_time() throws Exception {
        List<CompletableFuture<Page>> answers =
                IntStream.range(0, MANY).mapToObj(i -> alice.ask(query(i))).toList();

        for (int i = 0; i < MANY; i++) {
            CompletableFuture<Page> answer = bobsAnswers.poll(10, TimeUnit.SECONDS);
            assertThat(answer).as("question %d", i).isNotNull();
            assertThat(bobsAnswers).hasSizeLessThan(RequestLink.MAX_ASKED);
            answer.complete(new Page("r", 1, 0, Bytes.of(new byte[] {1})));
        }

        assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(Duration.ofSeconds(10)));
        assertThat(ended).isNotDone();
        assertThat(alice.isIdle(later())).isTrue();
    }

    @Test
    void who_asks_to_be_dialled_is_heard() {
        alice.call();

        assertThat(called).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void what_was_asked_and_what_waits_fails_when_the_link_ends() throws Exception {
        List<CompletableFuture<Page>> answers =
                IntStream.range(0, MANY).mapToObj(i -> alice.ask(query(i))).toList();
        assertThat(bobsAnswers.poll(10, TimeUnit.SECONDS)).isNotNull();

        bob.close();

        assertThat(ended).succeedsWithin(Duration.ofSeconds(10));
        assertThat(answers)
                .allSatisfy(answer -> assertThatThrownBy(answer::join)
                        .cause()
                        .isInstanceOfSatisfying(
                                UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FRIEND_OFFLINE)));
    }

    @Test
    void while_their_question_waits_for_our_answer_the_link_is_in_use() throws Exception {
        CompletableFuture<Page> answer = alice.ask(query(0));
        CompletableFuture<Page> given = bobsAnswers.poll(10, TimeUnit.SECONDS);

        assertThat(bob.isIdle(later())).isFalse();
        assertThat(given).isNotNull();
        given.complete(new Page("r", 1, 0, Bytes.of(new byte[] {1})));
        assertThat(answer).succeedsWithin(Duration.ofSeconds(10));
        assertThat(bob.isIdle(System.nanoTime())).isFalse();
        assertThat(bob.isIdle(later())).isTrue();
    }

    @Test
    void what_has_ended_is_not_asked_even_before_it_is_forgotten() {
        Neighbour neighbour = new Neighbour();
        neighbour.links.add(bob);

        bob.close();

        assertThat(neighbour.used()).isNull();
    }

    @Test
    void who_sends_what_is_no_frame_is_named_and_loses_the_link() throws Exception {
        alice.link()
                .write(ByteBuffer.allocate(Frame.HEADER_BYTES)
                        .put((byte) 'A')
                        .putInt(1)
                        .putInt(-1)
                        .flip());

        assertThat(offences.poll(10, TimeUnit.SECONDS)).isEqualTo(Offence.BROKEN_QUESTIONS);
        assertThat(ended).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void a_frame_of_a_kind_that_only_a_newer_bitween_knows_ends_the_link_and_names_nobody() throws Exception {
        alice.link()
                .write(ByteBuffer.allocate(Frame.HEADER_BYTES).put((byte) 'Z').rewind());

        assertThat(ended).succeedsWithin(Duration.ofSeconds(10));
        assertThat(offences).isEmpty();
    }

    private static long later() {
        return System.nanoTime() + Duration.ofMinutes(1).toNanos();
    }

    private RequestLink link(SecureChannel channel, boolean dialled) {
        Device device = new Device(
                new Jid(dialled ? "bob@b.test" : "alice@a.test"),
                new DeviceId(channel.peer().hex()));
        Link link = new Link(device, LinkPath.direct(PeerAddress.parse("192.0.2.1:1")), dialled, channel);
        RequestLink requests = new RequestLink(link, Duration.ofSeconds(20), new Bob(), ended::complete);
        requests.start();
        return requests;
    }

    private CompletableFuture<Page> answer() {
        CompletableFuture<Page> answer = new CompletableFuture<>();
        bobsAnswers.add(answer);
        return answer;
    }

    private final class Bob extends NoAnswers {
        @Override
        public void offended(OffenceException how) {
            offences.add(how.offence());
        }

        @Override
        public CompletableFuture<Page> page(PageQuery query) {
            return answer();
        }

        @Override
        public void called() {
            called.complete(null);
        }
    }

    private static PageQuery query(int offset) {
        return new PageQuery(PageQuery.Kind.CATALOGUE, null, offset);
    }
}
