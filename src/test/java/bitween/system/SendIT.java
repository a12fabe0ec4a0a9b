package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.control.client.Answer;
import bitween.model.UserException;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alice sends things to bob, of which carol, a friend of both, hears nothing. */
@Tag("xmpp-server")
class SendIT {
    private static final int SIZE = 3_000_000;

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;
    private TestDaemon carol;
    private Path film;

    @BeforeEach
    void three_friends() throws IOException {
        people = People.on(directory, "alice", "bob", "carol");
        alice = people.start("alice");
        bob = people.start("bob");
        carol = people.start("carol");
        alice.befriend(bob);
        alice.befriend(carol);
        bob.befriend(carol);
        film = directory.resolve("film.mkv");
        Folders.file(film, SIZE, 1);
    }

    @Test
    void it_waits_until_the_friend_gets_it_and_is_gone_then_and_nobody_else_sees_it() throws IOException {
        long id = send(film);
        Answer offer = offered("ASKS");

        assertThat(offer.text("jid")).isEqualTo(alice.jid());
        assertThat(offer.text("name")).isEqualTo("film.mkv");
        assertThat(offer.number("sizeBytes")).isEqualTo(SIZE);
        assertThat(bob.call("status").views("offers")).hasSize(1);
        assertThat(bob.call("jobs").views("jobs")).isEmpty();
        alice.share(Folders.file(directory.resolve("photo.jpg"), 100, 9));
        carol.untilListed(alice, "photo.jpg"); // a list that is newer than the offer
        assertThat(carol.call("ls", Map.of("path", alice.jid())).fields().toString())
                .doesNotContain("film");
        assertThat(carol.call("offers").views("offers")).isEmpty();

        assertThat(bob.get("alice/film.mkv").text("state")).isEqualTo("COMPLETE");

        assertThat(ended(id).text("outcome")).isEqualTo("TAKEN");
        alice.until("shares", Map.of(), shares -> shares.views("shares").size() == 1);
        bob.until("offers", Map.of(), offers -> offers.views("offers").isEmpty());
        bob.until(
                "ls",
                Map.of("path", alice.jid()),
                list -> !list.fields().toString().contains("film"));
        assertThat(bob.downloads().resolve("film.mkv")).hasSameBinaryContentAs(film);
        assertThat(film).exists();
        assertThat(events(alice)).contains("sent.taken").doesNotContain("sent.withdrawn");
        assertThat(events(bob)).containsOnlyOnce("offer.found").doesNotContain("offer.gone");
    }

    @Test
    void what_is_small_enough_comes_by_itself_beside_what_stands_there_and_more_asks() throws IOException {
        Files.createDirectories(bob.downloads());
        Files.writeString(bob.downloads().resolve("film.mkv"), "bob's own");
        bob.call("friend.allowance", Map.of("friend", alice.jid(), "bytesPerDay", SIZE + 1_000));

        long id = send(film);
        assertThat(ended(id).text("outcome")).isEqualTo("TAKEN");
        Path more = directory.resolve("more.mkv");
        Folders.file(more, SIZE, 2);
        send(more);

        assertThat(offered("TOO_MUCH").text("name")).isEqualTo("more.mkv");
        List<Answer> jobs = bob.call("jobs").views("jobs");
        assertThat(jobs).hasSize(1);
        assertThat(Path.of(jobs.get(0).text("place"))).hasSameBinaryContentAs(film);
        assertThat(bob.downloads().resolve("film.mkv")).hasContent("bob's own");
    }

    @Test
    void it_resumes_after_a_restart_of_either_side_and_the_answer_is_not_lost() throws IOException {
        Path large = directory.resolve("large.bin");
        Folders.file(large, 12_000_000, 3);
        alice.call("limit", Map.of("name", bob.jid(), "up", 1_000_000));
        long id = send(large);
        offered("ASKS");
        Answer job = bob.want("alice/large.bin");
        bob.until("jobs", Map.of(), jobs -> jobs.views("jobs").get(0).number("doneBytes") > 2_000_000);

        bob.stop();
        bob.start();
        long before = bob.until(
                        "jobs", Map.of(), jobs -> jobs.views("jobs").get(0).number("doneBytes") > 1_000_000)
                .views("jobs")
                .get(0)
                .number("doneBytes");
        alice.stop();
        alice.start();
        alice.call("limit", Map.of("name", bob.jid(), "up", 0));

        assertThat(before).isPositive();
        assertThat(bob.settled(job).text("state")).isEqualTo("COMPLETE");
        assertThat(bob.downloads().resolve("large.bin")).hasSameBinaryContentAs(large);
        assertThat(ended(id).text("outcome")).isEqualTo("TAKEN");
    }

