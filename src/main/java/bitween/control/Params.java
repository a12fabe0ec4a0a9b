package bitween.control;

import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of one call, by name or by position, checked against what the method takes. Null counts as not given. */
final class Params {
    private final List<String> declared;
    private final Map<String, Object> given = new LinkedHashMap<>();

    /**
     * @param declared names in their order; those that may be left out end in '?'
     * @param raw a map, a list, or null
     * @throws InvalidParams when there are others, or a needed one is missing
     */
    Params(List<String> declared, @Nullable Object raw) {
        this.declared = declared;
        List<String> names = declared.stream().map(Params::nameOf).toList();
        if (raw instanceof List<?> list) {
            if (list.size() > names.size()) {
                throw invalid("too many parameters: " + list.size());
            }
            for (int i = 0; i < list.size(); i++) {
                keep(names.get(i), list.get(i));
            }
        } else if (raw instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (!names.contains(key)) {
                    throw invalid("there is no parameter '" + key + "'");
                }
                keep((String) key, value);
            });
        } else if (raw != null) {
            throw invalid("parameters are an object or an array");
        }
        for (String name : declared) {
            if (!name.endsWith("?") && !given.containsKey(name)) {
                throw invalid("the parameter '" + name + "' is missing");
            }
        }
    }

    private void keep(String name, @Nullable Object value) {
        if (value != null) {
            given.put(name, value);
        }
    }

    private static String nameOf(String declared) {
        return declared.endsWith("?") ? declared.substring(0, declared.length() - 1) : declared;
    }

    String text(String name) {
        String text = optionalText(name);
        if (text == null) {
            throw invalid("the parameter '" + name + "' is missing");
        }
        return text;
    }

    @Nullable
    String optionalText(String name) {
        Object value = given.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw invalid("'" + name + "' is a string");
    }

    /** A list of strings, or one; empty when it is not given. */
    List<String> texts(String name) {
        Object value = given.get(name);
        List<?> list = value == null ? List.of() : value instanceof List<?> many ? many : List.of(value);
        if (list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw invalid("'" + name + "' is a list of strings");
    }

    /** @throws InvalidParams unless it is a whole number within these limits */
    long number(String name, long least, long most, long otherwise) {
        Object value = given.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw invalid("'" + name + "' is a whole number from " + least + " to " + most);
    }

    boolean has(String name) {
        return given.get(name) != null;
    }

    /** @throws InvalidParams unless it is true, false, or not there: false */
    boolean flag(String name) {
        Object value = given.get(name);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw invalid("'" + name + "' is true or false");
    }

    private InvalidParams invalid(String sentence) {
        return new InvalidParams(
                sentence,
                declared.isEmpty() ? "the method takes no parameters" : "it takes: " + String.join(", ", declared));
    }

    /** The call does not fit the method. */
    static final class InvalidParams extends UserException {
        InvalidParams(String sentence, String hint) {
            super(ErrorCode.BAD_ARGUMENT, sentence, hint);
        }
    }
}
