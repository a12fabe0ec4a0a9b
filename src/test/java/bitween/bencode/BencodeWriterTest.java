package bitween.bencode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BencodeWriterTest {
    @Test
    void a_dictionary_is_written_as_bep_3_says() {
        BencodeWriter writer = new BencodeWriter()
                .beginDictionary()
                .key("cow")
                .text("mü")
                .key("spam")
                .beginList()
                .integer(-3)
                .string(Bytes.EMPTY)
                .end()
                .end();

        assertThat(new String(writer.toBytes().toArray(), ISO_8859_1))
                .isEqualTo("d3:cow3:m\u00c3\u00bc4:spamli-3e0:ee");
    }

    @Test
    void keys_out_of_order_are_a_bug_of_the_caller() {
        BencodeWriter writer = new BencodeWriter().beginDictionary().key("b").integer(1);

        assertThatThrownBy(() -> writer.key("a")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_value_without_its_key_is_a_bug_of_the_caller() {
        BencodeWriter writer = new BencodeWriter().beginDictionary();

        assertThatThrownBy(() -> writer.integer(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void an_unfinished_value_is_a_bug_of_the_caller() {
        BencodeWriter writer = new BencodeWriter().beginDictionary();

        assertThatThrownBy(writer::toBytes).isInstanceOf(IllegalStateException.class);
    }

    @Property(tries = 300)
    void what_is_written_is_read_again(@ForAll long seed) throws BencodeException {
        Object value = randomValue(new Random(seed), 5);

        Bytes bytes = written(value);
        BencodeReader reader = BencodeReader.of(bytes, 1 << 20, 1 << 20);
        Object again = readLike(reader, value);
        reader.finish();

        assertThat(again).as("seed %d", seed).isEqualTo(value);
        assertThat(written(again)).as("seed %d", seed).isEqualTo(bytes);
    }

    private static Bytes written(Object value) {
        BencodeWriter writer = new BencodeWriter();
        write(writer, value);
        return writer.toBytes();
    }

    private static Object randomValue(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 2 : 4)) {
            case 0 -> random.nextLong() >> random.nextInt(64);
            case 1 -> randomBytes(random);
            case 2 -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    list.add(randomValue(random, depth - 1));
                }
                yield list;
            }
            default -> {
                Map<String, Object> map = new TreeMap<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    map.put(
                            "k" + new String(randomBytes(random).toArray(), ISO_8859_1),
                            randomValue(random, depth - 1));
                }
                yield map;
            }
        };
    }

    private static Bytes randomBytes(Random random) {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }

    private static void write(BencodeWriter writer, Object value) {
        if (value instanceof Long number) {
            writer.integer(number);
        } else if (value instanceof Bytes bytes) {
            writer.string(bytes);
        } else if (value instanceof List<?> list) {
            writer.beginList();
            list.forEach(element -> write(writer, element));
            writer.end();
        } else {
            writer.beginDictionary();
            ((Map<?, ?>) value).forEach((key, element) -> write(writer.key((String) key), element));
            writer.end();
        }
    }

    /** The reader is a cursor: it is told by {@code shape} what to expect next. */
    private static Object readLike(BencodeReader reader, Object shape) throws BencodeException {
        if (shape instanceof Long) {
            return reader.integer();
        }
        if (shape instanceof Bytes) {
            return Bytes.of(reader.string());
        }
        if (shape instanceof List<?> list) {
            List<Object> read = new ArrayList<>();
            reader.beginList();
            while (reader.hasMore()) {
                read.add(readLike(reader, list.get(read.size())));
            }
            reader.end();
            return read;
        }
        Map<String, Object> read = new TreeMap<>();
        reader.beginDictionary();
        while (reader.hasMore()) {
            String key = reader.key();
            read.put(key, readLike(reader, Objects.requireNonNull(((Map<?, ?>) shape).get(key))));
        }
        reader.end();
        return read;
    }
}
