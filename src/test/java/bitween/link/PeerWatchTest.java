package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import bitween.bus.Bus;
import bitween.message.LinkEvent.OffenceSeen;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Offence;
import bitween.testing.FakeTimers;
import bitween.testing.ManualExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerWatchTest {
    private static final InfoHash FILM = new InfoHash("a".repeat(40));
    private static final Device MALLORY = new Device(new Jid("mallory@example.org"), new DeviceId("m"));
    private static final int KEEP_ALIVE = -1;

    private final ManualExecutor threads = new ManualExecutor(1);
    private final Bus bus = new Bus(threads.lane("bus"));
    private final FakeTimers timers = new FakeTimers();
    private final Offenders offenders = new Offenders(bus, threads.lane("link"), timers);
    private final List<Offence> seen = new ArrayList<>();
    private final PeerWatch watch =
            new PeerWatch(Subject.served(MALLORY, FILM), new All(), new FirstSenders(), offenders);
    private final MessageReader theirs = watch.theirs();
    private final MessageReader ours = watch.ours();

    PeerWatchTest() throws IOException {
        bus.subscribe(OffenceSeen.class, threads.lane("test"), event -> seen.add(event.offence()));
        ours.see(PeerHandshakeTest.handshake(FILM));
    }

    @Test
    void what_honest_ones_say_passes() throws IOException {
        say(20, 0, 'd', 'e');
        say(5, 0xff, 0xf0);
        say(2);
        say(1);
        say(KEEP_ALIVE);
        say(4, 0, 0, 0, 9);
        say(17, 0, 0, 0, 1);
        say(13, 0, 0, 0, 1);
        for (int i = 0; i < PeerWatch.MAX_REQUESTS; i++) {
            request(1, 0, 16_384);
        }
        answers(1_000);
        for (int i = 0; i < 1_000; i++) {
            request(1, 16_384, 1);
        }
        say(8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 64, 0);
        say(16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 64, 0);
        say(20, 7, 0, 0, 0, 1);
        say(0);
        say(3);

        assertThat(offences()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 3, MALFORMED_MESSAGES",
        "4, 3, MALFORMED_MESSAGES",
        "5, 0, MALFORMED_MESSAGES",
        "5, 300000, MALFORMED_MESSAGES",
        "6, 11, MALFORMED_MESSAGES",
        "7, 8, MALFORMED_MESSAGES",
        "7, 16393, MALFORMED_MESSAGES",
        "10, 0, MALFORMED_MESSAGES",
        "21, 48, MALFORMED_MESSAGES",
        "-1, 2147483646, MALFORMED_MESSAGES",
        "20, 20000, UNKNOWN_EXTENSIONS",
        "7, 100, UNASKED_BLOCKS",
    })
    void a_message_that_no_bitween_sends_does_not_pass(int id, int bytes, Offence offence) {
        fails(() -> theirs.see(ByteBuffer.allocate(100)
                .putInt(1 + bytes)
                .put((byte) id)
                .rewind()
                .limit(5 + Math.min(bytes, 95))));

        assertThat(offences()).containsExactly(offence);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, 16384", "2147483647, 0, 16384", "0, -1, 16384", "0, 0, 0", "0, 0, -2147483648", "0, 0, 16385"})
    void a_request_that_fits_no_share_does_not_pass(int piece, int begin, int length) {
        fails(() -> request(piece, begin, length));

        assertThat(offences()).containsExactly(Offence.MALFORMED_MESSAGES);
    }

    @Test
    void a_piece_that_no_share_has_is_had_by_nobody() {
        fails(() -> say(4, 0xff, 0xff, 0xff, 0xff));

        assertThat(offences()).containsExactly(Offence.MALFORMED_MESSAGES);
    }

    @Test
    void what_somebody_has_is_said_once() throws IOException {
        say(14);

        fails(() -> say(5, 0xff));

        assertThat(offences()).containsExactly(Offence.MALFORMED_MESSAGES);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void extensions_that_we_did_not_offer_do_not_pass(int extension) {
        fails(() -> say(20, extension, 'd', 'e'));

        assertThat(offences()).containsExactly(Offence.UNKNOWN_EXTENSIONS);
    }

    @Test
    void each_request_of_ours_brings_one_block_and_no_other_comes() throws IOException {
        ours.see(ByteBuffer.wrap(message(6, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1)));

        say(7, 0, 0, 0, 3, 0, 0, 0, 0, 42);
        fails(() -> say(7, 0, 0, 0, 3, 0, 0, 0, 0, 42));

        assertThat(offences()).containsExactly(Offence.UNASKED_BLOCKS);
    }

    @Test
    void more_requests_than_we_take_are_a_flood() throws IOException {
        for (int i = 0; i < PeerWatch.MAX_REQUESTS; i++) {
            request(0, 0, 16_384);
        }
        fails(() -> request(0, 0, 16_384));

        assertThat(offences()).containsExactly(Offence.REQUEST_FLOOD);
    }

    @Test
    void who_is_refused_more_often_than_when_it_is_choked_floods() throws IOException {
        for (int i = 0; i < 2 * PeerWatch.MAX_REQUESTS; i++) {
            if (i == PeerWatch.MAX_REQUESTS) {
                ours.see(ByteBuffer.wrap(message(0))); // it is choked
            }
            request(0, 0, 16_384);
            refuse();
        }
        fails(() -> {
            request(0, 0, 16_384);
            refuse();
        });

        assertThat(offences()).containsExactly(Offence.REQUEST_FLOOD);
    }

    @Test
    void who_chokes_and_unchokes_without_end_is_named() throws IOException {
        for (int i = 0; i < PeerWatch.MAX_CHOKES; i++) {
            say(0);
            say(1);
        }
        fails(() -> {
            for (int i = 0; i < 1_000; i++) {
                say(0);
            }
        });

        assertThat(offences()).containsExactly(Offence.CHOKE_FLAPPING);
    }

    @Test
    void who_was_dialled_answers_with_a_handshake_for_that_share() throws IOException {
        dialled().see(PeerHandshakeTest.handshake(FILM));

        fails(() -> dialled().see(PeerHandshakeTest.handshake(new InfoHash("b".repeat(40)))));
        fails(() -> dialled().see(ByteBuffer.wrap("HTTP/1.1 200 OK".getBytes(StandardCharsets.US_ASCII))));

        assertThat(offences()).containsExactly(Offence.OTHER_PROTOCOL, Offence.OTHER_PROTOCOL);
    }

    @Test
    void a_handshake_that_stops_in_the_middle_is_a_line_that_broke() throws IOException {
        dialled().see(PeerHandshakeTest.handshake(FILM).limit(15));

        watch.ended(new IOException("reset"));

        assertThat(offences()).isEmpty();
    }

    private MessageReader dialled() {
        return new PeerWatch(new Subject(MALLORY, FILM, FILM, false), new All(), new FirstSenders(), offenders)
                .theirs();
    }

    private interface Speech {
        void speak() throws IOException;
    }

    private void fails(Speech speech) {
        var thrown = Assertions.catchThrowableOfType(OffenceException.class, speech::speak);
        assertThat(thrown).isNotNull();
        assertThatCode(() -> watch.ended(thrown)).doesNotThrowAnyException();
        threads.runAll();
        timers.advance(Offenders.PAUSE.plusMillis(1)); // so that the next is told on its own
        threads.runAll();
    }

    private List<Offence> offences() {
        threads.runAll();
        return seen;
    }

    private void request(int piece, int begin, int length) throws IOException {
        theirs.see(ByteBuffer.allocate(17)
                .putInt(13)
                .put((byte) MessageReader.REQUEST)
                .putInt(piece)
                .putInt(begin)
                .putInt(length)
                .flip());
    }

    private void answers(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            ours.see(ByteBuffer.wrap(message(7, 0, 0, 0, 1, 0, 0, 0, 0, 42)));
        }
    }

    private void refuse() throws IOException {
        ours.see(ByteBuffer.wrap(message(16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0)));
    }

    private void say(int id, int... body) throws IOException {
        theirs.see(ByteBuffer.wrap(id == KEEP_ALIVE ? new byte[4] : message(id, body)));
    }

    private static byte[] message(int id, int... body) {
        ByteBuffer bytes = ByteBuffer.allocate(5 + body.length);
        bytes.putInt(1 + body.length).put((byte) id);
        Arrays.stream(body).forEach(each -> bytes.put((byte) each));
        return bytes.array();
    }

    private static final class All implements Access {
        @Override
        public boolean mayServe(Device device, InfoHash hash) {
            return true;
        }

        @Override
        public Optional<InfoHash> offered(Device device, InfoHash hash) {
            return Optional.of(hash);
        }

        @Override
        public boolean wants(InfoHash hash) {
            return true;
        }
    }
}
