package bitween.control;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A JSON object in the making, in the order in which it is to be read. What JSON does not know goes in by its {@code toString}. */
final class View extends LinkedHashMap<String, @Nullable Object> {
    View with(String key, @Nullable Object value) {
        put(key, value == null || isPlain(value) ? value : value.toString());
        return this;
    }

    /** What {@code part} takes from {@code whole}; null when there is no whole. */
    <T> View with(String key, @Nullable T whole, Function<? super T, ? extends @Nullable Object> part) {
        return with(key, whole == null ? null : part.apply(whole));
    }

    private static boolean isPlain(Object value) {
        return value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Map
                || value instanceof List;
    }
}
