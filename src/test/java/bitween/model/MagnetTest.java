package bitween.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MagnetTest {
    private static final InfoHash HASH = new InfoHash("0123456789abcdef0123456789abcdef01234567");

    @Test
    void a_link_comes_back_as_it_was_written() {
        Magnet magnet = new Magnet(HASH, "straße & co 😀");

        assertThat(Magnet.parse(magnet.toString())).isEqualTo(magnet);
    }

    @Test
    void a_bare_hash_is_a_link_without_a_name() {
        assertThat(Magnet.parse(" 0123456789ABCDEF0123456789ABCDEF01234567 ")).isEqualTo(new Magnet(HASH, null));
        assertThat(Magnet.parse("AERUKZ4JVPG66AJDIVTYTK6N54ASGRLH").hash()).isEqualTo(HASH);
    }

    @Test
    void trackers_and_peers_in_a_link_are_ignored() {
        assertThat(Magnet.parse("magnet:?tr=http%3A%2F%2Fx&xt=urn:btih:" + HASH + "&x.pe=192.0.2.1:1"))
                .isEqualTo(new Magnet(HASH, null));
    }

    @Test
    void what_is_no_link_is_refused_with_what_was_found() {
        assertThatThrownBy(() -> Magnet.parse("music")).hasMessageContaining("'music'");
        assertThatThrownBy(() -> Magnet.parse("magnet:?dn=music")).hasMessageContaining("no v1 info-hash");
        assertThatThrownBy(() -> Magnet.parse("magnet:?xt=urn:btih:%zz")).hasMessageContaining("%-escape");
        assertThatThrownBy(() -> Magnet.parse("magnet:?" + "a".repeat(9_000))).hasMessageContaining("at most 8192");
    }
}
