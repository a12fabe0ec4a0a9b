package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
    private static final Set<String> WORDS = Set.of(
            "is", "shares", "name", "state", "shared", "files", "bytes", "at", "linked", "info", "torrent", "worker",
            "stopped", "in", "ms", "the");
    private static final String HASH = "0123456789abcdef0123456789abcdef01234567";

    private final Redactor redactor = new Redactor(false, WORDS, List.of("open sesame"));
    private final Redactor full = new Redactor(true, Set.of(), List.of("open sesame"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-29 14:13:35.123 INFO [torrent] TorrentWorker: shared: 3 files, 60000000 bytes",
                "stopped in 1.5 ms",
                "    at bitween.torrent.TorrentWorker.onTick(TorrentWorker.java:12)",
                "    at java.base/java.lang.Thread.run(Thread.java:833)",
                "2026-11-29T14:13:35Z"
            })
    void what_is_known_to_be_harmless_stays(String text) {
        assertThat(redactor.text(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "alice@example.org is linked,friend-1 is linked",
        "alice@example.org/desk: linked,friend-1: linked",
        "the files at '/home/alice/Secret plans.txt',the files at 'path-1 x-1'",
        "linked at 192.168.1.7:5000,linked at address-1",
        "linked at [fe80::1]:5000,linked at address-1",
        HASH + " shared,secret-1 shared",
        "0123abcd is linked,x-1 is linked",
        "4915112345678 is linked,4915112345678 is linked",
        "Zoë shared,x-1 shared"
    })
    void whatever_else_has_a_pseudonym(String text, String redacted) {
        assertThat(redactor.text(text)).isEqualTo(redacted);
    }

    @Test
    void a_pseudonym_stands_for_the_same_thing_everywhere_also_in_the_midst_of_a_line() {
        Object state = redactor.value(
                Map.of("shares", List.of(Map.of("name", "files at the worker", "files", 3L, "state", "SHARED"))));

        assertThat(state)
                .isEqualTo(Map.of("shares", List.of(Map.of("name", "name-1", "files", 3L, "state", "SHARED"))));
        assertThat(redactor.text("'files at the worker' is shared")).isEqualTo("'name-1' is shared");
    }

    @Test
    void what_is_secret_is_in_no_report() {
        assertThat(redactor.text("the open sesame")).doesNotContain("sesame");
        assertThat(full.text("the password is open sesame")).isEqualTo("the password is [secret]");
        assertThat(full.text("alice@example.org has " + HASH + " in /home/alice/Music"))
                .isEqualTo("alice@example.org has secret-1 in /home/alice/Music");
        assertThat(full.value(Map.of("hash", HASH, "jid", "alice@example.org")))
                .isEqualTo(Map.of("hash", "secret-1", "jid", "alice@example.org"));
    }
}
