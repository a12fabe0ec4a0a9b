package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LsCommandTest {
    private static final String ENTRIES = "'entries':["
            + "{'name':'Live','path':['Live'],'kind':'folder','sizeBytes':300,'files':2,'priority':null},"
            + "{'name':'Bonus','path':['Live','Bonus'],'kind':'folder','sizeBytes':200,'files':1,'priority':null},"
            + "{'name':'2.flac','path':['Live','Bonus','2.flac'],'kind':'file','sizeBytes':200,'files':null,'priority':null},"
            + "{'name':'x\\u001b[2J','path':['Live','x'],'kind':'file','sizeBytes':100,'files':null,'priority':null},"
            + "{'name':'cover.jpg','path':['cover.jpg'],'kind':'file','sizeBytes':10,'files':null,'priority':null}],'more':%d}";
    private final FakeWorld world = new FakeWorld();

    @Test
    void friends_who_share_something_are_listed_with_the_age_of_the_list() {
        world.answer(
                "ls",
                "{'kind':'friends','friends':["
                        + Samples.friend("alice@example.org", true, "") + ","
                        + Samples.friend("bob@example.org", false, "").replace("'shares':2", "'shares':0")
                        + "]}");

        assertThat(world.run("ls")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("ls {deep=false}");
        assertThat(world.terminal.out)
                .containsExactly(
                        "FRIEND             ONLINE  SHARES     SIZE  LIST",
                        "alice@example.org  yes          2  64.0 MB  list from 11:02");
    }

    @Test
    void shares_of_a_friend_who_is_away_say_their_age() {
        world.answer(
                "ls",
                "{'kind':'shares','friend':" + Samples.friend("alice@example.org", false, "") + ",'shares':["
                        + Samples.share("Music", false) + "]}");

        assertThat(world.run("ls", "alice")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out)
                .containsExactly(
                        "alice@example.org is offline; list from 11:02",
                        "NAME      SIZE  FILES  ON             INFO-HASH",
                        "Music  64.0 MB    203  laptop (away)  " + Samples.HASH);
    }

    @Test
    void live_shares_show_their_revision() {
        world.answer(
                "ls",
                "{'kind':'shares','friend':" + Samples.friend("alice@example.org", true, "") + ",'shares':["
                        + Samples.share("Music", true) + ","
                        + Samples.share("Notes", true).replace("'files':203", "'files':3,'revision':12") + "]}");

        assertThat(world.run("ls", "alice")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out)
                .containsExactly(
                        "NAME   REVISION     SIZE  FILES  ON      INFO-HASH",
                        "Music            64.0 MB    203  laptop  " + Samples.HASH,
                        "Notes  @12       64.0 MB      3  laptop  " + Samples.HASH);
    }

    @Test
    void files_are_a_table() {
        world.answer("ls", files(3));

        assertThat(world.run("ls", "alice/Music")).isEqualTo(ExitCodes.OK);

        assertThat(world.terminal.out)
                .startsWith("alice@example.org/Music: 203 files, 64.0 MB", "NAME        SIZE  FILES")
                .contains("Live/      300 B      2", "cover.jpg   10 B")
                .endsWith("and 3 more: name a folder in it");
    }

    @Test
    void files_are_a_tree_if_wanted() {
        world.answer("ls", files(0));

        assertThat(world.run("ls", "alice/Music", "--tree")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("ls {deep=true, path=alice/Music}");
        assertThat(world.terminal.out)
                .containsExactly(
                        "alice@example.org/Music: 203 files, 64.0 MB",
                        "├── Live/",
                        "│   ├── Bonus/",
                        "│   │   └── 2.flac  200 B",
                        "│   └── x\ufffd[2J  100 B",
                        "└── cover.jpg  10 B");
    }

    @Test
    void no_tree_is_shown_of_what_is_no_share() {
        assertThat(world.run("ls", "--tree")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("ls", "alice/", "--tree")).isEqualTo(ExitCodes.USAGE);

        assertThat(world.calls).isEmpty();
        assertThat(world.terminal.err)
                .startsWith(
                        "bitween: --tree shows what is in a share, and none is named",
                        "  name one, such as: bitween ls alice/Music --tree")
                .hasSize(4);
    }

    @Test
    void by_hash_each_is_listed_once_with_who_has_it() {
        String bob = Samples.holder(false).replace("alice", "bob");
        world.answer(
                "hashes",
                "{'shares':[" + held("Music", "1", Samples.holder(true) + "," + bob, true) + ","
                        + held("Old films", "2", bob, false) + "],'more':0}");

        assertThat(world.run("ls", "-l")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("hashes {}");
        assertThat(world.terminal.out)
                .containsExactly(
                        "INFO-HASH                                    SIZE  FILES  NAME       WHO",
                        "1".repeat(40) + "  64.0 MB    203  Music      alice@example.org, bob@example.org (away); you",
                        "2".repeat(40) + "  64.0 MB    203  Old films  bob@example.org (away)");
    }

    @Test
    void by_hash_a_friend_can_be_named_and_a_share_cannot() {
        world.answer("hashes", "{'shares':[],'more':0}");

        assertThat(world.run("ls", "--by-hash", "bob/")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("ls", "--by-hash", "bob/Music")).isEqualTo(ExitCodes.USAGE);

        assertThat(world.calls).containsExactly("hashes {friend=bob}");
    }

    private static String held(String name, String digit, String holders, boolean here) {
        return "{'hash':'" + digit.repeat(40) + "','name':'" + name + "','magnet':'m','contentId':'c',"
                + "'sizeBytes':64000000,'files':203,'online':true,'here':" + here + ",'holders':[" + holders + "]}";
    }

    @Test
    void what_is_listed_is_named_with_its_own_size() {
        world.answer(
                "ls",
                files(0).replace(
                                "'path':[],",
                                "'path':['Live'],'at':{'name':'Live','sizeBytes':300,'files':2,'priority':null},"));

        world.run("ls", "alice/Music/Live");

        assertThat(world.terminal.out.get(0)).isEqualTo("alice@example.org/Music/Live: 2 files, 300 B");
    }

    private static String files(int more) {
        return "{'kind':'files','friend':" + Samples.friend("alice@example.org", true, "") + ",'share':"
                + Samples.share("Music", true) + ",'path':[]," + ENTRIES.formatted(more);
    }
}
