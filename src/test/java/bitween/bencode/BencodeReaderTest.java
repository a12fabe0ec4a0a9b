package bitween.bencode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BencodeReaderTest {
    @Test
    void strings_integers_lists_and_keys_come_back() throws BencodeException {
        BencodeReader reader = reader("d4:filel2:\u00c3\u00bc3:a:be4:sizei-42ee");

        reader.beginDictionary();
        assertThat(reader.key()).isEqualTo("file");
        reader.beginList();
        assertThat(reader.text()).isEqualTo("ü");
        assertThat(reader.string()).isEqualTo("a:b".getBytes(UTF_8));
        assertThat(reader.hasMore()).isFalse();
        reader.end();
        assertThat(reader.key()).isEqualTo("size");
        assertThat(reader.integer()).isEqualTo(-42);
        reader.end();
        reader.finish();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 10, Long.MAX_VALUE, Long.MIN_VALUE})
    void every_long_is_read(long value) throws BencodeException {
        assertThat(reader("i" + value + "e").integer()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "ie,0",
        "i-e,0",
        "i-0e,0",
        "i00e,0",
        "i01e,0",
        "i+1e,0",
        "i1,2",
        "i9223372036854775808e,0",
        "i1 e,0",
        "i123456789012345678901234e,0",
        "x,0",
        "1:a,0",
        "'',0",
        "i--1e,0",
        "i0x1e,0"
    })
    void other_spellings_of_integers_are_refused(String text, int offset) {
        assertThatThrownBy(() -> reader(text).integer())
                .isInstanceOfSatisfying(
                        BencodeException.class, e -> assertThat(e.offset()).isEqualTo(offset));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "3:ab", "03:abc", "-1:a", ":", "a:", "3", "99999999999:a", "2147483648:a", "i1e", "00:"})
    void other_spellings_of_strings_are_refused(String text) {
        assertThatThrownBy(() -> reader(text).string()).isInstanceOf(BencodeException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1:\u00ff", "2:\u00c0\u00af", "3:\u00ed\u00a0\u0080", "1:\u00c3", "4:\u00f4\u0090\u0080\u0080"})
    void text_must_be_utf8(String text) {
        assertThatThrownBy(() -> reader(text).text())
                .isInstanceOf(BencodeException.class)
                .hasMessageContaining("not valid UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"d1:bi1e1:ai2ee", "d1:ai1e1:ai2ee", "d1:\u00ffi1e1:ai1ee"})
    void keys_must_be_sorted_and_unique(String text) throws BencodeException {
        BencodeReader reader = reader(text);
        reader.beginDictionary();
        reader.key();
        reader.integer();

        assertThatThrownBy(reader::key)
                .isInstanceOf(BencodeException.class)
                .hasMessageContaining("sorted and unique")
                .hasMessageContaining("at byte 7");
    }

    @Test
    void a_key_of_another_type_is_refused() throws BencodeException {
        BencodeReader reader = reader("di1ei2ee");
        reader.beginDictionary();

        assertThatThrownBy(reader::key).isInstanceOf(BencodeException.class).hasMessageContaining("expected a key");
    }

    @Test
    void nothing_may_follow_the_value() throws BencodeException {
        BencodeReader reader = reader("i1ei2e");
        reader.integer();

        assertThatThrownBy(reader::finish).isInstanceOf(BencodeException.class).hasMessageContaining("3 bytes follow");
    }

    @Test
    void values_nest_32_deep_and_no_deeper() throws BencodeException {
        BencodeReader reader = reader("l".repeat(33) + "e".repeat(33));
        for (int i = 0; i < BencodeReader.MAX_DEPTH; i++) {
            reader.beginList();
        }

        assertThatThrownBy(reader::beginList)
                .isInstanceOf(BencodeException.class)
                .hasMessageContaining("deeper than 32");
    }

    @Test
    void more_elements_than_allowed_are_refused() throws BencodeException {
        BencodeReader reader = BencodeReader.of(bytes("li1ei2ee"), 100, 3);
        reader.beginList();
        reader.integer();
        reader.integer();

        assertThatThrownBy(reader::end)
                .isInstanceOf(BencodeException.class)
                .hasMessageContaining("more than 3 elements");
    }

    @Test
    void more_bytes_than_allowed_are_refused() {
        assertThatThrownBy(() -> BencodeReader.of(bytes("i1e"), 2, 3))
                .isInstanceOf(BencodeException.class)
                .hasMessageContaining("3 bytes are more than the 2 allowed");
    }

    @Test
    void a_value_without_its_key_is_a_bug_of_the_caller() throws BencodeException {
        BencodeReader reader = reader("d1:ai1ee");
        reader.beginDictionary();

        assertThatThrownBy(reader::string).isInstanceOf(IllegalStateException.class);
    }

    private static BencodeReader reader(String latin1) throws BencodeException {
        return BencodeReader.of(bytes(latin1), 1_000, 1_000);
    }

    private static Bytes bytes(String latin1) {
        return Bytes.of(latin1.getBytes(ISO_8859_1));
    }
}
