package bitween.control;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table of what can be called. Filled at start, then only read: any thread. */
public final class Methods {
    /** Does what the method says. Runs on the client's thread and may wait, with a deadline. */
    @FunctionalInterface
    interface Handler {
        /**
         * @return maps, lists, strings, numbers or booleans
         * @throws bitween.model.UserException for the client
         */
        Object call(Params params) throws InterruptedException;
    }

    private final Map<String, Method> table = new LinkedHashMap<>();

    Methods() {
        add("Api.methods", "what can be called", List.of(), params -> listing());
    }

    /**
     * @param says for people who read the listing
     * @param parameters names in order of position; those that may be left out end in '?'
     */
    void add(String name, String says, List<String> parameters, Handler handler) {
        if (table.putIfAbsent(name, new Method(says, parameters, handler)) != null) {
            throw new IllegalStateException("two methods are called " + name);
        }
    }

    boolean has(String name) {
        return table.containsKey(name);
    }

    /**
     * @param params a map, a list, or null
     * @throws IllegalArgumentException when there is no such method
     */
    Object call(String name, @Nullable Object params) throws InterruptedException {
        Method method = table.get(name);
        if (method == null) {
            throw new IllegalArgumentException("there is no method " + name);
        }
        return method.handler.call(new Params(method.parameters, params));
    }

    private Object listing() {
        return new View()
                .with(
                        "methods",
                        table.entrySet().stream()
                                .map(entry -> new View()
                                        .with("name", entry.getKey())
                                        .with("params", entry.getValue().parameters)
                                        .with("says", entry.getValue().says))
                                .toList());
    }

    private record Method(String says, List<String> parameters, Handler handler) {}
}
