package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.BytePipe;
import bitween.model.FullJid;
import bitween.model.Jid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.id.StandardStanzaIdSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of bytes through a server, and what strangers and hostile contacts get. */
@Timeout(30)
class InBandStreamsTest extends ServerFixture {
    private static final String IBB = " xmlns='http://jabber.org/protocol/ibb' ";
    private static final String GOOD = "<open" + IBB + "sid='%s' block-size='4096' stanza='iq'/>";

    private final Heard<Arrival> arrivals = new Heard<>();
    private Jid alice;
    private Jid bob;
    private TestDevice laptop;

    private record Arrival(FullJid from, BytePipe pipe) {}

    @BeforeEach
    void alice_and_bob_are_friends() {
        alice = user("a.test");
        bob = user("b.test");
        befriend(alice, bob);
        laptop = device(alice).shares("l").online();
    }

    @Test
    void bytes_pass_both_ways_at_once_and_the_end_after_them() throws Exception {
        TestDevice desk = welcoming(bob);
        laptop.awaitAnnouncement(desk, "d");
        byte[] there = bytes(500_000, 1);
        byte[] back = bytes(300_001, 2);

        BytePipe mine = laptop.inBand().open(desk.device);
        Arrival theirs = arrivals.await(Arrival.class, arrival -> true);
        CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> readAll(theirs.pipe, there.length));
        CompletableFuture<byte[]> answered = CompletableFuture.supplyAsync(() -> readAll(mine, back.length));
        CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> write(theirs.pipe, back));
        write(mine, there);

        assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(there);
        assertThat(answered.get(20, TimeUnit.SECONDS)).isEqualTo(back);
        answering.get(20, TimeUnit.SECONDS);
        mine.close();
        assertThat(theirs.pipe.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(theirs.from).isEqualTo(laptop.device);
        assertThat(mine.path()).isEqualTo("in-band " + desk.device);
    }

    @Test
    void who_lets_nobody_in_is_like_somebody_who_is_not_there() {
        TestDevice desk = device(bob).shares("d").online();
        laptop.awaitAnnouncement(desk, "d");

        assertThatThrownBy(() -> laptop.inBand().open(desk.device))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("service-unavailable");
    }

    @Test
    void a_stream_breaks_when_the_other_device_leaves() throws Exception {
        TestDevice desk = welcoming(bob);
        laptop.awaitAnnouncement(desk, "d");
        BytePipe mine = laptop.inBand().open(desk.device);
        Arrival theirs = arrivals.await(Arrival.class, arrival -> true);

        desk.close();

        assertThatThrownBy(() -> mine.read(ByteBuffer.allocate(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is away");
        assertThatThrownBy(() -> theirs.pipe.read(ByteBuffer.allocate(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no connection");
        assertThatThrownBy(() -> desk.inBand().open(laptop.device)).isInstanceOf(IOException.class);
    }

    @Test
    void strangers_learn_nothing_from_it() throws Exception {
        laptop.inBand().welcome((from, pipe) -> arrivals.add(new Arrival(from, pipe)));
        RawClient stranger = raw(user("b.test"));

        assertThat(asked(stranger, GOOD.formatted("a"))).isEqualTo("service-unavailable");
        assertThat(asked(stranger, data("a", 0, 10))).isEqualTo("service-unavailable");
        assertThat(asked(stranger, "<data" + IBB + "seq='zzz'/>")).isEqualTo("service-unavailable");
        assertThat(asked(stranger, "<close" + IBB + "sid='a'/>")).isEqualTo("service-unavailable");
        assertThat(arrivals.all()).isEmpty();
    }

    @Test
    void a_friends_program_that_breaks_the_rules_loses_the_stream() throws Exception {
        laptop.inBand().welcome((from, pipe) -> arrivals.add(new Arrival(from, pipe)));
        RawClient friend = raw(bob);

        assertThat(asked(friend, "<open" + IBB + "sid='a' block-size='65535'/>"))
                .isEqualTo("resource-constraint");
        assertThat(asked(friend, "<open" + IBB + "sid='a' block-size='4096' stanza='message'/>"))
                .isEqualTo("bad-request");
        assertThat(asked(friend, data("a", 0, 10))).isEqualTo("item-not-found");
        assertThat(asked(friend, GOOD.formatted("a"))).isEqualTo("result");
        assertThat(asked(friend, GOOD.formatted("a"))).isEqualTo("resource-constraint");
        assertThat(asked(friend, data("a", 1, 10))).isEqualTo("unexpected-request");
        assertThat(asked(friend, data("a", 0, 10))).isEqualTo("item-not-found");
        assertThat(asked(friend, GOOD.formatted("b"))).isEqualTo("result");
        assertThat(asked(friend, data("b", 0, 4_097))).isEqualTo("bad-request");
        assertThat(asked(friend, "<close" + IBB + "sid='b'/>")).isEqualTo("item-not-found");
        assertThat(asked(friend, GOOD.formatted("c"))).isEqualTo("result");
        assertThat(asked(friend, "<close" + IBB + "sid='c'/>")).isEqualTo("result");
    }

    @Test
    void one_contact_has_so_many_streams_and_no_more_until_one_ends() throws Exception {
        laptop.inBand().welcome((from, pipe) -> arrivals.add(new Arrival(from, pipe)));
        RawClient friend = raw(bob);
        int theirs = Math.min(
                InBandStreams.MAX_PER_CONTACT - InBandStreams.OWN_PER_CONTACT, InBandStreams.MAX - InBandStreams.OWN);
        for (int i = 0; i < theirs; i++) {
            assertThat(asked(friend, GOOD.formatted("s" + i))).isEqualTo("result");
        }

        assertThat(asked(friend, GOOD.formatted("more"))).isEqualTo("resource-constraint");
        arrivals.await(Arrival.class, arrival -> true).pipe.close();

        assertThat(asked(friend, GOOD.formatted("again"))).isEqualTo("result");
    }

    @Test
    void a_contact_opens_so_many_streams_a_minute_and_no_more() throws Exception {
        laptop.inBand().welcome((from, pipe) -> pipe.close());
        RawClient friend = raw(bob);
        for (int i = 0; i < InBandStreams.MAX_OPENS; i++) {
            assertThat(asked(friend, GOOD.formatted("s" + i))).isEqualTo("result");
        }

        assertThat(asked(friend, GOOD.formatted("more"))).isEqualTo("resource-constraint");
    }

    @Test
    void blocks_that_nobody_reads_are_not_acknowledged_and_a_flood_of_them_ends_the_stream() throws Exception {
        laptop.inBand().welcome((from, pipe) -> arrivals.add(new Arrival(from, pipe)));
        RawClient friend = raw(bob);
        asked(friend, GOOD.formatted("a"));
        BytePipe pipe = arrivals.await(Arrival.class, arrival -> true).pipe;

        for (int i = 0; i < InBandPipe.MAX_WINDOW; i++) {
            friend.send(set("held" + i, data("a", i, 100)));
        }

        assertThat(asked(friend, data("a", InBandPipe.MAX_WINDOW, 100))).isEqualTo("resource-constraint");
        pipe.read(ByteBuffer.allocate(100));
        assertThat(RawClient.condition(friend.answer("held0"))).isEqualTo("result");
    }

    @Test
    void blocks_for_a_stream_that_is_not_there_are_refused_so_often_a_second_and_then_not_at_all() throws Exception {
        RawClient friend = raw(bob);

        for (int i = 0; i < 10 * SturdyConnection.MAX_REFUSALS; i++) {
            friend.send(set("lost" + i, data("a", i, 10)));
            friend.send(set("odd" + i, "<unheard xmlns='urn:of'/>"));
        }
        friend.send("<iq to='" + laptop.device + "' id='last' type='get'><ping xmlns='urn:xmpp:ping'/></iq>");
        friend.answer("last");

        assertThat(friend.refusals()).isBetween(1L, 5L * SturdyConnection.MAX_REFUSALS);
    }

    @Test
    void an_answer_in_somebody_elses_name_counts_for_nothing() throws Exception {
        TestDevice desk = welcoming(bob);
        laptop.awaitAnnouncement(desk, "d");
        BytePipe mine = laptop.inBand().open(desk.device);
        Arrival theirs = arrivals.await(Arrival.class, arrival -> true);
        RawClient eve = raw(user("b.test"));
        write(mine, bytes(8_192, 1)); // nobody has read and so answered these two blocks yet

        String id = StandardStanzaIdSource.DEFAULT.getNewStanzaId(); // theirs were some before, as it counts
        int dash = id.lastIndexOf('-') + 1;
        for (int before = 1; before <= 60; before++) {
            eve.send("<iq to='" + laptop.device + "' type='error' id='" + id.substring(0, dash)
                    + (Long.parseLong(id.substring(dash)) - before) + "'><error type='cancel'>"
                    + "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
        }
        assertThat(asked(eve, GOOD.formatted("a"))).isEqualTo("service-unavailable"); // so they have come

        assertThat(readAll(theirs.pipe, 8_192)).isEqualTo(bytes(8_192, 1));
        write(mine, bytes(5_000, 2));
        assertThat(readAll(theirs.pipe, 5_000)).isEqualTo(bytes(5_000, 2));
    }

    private TestDevice welcoming(Jid jid) {
        TestDevice device = device(jid).shares("d").online();
        device.inBand().welcome((from, pipe) -> arrivals.add(new Arrival(from, pipe)));
        return device;
    }

    private String asked(RawClient client, String payload) throws Exception {
        String id = "q" + System.nanoTime();
        client.send(set(id, payload));
        IQ answer = client.answer(id);
        return RawClient.condition(answer);
    }

    private String set(String id, String payload) {
        return "<iq to='" + laptop.device + "' id='" + id + "' type='set'>" + payload + "</iq>";
    }

    private static String data(String sid, int sequence, int bytes) {
        return "<data" + IBB + "sid='" + sid + "' seq='" + sequence + "'>"
                + Base64.getEncoder().encodeToString(new byte[bytes]) + "</data>";
    }

    private static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static void write(BytePipe pipe, byte[] bytes) {
        try {
            pipe.write(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] readAll(BytePipe pipe, int count) {
        ByteBuffer into = ByteBuffer.allocate(count);
        try {
            while (into.hasRemaining() && pipe.read(into) >= 0) {}
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return into.array();
    }
}
