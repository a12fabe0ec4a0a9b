package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TermTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b[31mred",
                "\u001b]0;title\u0007",
                "\u001b]52;c;Y2xpcA==\u0007",
                "\u009b31m",
                "a\nb",
                "a\rb",
                "a\tb",
                "a\bb",
                "\u0000",
                "\u007f",
                "\u0085",
                "\u202egnp.exe",
                "\u2066x\u2069",
                "\u200b",
                "\u200d",
                "\ufeff",
                "\u2028",
                "\u2029",
                "\ue000",
                "\udbff\udffd",
                "\ud800",
                "\udc00x",
                "\u0378",
                "\uffff",
                "\u061c",
                "\udb40\udc41"
            })
    void what_a_terminal_might_obey_or_hide_is_replaced(String hostile) {
        String safe = Term.safe(hostile);

        assertThat(safe).contains("\ufffd");
        assertThat(Term.safe(safe)).isEqualTo(safe);
        assertThat(safe.codePoints())
                .allMatch(c -> !Character.isISOControl(c) && c != 0x1b && c != 0x9b && c != 0x202e);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Music", "Übung – Ärger/ß", "日本語", "🎵 mix 🎸", "e\u0301", "├── a", "\ufffd"})
    void ordinary_text_stays(String text) {
        assertThat(Term.safe(text)).isEqualTo(text);
    }

    @Test
    void in_json_the_content_stays_as_escapes() throws Exception {
        String hostile = "a\u009b31m\u202e\ud83c\udfb5\ue000\udbff\udffd\u001b ä";

        String json = Term.safeJson(Json.write(hostile));

        assertThat(json).contains("\\u009b").contains("\\u202e").contains("🎵").contains("ä");
        assertThat(Term.safe(json)).isEqualTo(json);
        assertThat(Json.read(json)).isEqualTo(hostile);
    }

    @Test
    void widths_are_those_of_a_terminal() {
        assertThat(Term.width("abc")).isEqualTo(3);
        assertThat(Term.width("日本")).isEqualTo(4);
        assertThat(Term.width("🎵")).isEqualTo(2);
        assertThat(Term.width("e\u0301")).isEqualTo(1);
        assertThat(Term.fitted("日本語", 5)).isEqualTo("日本…");
        assertThat(Term.fitted("abc", 3)).isEqualTo("abc");
    }
}