    @Test
    void who_says_no_while_the_sender_is_away_is_heard_later() {
        long id = send(film);
        offered("ASKS");
        alice.stop();

        bob.call("offer.decline", Map.of("ref", "alice/film.mkv"));
        assertThat(bob.call("offers").views("offers")).isEmpty();
        bob.stop();
        bob.start();
        assertThat(bob.call("offers").views("offers")).isEmpty();
        alice.start();

        assertThat(ended(id).text("outcome")).isEqualTo("DECLINED");
        alice.until("shares", Map.of(), shares -> shares.views("shares").isEmpty());
        assertThat(bob.call("jobs").views("jobs")).isEmpty();
        assertThatThrownBy(() -> bob.call("offer.decline", Map.of("ref", "alice/film.mkv")))
                .isInstanceOf(UserException.class);
    }

    @Test
    void what_is_taken_back_is_gone_and_what_two_are_sent_goes_from_each_alone() {
        long first = send(film);
        offered("ASKS");
        long second = alice.call("send.add", Map.of("path", film.toString(), "friend", carol.jid()))
                .number("id");
        carol.until("offers", Map.of(), offers -> offers.views("offers").size() == 1);

        assertThat(alice.call("send.rm", Map.of("id", first)).text("outcome")).isEqualTo("WITHDRAWN");

        bob.until("offers", Map.of(), offers -> offers.views("offers").isEmpty());
        bob.until("events", Map.of(), events -> events.fields().toString().contains("offer.gone"));
        assertThat(carol.get("alice/film.mkv").text("state")).isEqualTo("COMPLETE");
        assertThat(ended(second).text("outcome")).isEqualTo("TAKEN");
        long third = send(film);
        alice.call("share.rm", Map.of("name", "film.mkv"));
        assertThat(ended(third).text("outcome")).isEqualTo("WITHDRAWN");
    }

    @Test
    void who_waits_for_what_was_taken_back_is_told_so_also_after_a_restart() throws IOException {
        Path large = directory.resolve("large.bin");
        Folders.file(large, 12_000_000, 3);
        alice.call("limit", Map.of("name", bob.jid(), "up", 100_000));
        long id = send(large);
        offered("ASKS");
        Answer job = bob.want("alice/large.bin");

        alice.call("send.rm", Map.of("id", id));

        bob.until("jobs", Map.of(), SendIT::saysThatItWasTakenBack);
        bob.stop();
        bob.start();
        bob.until("jobs", Map.of(), SendIT::saysThatItWasTakenBack);
        bob.call("job.rm", Map.of("name", "#" + job.number("id")));
    }

    private static boolean saysThatItWasTakenBack(Answer jobs) {
        Answer job = jobs.views("jobs").get(0);
        return job.has("error")
                && job.view("error").text("code").equals("OFFER_WITHDRAWN")
                && job.view("error").text("message").contains("took it back");
    }

    private long send(Path path) {
        Answer sent = alice.call("send.add", Map.of("path", path.toString(), "friend", bob.jid()));
        alice.settled(sent.view("share"));
        return sent.number("id");
    }

    /** Bob's one offer, once it is so. */
    private Answer offered(String state) {
        return bob.until(
                        "offers",
                        Map.of(),
                        offers -> offers.views("offers").size() == 1
                                && offers.views("offers").get(0).text("state").equals(state))
                .views("offers")
                .get(0);
    }

    private Answer ended(long id) {
        return alice.until("send.wait", Map.of("id", id, "timeoutMs", 1_000), sent -> sent.has("outcome"));
    }

    private static List<String> events(TestDaemon daemon) {
        return daemon.call("events").views("events").stream()
                .map(event -> event.text("event"))
                .toList();
    }
}
