package bitween.control.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** JSON as maps, lists, strings, numbers and booleans, on one line. Thread: any. */
public final class Json {
    /** Our deepest message has six levels; what is deeper wants to overflow a stack. */
    static final int MAX_DEPTH = 32;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();
    private static final JSON CODEC = JSON.builder(FACTORY)
            .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
            .disable(JSON.Feature.HANDLE_JAVA_BEANS)
            .enable(JSON.Feature.FAIL_ON_UNKNOWN_TYPE_WRITE)
            .build();

    private Json() {}

    /**
     * @return a map, list, string, number, boolean or null
     * @throws MalformedJson when {@code text} is not exactly one value, nests too deep or names a key twice
     */
    public static @Nullable Object read(String text) throws MalformedJson {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new MalformedJson("there is nothing in it");
            }
            Object value = CODEC.anyFrom(parser);
            if (parser.nextToken() != null) {
                throw new MalformedJson("something follows after the first value");
            }
            return value;
        } catch (IOException e) {
            throw new MalformedJson(firstLine(e));
        }
    }

    /** @throws IllegalArgumentException for a value of another type than {@link #read} gives */
    public static String write(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        try {
            return CODEC.asString(value);
        } catch (com.fasterxml.jackson.jr.ob.JSONObjectException e) {
            throw new IllegalArgumentException(firstLine(e), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing is written but memory
        }
    }

    private static String firstLine(IOException e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    /** The text is not JSON. The message says why, and may quote a little of the text. */
    public static final class MalformedJson extends Exception {
        MalformedJson(String message) {
            super(message);
        }
    }
}
