package bitween.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import bitween.control.client.Answer;
import bitween.message.DeviceRequest.FetchPage;
import bitween.model.Device;
import bitween.model.DeviceId;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Jid;
import bitween.model.Page;
import bitween.model.PageQuery;
import bitween.model.UserException;
import bitween.testing.ChatProgram;
import bitween.testing.Folders;
import bitween.testing.People;
import bitween.testing.TestDaemon;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alice and two contacts of hers, bob and carol: each sees and gets what is for them, and what is not for them does not exist. */
@Tag("xmpp-server")
class GrantsIT {
    /** From a command to what others see. */
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    @AutoClose
    private People people;

    private TestDaemon alice;
    private TestDaemon bob;
    private TestDaemon carol;

    @BeforeEach
    void three_friends() throws IOException {
        people = People.on(directory, "alice", "bob", "carol");
        alice = people.start("alice");
        bob = people.start("bob");
        carol = people.start("carol");
        alice.befriend(bob);
        alice.befriend(carol);
    }

    @Test
    void a_contact_without_a_grant_sees_and_gets_nothing_of_it() throws IOException {
        Path folder = Folders.holiday(directory, "Honeymoon", 500_000);
        Answer share = alice.share(folder, "bob");
        alice.share(Folders.file(directory.resolve("for all.bin"), 1_000, 1), "everyone");

        bob.untilListed(alice, "Honeymoon");
        carol.untilListed(alice, "for all.bin");
        Answer job = carol.want(share.text("hash"));
        Answer got = bob.get("alice/Honeymoon");

        assertThat(share.texts("audience")).containsExactly(bob.jid());
        assertThat(got.text("state")).isEqualTo("COMPLETE");
        Folders.assertSame(folder, bob.downloads().resolve("Honeymoon"));
        assertThat(carol.call("ls", Map.of("path", alice.jid())).fields().toString())
                .doesNotContain("Honeymoon");
        assertThat(carol.call("transfer.get", Map.of("name", share.text("hash")))
                        .text("state"))
                .isEqualTo("WAITING_FOR_FRIEND");
        assertThat(carol.call("transfer.get", Map.of("name", "#" + job.number("id")))
                        .number("doneBytes"))
                .isZero();
    }

    @Test
    void what_a_device_is_served_holds_nothing_that_is_not_for_its_owner() throws IOException {
        Answer share = alice.share(Folders.file(directory.resolve("Diary.txt"), 10_000, 3), bob.jid());
        InfoHash hash = new InfoHash(share.text("hash"));
        InfoHash nothing = new InfoHash("9".repeat(40));
        bob.untilListed(alice, "Diary");

        assertThat(served(bob, PageQuery.Kind.CATALOGUE, null)).contains("Diary.txt", text(hash.bytes()));
        assertThat(served(bob, PageQuery.Kind.INFO, hash)).contains("Diary.txt");
        assertThat(served(carol, PageQuery.Kind.CATALOGUE, null)).startsWith("d4:base0:7:changedle6:digest");
        for (PageQuery.Kind kind : List.of(PageQuery.Kind.INFO, PageQuery.Kind.DIGESTS)) {
            UserException refused = refusal(kind, hash);
            UserException unknown = refusal(kind, nothing);
            assertThat(refused.code()).isEqualTo(unknown.code());
            assertThat(refused).hasMessage(unknown.sentence());
        }
    }

    @Test
    void who_is_put_into_a_group_is_let_in_and_who_is_taken_out_is_not() throws Exception {
        try (ChatProgram chat = ChatProgram.of(people.server(), "alice")) {
            chat.putInto(bob.jid(), "family");
            alice.until("friends", Map.of(), friends -> isGroupKnown());
            alice.share(Folders.file(directory.resolve("Album.bin"), 1_000, 1), "@family");
            bob.untilListed(alice, "Album");

            long begin = System.nanoTime();
            chat.putInto(carol.jid(), "family", "chess");
            carol.untilListed(alice, "Album");
            assertSoon(begin);
            assertThat(carol.get("alice/Album.bin").text("state")).isEqualTo("COMPLETE");

            begin = System.nanoTime();
            chat.putInto(carol.jid(), "chess");
            untilUnlisted(carol, "Album");
            assertSoon(begin);
            assertThat(bob.call("ls", Map.of("path", alice.jid())).fields().toString())
                    .contains("Album");
        }
    }

