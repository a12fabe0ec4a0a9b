package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bitween.message.PresenceEvent.ConnectionChanged;
import bitween.message.PresenceEvent.RequestsChanged;
import bitween.message.TorrentRequest.GrantShare;
import bitween.message.TorrentRequest.RevokeShare;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.Shared;
import bitween.model.Audience;
import bitween.model.ConnectionState;
import bitween.model.ErrorCode;
import bitween.model.FullJid;
import bitween.model.Jid;
import bitween.model.LeftOut;
import bitween.model.RosterEntry;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.UserException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom people mean when they share, and what they are told. */
@Timeout(10)
class GranteesTest {
    private static final Jid ME = new Jid("me@example.org");

    private final World world = new World();

    @BeforeEach
    void friends() {
        world.bus.publish(new ConnectionChanged(new ConnectionState(
                ConnectionState.Status.ONLINE, new FullJid(ME, "here"), "s", null, World.NOW, null)));
        world.roster(
                entry(World.ALICE, "Ally", "family", "Work friends"),
                entry(World.BOB, null, "family"),
                entry(new Jid("family@example.org"), null));
        world.bus.publish(new RequestsChanged(Set.of(new Jid("dora@example.org"))));
        world.answer(
                SharePath.class,
                request -> new Shared(world.told(World.own(1, World.MUSIC).with(request.audience())), LeftOut.NOTHING));
        world.answer(GrantShare.class, request -> {
            Transfer share = known(request.id());
            return world.told(share.with(share.audience().with(request.grantees())));
        });
        world.answer(RevokeShare.class, request -> {
            Transfer share = known(request.id());
            return world.told(share.with(share.audience().without(request.grantees())));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "everyone,everyone",
        "EVERYONE,everyone",
        "@family,@family",
        "@FAMILY,@family",
        "@work friends,@Work friends",
        "bob,bob@example.org",
        "ally,alice@example.org",
        "Alice@Example.org,alice@example.org",
        "family,family@example.org"
    })
    void people_are_named_as_elsewhere_and_groups_as_in_the_roster(String typed, String meant) {
        assertThat(world.call("share.add", "path", "/m", "to", List.of(typed)))
                .containsEntry("audience", List.of(meant));
        assertThat(world.call("share.add", "path", "/m", "to", typed)).containsEntry("audience", List.of(meant));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        bpb              | UNKNOWN_FRIEND | no friend is called 'bpb'                        | did you mean 'bob'? bitween friends lists them
        b                | UNKNOWN_FRIEND | no friend is called 'b'                          | did you mean 'bob@example.org'? bitween friends lists them
        Al               | UNKNOWN_FRIEND | no friend is called 'Al'                         | did you mean 'alice@example.org'? bitween friends lists them
        Eve@example.org  | UNKNOWN_FRIEND | eve@example.org is not in your roster | ask them first: bitween friend add eve@example.org; bitween friends lists who is in it
        dora@example.org | UNKNOWN_FRIEND | dora@example.org waits for you to accept | accept with: bitween friend accept dora@example.org
        eve@x/y          | BAD_ARGUMENT   | an XMPP address looks like name@example.org, not 'eve@x/y' | such as everyone, @family or bob@example.org
        dora             | UNKNOWN_FRIEND | dora@example.org waits for you to accept         | accept with: bitween friend accept dora@example.org
        @famly           | UNKNOWN_GROUP  | nobody in your roster is in a group 'famly'      | did you mean '@family'? your roster has @Work friends, @family
        @x               | UNKNOWN_GROUP  | nobody in your roster is in a group 'x'          | your roster has @Work friends, @family
        @                | BAD_ARGUMENT   | '@' must have a group's name after the @, 1 to 1023 characters on one line | such as everyone, @family or bob@example.org
        me@example.org   | BAD_ARGUMENT   | me@example.org is your own account               | your own devices see all your shares anyway
        """)
    void a_name_that_means_nobody_is_refused(String typed, ErrorCode code, String sentence, String hint) {
        UserException e = refused("share.add", "path", "/m", "to", List.of("everyone", typed));

        assertThat(e.code()).isEqualTo(code);
        assertThat(e).hasMessage(sentence);
        assertThat(e.hint()).isEqualTo(hint);
        assertThat(world.asked).isEmpty();
    }

    @Test
    void before_the_roster_is_here_what_is_written_whole_is_taken() {
        World alone = new World();
        alone.answer(
                SharePath.class,
                request -> new Shared(alone.told(World.own(1, World.MUSIC).with(request.audience())), LeftOut.NOTHING));

        assertThat(alone.call("share.add", "path", "/m", "to", List.of("eve@example.org", "@Chess")))
                .containsEntry("audience", List.of("@Chess", "eve@example.org"));
        assertThat(catchThrowableOfType(
                                UserException.class, () -> alone.call("share.add", "path", "/m", "to", List.of("eve")))
                        .code())
                .isEqualTo(ErrorCode.UNKNOWN_FRIEND);
    }

    @Test
    void without_a_word_the_config_says_for_whom() {
        world.usualAudience = Audience.parse(List.of("@family", "nobody-yet@example.org"));

        assertThat(world.call("share.add", "path", "/m"))
                .containsEntry("audience", List.of("@family", "nobody-yet@example.org"));
    }

    @Test
    void without_a_word_anywhere_nothing_is_shared() {
        world.usualAudience = Audience.NOBODY;

        UserException e = refused("share.add", "path", "/m");

        assertThat(e.code()).isEqualTo(ErrorCode.AUDIENCE_MISSING);
        assertThat(e).hasMessage("nobody said who may have /m");
        assertThat(e.hint()).contains("--to everyone").contains("[sharing]");
        assertThat(world.asked).isEmpty();
    }

    @Test
    void a_grant_adds_and_a_revoke_takes_away() {
        world.transfer(shared("bob@example.org"));

        assertThat(world.call("share.grant", "name", "music", "to", List.of("@family", "ally")))
                .containsEntry("audience", List.of("@family", "alice@example.org", "bob@example.org"));
        assertThat(world.call("share.revoke", "name", "music", "from", List.of("bob", "@family")))
                .containsEntry("audience", List.of("alice@example.org"));
        assertThat(World.list(world.call("shares").get("shares")).get(0))
                .containsEntry("audience", List.of("alice@example.org"));
    }

    @Test
    void who_would_keep_it_as_one_of_everyone_or_a_group_is_not_revoked() {
        world.transfer(shared("everyone", "@family", "bob@example.org"));
        UserException everyone = refused("share.revoke", "name", "Music", "from", List.of("bob"));
        world.transfer(shared("@family"));
        UserException group = refused("share.revoke", "name", "Music", "from", List.of("bob"));

        assertThat(everyone.code()).isEqualTo(group.code()).isEqualTo(ErrorCode.STILL_GRANTED);
        assertThat(everyone)
                .hasMessage("bob@example.org would keep 'Music', which is shared with everyone and @family;"
                        + " nothing was changed");
        assertThat(everyone.hint()).isEqualTo("grant it to those who may keep it, then: bitween revoke NAME everyone");
        assertThat(group.hint())
                .isEqualTo("take bob@example.org out of the group in your roster, or: bitween revoke NAME @family");
        assertThat(world.asked).isEmpty();
    }

    @Test
    void revoking_a_group_leaves_the_member_who_has_it_by_name() {
        world.transfer(shared("@family", "bob@example.org"));

        assertThat(world.call("share.revoke", "name", "Music", "from", "@family"))
                .containsEntry("audience", List.of("bob@example.org"));
    }

    @Test
    void what_is_not_granted_cannot_be_revoked() {
        world.transfer(shared("@family"));

        UserException group = refused("share.revoke", "name", "Music", "from", List.of("@work friends"));
        UserException person = refused("share.revoke", "name", "Music", "from", List.of("family@example.org"));

        assertThat(group.code()).isEqualTo(person.code()).isEqualTo(ErrorCode.NOT_GRANTED);
        assertThat(group).hasMessage("'Music' is not shared with @Work friends, but with @family");
        assertThat(refused("share.revoke", "name", "Music", "from", List.of("nobody"))
                        .code())
                .isEqualTo(ErrorCode.UNKNOWN_FRIEND);
    }

    @Test
    void what_is_for_nobody_says_so_when_it_is_revoked() {
        world.transfer(shared());

        assertThat(refused("share.revoke", "name", "Music", "from", List.of("@family")))
                .hasMessage("'Music' is not shared with @family: it is for nobody but your own devices");
    }

    @Test
    void a_group_without_its_sign_is_suggested_with_it() {
        world.transfer(shared());

        UserException unknown = refused("share.grant", "name", "Music", "to", List.of("work friends"));

        assertThat(unknown.code()).isEqualTo(ErrorCode.UNKNOWN_FRIEND);
        assertThat(unknown.hint()).isEqualTo("did you mean '@Work friends'?");
    }

    @Test
    void a_grant_to_who_left_the_roster_can_be_revoked_by_its_name() {
        world.transfer(shared("eve@example.org", "@Chess", "everyone"));

        assertThat(world.call("share.revoke", "name", "Music", "from", List.of("@chess")))
                .containsEntry("audience", List.of("everyone", "eve@example.org"));
        assertThat(world.call("share.revoke", "name", "Music", "from", List.of("everyone", "eve")))
                .containsEntry("audience", List.of());
    }

    @Test
    void names_come_as_strings() {
        world.transfer(shared());

        assertThat(catchThrowableOfType(
                        Params.InvalidParams.class,
                        () -> world.call("share.grant", "name", "Music", "to", List.of("bob", 7))))
                .hasMessage("'to' is a list of strings");
        assertThat(refused("share.grant", "name", "Music", "to", List.of()).code())
                .isEqualTo(ErrorCode.BAD_ARGUMENT);
    }

    private UserException refused(String method, Object... params) {
        return Objects.requireNonNull(
                catchThrowableOfType(UserException.class, () -> world.call(method, params)), "not refused");
    }

    private static Transfer shared(String... grantees) {
        return World.own(1, World.MUSIC).with(Audience.parse(List.of(grantees)));
    }

    private Transfer known(TransferId id) {
        return Objects.requireNonNull(world.keeper.current().transfers().get(id));
    }

    private static RosterEntry entry(Jid jid, @Nullable String name, String... groups) {
        return new RosterEntry(jid, name, RosterEntry.Subscription.BOTH, false, Set.of(groups));
    }
}
