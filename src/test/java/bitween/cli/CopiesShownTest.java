package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is the same under other names, as people see it. */
class CopiesShownTest {
    private static final String BOBS =
            Samples.holder(false).replace("alice", "bob").replace("'laptop'", "'desktop','copy':'Tunes'");

    private final FakeWorld world = new FakeWorld();

    @Test
    void get_says_that_the_content_is_here_and_how_to_get_it_under_the_other_names_all_the_same() {
        world.answer("job.get", same(Samples.transfer("JOB", "COMPLETE", ""), ""))
                .answer("job.get", same(Samples.downloading(), Samples.holder(true)));

        assertThat(world.run("get", "bob/Tunes")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("get", "bob/Tunes")).isEqualTo(ExitCodes.OK);

        String why = "its content is that of bob/Tunes, whatever the names; to get it once more under those: --to DIR";
        assertThat(world.terminal.out)
                .containsExactly(
                        "already here: /home/me/Downloads/Music",
                        why,
                        "already on its way: #3 Music  downloading  25.0 %  16.0 MB of 64.0 MB  1.0 MB/s  48 s left"
                                + "  from alice@example.org",
                        why,
                        "bitween jobs shows how far it is");
    }

    @Test
    void who_calls_it_otherwise_is_listed_with_that_name() {
        world.answer(
                "hashes",
                "{'shares':[{'hash':'" + Samples.HASH
                        + "','name':'Music','sizeBytes':64000000,'files':203,'here':false," + "'holders':["
                        + Samples.holder(true) + "," + BOBS + "]}],'more':0}");

        world.run("ls", "-l");

        assertThat(world.terminal.out.get(1)).endsWith("alice@example.org, bob@example.org as Tunes (away)");
    }

    @Test
    void what_is_unavailable_at_the_moment_is_listed_as_that_and_get_says_that_it_waits() {
        String away = Samples.holder(true).replace("'online'", "'unavailable':true,'online'");
        world.answer(
                        "ls",
                        "{'kind':'shares','friend':" + Samples.friend("alice@example.org", true, "") + ",'shares':["
                                + "{'name':'Music','hash':'" + Samples.HASH
                                + "','sizeBytes':64000000,'files':203,'devices':["
                                + away + "]}]}")
                .answer("job.get", Samples.got(Samples.transfer("JOB", "WAITING_FOR_FRIEND", ""), false, away));

        world.run("ls", "alice");
        world.run("get", "alice/Music");

        assertThat(world.terminal.out.get(1)).contains("laptop (unavailable at the moment)");
        assertThat(world.terminal.out)
                .contains(
                        "unavailable at the moment: its owner paused it, or the files changed or are away; get waits until they are back")
                .endsWith(
                        "it is unavailable at the moment (its owner paused it, or the files changed or are away): the job waits until it is back");
    }

    private static String same(String transfer, String holders) {
        return Samples.got(transfer, true, holders).replaceFirst("\\}$", ",'sameContent':true}");
    }
}
