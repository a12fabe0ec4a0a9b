package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Device;
import bitween.model.Share;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentListsTest {
    private static final Device LAPTOP = Lists.device("bob@example.org", "laptop");
    private static final Device PHONE = Lists.device("bob@example.org", "phone");
    private static final List<Share> ONE = List.of(Lists.share(1));
    private static final List<Share> TWO = List.of(Lists.share(1), Lists.share(2));

    private final SentLists sent = new SentLists(10, 8);

    @Test
    void only_the_device_that_was_sent_a_list_has_it() {
        sent.sent(LAPTOP, "", "r1", ONE);

        assertThat(sent.of(LAPTOP, "r1")).contains(ONE);
        assertThat(sent.of(LAPTOP, "")).isEmpty();
        assertThat(sent.of(LAPTOP, "r2")).isEmpty();
        assertThat(sent.of(PHONE, "r1")).isEmpty();
    }

    @Test
    void until_it_says_so_a_device_may_not_have_got_what_it_was_sent() {
        sent.sent(LAPTOP, "", "r1", ONE);
        sent.sent(LAPTOP, "r1", "r2", TWO);
        sent.sent(LAPTOP, "r1", "r3", ONE);

        assertThat(sent.of(LAPTOP, "r1")).contains(ONE);
        assertThat(sent.of(LAPTOP, "r3")).contains(ONE);
        assertThat(sent.of(LAPTOP, "r2")).isEmpty();

        sent.sent(LAPTOP, "r3", "r4", TWO);

        assertThat(sent.of(LAPTOP, "r1")).isEmpty();
    }

    @Test
    void what_a_device_makes_up_is_not_remembered() {
        sent.sent(LAPTOP, "made up", "r1", ONE);

        assertThat(sent.of(LAPTOP, "made up")).isEmpty();
        assertThat(sent.of(LAPTOP, "r1")).contains(ONE);
    }

    @Test
    void who_asked_longest_ago_is_forgotten_first() {
        Device desk = Lists.device("carol@example.org", "desk");
        sent.sent(LAPTOP, "", "r1", TWO);
        sent.sent(PHONE, "", "r1", TWO);
        sent.sent(desk, "", "r1", TWO);
        assertThat(sent.of(LAPTOP, "r1")).isPresent();

        sent.sent(desk, "r1", "r2", ONE);

        assertThat(sent.of(PHONE, "r1")).isEmpty();
        assertThat(sent.of(LAPTOP, "r1")).isPresent();
        assertThat(sent.of(desk, "r1")).isPresent();
    }

    @Test
    void one_with_many_devices_has_only_his_own_forgotten() {
        Device carols = Lists.device("carol@example.org", "desk");
        sent.sent(carols, "", "r1", ONE);

        for (int i = 0; i < 20; i++) {
            sent.sent(Lists.device("eve@example.org", "device" + i), "", "r1", ONE);
        }

        assertThat(sent.of(carols, "r1")).isPresent();
        assertThat(sent.of(Lists.device("eve@example.org", "device19"), "r1")).isPresent();
        assertThat(sent.of(Lists.device("eve@example.org", "device0"), "r1")).isEmpty();
    }

    @Test
    void a_list_that_is_too_long_to_be_remembered_is_not() {
        SentLists small = new SentLists(2, 2);

        small.sent(LAPTOP, "", "r1", TWO);

        assertThat(small.of(LAPTOP, "r1")).isEmpty();
    }
}
