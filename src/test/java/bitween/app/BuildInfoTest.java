package bitween.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BuildInfoTest {
    @Test
    void libtorrent_has_a_version_before_it_is_loaded_and_its_own_word_afterwards() {
        assertThat(BuildInfo.versions(null).libtorrent()).matches("2\\.[0-9]+\\.[0-9]+");
        assertThat(BuildInfo.versions("2.0.6.0").libtorrent()).isEqualTo("2.0.6.0");
    }
}
