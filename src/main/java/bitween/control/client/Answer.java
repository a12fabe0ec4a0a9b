package bitween.control.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A JSON object from the daemon, read without casts. A key that is missing or null reads as nothing: "", 0, false, empty. */
public record Answer(Map<String, @Nullable Object> fields) {
    public static final Answer EMPTY = new Answer(Map.of());

    /** @param value what JSON had: an object, or anything else, which is then found under {@code result} */
    @SuppressWarnings("unchecked") // the keys of a JSON object are strings
    public static Answer of(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return new Answer((Map<String, @Nullable Object>) map);
        }
        return value == null ? EMPTY : new Answer(Map.of("result", value));
    }

    public boolean has(String key) {
        return fields.get(key) != null;
    }

    public String text(String key) {
        Object value = fields.get(key);
        return value == null ? "" : value.toString();
    }

    public long number(String key) {
        return fields.get(key) instanceof Number number ? number.longValue() : 0;
    }

    public double decimal(String key) {
        return fields.get(key) instanceof Number number ? number.doubleValue() : 0;
    }

    public boolean flag(String key) {
        return Boolean.TRUE.equals(fields.get(key));
    }

    public Optional<Instant> instant(String key) {
        return fields.get(key) instanceof String text ? Optional.of(Instant.parse(text)) : Optional.empty();
    }

    public Answer view(String key) {
        return of(fields.get(key));
    }

    public List<Answer> views(String key) {
        return fields.get(key) instanceof List<?> list
                ? list.stream().map(Answer::of).toList()
                : List.of();
    }

    public List<String> texts(String key) {
        return fields.get(key) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
