package bitween.control;

import bitween.control.client.Json;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.Map;
import java.util.Objects;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * JSON-RPC 2.0 on lines: a request in, its reply out. No batches: clients send one line after the other. Every error carries
 * {@code data: {code, message, hint}}, where code is an {@link ErrorCode}. Thread: any that may wait, see {@link Methods.Handler}.
 */
final class JsonRpc {
    private static final Logger log = LogManager.getLogger(JsonRpc.class);
    // section 5.1 of the specification
    private static final int PARSE_ERROR = -32_700;
    private static final int INVALID_REQUEST = -32_600;
    private static final int METHOD_NOT_FOUND = -32_601;
    private static final int INVALID_PARAMS = -32_602;
    private static final int INTERNAL_ERROR = -32_603;
    /** The first of those that are left to us: data.code says more. */
    private static final int REFUSED = -32_000;

    private final Methods methods;

    JsonRpc(Methods methods) {
        this.methods = methods;
    }

    /**
     * @return the reply without line break; null for a notification
     * @throws InterruptedException when the daemon stops: there is no reply
     */
    @Nullable
    String handle(String line) throws InterruptedException {
        Object request;
        try {
            request = Json.read(line);
        } catch (Json.MalformedJson e) {
            return malformed("this is not JSON: " + e.getMessage());
        }
        if (!(request instanceof Map<?, ?> map)
                || !"2.0".equals(map.get("jsonrpc"))
                || !(map.get("method") instanceof String method)
                || !isId(map.get("id"))) {
            return error(
                    null,
                    INVALID_REQUEST,
                    ErrorCode.BAD_ARGUMENT,
                    "this is not a JSON-RPC 2.0 request",
                    "send {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"status\"} on one line");
        }
        String reply = call(map.get("id"), method, map.get("params"));
        return map.containsKey("id") ? reply : null;
    }

    private static boolean isId(@Nullable Object id) {
        return id == null || id instanceof String || id instanceof Number;
    }

    private String call(@Nullable Object id, String method, @Nullable Object params) throws InterruptedException {
        Reply reply = reply(method, params);
        if (reply.problem == null) {
            try {
                return Json.write(
                        new View().with("jsonrpc", "2.0").with("id", id).with("result", reply.result));
            } catch (RuntimeException e) {
                reply = unforeseen(method, e); // it gave what JSON does not know
            }
        }
        Problem problem = Objects.requireNonNull(reply.problem);
        return error(id, problem.number, problem.code, problem.message, problem.hint);
    }

    /** What came of a call: one of both. */
    record Reply(@Nullable Object result, @Nullable Problem problem) {}

    record Problem(int number, ErrorCode code, String message, String hint) {}

    Reply reply(String method, @Nullable Object params) throws InterruptedException {
        if (!methods.has(method)) {
            return failed(
                    METHOD_NOT_FOUND,
                    ErrorCode.BAD_ARGUMENT,
                    "there is no method '" + method + "'",
                    "Api.methods lists them");
        }
        try {
            return new Reply(methods.call(method, params), null);
        } catch (Params.InvalidParams e) {
            return failed(INVALID_PARAMS, e.code(), method + ": " + e.sentence(), e.hint());
        } catch (UserException e) {
            return failed(REFUSED, e.code(), e.sentence(), e.hint());
        } catch (RuntimeException | AssertionError e) {
            return unforeseen(method, e);
        }
    }

    private static Reply unforeseen(String method, Throwable e) {
        log.error("{} failed", method, e);
        return failed(
                INTERNAL_ERROR,
                ErrorCode.INTERNAL,
                method + " failed in a way that nobody foresaw: " + e,
                "the daemon's log says more");
    }

    private static Reply failed(int number, ErrorCode code, String message, String hint) {
        return new Reply(null, new Problem(number, code, message, hint));
    }

    /** The reply to what cannot be understood at all. */
    static String malformed(String sentence) {
        return error(null, PARSE_ERROR, ErrorCode.BAD_ARGUMENT, sentence, "send one JSON-RPC 2.0 object per line");
    }

    /** The reply to a client for whom there is no room. */
    static String busy(String sentence) {
        return error(null, REFUSED, ErrorCode.BUSY, sentence, "try again in a moment");
    }

    private static String error(@Nullable Object id, int number, ErrorCode code, String message, String hint) {
        View data = new View().with("code", code).with("message", message).with("hint", hint);
        View error = new View().with("code", number).with("message", message).with("data", data);
        return Json.write(new View().with("jsonrpc", "2.0").with("id", id).with("error", error));
    }
}
