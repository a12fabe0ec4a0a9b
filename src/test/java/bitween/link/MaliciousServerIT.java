package bitween.link;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.model.DeviceTrust;
import bitween.store.Database;
import bitween.store.TrustStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server can do to two friends who have seen each other: nothing that they do not see, and nothing that gets it anything. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MaliciousServerIT {
    private static final int MANY = 25;

    @TempDir
    static Path directory = Path.of("");

    private static @Nullable EvilServer evil;

    @BeforeAll
    static void friends_have_met() throws IOException {
        evil = EvilServer.start(directory);
    }

    @AfterAll
    static void stop() throws IOException {
        evil().close();
    }

    @Order(1)
    @ParameterizedTest(name = "{0}")
    @MethodSource("bitween.link.Malice#all")
    void is_not_believed_and_a_user_can_see_that_it_was_tried(Malice malice) throws Exception {
        EvilServer server = evil();
        long dropped = server.dropped();
        State before = State.of(server);
        int said = server.saidByAlice.size();

        malice.deed().by(server);

        server.until("a trace of " + malice, () -> malice.trace().isThere(server, dropped));
        malice.undo().by(server);
        server.bobIsHeard();
        server.keepsNothingBack();
        assertThat(State.of(server)).isEqualTo(before);
        assertThat(server.victimWasCalled()).isFalse();
        assertThat(List.copyOf(server.saidByAlice).stream().skip(said))
                .filteredOn(stanza -> stanza.contains(" to='" + EvilServer.EVE)
                        || (stanza.contains(" to=") && stanza.contains(" id='evil'")))
                .allMatch(stanza -> stanza.contains(" type='error'"));
    }

    @Test
    @Order(2)
    void friends_exchange_files_as_before() {
        assertThat(evil().bob.get("alice/alices.bin").text("state")).isEqualTo("COMPLETE");
        assertThat(evil().alice.get("bob/bobs.bin").text("state")).isEqualTo("COMPLETE");
    }

    @Test
    @Order(3)
    void each_kind_has_one_line_in_the_log_for_each_whom_it_names() {
        assertThat(Malice.all())
                .extracting(Malice::name)
                .hasSizeGreaterThanOrEqualTo(MANY)
                .doesNotHaveDuplicates();
        assertThat(evil().warnings.lines()).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    @Order(4)
    void what_is_kept_of_it_all_is_one_trusted_device() {
        var home = evil().alice.home();
        evil().alice.stop();

        try (Database database = Database.open(home.database(), home.natives())) {
            TrustStore store = new TrustStore(database);
            assertThat(store.pins())
                    .filteredOn(pin -> pin.trust() == DeviceTrust.TRUSTED)
                    .extracting(pin -> pin.device().jid() + " " + pin.device().id())
                    .containsExactly(EvilServer.BOB + " " + evil().bobsId());
            assertThat(store.confirmed()).containsExactly(EvilServer.BOB, EvilServer.CAROL);
        }
    }

    private static EvilServer evil() {
        return Objects.requireNonNull(evil);
    }

    /**
     * What an attack may not change.
     *
     * @param trusted devices that are not held
     * @param links to which devices, how, and since when
     */
    private record State(
            List<String> trusted, List<String> roster, List<String> pending, List<String> links, long uploaded) {
        static State of(EvilServer evil) {
            Answer friends = evil.alice.call("friends");
            return new State(
                    friends.views("friends").stream()
                            .flatMap(friend -> friend.views("devices").stream())
                            .filter(device -> !device.has("held"))
                            .map(device -> device.text("id"))
                            .toList(),
                    friends.views("friends").stream()
                            .filter(friend -> friend.has("subscription"))
                            .map(friend ->
                                    friend.text("jid") + " " + friend.text("subscription") + " " + friend.flag("asked"))
                            .toList(),
                    friends.texts("pending"),
                    evil.alice.call("status").views("links").stream()
                            .map(link -> link.text("id") + " " + link.text("path") + " " + link.text("since"))
                            .toList(),
                    evil.alice
                            .call("info", Map.of("name", "alices.bin"))
                            .view("transfer")
                            .number("uploadedBytes"));
        }
    }
}
