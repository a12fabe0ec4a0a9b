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
                        + Samples.friend("alice@example.org", true, ",'downloadBytesPerSecond':1500000") + ","
                        + Samples.friend("bob@example.org", false, ",'asked':true")
                                .replace("'asked':false,", "") + ","
                        + Samples.friend("carl@example.org", false, "").replace("BOTH", "TO")
                        + "],'pending':['dora@example.org'],'asked':['bob@example.org']}");

        assertThat(world.run("friends")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out)
                .containsExactly(
                        "FRIEND             NAME  ONLINE  LAST SEEN             DOWN  UP  SHARES  DEVICE         ADDRESSES                          NOTE",
                        "alice@example.org        yes     now               1.5 MB/s   -       2  laptop         192.0.2.1:6881 [2001:db8::1]:6881",
                        "bob@example.org          no      2026-02-28 20:15         -   -       2  laptop (away)                                     has not answered yet",
                        "carl@example.org         no      2026-02-28 20:15         -   -       2  laptop (away)                                     does not see you: they have to add you",
                        "dora@example.org asks to be your friend: bitween friend accept dora@example.org");
    }

    @Test
    void ids_are_shown_in_groups_if_wanted() {
        String alice =
                Samples.friend("alice@example.org", true, "").replace("'id':'r'", "'id':'" + "0123".repeat(16) + "'");
        world.answer("friends", "{'friends':[" + alice + "],'pending':[],'asked':[]}");

        world.run("friends");
        assertThat(world.out()).doesNotContain("0123");
        world.run("friends", "-v");

        assertThat(world.terminal.out).endsWith("laptop of alice@example.org: 0123" + " 0123".repeat(15));
    }

    @Test
    void without_friends_it_says_how_to_get_some() {
        world.answer("friends", "{'friends':[],'pending':[],'asked':[]}");

        world.run("friends");

        assertThat(world.out()).isEqualTo("no friends yet: bitween friend add name@example.org");
    }

    @Test
    void who_has_only_this_device_is_here_and_has_no_friends_yet() {
        String self = Samples.friend("me@example.org", false, ",'devices':[]")
                .replaceAll("'devices':\\[\\{.*\\}\\],", "")
                .replace("'self':false", "'self':true")
                .replace("'available':false", "'available':true");
        world.answer("friends", "{'friends':[" + self + "],'pending':[],'asked':[]}");

        world.run("friends");

        assertThat(world.terminal.out.get(1)).contains("me@example.org        here  ");
        assertThat(world.terminal.out).endsWith("no friends yet: bitween friend add name@example.org");
    }

    @Test
    void add_accept_and_rm_say_what_it_means() {
        world.answer("friend.add", ENTRY.formatted("NONE"))
                .answer("friend.add", ENTRY.formatted("NONE").replace("{'jid'", "{'accepted':true,'jid'"))
                .answer("friend.accept", ENTRY.formatted("BOTH"))
                .answer("friend.rm", ENTRY.formatted("NONE"));

        assertThat(world.run("friend", "add", "bob@example.org")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("friend", "add", "bob@example.org")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("friend", "accept", "bob@example.org")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("friend", "rm", "bob")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out)
                .containsExactly(
                        "asked bob@example.org, who has to accept now",
                        "accepted bob@example.org, who had asked",
                        "bob@example.org is your friend now",
                        "bob@example.org is removed, and sees your lists no longer");
        assertThat(world.calls)
                .containsExactly(
                        "friend.add {jid=bob@example.org}",
                        "friend.add {jid=bob@example.org}",
                        "friend.accept {jid=bob@example.org}",
                        "friend.rm {jid=bob}");
    }

    @Test
    void block_and_unblock_say_what_it_means_and_friends_who_is_blocked() {
        world.answer("block", ENTRY.formatted("BOTH"))
                .answer("unblock", ENTRY.formatted("NONE"))
                .answer("friends", "{'friends':[],'pending':[],'blocked':['bob@example.org'],'asked':[]}");

        assertThat(world.run("block", "bob")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("friends")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("unblock", "bob")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out)
                .containsExactly(
                        "bob@example.org is blocked: bitween unblock bob@example.org ends it",
                        "no friends yet: bitween friend add name@example.org",
                        "bob@example.org is blocked: bitween unblock bob@example.org ends it",
                        "bob@example.org is blocked no longer: bitween friend add bob@example.org asks them to be a friend");
        assertThat(world.calls).contains("block {jid=bob}", "unblock {jid=bob}");
    }

    @Test
    void devices_say_how_they_are_linked_and_which_wait_for_a_word() {
        String friend = Samples.friend("alice@example.org", true, "")
                .replace("'failure':null}", "'failure':null,'path':'DIRECT','pathSince':'2026-03-01T11:02:00Z'}")
                .replace(
                        "'devices':[",
                        "'devices':[{'id':'93efd8e3a','name':'nas','online':false,'addresses':[],"
                                + "'held':'nobody vouched for it'},");
        world.answer("friends", "{'friends':[" + friend + "],'pending':[],'asked':[]}");

        world.run("friends");

        assertThat(world.out())
                .contains("nas (held)")
                .contains("laptop (direct since 11:02)")
                .contains(
                        "nas of alice@example.org is held: nobody vouched for it; compare the words: bitween verify alice@example.org, then: bitween trust alice@example.org 93efd8e3");
    }

    @Test
    void who_is_there_with_a_held_device_only_is_neither_away_nor_without_bitween() {
        String held = Samples.friend("alice@example.org", true, "")
                .replace("'online':true", "'online':false")
                .replace("'failure':null}", "'failure':null,'held':'first: bitween friend add alice@example.org'}");
        world.answer("friends", "{'friends':[" + held + "],'pending':[],'asked':[]}");

        world.run("friends");

        assertThat(world.terminal.out.get(1)).contains("  held  ").contains("laptop (held)");
        assertThat(world.terminal.out.get(2))
                .isEqualTo("laptop of alice@example.org is held: first: bitween friend add alice@example.org");
    }

    @Test
    void a_device_that_sent_damaged_pieces_is_named_wherever_one_looks() {
        String friend = Samples.friend("alice@example.org", true, "")
                .replace("'failure':null}", "'failure':null,'damagedPieces':3}");
        String damagedBy = "'damagedBy':[{'jid':'alice@example.org','id':'r','name':'laptop','pieces':1}]";
        world.answer("friends", "{'friends':[" + friend + "],'pending':[],'asked':[]}")
                .answer("status", Samples.STATUS.replace("'shares':3", damagedBy + ",'shares':3"))
                .answer("jobs", "{'jobs':[]}")
                .answer(
                        "info",
                        "{'transfer':" + Samples.transfer("JOB", "COMPLETE", "").replace("'peers':[]", damagedBy)
                                + "}");

        world.run("friends");
        world.run("status");
        world.run("info", "Music");

        assertThat(world.terminal.out)
                .contains(
                        "laptop of alice@example.org sent 3 damaged pieces: bitween info NAME says of what",
                        "trouble    laptop of alice@example.org sent 1 damaged piece",
                        "laptop of alice@example.org sent 1 damaged piece, and is not asked for it again until the daemon starts anew;");
    }

    @Test
    void a_device_that_does_what_no_bitween_does_is_named_with_what_it_did_and_how_often() {
        String offences = "'offences':[{'kind':'CHURN','deed':'connects again and again','times':1},"
                + "{'kind':'DAMAGED_PIECES','deed':'sends damaged pieces','times':9},"
                + "{'kind':'REQUEST_FLOOD','deed':'asks for more at once than any bitween','times':7}]";
        String friend = Samples.friend("alice@example.org", true, "")
                .replace("'failure':null}", "'failure':null," + offences + "}");
        String offenders = "'offenders':[{'jid':'alice@example.org','id':'r','name':'laptop'," + offences + "}]";
        world.answer("friends", "{'friends':[" + friend + "],'pending':[],'asked':[]}")
                .answer("status", Samples.STATUS.replace("'shares':3", offenders + ",'shares':3"))
                .answer("jobs", "{'jobs':[]}");

        world.run("friends");
        world.run("status");

        assertThat(world.terminal.out)
                .contains(
                        "laptop of alice@example.org connects again and again (1 time);"
                                + " no bitween does that: see the log, or bitween block alice@example.org",
                        "trouble    laptop of alice@example.org connects again and again (1 time)",
                        "trouble    laptop of alice@example.org asks for more at once than any bitween (7 times)")
                .noneMatch(line -> line.contains("sends damaged pieces"));
    }

    @Test
    void trust_names_the_device_and_verify_the_words() {
        String id = "93efd8e3" + "00".repeat(28);
        world.answer("trust", "{'jid':'alice@example.org','device':'" + id + "','name':'nas','already':false}")
                .answer("trust", "{'jid':'alice@example.org','device':'" + id + "','name':'nas','already':true}")
                .answer(
                        "verify",
                        "{'jid':'alice@example.org','self':'me@example.net','own':'" + "ab".repeat(32)
                                + "','devices':[{'id':'" + id
                                + "','name':'laptop','trusted':false,'words':['one','two','three','four','five']}]}");

        assertThat(world.run("trust", "alice", "93ef")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("trust", "alice", "93ef")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("verify", "alice")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out)
                .containsExactly(
                        "nas (93efd8e3) of alice@example.org is trusted now",
                        "nas (93efd8e3) of alice@example.org is trusted already",
                        "with laptop of alice@example.org, which is not trusted:",
                        "  one two three four",
                        "  five",
                        "  its id 93ef d8e3" + " 0000".repeat(14),
                        "This device's id abab" + " abab".repeat(15),
                        "They see the same words with: bitween verify me@example.net");
        assertThat(world.calls).contains("trust {device=93ef, friend=alice}").endsWith("verify {friend=alice}");
    }

    @Test
    void distrust_says_what_it_did_and_of_ones_own_device_who_else_has_to() {
        String id = "93efd8e3" + "00".repeat(28);
        world.answer("distrust", "{'jid':'alice@example.org','device':'" + id + "','name':'nas','self':false}")
                .answer("distrust", "{'jid':'me@example.net','device':'" + id + "','name':null,'self':true}");

        assertThat(world.run("distrust", "alice", "nas")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("distrust", "me", id)).isEqualTo(ExitCodes.OK);
        assertThat(world.run("distrust", "alice")).isEqualTo(ExitCodes.USAGE);

        assertThat(world.terminal.out)
                .containsExactly(
                        "nas (93efd8e3) of alice@example.org is trusted no longer, and cut off",
                        "93efd8e3 of me@example.net is trusted no longer, and cut off",
                        "friends who trust it have to say so, too: bitween distrust me@example.net 93efd8e3");
        assertThat(world.calls).contains("distrust {device=nas, friend=alice}");
    }

    @Test
    void friend_alone_shows_its_help() {
        assertThat(world.run("friend")).isEqualTo(ExitCodes.OK);
        assertThat(world.out()).contains("Usage: bitween friend").contains("accept");
    }
}
