package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.control.client.ControlClient;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import bitween.testing.ExpectedErrors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** It says what a client of the socket hears. */
class MethodsClientTest {
    private final Methods methods = new Methods();
    private final ControlClient client = new MethodsClient(methods);

    MethodsClientTest() {
        methods.add(
                "echo",
                "gives back",
                List.of("text", "times?"),
                params -> new View()
                        .with("said", params.text("text").repeat((int) params.number("times", 1, 3, 1)))
                        .with("code", ErrorCode.BUSY)
                        .with("nothing", null));
        methods.add("refuse", "fails for people", List.of(), params -> {
            throw new UserException(ErrorCode.UNKNOWN_SHARE, "no such share", "bitween ls");
        });
        methods.add("break", "fails for nobody", List.of(), params -> {
            throw new IllegalStateException("broken");
        });
    }

    @Test
    void a_call_is_answered_and_what_is_null_is_not_given() throws Exception {
        Map<String, Object> params = new HashMap<>(Map.of("text", "hä"));
        params.put("unknown", null);

        assertThat(client.call("echo", params).fields())
                .containsEntry("said", "hä")
                .containsEntry("code", "BUSY")
                .containsEntry("nothing", null);
    }

    @Test
    @ExpectedErrors("break failed: .*broken")
    void what_goes_wrong_is_told_as_over_the_socket() {
        assertThatThrownBy(() -> client.call("refuse")).isInstanceOfSatisfying(UserException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SHARE);
            assertThat(e.sentence()).isEqualTo("no such share");
            assertThat(e.hint()).isEqualTo("bitween ls");
        });
        assertThatThrownBy(() -> client.call("echo"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("echo: ");
        assertThatThrownBy(() -> client.call("break"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("nobody foresaw");
        assertThatThrownBy(() -> client.call("nothing"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("'nothing'");
    }
}
