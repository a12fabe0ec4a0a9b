package bitween.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent, offered and declined, as it is typed. */
class SendCommandTest {
    private static final String SHARE =
            "'share':{'id':7,'name':'film.mkv','state':'SEEDING','files':1,'sizeBytes':3000000,'uploadedBytes':0}";
    private static final String OFFERED =
            "{'id':3,'jid':'bob@example.org','name':'film.mkv','sizeBytes':3000000,'since':'2026-03-01T11:00:00Z',"
                    + SHARE + "}";
    private static final String DECLINED = "{'id':3,'jid':'bob@example.org','name':'film.mkv','outcome':'DECLINED'}";

    @TempDir
    Path temp;

    private final FakeWorld world = new FakeWorld();

    @Test
    void it_is_offered_and_waited_for() {
        world.answer("send.add", OFFERED)
                .answer("send.wait", OFFERED)
                .answer("send.wait", OFFERED)
                .answer("send.wait", OFFERED.replace("'since'", "'outcome':'TAKEN','since'"));

        assertThat(world.run("send", "film.mkv", "bob")).isEqualTo(ExitCodes.OK);
        assertThat(world.run("send", "film.mkv", "bob", "--wait")).isEqualTo(ExitCodes.OK);

        assertThat(world.calls)
                .startsWith("send.add {friend=bob, path=/srv/dir/film.mkv}", "send.wait {id=3, timeoutMs=0}");
        assertThat(world.terminal.out)
                .containsExactly(
                        "offered to bob@example.org: film.mkv (1 file, 3.0 MB), #3",
                        "film.mkv for bob@example.org is there, whole and verified");
    }

    @Test
    void who_waits_and_is_declined_fails_and_so_does_who_waits_in_vain() {
        world.answer("send.add", OFFERED).answer("send.wait", DECLINED);

        assertThat(world.run("send", "film.mkv", "bob", "--wait")).isEqualTo(ExitCodes.FAILED);
        assertThat(world.err()).isEqualTo("bitween: film.mkv for bob@example.org was declined");
        world.answer("send.wait", DECLINED.replace("DECLINED", "WITHDRAWN"));
        assertThat(world.run("send", "film.mkv", "bob", "--wait", "--json")).isEqualTo(ExitCodes.FAILED);
        assertThat(world.run("send", "film.mkv", "bob", "--wait", "--json")).isEqualTo(ExitCodes.FAILED);
        assertThat(world.out()).contains("OFFER_DECLINED", "OFFER_WITHDRAWN");
    }

    @Test
    void what_comes_through_a_pipe_is_kept_whole_and_then_offered() throws IOException {
        world.terminal.input = new ByteArrayInputStream("some bytes".getBytes(StandardCharsets.UTF_8));
        world.answer("send.add", OFFERED).answer("send.wait", OFFERED);

        assertThat(world.run("send", "-", "bob", "--name", "notes", "--home", temp.toString()))
                .as(world.err())
                .isEqualTo(ExitCodes.OK);

        List<Path> piped = piped();
        assertThat(piped).hasSize(1);
        assertThat(piped.get(0)).hasContent("some bytes");
        assertThat(world.calls).startsWith("send.add {friend=bob, name=notes, path=" + piped.get(0) + ", piped=true}");
    }

    @Test
    void what_is_cut_off_in_the_pipe_is_neither_sent_nor_kept() throws IOException {
        world.terminal.input = new ByteArrayInputStream(new byte[100]) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                throw new UncheckedIOException(new IOException("the pipe broke"));
            }
        };

        assertThat(world.run("send", "-", "bob", "--name", "notes", "--home", temp.toString()))
                .isEqualTo(ExitCodes.FAILED);

        assertThat(piped()).isEmpty();
        assertThat(world.calls).isEmpty();
    }

    @Test
    void what_the_daemon_refuses_is_not_kept_either() throws IOException {
        world.terminal.input = new ByteArrayInputStream(new byte[100]);
        world.fail("send.add", ErrorCode.UNKNOWN_FRIEND, "no friend is called 'bib'", "");

        assertThat(world.run("send", "-", "bib", "--name", "notes", "--home", temp.toString()))
                .isEqualTo(ExitCodes.NOT_FOUND);

        assertThat(piped()).isEmpty();
    }

    @Test
    void what_makes_no_sense_is_refused_before_anything_happens() {
        assertThat(world.run("send", "film.mkv")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("send", "-", "bob")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("send", "-", "bob", "--name", "x")).isEqualTo(ExitCodes.USAGE); // no input here
        assertThat(world.run("send", "film.mkv", "bob", "--timeout", "5")).isEqualTo(ExitCodes.USAGE);
        assertThat(world.run("send", "film.mkv", "bob", "--rm", "5")).isEqualTo(ExitCodes.USAGE);

        assertThat(world.calls).isEmpty();
    }

    @Test
    void what_was_sent_is_listed_and_taken_back() {
        world.answer(
                        "sent",
                        "{'sent':[" + OFFERED + "," + DECLINED.replace("'outcome'", "'sizeBytes':5,'outcome'") + "]}")
                .answer("send.rm", DECLINED.replace("DECLINED", "WITHDRAWN"));

        world.run("send");
        world.run("send", "--rm", "3");

        assertThat(world.terminal.out)
                .containsExactly(
                        "#  NAME      TO                 SIZE  STATE        UP  SINCE",
                        "3  film.mkv  bob@example.org  3.0 MB  offered   0 B/s  11:00",
                        "3  film.mkv  bob@example.org     5 B  declined  0 B/s",
                        "film.mkv for bob@example.org was taken back");
    }

    @Test
    void what_friends_send_is_listed_and_declined() {
        world.answer(
                        "offers",
                        "{'offers':[{'jid':'bob@example.org','name':'film\\u001b.mkv','sizeBytes':5,'files':1,'state':'TOO_MUCH','since':'2026-03-01T11:00:00Z'}],'allowances':[{'jid':'bob@example.org','bytesPerDay':500000000}]}")
                .answer("offer.decline", "{'jid':'bob@example.org','name':'film.mkv'}")
                .answer("friend.allowance", "{'jid':'bob@example.org','bytesPerDay':500000000}");

        world.run("offers");
        world.run("decline", "bob/film.mkv");
        world.run("friend", "accept-files", "bob", "500M");
        world.run("friend", "accept-files", "bob", "none");

        assertThat(world.terminal.out)
                .containsExactly(
                        "WHAT                       SIZE  FILES  STATE                     SINCE",
                        "bob@example.org/film�.mkv   5 B      1  asks: too much for today  11:00",
                        "from bob@example.org 500 MB a day come by themselves",
                        "bob@example.org/film.mkv is declined",
                        "what bob@example.org sends comes by itself, up to 500 MB a day",
                        "nothing that bob@example.org sends comes by itself");
        assertThat(world.calls)
                .contains(
                        "offer.decline {ref=bob/film.mkv}",
                        "friend.allowance {bytesPerDay=500000000, friend=bob}",
                        "friend.allowance {bytesPerDay=0, friend=bob}");
    }

    private List<Path> piped() throws IOException {
        Path directory = temp.resolve("piped");
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> content = Files.list(directory)) {
            return content.toList();
        }
    }
}
