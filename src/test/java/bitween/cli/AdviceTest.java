package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What commands tell a person to type works as it stands, also where a home was named. */
class AdviceTest {
    private final FakeWorld world = new FakeWorld();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "block bob | block | {'jid':'bob@example.org'}",
                "unblock bob | unblock | {'jid':'bob@example.org'}",
                "config set network.port 7 | config.reload | {'restart':['network.port']}",
                "find x | find | {'found':[]}",
                "follow a/b | follow.add | {'title':'a/b','state':'GETTING'}",
                "follow a/b | follow.add | {'title':'a/b','state':'FOUND','newest':{'files':1,'sizeBytes':1}}",
                "follow | follows | {'follows':[]}",
                "follow | follows | {'follows':[{'title':'a/b','state':'HELD'}]}",
                "friends | friends | {'friends':[]}",
                "friends | friends | {'friends':[],'pending':['eve@x.y'],'blocked':['mallory@x.y']}",
                "friends | friends | {'friends':[{'jid':'b@x.y','subscription':'FROM','devices':[{'id':'0123456789abcdef0123','held':'it is new','damagedPieces':2}]}]}",
                "jobs | jobs | {'jobs':[]}",
                "jobs | jobs | {'jobs':[{'id':1,'name':'M','state':'ERROR','error':{'message':'gone','hint':'bitween recheck M'}}]}",
                "info M | info | {'share':{'name':'M','hash':'aa','files':1,'sizeBytes':1},'holders':[]}",
                "ls | ls | {'kind':'friends','friends':[]}",
                "pause M | transfer.pause | {'id':1,'name':'M','kind':'JOB'}",
                "pause --friend bob | friend.pause | {'jid':'bob@x.y'}",
                "recheck M | transfer.recheck | {'id':1,'name':'M'}",
                "share . --no-wait | share.add | {'id':1,'name':'M'}",
                "shares | shares | {'shares':[]}",
                "want | wants | {'wants':[]}",
                "send | sent | {'sent':[]}",
                "status | status | {'offers':[{'jid':'bob@x.y','name':'f','state':'ASKS'}]}",
                "away | away | {}",
                "status | status | {'pending':['eve@x.y'],'pausedFriends':['bob@x.y']}",
                "status | status | {'xmpp':{'state':'AWAY','error':{'message':'refused','hint':'bitween init --force'}}}",
                "get a/b | job.get | {'transfer':{'id':1,'name':'b','state':'DOWNLOADING'},'holders':[{'online':true}]}"
            })
    void every_command_in_it_names_the_home(String line, String method, String answer) {
        world.setup.settings.add(Samples.PORT);
        world.answer(method, answer);

        assertThat(world.run(("--home /tmp/a " + line).split(" ")))
                .as(world.err())
                .isEqualTo(ExitCodes.OK);

        assertThat(world.out())
                .contains("bitween --home /tmp/a ")
                .doesNotContainPattern("bitween (" + String.join("|", Cli.NAMES) + ")\\b");
    }

    @Test
    void a_home_from_the_environment_may_be_unknown_where_it_is_typed() {
        world.variables.put("BITWEEN_HOME", "homes/a");
        world.fail("jobs", ErrorCode.BUSY, "not now", "see: bitween status");

        world.run("jobs");
        world.run("jobs", "--home", "/tmp/b");

        assertThat(world.terminal.err)
                .contains("  see: bitween --home /srv/dir/homes/a status", "  see: bitween --home /tmp/b status");
    }
}
