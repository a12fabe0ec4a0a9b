package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.PeerAddress;
import bitween.model.Ticket;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {
    private static final InfoHash HASH = new InfoHash("0123456789abcdef0123456789abcdef01234567");

    @Test
    void a_question_comes_back_as_it_was_asked() throws IOException {
        PageQuery info = new PageQuery(PageQuery.Kind.INFO, HASH, 5_700);
        PageQuery catalogue = new PageQuery(PageQuery.Kind.CATALOGUE, null, 0);
        PageQuery difference = new PageQuery(PageQuery.Kind.CATALOGUE, null, "r".repeat(64), 0);

        assertThat(Frame.ask(1, info).query()).isEqualTo(info);
        assertThat(Frame.ask(2, catalogue).query()).isEqualTo(catalogue);
        assertThat(Frame.ask(3, difference).query()).isEqualTo(difference);
    }

    @Test
    void the_largest_page_fits_and_comes_back_as_it_was_sent() throws IOException {
        byte[] bytes = new byte[Page.MAX_BYTES];
        new Random(7).nextBytes(bytes);
        Page page = new Page("r".repeat(64), Integer.MAX_VALUE, 1_000_000_000, Bytes.of(bytes));

        Frame frame = Frame.page(3, page);

        assertThat(frame.page()).isEqualTo(page);
        assertThat(frame.body().size()).isLessThanOrEqualTo(Frame.MAX_BODY);
    }

    @Test
    void a_ping_may_say_from_where_the_other_side_is_seen_to_come() throws IOException {
        InetAddress four = PeerAddress.parse("203.0.113.5:1").ip();
        InetAddress six = PeerAddress.parse("[2001:db8::5]:1").ip();

        assertThat(Frame.ping(four).seen()).isEqualTo(four);
        assertThat(Frame.ping(six).seen()).isEqualTo(six);
        assertThat(new Frame(Frame.Type.PING).seen()).isNull();
        assertThatThrownBy(() -> new Frame(Frame.Type.PING, 0, bytes("d4:seen5:abcdee")).seen())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("5 bytes");
    }

    @Test
    void a_refusal_tells_a_code_and_nothing_else_of_us() throws IOException {
        assertThat(Frame.refusal(1, ErrorCode.UNKNOWN_SHARE).refusal()).isEqualTo(ErrorCode.UNKNOWN_SHARE);
        assertThat(Frame.refusal(1, ErrorCode.DISK_READ).refusal()).isEqualTo(ErrorCode.FRIEND_REFUSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "de",
                "le",
                "i1e",
                "d2:of9:CATALOGUEe",
                "d2:of9:catalogue6:offseti0ee",
                "d2:of7:SECRETS6:offseti0ee",
                "d2:of9:CATALOGUE6:offseti-1ee",
                "d2:of9:CATALOGUE6:offseti4294967296ee",
                "d2:of4:INFO6:offseti0ee",
                "d4:hash20:012345678901234567894:held1:r2:of4:INFO6:offseti0ee",
                "d4:held65:rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr2:of9:CATALOGUE6:offseti0ee",
                "d4:hash3:abc2:of4:INFO6:offseti0ee",
                "d2:of9:CATALOGUE6:offseti0eex",
                "d2:of9:CATALOGUE6:offset99999999:"
            })
    void a_question_without_sense_is_none(String body) {
        Frame frame = new Frame(Frame.Type.ASK, 1, bytes(body));

        assertThatThrownBy(frame::query).isInstanceOf(IOException.class).hasMessageContaining("broken ASK");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "de",
                "d7:content3:abc6:offseti0e8:revision1:r5:totali2ee",
                "d7:content0:6:offseti0e8:revision1:r5:totali2ee",
                "d7:content3:abc6:offseti-1e8:revision1:r5:totali9ee",
                "d7:content3:abc6:offseti0e8:revision1:re"
            })
    void a_page_without_sense_is_none(String body) {
        Frame frame = new Frame(Frame.Type.PAGE, 1, bytes(body));

        assertThatThrownBy(frame::page).isInstanceOf(IOException.class).hasMessageContaining("broken PAGE");
    }

    @Test
    void tickets_and_what_asks_for_them_come_back_as_they_were_sent() throws IOException {
        Ticket ticket = new Ticket(Instant.parse("2026-11-21T10:05:00Z"), Bytes.of(new byte[72]));

        assertThat(Frame.ticketWanted(1, HASH).hash()).isEqualTo(HASH);
        assertThat(Frame.helpWanted(2, ticket).ticket()).isEqualTo(ticket);
        assertThat(Frame.ticket(3, ticket).ticket()).isEqualTo(ticket);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "de",
                "d7:expiresi1ee",
                "d7:expiresi1e9:signature0:e",
                "d7:expiresi-1e9:signature1:se",
                "d7:expiresi9223372036854775807e9:signature1:se",
                "d7:expiresi1e9:signature73:1234567890123456789012345678901234567890123456789012345678901234567890123e"
            })
    void a_ticket_without_sense_is_none(String body) {
        Frame frame = new Frame(Frame.Type.TICKET, 1, bytes(body));

        assertThatThrownBy(frame::ticket).isInstanceOf(IOException.class).hasMessageContaining("broken TICKET");
    }

    private static Bytes bytes(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
