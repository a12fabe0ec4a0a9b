package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.control.client.Answer;
import bitween.control.client.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of what commands print with --json: where they make it themselves, and that they leave nothing out of what the daemon says. */
class JsonKeysTest {
    private static final String TRANSFER = Samples.transfer("SHARE", "SEEDING", "");

    private final FakeWorld world = new FakeWorld();

    @BeforeEach
    void a_daemon_with_nothing() {
        world.variables.put("HOME", "/home/me");
        world.setup.settings.add(Samples.PORT);
        world.answer("status", Samples.STATUS)
                .answer("jobs", "{'jobs':[]}")
                .answer("shares", "{'shares':[]}")
                .answer("friends", "{'friends':[],'pending':[],'blocked':[],'asked':[]}")
                .answer("events", "{'events':[],'next':1,'missed':0}")
                .answer("wants", "{'wants':[]}")
                .answer("sent", "{'sent':[]}")
                .answer("offers", "{'offers':[],'allowances':[]}")
                .answer("find", "{'found':[],'more':false}")
                .answer("hashes", "{'shares':[],'more':0}")
                .answer("ls", "{'kind':'friends','friends':[]}")
                .answer("config.reload", "{'live':[],'restart':[]}")
                .answer("daemon.stop", "{'pid':4711}")
                .answer("version", "{'libtorrent':'2.0.6.0'}")
                .answer("share.add", TRANSFER.replace("'kind'", "'leftOut':{'count':0,'reasons':{},'first':[]},'kind'"))
                .answer("transfer.wait", TRANSFER);
    }

    @ParameterizedTest
    @CsvSource({
        "jobs, jobs",
        "shares, shares",
        "friends, friends pending blocked asked",
        "events, events next missed",
        "want, wants",
        "send, sent",
        "offers, offers allowances",
        "find x, found more",
        "ls, kind friends",
        "ls -l, shares more",
        "limit, jid id name limit",
        "pause --all, transfers errors",
        "resume --all, transfers errors",
        "recheck --all, transfers errors",
        "recheck --friend bob, transfers errors",
        "config show, settings",
        "config show --changed, settings",
        "config diff, settings",
        "config get network.port, key value default set live",
        "config set network.port 7, key value default set live restart",
        "config reset network.port, key value default set live restart",
        "config validate, valid keys",
        "completion bash, shell script",
        "daemon, pid",
        "stop, pid stopped",
        "version, daemon bitween java libtorrent libtorrent4j smack sqlite",
        "nonsense, error"
    })
    void they_are_those_that_were_released_also_where_there_is_nothing(String line, String keys) throws Exception {
        int unused = world.run((line + " --json").split(" "));

        assertThat(world.terminal.out).as(world.err()).hasSize(1);
        Answer answer = Answer.of(Json.read(world.out()));
        assertThat(answer.fields()).containsOnlyKeys(keys.split(" "));
        answer.views("settings")
                .forEach(setting ->
                        assertThat(setting.fields()).containsOnlyKeys("key", "value", "default", "set", "live"));
        if (answer.has("error")) {
            assertThat(answer.view("error").fields()).containsOnlyKeys("code", "message", "hint");
        }
    }

    @ParameterizedTest
    @CsvSource({"share . --to bob"})
    void a_share_is_told_as_the_daemon_tells_it_and_what_is_left_out(String line) throws Exception {
        int unused = world.run((line + " --json").split(" "));

        Answer answer = Answer.of(Json.read(world.out()));
        assertThat(answer.fields().keySet())
                .containsAll(Answer.of(Json.read(TRANSFER.replace('\'', '"')))
                        .fields()
                        .keySet())
                .contains("leftOut");
        assertThat(answer.view("leftOut").fields()).containsOnlyKeys("count", "reasons", "first");
    }
}
