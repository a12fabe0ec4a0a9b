package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FollowCommandTest {
    private final FakeWorld world = new FakeWorld();

    @Test
    void what_is_followed_is_said_and_what_becomes_of_it_now() {
        world.answer(
                "follow.add",
                "{'title':'alice/Gardening','jid':'alice@example.org','share':'Gardening','auto':true,'online':true,'state':'FOUND','newest':{'hash':'aa','files':3,'sizeBytes':1200}}");

        int code = world.run(
                "follow", "alice/Gardening", "--auto", "--max", "2G", "--only", "*.mkv", "--only", "*.srt", "--mirror");

        assertThat(code).isEqualTo(ExitCodes.OK);
        assertThat(world.calls)
                .containsExactly(
                        "follow.add {auto=true, maxBytes=2000000000, mirror=true, newOnly=false, only=[*.mkv, *.srt], ref=alice/Gardening}");
        assertThat(world.terminal.out)
                .containsExactly(
                        "you follow alice/Gardening: what is new comes by itself", "there is 3 files, 1.2 kB now");
    }

    @Test
    void whether_a_message_tells_is_said_or_left_to_the_configuration() {
        world.answer(
                "follow.add",
                "{'title':'alice/Gardening','jid':'alice@example.org','share':'Gardening','state':'WAITING'}");

        world.run("follow", "alice/Gardening", "--notify");
        world.run("follow", "alice/Gardening", "--no-notify");

        assertThat(world.calls)
                .containsExactly(
                        "follow.add {auto=false, mirror=false, newOnly=false, notify=true, ref=alice/Gardening}",
                        "follow.add {auto=false, mirror=false, newOnly=false, notify=false, ref=alice/Gardening}");
        assertThat(world.run("follow", "alice/Gardening", "--notify", "--no-notify"))
                .isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void what_is_not_shared_yet_begins_when_it_is() {
        world.answer(
                "follow.add",
                "{'title':'alice/Gardening','jid':'alice@example.org','share':'Gardening','state':'WAITING'}");

        world.run("follow", "alice/Gardening");

        assertThat(world.terminal.out)
                .containsExactly(
                        "you follow alice/Gardening: what is new is told by bitween events",
                        "it begins when alice@example.org shares something called 'Gardening'");
    }

    @Test
    void the_list_says_how_each_stands_and_what_to_do() {
        world.answer(
                "follows",
                "{'follows':["
                        + "{'title':'alice/Gardening','auto':true,'newOnly':true,'maxBytes':2000000000,'state':'GETTING','transfer':{'percent':45.0},'newest':{'hash':'aa','revision':3,'files':3,'sizeBytes':1200}},"
                        + "{'title':'alice/Music','auto':false,'only':['*.flac'],'state':'FOUND','newest':{'hash':'bb','files':1,'sizeBytes':7}},"
                        + "{'title':'bob/F\\u001bilms','auto':true,'mirror':true,'state':'STOPPED','reason':'the disk is full','newest':{'hash':'cc','files':1,'sizeBytes':7}},"
                        + "{'title':'bob/Later','auto':true,'state':'WAITING'}]}");

        world.run("follow");

        assertThat(world.terminal.out)
                .containsExactly(
                        "WHAT             THEN                      STATE                                        NEWEST",
                        "alice/Gardening  get, new ones, to 2.0 GB  coming 45.0 %                   @3, 3 files, 1.2 kB",
                        "alice/Music      tell, *.flac              new: bitween get 'alice/Music'          1 file, 7 B",
                        "bob/F�ilms       get, mirror               stopped: the disk is full               1 file, 7 B",
                        "bob/Later        get                       not shared yet                                    -");
    }

    @Test
    void a_name_that_nobody_shares_but_nearly_is_followed_and_asked_about() {
        world.answer(
                "follow.add",
                "{'title':'alice/Gardenin','jid':'alice@example.org','share':'Gardenin','state':'WAITING','offered':false,'near':['Gardening']}");

        world.run("follow", "alice/Gardenin");

        assertThat(world.terminal.out)
                .last()
                .isEqualTo("it begins when alice@example.org shares something called 'Gardenin';"
                        + " did you mean 'Gardening'? bitween unfollow 'alice/Gardenin' takes this back");
    }

    @Test
    void what_is_shared_no_longer_is_not_up_to_date() {
        String gone =
                "'jid':'alice@example.org','share':'Music','offered':false,'newest':{'hash':'aa','files':1,'sizeBytes':7}}";
        world.answer("follow.add", "{'title':'alice/Music','auto':true,'state':'READY'," + gone)
                .answer(
                        "follows",
                        "{'follows':[{'title':'alice/Music','state':'READY'," + gone
                                + ",{'title':'alice/Music','state':'FOUND'," + gone
                                + ",{'title':'alice/Music','state':'HELD'," + gone + "]}");

        world.run("follow", "alice/Music", "--auto");
        world.run("follow");

        assertThat(world.terminal.out.get(1))
                .isEqualTo(
                        "alice@example.org does not share it any more: it goes on when something is called 'Music' again");
        assertThat(world.terminal.out.subList(3, 6))
                .allSatisfy(row -> assertThat(row).contains("not shared any more"));
    }

    @Test
    void nothing_is_followed() {
        world.answer("follows", "{'follows':[]}");

        world.run("follow");

        assertThat(world.out()).isEqualTo("you follow nothing; bitween follow FRIEND/SHARE does");
    }

    @Test
    void what_contradicts_itself_or_says_nothing_is_refused() {
        assertThat(world.run("follow", "alice/Gardening", "--keep", "--mirror")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("follow", "--auto")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("follow", "alice/Gardening", "--max", "0")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("follow", "alice/Gardening", "--max", "much")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.calls).isEmpty();
    }

    @Test
    void what_is_followed_no_longer_stays() {
        world.answer("follow.rm", "{'title':'alice/Gardening'}");

        assertThat(world.run("unfollow", "alice/Gardening")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("follow.rm {ref=alice/Gardening}");
        assertThat(world.out()).isEqualTo("you follow alice/Gardening no longer; what has come stays");
    }
}
