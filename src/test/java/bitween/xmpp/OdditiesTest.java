package bitween.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.testing.KeptWarnings;
import bitween.xmpp.Oddities.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jxmpp.jid.impl.JidCreate;

class OdditiesTest {
    private final KeptWarnings warnings = new KeptWarnings();
    private final Oddities oddities = new Oddities();

    @AfterEach
    void close() {
        warnings.close();
    }

    @Test
    void each_is_counted_and_each_sender_of_a_kind_is_named_once() {
        seen("eve@b.test/x", Kind.STRANGERS_PRESENCE);
        seen("eve@b.test/y", Kind.STRANGERS_PRESENCE);
        seen("eve@b.test/y", Kind.STRANGERS_STREAM);
        oddities.seen(null, Kind.WRAPPED_STANZA);

        assertThat(oddities.count()).isEqualTo(4);
        assertThat(warnings.lines())
                .containsExactly(
                        "eve@b.test sends presence, but is no contact whose presence we see: dropped",
                        "eve@b.test opens a stream, but is no contact who sees us: dropped",
                        "our server sends what somebody else is said to have said: dropped");
    }

    @Test
    void who_makes_up_senders_fills_no_log_and_keeps_no_other_kind_out_of_it() {
        for (int i = 0; i < 1_000; i++) {
            seen("eve" + i + "@b.test", Kind.STRANGERS_PRESENCE);
        }
        seen("bob@b.test/x", Kind.ODD_STREAM);

        assertThat(oddities.count()).isEqualTo(1_001);
        assertThat(warnings.lines())
                .hasSize(Oddities.MAX_SENDERS + 2)
                .endsWith(
                        "and so do others, who are counted from now on, but not named: one sends presence, but is no"
                                + " contact whose presence we see",
                        "bob@b.test opens a stream as no bitween does: dropped");
    }

    private void seen(String from, Kind kind) {
        oddities.seen(JidCreate.fromOrThrowUnchecked(from), kind);
    }
}
