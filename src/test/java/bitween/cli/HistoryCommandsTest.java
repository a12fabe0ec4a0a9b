package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HistoryCommandsTest {
    private static final String REVISION =
            "{'revision':%d,'hash':'" + Samples.HASH + "','made':'2026-03-01T11:00:00Z','files':2,'sizeBytes':5000}";
    private final FakeWorld world = new FakeWorld();

    @Test
    void log_is_a_table_of_revisions() {
        world.answer(
                "share.log",
                "{'name':'Notes','revisions':[" + REVISION.formatted(12).replace("}", ",'available':true}") + ","
                        + REVISION.formatted(9).replace("}", ",'available':true,'keptAt':'/kept/9'}") + ","
                        + REVISION.formatted(8) + "]}");

        assertThat(world.run("log", "Notes")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("share.log {name=Notes}");
        assertThat(world.terminal.out)
                .containsExactly(
                        "REVISION  MADE   FILES    SIZE  HELD  INFO-HASH",
                        "@12       11:00      2  5.0 kB  yes   " + Samples.HASH,
                        "@9        11:00      2  5.0 kB  yes   " + Samples.HASH,
                        "@8        11:00      2  5.0 kB  -     " + Samples.HASH,
                        "what @9 had is in /kept/9");
    }

    @Test
    void diff_says_what_became_of_each_file() {
        world.answer(
                "share.diff",
                "{'name':'Notes','from':" + REVISION.formatted(2) + ",'to':" + REVISION.formatted(3)
                        + ",'added':[{'path':['new'],'sizeBytes':7}],'changed':[{'path':['dir','a'],'sizeBytes':8}],"
                        + "'removed':[{'path':['x\\u001b[2J'],'sizeBytes':9}],"
                        + "'renamed':[{'path':['after'],'before':['dir','before'],'sizeBytes':1}],"
                        + "'counts':{'added':1,'changed':1,'removed':1,'renamed':1}}");

        assertThat(world.run("diff", "Notes@2", "@3")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls).containsExactly("share.diff {name=Notes@2, to=@3}");
        assertThat(world.terminal.out)
                .containsExactly(
                        "Notes @2 to @3: 1 added, 1 changed, 1 removed, 1 renamed",
                        "+ new (7 B)",
                        "~ dir/a (8 B)",
                        "- x\ufffd[2J (9 B)",
                        "> dir/before is after");
    }
}
