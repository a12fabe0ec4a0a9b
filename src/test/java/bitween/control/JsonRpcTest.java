package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Json;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.testing.ExpectedErrors;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRpcTest {
    private final Methods methods = new Methods();
    private final JsonRpc rpc = new JsonRpc(methods);

    JsonRpcTest() {
        methods.add(
                "echo",
                "gives back",
                List.of("text", "times?"),
                params -> params.text("text").repeat((int) params.number("times", 1, 3, 1)));
        methods.add("refuse", "fails for people", List.of(), params -> {
            throw new UserException(ErrorCode.UNKNOWN_SHARE, "no such share", "bitween ls");
        });
        methods.add("break", "fails for nobody", List.of(), params -> {
            throw new IllegalStateException("broken");
        });
    }

    @Test
    void a_request_is_answered_under_its_id() throws Exception {
        assertThat(rpc.handle("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"echo\",\"params\":{\"text\":\"hä\"}}"))
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":\"hä\"}");
    }

    @Test
    void parameters_may_come_by_position() throws Exception {
        assertThat(rpc.handle("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"echo\",\"params\":[\"ab\",2]}"))
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":\"abab\"}");
    }

    @Test
    @ExpectedErrors("break failed: .*broken")
    void a_notification_is_carried_out_and_not_answered() throws Exception {
        assertThat(rpc.handle("{\"jsonrpc\":\"2.0\",\"method\":\"break\"}")).isNull();
    }

    @Test
    @ExpectedErrors("odd failed: .*")
    void a_method_that_gives_what_json_does_not_know_has_failed() throws Exception {
        methods.add("odd", "gives a thread", List.of(), params -> List.of(Thread.currentThread()));

        assertError("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"odd\"}", -32_603, "INTERNAL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "", "nonsense", "{\"a\":1}{\"b\":2}", "{\"a\":1,\"a\":2}"})
    void what_is_not_json_is_a_parse_error(String line) throws Exception {
        assertError(line, -32_700, "BAD_ARGUMENT");
    }

    @Test
    void deep_nesting_is_refused_before_it_overflows_anything() throws Exception {
        assertError("[".repeat(100_000), -32_700, "BAD_ARGUMENT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "1",
                "null",
                "{}",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"echo\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}",
                "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"echo\"}"
            })
    void what_is_no_request_is_invalid(String line) throws Exception {
        assertError(line, -32_600, "BAD_ARGUMENT");
    }

    @Test
    void an_unknown_method_is_named() throws Exception {
        Map<String, @Nullable Object> error =
                assertError("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eco\"}", -32_601, "BAD_ARGUMENT");

        assertThat(error.get("message")).isEqualTo("there is no method 'eco'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "[1]",
                "[\"a\",2,3]",
                "{\"text\":\"a\",\"times\":4}",
                "{\"text\":\"a\",\"times\":\"2\"}",
                "{\"txt\":\"a\"}",
                "\"a\""
            })
    void parameters_that_do_not_fit_are_invalid(String params) throws Exception {
        Map<String, @Nullable Object> error = assertError(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":" + params + "}",
                -32_602,
                "BAD_ARGUMENT");

        assertThat(World.map(error.get("data")).get("hint")).isEqualTo("it takes: text, times?");
    }

    @Test
    void an_error_for_people_carries_its_code_and_hint() throws Exception {
        Map<String, @Nullable Object> error =
                assertError("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"refuse\"}", -32_000, "UNKNOWN_SHARE");

        assertThat(error.get("message")).isEqualTo("no such share");
        assertThat(World.map(error.get("data")))
                .containsEntry("message", "no such share")
                .containsEntry("hint", "bitween ls");
    }

    @Test
    @ExpectedErrors("break failed: .*broken")
    void a_bug_is_answered_as_an_internal_error() throws Exception {
        assertError("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"break\"}", -32_603, "INTERNAL");
    }

    @Test
    void the_table_lists_itself() throws Exception {
        String reply = rpc.handle("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"Api.methods\"}");

        assertThat(reply)
                .contains("{\"name\":\"echo\",\"params\":[\"text\",\"times?\"],\"says\":\"gives back\"}")
                .contains("Api.methods");
    }

    private Map<String, @Nullable Object> assertError(String line, int number, String code) throws Exception {
        String reply = Objects.requireNonNull(rpc.handle(line));
        Map<String, @Nullable Object> error =
                World.map(World.map(Json.read(reply)).get("error"));
        assertThat(error.get("code")).isEqualTo(number);
        assertThat(World.map(error.get("data")).get("code")).isEqualTo(code);
        return error;
    }
}
