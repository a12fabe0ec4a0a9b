package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may have what: told when sharing, and changed later. */
class GrantCommandsTest {
    private static final String MISSING_HINT = "add --to everyone";

    private final FakeWorld world = new FakeWorld();

    @Test
    void share_takes_several_and_a_group_is_no_file_of_arguments() {
        world.answer("share.add", shared("['@family','bob@example.org']"));

        assertThat(world.run("share", "/m", "--no-wait", "--to", "@family", "--to", "bob", "--to", "@pom.xml"))
                .isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("share.add {path=/m, to=[@family, bob, @pom.xml]}");
        assertThat(world.terminal.out).contains("for        @family, bob@example.org");
    }

    @Test
    void a_script_that_names_nobody_is_told_how() {
        missing();

        assertThat(world.run("share", "/m")).isEqualTo(ExitCodes.USAGE);

        assertThat(world.terminal.err).containsExactly("bitween: nobody said who may have /m", "  " + MISSING_HINT);
        assertThat(world.calls).hasSize(1);
        assertThat(world.terminal.questions).isEmpty();
    }

    @Test
    void a_person_who_names_nobody_is_asked_and_the_answer_is_kept_if_wanted() {
        asked("everyone , @the family", "y");

        assertThat(world.run("share", "/m", "--no-wait")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.questions)
                .containsExactly(
                        "For whom? everyone (in your roster), @family, @Work, or friends' names; several with commas: ",
                        "Is that so for all that you share from now on without --to? [y/N] ");
        assertThat(world.calls.get(2)).isEqualTo("share.add {path=/m, to=[everyone, @the family]}");
        assertThat(world.setup.values).containsEntry("sharing.audience", List.of("everyone"));
        assertThat(world.terminal.out).contains("for        everyone");
    }

    @Test
    void whoever_wants_it_this_once_is_asked_again_the_next_time() {
        asked("everyone", "");

        assertThat(world.run("share", "/m", "--no-wait")).isEqualTo(ExitCodes.OK);

        assertThat(world.setup.values).isEmpty();
    }

    @Test
    void a_name_that_nobody_has_is_asked_again_and_no_answer_shares_nothing() {
        asked("bbo");
        missing().fail("share.add", ErrorCode.UNKNOWN_FRIEND, "there is no bbo", "did you mean bob?");

        assertThat(world.run("share", "/m", "--no-wait")).isEqualTo(ExitCodes.USAGE);

        assertThat(world.terminal.err)
                .containsExactly(
                        "  there is no bbo; did you mean bob?",
                        "bitween: nobody said who may have /m",
                        "  " + MISSING_HINT);
        assertThat(world.setup.values).isEmpty();
    }

    @Test
    void an_answer_that_cannot_be_kept_does_not_undo_the_share() {
        asked("bad", "yes");
        missing().answer("share.add", shared("['bad']"));

        assertThat(world.run("share", "/m", "--no-wait")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.err).containsExactly("  not kept: it cannot be written; write it yourself");
    }

    @Test
    void with_json_nobody_is_asked() {
        asked("everyone");

        assertThat(world.run("share", "/m", "--json")).isEqualTo(ExitCodes.USAGE);

        assertThat(world.terminal.questions).isEmpty();
        assertThat(world.out()).contains("AUDIENCE_MISSING");
    }

    @Test
    void grant_and_revoke_say_who_has_it_then() {
        world.answer("share.grant", shared("['@family','bob@example.org']")).answer("share.revoke", shared("[]"));

        assertThat(world.run("grant", "Music", "@family", "bob")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("revoke", "Music", "@family", "bob")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls)
                .containsExactly(
                        "share.grant {name=Music, to=[@family, bob]}",
                        "share.revoke {from=[@family, bob], name=Music}");
        assertThat(world.terminal.out)
                .containsExactly("Music is for @family, bob@example.org", "Music is for own devices");
    }

    @Test
    void grant_and_revoke_need_somebody() {
        assertThat(world.run("grant", "Music")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("revoke", "Music")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.calls).isEmpty();
    }

    @Test
    void who_keeps_it_all_the_same_is_told() {
        world.fail("share.revoke", ErrorCode.STILL_GRANTED, "bob would keep 'Music'", "revoke everyone");

        assertThat(world.run("revoke", "Music", "bob")).isEqualTo(ExitCodes.FAILED);

        assertThat(world.terminal.err).containsExactly("bitween: bob would keep 'Music'", "  revoke everyone");
    }

    @Test
    void shares_and_info_show_for_whom() {
        String many = "['@a group with a long name','@another group','carol@example.org']";
        world.answer("shares", "{'shares':[" + shared(many) + "]}")
                .answer("info", "{'transfer':" + shared(many) + ",'share':null,'holders':[]}");

        world.run("shares");
        world.run("info", "Music");

        assertThat(world.out())
                .contains("seeding  @a group with a long name, @another gro…")
                .contains("for        @a group with a long name, @another group, carol@example.org");
    }

    /** At a terminal, in a roster with two groups; a first attempt finds that nobody was named. */
    private void asked(String... typed) {
        world.terminal.interactive = true;
        world.terminal.typed.addAll(List.of(typed));
        String carol = Samples.friend("carol@example.org", true, ",'groups':['Work','family']");
        world.answer(
                "friends",
                "{'friends':[" + Samples.friend("bob@example.org", true, ",'groups':['family']") + "," + carol
                        + "],'pending':[],'blocked':[],'asked':[]}");
        if (!typed[0].startsWith("b")) {
            missing().answer("share.add", shared("['everyone']"));
        }
    }

    private FakeWorld missing() {
        return world.fail("share.add", ErrorCode.AUDIENCE_MISSING, "nobody said who may have /m", MISSING_HINT);
    }

    private static String shared(String audience) {
        return Samples.transfer("SHARE", "SEEDING", "'audience':" + audience);
    }
}
