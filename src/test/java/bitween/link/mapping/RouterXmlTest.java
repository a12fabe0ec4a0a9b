package bitween.link.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouterXmlTest {
    @Test
    void elements_are_found_however_deep_whatever_their_prefix() throws IOException {
        RouterXml.Element document = RouterXml.parse("""
                <?xml version="1.0"?>
                <!-- made > by "somebody" -->
                <s:root xmlns:s='a>b'><list><u:item n="1"> one </u:item><item/></list><item>a &lt; b &amp;amp; c</item></s:root>
                """);

        assertThat(document.all("item").map(RouterXml.Element::text)).containsExactly("one", "", "a < b &amp; c");
        assertThat(document.textOf("nothing")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><a>&x;</a>",
                "<!DOCTYPE a SYSTEM \"http://198.51.100.1/a.dtd\"><a/>",
                "<!ENTITY a \"aaaa\"><a/>",
                "<a><![CDATA[x]]></a>",
                "<a>&x;</a>",
                "<a>&#x41;</a>",
                "<a>&amp</a>",
                "<a>",
                "<a></b>",
                "</a>",
                "<a/></a>",
                "<a",
                "<a b='>",
                "<",
                "<>",
                "<!-- ",
                "<?xml ",
                "<a><1/></a>"
            })
    void what_could_be_expanded_or_makes_no_sense_is_refused(String text) {
        assertThatThrownBy(() -> RouterXml.parse(text)).isInstanceOf(IOException.class);
    }

    @Test
    void deeper_or_more_than_a_routers_is_refused() {
        assertThatThrownBy(() -> RouterXml.parse("<a>".repeat(40) + "</a>".repeat(40)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> RouterXml.parse("<a>" + "<b/>".repeat(3_000) + "</a>"))
                .isInstanceOf(IOException.class);
    }
}
