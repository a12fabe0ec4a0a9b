package bitween.link.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.PeerAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PCP and NAT-PMP against a router that says what the test wants. */
@Timeout(30)
class RouterProtocolsTest {
    private static final int PORT = 4_711;
    private static final byte[] OUTSIDE = {(byte) 203, 0, 113, 9};

    private FakeRouter router;

    @BeforeEach
    void open() throws IOException {
        router = new FakeRouter(question -> List.of());
    }

    @AfterEach
    void close() {
        router.close();
    }

    @Test
    void pcp_asks_for_the_same_port_for_an_hour_and_takes_what_it_gets() throws IOException {
        Pcp pcp = pcp(question -> question, 0);

        Mapping granted = pcp.map(PORT);

        assertThat(granted).isEqualTo(new Mapping(PeerAddress.parse("203.0.113.9:50000"), Duration.ofMinutes(2)));
        ByteBuffer asked = router.heard.get(0);
        assertThat(asked.remaining()).isEqualTo(Pcp.MESSAGE_BYTES);
        assertThat(asked.getInt(4)).isEqualTo(3_600);
        assertThat(asked.getShort(40)).isEqualTo((short) PORT);
        assertThat(asked.getShort(42)).isEqualTo((short) PORT);
    }

    @Test
    void pcp_renews_as_the_same_and_takes_back_with_no_time() throws IOException {
        Pcp pcp = pcp(question -> question, 0);

        pcp.map(PORT);
        pcp.map(PORT);
        pcp.unmap(PORT);

        assertThat(router.heard.stream().map(asked -> asked.slice(24, 12)).distinct())
                .hasSize(1);
        assertThat(router.heard.get(1).getShort(42) & 0xFFFF).isEqualTo(50_000);
        assertThat(router.heard.get(2).getInt(4)).isZero();
    }

    @Test
    void pcp_passes_over_answers_to_others_and_of_too_few_bytes() throws IOException {
        Pcp pcp = pcp(
                good -> List.of(
                        Arrays.copyOf(good.get(0), 59),
                        Arrays.copyOf(good.get(0), 3),
                        changed(good.get(0), 24, 77),
                        changed(good.get(0), 1, 0x82),
                        changed(good.get(0), 36, 17),
                        changed(good.get(0), 41, 1),
                        good.get(0)),
                0);

        assertThat(pcp.map(PORT).outside().port()).isEqualTo(50_000);
    }

    @Test
    void a_router_of_another_version_or_one_that_refuses_ends_pcp_at_once() throws IOException {
        assertThatThrownBy(() ->
                        pcp(good -> List.of(changed(good.get(0), 0, 0)), 0).map(PORT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 0");
        assertThatThrownBy(() -> pcp(good -> good, 2).map(PORT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("refuses, by PCP: 2");
    }

    @Test
    @Tag("slow")
    void who_answers_from_another_place_is_not_the_router() throws IOException {
        Pcp pcp = pcp(good -> good, 0);
        router.isSomebodyElse = true;

        assertThatThrownBy(() -> pcp.map(PORT)).isInstanceOf(IOException.class).hasMessageContaining("no answer");
        assertThat(router.heard).hasSize(3);
    }

    @Test
    void who_is_closing_asks_once() throws IOException {
        Pcp pcp = new Pcp(new RouterQuestion(router.address(), () -> true));

        assertThatThrownBy(() -> pcp.map(PORT)).isInstanceOf(IOException.class);
        assertThat(router.heard).hasSize(1);
    }

    @Test
    void nat_pmp_asks_where_we_are_and_then_for_the_port() throws IOException {
        NatPmp natPmp = natPmp(question -> question, 50_001);

        Mapping granted = natPmp.map(PORT);
        natPmp.unmap(PORT);

        assertThat(granted).isEqualTo(new Mapping(PeerAddress.parse("203.0.113.9:50001"), Duration.ofHours(2)));
        assertThat(router.heard.get(1).getInt(8)).isEqualTo(3_600);
        assertThat(router.heard.get(2).getInt(8)).isZero();
        assertThat(router.heard.get(2).getShort(6)).isZero();
    }

    @Test
    void nat_pmp_passes_over_nonsense_and_believes_no_port_zero() throws IOException {
        NatPmp good = natPmp(
                answer -> List.of(
                        new byte[0],
                        new byte[] {0},
                        Arrays.copyOf(answer.get(0), 7),
                        changed(answer.get(0), 0, 2),
                        changed(answer.get(0), 1, 129),
                        answer.get(0)),
                50_001);
        assertThat(good.map(PORT).outside().port()).isEqualTo(50_001);

        assertThatThrownBy(() -> natPmp(answer -> answer, 0).map(PORT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no port");
    }

    @Test
    void a_refusal_by_nat_pmp_is_told_with_its_number() throws IOException {
        NatPmp natPmp = natPmp(answer -> List.of(changed(Arrays.copyOf(answer.get(0), 8), 3, 2)), 50_001);

        assertThatThrownBy(() -> natPmp.map(PORT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("NAT-PMP: 2");
    }

    private Pcp pcp(UnaryOperator<List<byte[]>> spoiled, int result) throws IOException {
        router.close();
        router = new FakeRouter(question -> spoiled.apply(List.of(pcpAnswer(question.get(0), result))));
        return new Pcp(new RouterQuestion(router.address(), () -> false));
    }

    private static byte[] pcpAnswer(byte[] question, int result) {
        ByteBuffer answer = ByteBuffer.wrap(question.clone());
        answer.put(1, (byte) 0x81).put(3, (byte) result).putInt(4, question[7] == 0 ? 0 : 120);
        answer.position(42);
        return answer.putShort((short) 50_000)
                .put(new byte[10])
                .putShort((short) -1)
                .put(OUTSIDE)
                .array();
    }

    private NatPmp natPmp(UnaryOperator<List<byte[]>> spoiled, int outside) throws IOException {
        router.close();
        router = new FakeRouter(question -> spoiled.apply(List.of(natPmpAnswer(question.get(0), outside))));
        return new NatPmp(new RouterQuestion(router.address(), () -> false));
    }

    private static byte[] natPmpAnswer(byte[] question, int outside) {
        if (question[1] == 0) {
            return ByteBuffer.allocate(12).put(1, (byte) 128).put(8, OUTSIDE).array();
        }
        return ByteBuffer.allocate(16)
                .put(1, (byte) 130)
                .putShort(8, ByteBuffer.wrap(question).getShort(4))
                .putShort(10, (short) outside)
                .putInt(12, 7_200)
                .array();
    }

    private static byte[] changed(byte[] bytes, int index, int value) {
        byte[] changed = bytes.clone();
        changed[index] = (byte) value;
        return changed;
    }
}
