package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.catalogue.FriendDevice;
import bitween.message.PresenceEvent.RequestsChanged;
import bitween.model.ErrorCode;
import bitween.model.Jid;
import bitween.model.Share;
import bitween.model.UserException;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResolverTest {
    private static final Share CAFE = World.share("Caf\u00e9", 'c', 1, 1);
    private final World world = new World();

    @BeforeEach
    void friends() {
        world.roster(
                World.friend(World.ALICE, "Ally"),
                World.friend(World.BOB),
                World.friend(new Jid("bob@other.net")),
                World.friend(new Jid("carl@example.org"), "Karl der Große"));
        world.online(World.ALICES_LAPTOP, "laptop", "192.0.2.1:6881");
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC, CAFE, World.share("notes", 'd', 1, 1));
        world.shares(World.ALICES_PHONE, "phone", World.MUSIC, World.share("Notes", 'e', 2, 1));
        world.shares(World.BOBS_DESKTOP, "desktop", World.PHOTOS);
    }

    @ParameterizedTest
    @CsvSource({
        "alice@example.org, alice@example.org",
        "ALICE@example.org, alice@example.org",
        "alice, alice@example.org",
        "Alice, alice@example.org",
        "ally, alice@example.org",
        "al, alice@example.org",
        "bob@o, bob@other.net",
        "karl der groSSe, ''",
        "karl der große, carl@example.org",
        "karl, carl@example.org",
        "c, carl@example.org"
    })
    void a_friend_is_found_by_address_name_or_beginning(String typed, String expected) {
        if (expected.isEmpty()) {
            assertFails(ErrorCode.UNKNOWN_FRIEND, () -> resolver().friend(typed));
        } else {
            assertThat(resolver().friend(typed).jid().value()).isEqualTo(expected);
        }
    }

    @Test
    void two_friends_of_one_name_are_listed() {
        UserException e = assertFails(ErrorCode.AMBIGUOUS, () -> resolver().friend("bob"));

        assertThat(e.sentence()).isEqualTo("'bob' can be bob@example.org or bob@other.net");
    }

    @Test
    void a_typo_in_a_friends_name_is_helped_with() {
        UserException e = assertFails(ErrorCode.UNKNOWN_FRIEND, () -> resolver().friend("alcie"));

        assertThat(e.hint()).isEqualTo("did you mean 'alice'? bitween friends lists them");
    }

    @Test
    void who_still_waits_to_be_accepted_is_no_friend_yet() {
        world.bus.publish(new RequestsChanged(Set.of(new Jid("dora@example.org"))));

        UserException e = assertFails(ErrorCode.UNKNOWN_FRIEND, () -> resolver().friend("dora"));

        assertThat(e.hint()).isEqualTo("accept with: bitween friend accept dora@example.org");
    }

    @ParameterizedTest
    @CsvSource({"Music, a", "music, a", "Caf\u00e9, c", "Cafe\u0301, c", "CAFE\u0301, c", "notes, d", "Notes, e"})
    void a_share_is_found_exactly_then_by_case_then_by_accent(String typed, char hashDigit) {
        assertThat(share(typed).share().hash()).isEqualTo(World.hash(hashDigit));
    }

    @Test
    void one_share_on_two_devices_is_one() {
        Resolver.Held music = share("Music");

        assertThat(music.devices()).extracting(device -> device.name()).containsExactly("laptop", "phone");
        assertThat(music.isOnline()).isTrue();
        assertThat(resolver().shares(resolver().friend("alice")))
                .extracting(held -> held.share().name())
                .containsExactly("Caf\u00e9", "Music", "notes", "Notes");
    }

    @Test
    void shares_that_differ_in_content_only_by_device_are_listed_with_their_hashes() {
        UserException e = assertFails(ErrorCode.AMBIGUOUS, () -> share("NOTES"));

        assertThat(e.sentence())
                .isEqualTo("alice@example.org shares several called 'NOTES': 'notes' " + World.hash('d')
                        + " on laptop; 'Notes' " + World.hash('e') + " on phone");
        assertThat(e.hint()).isEqualTo("name one by its info-hash");
    }

    @Test
    void a_typo_in_a_shares_name_is_helped_with() {
        UserException e = assertFails(ErrorCode.UNKNOWN_SHARE, () -> share("Muisc"));

        assertThat(e.sentence()).isEqualTo("alice@example.org shares nothing called 'Muisc'");
        assertThat(e.hint()).isEqualTo("did you mean 'Music'? bitween ls alice@example.org shows what is shared");
    }

    @Test
    void what_is_wanted_may_be_a_name_a_hash_or_a_link() {
        assertThat(resolver().wanted("al/music")).satisfies(wanted -> {
            assertThat(wanted.hash()).isEqualTo(World.MUSIC.hash());
            assertThat(wanted.name()).isEqualTo("Music");
            assertThat(wanted.from()).extracting(FriendDevice::device).contains(World.ALICES_LAPTOP);
        });
        assertThat(resolver().wanted(World.PHOTOS.hash().hex().toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo(new Resolver.Wanted(World.PHOTOS.hash(), "Photos", List.of(), List.of()));
        assertThat(resolver().wanted("magnet:?xt=urn:btih:" + World.hash('9') + "&dn=New%2FThing"))
                .isEqualTo(new Resolver.Wanted(World.hash('9'), "New/Thing", List.of(), List.of()));
        assertThat(resolver().wanted(World.hash('9').hex()))
                .isEqualTo(new Resolver.Wanted(World.hash('9'), null, List.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0123456789012345678901234567890123456789a",
                "012345678901234567890123456789012345678",
                "magnet:?dn=nothing",
                "magnet:?xt=urn:btih:xyz"
            })
    void a_malformed_hash_or_link_is_refused(String text) {
        assertFails(ErrorCode.BAD_HASH, () -> resolver().wanted(text));
    }

    @Test
    void a_share_without_its_friend_is_not_guessed_but_helped_with() {
        UserException e = assertFails(ErrorCode.UNKNOWN_SHARE, () -> resolver().wanted("music"));

        assertThat(e.hint()).isEqualTo("did you mean 'alice/Music'?");
    }

    @Test
    void a_friend_without_a_share_is_said_to_be_one() {
        UserException e = assertFails(ErrorCode.UNKNOWN_SHARE, () -> resolver().wanted("alice"));

        assertThat(e.sentence()).isEqualTo("'alice' is a friend, and no share of theirs is named");
        assertThat(e.hint()).isEqualTo("bitween ls alice@example.org shows what is shared");
    }

    @Test
    void a_folder_in_a_share_is_got_alone() {
        assertThat(resolver().wanted("alice/Music/Live/Bonus/").path()).containsExactly("Live", "Bonus");
    }

    private Resolver resolver() {
        return new Resolver(world.keeper.current());
    }

    private Resolver.Held share(String name) {
        return resolver().share(resolver().friend("alice"), name);
    }

    private static UserException assertFails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(UserException.class);
        UserException e = (UserException) org.assertj.core.api.Assertions.catchThrowable(call);
        assertThat(e.code()).isEqualTo(code);
        return e;
    }
}