    @Test
    void what_is_revoked_vanishes_from_the_list_and_stays_away_after_a_restart() throws IOException {
        alice.share(Folders.file(directory.resolve("Film.mkv"), 1_000, 1), "bob", "carol");
        bob.untilListed(alice, "Film");

        long begin = System.nanoTime();
        Answer revoked = alice.call("share.revoke", Map.of("name", "Film.mkv", "from", List.of("bob")));
        untilUnlisted(bob, "Film");
        assertSoon(begin);
        carol.untilListed(alice, "Film");
        alice.stop();
        alice.start();
        bob.until("friends", Map.of(), friends -> TestDaemon.seesOnline(friends, alice.jid()));
        begin = System.nanoTime();
        alice.until(
                "shares",
                Map.of(),
                shares -> shares.views("shares").get(0).text("state").equals("SEEDING"));
        Answer granted = alice.call("share.grant", Map.of("name", "Film.mkv", "to", "bob"));
        bob.untilListed(alice, "Film");
        assertSoon(begin);

        assertThat(revoked.texts("audience")).containsExactly(carol.jid());
        assertThat(granted.texts("audience")).containsExactly(bob.jid(), carol.jid());
    }

    @Test
    void one_s_own_other_device_sees_what_is_for_nobody_else() throws IOException {
        try (TestDaemon desk = people.start(directory.resolve("desk"), "alice", Map.of())) {
            alice.trusts(alice.jid());
            desk.trusts(alice.jid());
            alice.share(Folders.file(directory.resolve("Tax.pdf"), 1_000, 1), "bob");
            bob.untilListed(alice, "Tax");
            alice.call("share.revoke", Map.of("name", "Tax.pdf", "from", "bob"));

            desk.untilListed(alice, "Tax");
            untilUnlisted(bob, "Tax");

            assertThat(desk.get("alice/Tax.pdf").text("state")).isEqualTo("COMPLETE");
        }
    }

    @Test
    void who_would_keep_it_all_the_same_is_named() throws IOException {
        alice.share(Folders.file(directory.resolve("Song.ogg"), 1_000, 1), "everyone");

        assertThatThrownBy(() -> alice.call("share.revoke", Map.of("name", "Song.ogg", "from", "bob")))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STILL_GRANTED));
        assertThatThrownBy(() -> alice.call("share.grant", Map.of("name", "Song.ogg", "to", "eve@demo.test")))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_FRIEND));
    }

    /** Whether alice's daemon has heard of it: it refuses groups that nobody is in. */
    private boolean isGroupKnown() {
        Throwable refused = catchThrowable(() -> alice.call(
                "share.add", Map.of("path", directory.resolve("nowhere").toString(), "to", "@family")));
        return refused instanceof UserException e && e.code() == ErrorCode.PATH_MISSING;
    }

    private void untilUnlisted(TestDaemon who, String share) {
        who.until(
                "ls", Map.of("path", alice.jid()), ls -> !ls.fields().toString().contains(share));
    }

    private static void assertSoon(long beginNanos) {
        assertThat(Duration.ofNanos(System.nanoTime() - beginNanos)).isLessThan(SOON);
    }

    private UserException refusal(PageQuery.Kind kind, InfoHash hash) {
        Throwable failure = catchThrowable(() -> served(carol, kind, hash));
        assertThat(failure).isInstanceOf(CompletionException.class).hasCauseInstanceOf(UserException.class);
        return (UserException) Objects.requireNonNull(failure.getCause());
    }

    /** What alice's device sends, inflated, one sign a byte. */
    private String served(TestDaemon asker, PageQuery.Kind kind, @Nullable InfoHash hash) throws IOException {
        Answer device = asker.call("friends").views("friends").stream()
                .filter(friend -> friend.text("jid").equals(alice.jid()))
                .flatMap(friend -> friend.views("devices").stream())
                .findFirst()
                .orElseThrow();
        Page page = asker.ask(new FetchPage(
                        new Device(new Jid(alice.jid()), new DeviceId(device.text("id"))),
                        new PageQuery(kind, hash, 0)))
                .join();
        assertThat(page.content().size()).isEqualTo(page.totalBytes());
        try (var inflated =
                new InflaterInputStream(new ByteArrayInputStream(page.content().toArray()))) {
            return text(inflated.readAllBytes());
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
