package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FriendCommandsTest {
    private static final String ENTRY = "{'jid':'bob@example.org','name':null,'subscription':'%s','asked':true}";
    private final FakeWorld world = new FakeWorld();

    @Test
    void friends_are_a_table_with_devices_and_what_to_do_next() {
        world.answer(
                "friends",
                "{'friends':["
                        + Samples.friend("alice@example.org", true, "") + ","
                        + Samples.friend("bob@example.org", false, ",'asked':true")
                                .replace("'asked':false,", "") + ","
                        + Samples.friend("carl@example.org", false, "").replace("BOTH", "TO")
                        + "],'pending':['dora@example.org'],'asked':['bob@example.org']}");

        assertThat(world.run("friends")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out)
                .containsExactly(
                        "FRIEND             NAME  ONLINE  LAST SEEN         SHARES  DEVICE         ADDRESSES",
                        "alice@example.org        yes     now                    2  laptop         192.0.2.1:6881 [2001:db8::1]:6881",
                        "bob@example.org          no      2026-02-28 20:15       2  laptop (away)                                     has not answered yet",
                        "carl@example.org         no      2026-02-28 20:15       2  laptop (away)                                     does not see you: they have to add you",
                        "dora@example.org asks to be your friend: bitween friend accept dora@example.org");
    }

    @Test
    void without_friends_it_says_how_to_get_some() {
        world.answer("friends", "{'friends':[],'pending':[],'asked':[]}");

        world.run("friends");

        assertThat(world.out()).isEqualTo("no friends yet: bitween friend add name@example.org");
    }

    @Test
    void add_accept_and_rm_say_what_it_means() {
        world.answer("friend.add", ENTRY.formatted("NONE"))
                .answer("friend.accept", ENTRY.formatted("BOTH"))
                .answer("friend.rm", ENTRY.formatted("NONE"));

        assertThat(world.run("friend", "add", "bob@example.org")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("friend", "accept", "bob@example.org")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("friend", "rm", "bob")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out)
                .containsExactly(
                        "asked bob@example.org, who has to accept now",
                        "bob@example.org is your friend now",
                        "bob@example.org is removed, and sees your lists no longer");
        assertThat(world.calls)
                .containsExactly(
                        "friend.add {jid=bob@example.org}",
                        "friend.accept {jid=bob@example.org}",
                        "friend.rm {jid=bob}");
    }

    @Test
    void friend_alone_shows_its_help() {
        assertThat(world.run("friend")).isEqualTo(ExitCodes.OK);
        assertThat(world.out()).contains("Usage: bitween friend").contains("accept");
    }
}
