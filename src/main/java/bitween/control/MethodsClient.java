package bitween.control;

import bitween.control.client.Answer;
import bitween.control.client.ControlClient;
import bitween.model.UserException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The API for who runs in the daemon: the same calls, answers and errors as over the socket, which take and give nothing but what JSON has, without
 * writing and reading it. Thread: any that may wait.
 */
public final class MethodsClient implements ControlClient {
    private final JsonRpc rpc;

    public MethodsClient(Methods methods) {
        rpc = new JsonRpc(methods);
    }

    @Override
    public Answer call(String method, Map<String, ? extends @Nullable Object> params) throws InterruptedException {
        Map<String, @Nullable Object> given = new LinkedHashMap<>(params);
        given.values().removeIf(value -> value == null);
        JsonRpc.Reply reply = rpc.reply(method, given);
        JsonRpc.Problem problem = reply.problem();
        if (problem != null) {
            throw new UserException(problem.code(), problem.message(), problem.hint());
        }
        return Answer.of(reply.result());
    }

    /** There is nothing to close. */
    @Override
    public void close() {}
}
