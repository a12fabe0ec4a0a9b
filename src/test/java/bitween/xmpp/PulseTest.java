package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.FullJid;
import bitween.model.Jid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.EmptyResultIQ;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smackx.ping.packet.Ping;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PulseTest {
    private static final IQ PING = new Ping();
    private static final FullJid LAPTOP = device("bob@b.test", "laptop");

    private final Map<FullJid, CompletableFuture<IQ>> asked = new LinkedHashMap<>();
    private final List<String> told = new ArrayList<>();
    private final Pulse pulse = new Pulse(
            jid -> !jid.local().equals("shy"),
            device -> told.add("silent " + device.resource()),
            device -> told.add("back " + device.resource()));

    @BeforeEach
    void online() {
        pulse.online(device -> asked.computeIfAbsent(device, unanswered -> new CompletableFuture<>()));
        pulse.watch(LAPTOP);
    }

    @Test
    void who_was_heard_lately_is_not_asked() {
        for (int i = 0; i < 100; i++) {
            rounds(Pulse.QUIET_ROUNDS - 1);
            pulse.heard(LAPTOP);
        }

        assertThat(asked).isEmpty();
    }

    @Test
    void who_answers_is_there_and_asked_again_later() {
        for (int i = 0; i < 3; i++) {
            rounds(Pulse.QUIET_ROUNDS);
            answer(LAPTOP);
            assertThat(asked).isEmpty();
        }

        assertThat(told).isEmpty();
    }

    @Test
    void who_does_not_answer_is_silent_once_and_back_once_it_is_heard() {
        rounds(Pulse.QUIET_ROUNDS);
        noAnswer(LAPTOP);
        rounds(Pulse.QUIET_ROUNDS);
        noAnswer(LAPTOP);
        assertThat(told).containsExactly("silent laptop");

        rounds(Pulse.QUIET_ROUNDS);
        answer(LAPTOP);

        assertThat(told).containsExactly("silent laptop", "back laptop");
    }

    @Test
    void a_question_that_was_overtaken_by_a_sign_of_life_says_nothing() {
        rounds(Pulse.QUIET_ROUNDS);
        pulse.heard(LAPTOP);

        noAnswer(LAPTOP);

        assertThat(told).isEmpty();
    }

    @Test
    void a_question_under_way_is_not_asked_twice() {
        rounds(Pulse.QUIET_ROUNDS);
        CompletableFuture<IQ> first = asked.get(LAPTOP);
        asked.clear();

        rounds(10 * Pulse.QUIET_ROUNDS);

        assertThat(asked).isEmpty();
        assertThat(first).isNotDone();
    }

    @ParameterizedTest
    @EnumSource(
            value = StanzaError.Condition.class,
            names = {
                "service_unavailable",
                "item_not_found",
                "recipient_unavailable",
                "gone",
                "remote_server_not_found",
                "remote_server_timeout"
            })
    void a_server_that_knows_of_nobody_there_is_believed(StanzaError.Condition condition) {
        rounds(Pulse.QUIET_ROUNDS);

        refuse(LAPTOP, condition);

        assertThat(told).containsExactly("silent laptop");
    }

    @ParameterizedTest
    @EnumSource(
            value = StanzaError.Condition.class,
            names = {"resource_constraint", "policy_violation", "feature_not_implemented", "not_allowed"})
    void any_other_refusal_is_an_answer(StanzaError.Condition condition) {
        rounds(Pulse.QUIET_ROUNDS);

        refuse(LAPTOP, condition);

        assertThat(told).isEmpty();
    }

    @Test
    void a_connection_that_was_lost_says_nothing_of_devices() {
        rounds(Pulse.QUIET_ROUNDS);

        taken(LAPTOP).completeExceptionally(new SmackException.NotConnectedException());

        assertThat(told).isEmpty();
    }

    @Test
    void who_answers_nobody_like_us_is_not_asked() {
        pulse.watch(device("shy@b.test", "phone"));

        rounds(Pulse.QUIET_ROUNDS);

        assertThat(asked).containsOnlyKeys(LAPTOP);
    }

    @Test
    void of_many_a_few_are_asked_in_each_round_and_all_in_turn() {
        int many = 3 * Pulse.MAX_ASKED;
        for (int i = 1; i < many; i++) {
            pulse.watch(device("carol" + i + "@b.test", "phone"));
        }

        rounds(Pulse.QUIET_ROUNDS);
        assertThat(asked).hasSize(Pulse.MAX_ASKED);
        rounds(2);

        assertThat(asked).hasSize(many);
    }

    @Test
    void who_is_gone_or_was_never_watched_is_not_asked() {
        pulse.heard(device("carol@b.test", "phone"));
        pulse.forget(LAPTOP);

        rounds(2 * Pulse.QUIET_ROUNDS);

        assertThat(asked).isEmpty();
    }

    @Test
    void offline_nobody_is_asked_and_nobody_remembered() {
        pulse.offline();
        rounds(2 * Pulse.QUIET_ROUNDS);
        online();

        rounds(Pulse.QUIET_ROUNDS - 1);

        assertThat(asked).isEmpty();
    }

    private void rounds(int count) {
        for (int i = 0; i < count; i++) {
            pulse.round();
        }
    }

    private void answer(FullJid device) {
        taken(device).complete(new EmptyResultIQ(PING));
    }

    private void noAnswer(FullJid device) {
        taken(device)
                .completeExceptionally(SmackException.NoResponseException.newWith(5_000, StanzaTypeFilter.IQ, false));
    }

    private void refuse(FullJid device, StanzaError.Condition condition) {
        var error = StanzaError.from(condition, "").build();
        taken(device).completeExceptionally(new XMPPException.XMPPErrorException(PING, error));
    }

    private CompletableFuture<IQ> taken(FullJid device) {
        return Objects.requireNonNull(asked.remove(device), () -> device + " was not asked");
    }

    private static FullJid device(String jid, String id) {
        return new FullJid(new Jid(jid), id);
    }
}
