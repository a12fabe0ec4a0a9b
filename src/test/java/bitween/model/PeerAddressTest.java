package bitween.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1:6881, 192.0.2.1:6881",
        "[0:0:0:0:0:0:0:1]:42515, [::1]:42515",
        "[2001:db8:0:0:0:0:0:10]:1, [2001:db8::10]:1",
        "[2001:db8:0:0:1:0:0:0]:1, [2001:db8:0:0:1::]:1",
        "[fe80:0:0:0:1:2:3:4]:1, [fe80::1:2:3:4]:1",
        "[10:0:1:0:0:2:3:4]:1, [10:0:1::2:3:4]:1",
        "[2001:db8:0:1:1:1:1:1]:1, [2001:db8:0:1:1:1:1:1]:1",
        "[0:0:0:0:0:0:0:0]:1, [::]:1"
    })
    void people_see_the_short_form_and_it_means_the_same(String text, String brief) {
        PeerAddress address = PeerAddress.parse(text);

        assertThat(address.brief()).isEqualTo(brief);
        assertThat(PeerAddress.parse(brief)).isEqualTo(address);
    }
}
