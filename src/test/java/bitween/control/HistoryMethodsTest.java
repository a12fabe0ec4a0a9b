package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import bitween.control.Histories.Entry;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.Former;
import bitween.model.InfoHash;
import bitween.model.Revision;
import bitween.model.Share;
import bitween.model.ShareMode;
import bitween.model.UserException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryMethodsTest {
    private static final Share NOTES = new Share("Notes", World.hash('7'), World.MUSIC.content(), 5, 1, false, 3);
    private static final Share HERS = new Share("Diary", World.hash('5'), World.MUSIC.content(), 5, 1, false, 3);

    private final World world = new World();

    @BeforeEach
    void three_revisions() {
        world.transfer(World.own(1, NOTES));
        world.transfer(World.own(2, World.PHOTOS));
        world.online(World.ALICES_LAPTOP, "laptop", "192.0.2.1:6881");
        world.shares(World.ALICES_LAPTOP, "laptop", HERS, World.MUSIC);
        world.revisions.addAll(List.of(revision(3, '7'), revision(2, '6'), revision(1, '4')));
        world.contents.put(World.hash('4'), List.of(entry("a", 1), entry("b", 2), entry("c", 3)));
        world.contents.put(World.hash('6'), List.of(entry("a", 1), entry("b", 2)));
        world.contents.put(World.hash('7'), List.of(entry("a", 9), entry("dir/b", 2), entry("d", 4)));
    }

    @Test
    void the_revisions_of_an_own_share_are_listed_the_newest_first() {
        Map<String, @Nullable Object> log = world.call("share.log", "name", "notes");

        assertThat(log).containsOnlyKeys("name", "revisions").containsEntry("name", "Notes");
        assertThat(World.list(log.get("revisions")))
                .extracting(revision -> revision.get("revision"))
                .containsExactly(3, 2, 1);
        assertThat(World.list(log.get("revisions")).get(0))
                .containsOnlyKeys("revision", "hash", "made", "files", "sizeBytes", "available", "keptAt")
                .containsEntry("hash", World.hash('7').hex())
                .containsEntry("made", "1970-01-01T00:00:03Z");
    }

    @Test
    void a_friends_devices_are_asked_for_theirs() {
        assertThat(world.call("share.log", "name", "alice/diary")).containsEntry("name", "alice@example.org/Diary");
        assertThat(world.historyAsked).containsExactly("of " + HERS.hash() + " [" + World.ALICES_LAPTOP + "]");
    }

    @Test
    void what_is_not_live_has_no_revisions() {
        assertThat(refusal("share.log", "name", "alice/music")).isEqualTo(ErrorCode.BAD_ARGUMENT);
        world.revisions.clear();
        assertThat(refusal("share.log", "name", "Photos")).isEqualTo(ErrorCode.BAD_ARGUMENT);
        assertThat(refusal("share.log", "name", "nothing")).isEqualTo(ErrorCode.UNKNOWN_SHARE);
    }

    @Test
    void who_leaves_the_friend_out_is_told_who_shares_it() {
        for (String method : List.of("share.log", "share.diff")) {
            assertThatThrownBy(() -> world.call(method, "name", "diry"))
                    .isInstanceOfSatisfying(
                            UserException.class, e -> assertThat(e.hint()).isEqualTo("did you mean 'alice/Diary'?"));
            assertThatThrownBy(() -> world.call(method, "name", "ntes"))
                    .isInstanceOfSatisfying(
                            UserException.class, e -> assertThat(e.hint()).startsWith("did you mean 'Notes'?"));
        }
    }

    @Test
    void a_difference_is_told_by_content_and_is_of_the_last_two_unless_said() {
        Map<String, @Nullable Object> diff = world.call("share.diff", "name", "Notes");

        assertThat(diff).containsOnlyKeys("name", "from", "to", "added", "changed", "removed", "renamed", "counts");
        assertThat(paths(diff.get("added"))).containsExactly("d");
        assertThat(paths(diff.get("changed"))).containsExactly("a");
        assertThat(paths(diff.get("removed"))).isEmpty();
        assertThat(paths(diff.get("renamed"))).containsExactly("dir/b");
        assertThat(World.list(diff.get("renamed")).get(0)).containsEntry("before", List.of("b"));
        assertThat(diff.get("counts")).isEqualTo(Map.of("added", 1, "changed", 1, "removed", 0, "renamed", 1));
    }

    @Test
    void any_two_revisions_can_be_compared() {
        Map<String, @Nullable Object> diff = world.call("share.diff", "name", "Notes@1", "to", "@2");
        assertThat(paths(diff.get("removed"))).containsExactly("c");
        assertThat(paths(world.call("share.diff", "name", "alice/Diary", "from", "2", "to", "1")
                        .get("added")))
                .containsExactly("c");
    }

    @Test
    void a_revision_that_nobody_knows_is_refused_with_those_there_are() {
        assertThat(refusal("share.diff", "name", "Notes@9")).isEqualTo(ErrorCode.UNKNOWN_SHARE);
        assertThat(refusal("share.diff", "name", "Notes@1", "to", "x")).isEqualTo(ErrorCode.BAD_ARGUMENT);
        assertThat(refusal("share.diff", "name", "Notes@0")).isEqualTo(ErrorCode.UNKNOWN_SHARE);
    }

    @Test
    void the_revision_that_is_shared_can_be_named_and_of_others_it_is_said_what_there_is() {
        Resolver resolver = new Resolver(world.keeper.current());

        assertThat(resolver.wanted("alice/Diary@3").hash()).isEqualTo(HERS.hash());
        assertThatThrownBy(() -> resolver.wanted("alice/Diary@2"))
                .hasMessage("revision 2 of 'Diary' is not kept by alice@example.org, who shares revision 3")
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.REVISION_GONE, UserException::code)
                .returns(
                        "bitween get 'alice@example.org/Diary' gets what there is; bitween log 'alice@example.org/Diary' lists what there was",
                        UserException::hint);
        assertThatThrownBy(() -> resolver.wanted("alice/Music@2")).hasMessageContaining("nothing called 'Music@2'");
        assertThatThrownBy(() -> resolver.wanted("alice/Nothing@2")).hasMessageContaining("nothing called 'Nothing'");
    }

    @Test
    void a_former_revision_that_is_kept_can_be_named_too_and_what_is_in_it() {
        world.shares(World.ALICES_LAPTOP, "laptop", HERS.keeping(List.of(new Former(2, World.hash('6')))));
        Resolver resolver = new Resolver(world.keeper.current());

        Resolver.Wanted wanted = resolver.wanted("alice/diary@2/dir/b");

        assertThat(wanted.hash()).isEqualTo(World.hash('6'));
        assertThat(wanted.name()).isEqualTo("Diary@2");
        assertThat(wanted.path()).containsExactly("dir", "b");
        assertThat(wanted.from()).hasSize(1);
        assertThatThrownBy(() -> resolver.wanted("alice/Diary@1"))
                .hasMessage("revision 1 of 'Diary' is not kept by alice@example.org")
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .satisfies(gone -> assertThat(gone.hint())
                        .startsWith("there is @3, @2: bitween get 'alice@example.org/Diary@2';"));
    }

    @Test
    void a_share_that_is_called_like_a_revision_is_meant_by_its_name() {
        Share named = new Share("Diary@2", World.hash('9'), World.MUSIC.content(), 5, 1);
        world.shares(World.ALICES_LAPTOP, "laptop", HERS.keeping(List.of(new Former(2, World.hash('6')))), named);

        assertThat(new Resolver(world.keeper.current()).wanted("alice/Diary@2").hash())
                .isEqualTo(named.hash());
    }

    @Test
    void the_log_says_what_can_be_got_and_where_what_is_kept_here_is() {
        world.transfer(World.own(1, NOTES.keeping(List.of(new Former(2, World.hash('6'))))));
        assertThat(World.list(world.call("share.log", "name", "notes").get("revisions")))
                .extracting(revision -> revision.get("available"), revision -> revision.get("keptAt"))
                .containsExactly(tuple(true, null), tuple(true, "/kept/" + World.hash('6')), tuple(false, null));

        Share elsewhere = new Share("copy", World.hash('4'), World.MUSIC.content(), 5, 1);
        world.shares(World.BOBS_DESKTOP, "desktop", elsewhere);
        world.revisions.set(0, revision(3, '5'));
        assertThat(World.list(world.call("share.log", "name", "alice/diary").get("revisions")))
                .extracting(revision -> revision.get("available"), revision -> revision.get("keptAt"))
                .containsExactly(tuple(true, null), tuple(false, null), tuple(true, null));
    }

    @Test
    void what_its_owner_has_no_more_is_got_from_another_friend() {
        world.shares(World.BOBS_DESKTOP, "desktop", new Share("copy", World.hash('4'), World.MUSIC.content(), 5, 1));
        List<FetchShare> asked = new ArrayList<>();
        world.answer(FetchShare.class, request -> {
            asked.add(request);
            return new Fetched(world.told(World.own(9, World.PHOTOS)), false);
        });

        world.call("job.get", "ref", "alice/Diary@1");

        assertThat(asked).extracting(FetchShare::hash).containsExactly(World.hash('4'));
        assertThat(refusal("job.get", "ref", "alice/Diary@2")).isEqualTo(ErrorCode.REVISION_GONE);
    }

    @Test
    void a_revision_of_ones_own_is_not_got_but_found_where_it_is() {
        world.transfer(World.own(1, NOTES.keeping(List.of(new Former(2, World.hash('6')))))
                .with(ShareMode.LIVE));

        assertRefused(
                "Notes@2",
                ErrorCode.ALREADY_SHARED,
                "revision 2 of 'Notes', which you share yourself, is kept in /kept/" + World.hash('6'),
                "copy it from there: cp -r '/kept/" + World.hash('6') + "' WHERE");
        assertRefused(
                "notes@3/a",
                ErrorCode.ALREADY_SHARED,
                "revision 3 of 'Notes', which you share yourself, is what is in /home/me/stuff/Notes",
                "copy it from there: cp -r '/home/me/stuff/Notes' WHERE");
        assertRefused(
                "Notes@1",
                ErrorCode.REVISION_GONE,
                "revision 1 of 'Notes', which you share yourself, is not kept",
                "bitween log 'Notes' lists what is");
        assertThat(refusal("job.get", "ref", "Nothing@1")).isEqualTo(ErrorCode.UNKNOWN_SHARE);
    }

    private void assertRefused(String reference, ErrorCode code, String sentence, String hint) {
        assertThatThrownBy(() -> world.call("job.get", "ref", reference))
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(code, UserException::code)
                .returns(sentence, UserException::sentence)
                .returns(hint, UserException::hint);
    }

    @Test
    void empty_files_and_copies_are_told_apart() {
        Entry empty = new Entry(List.of("x"), 0, sha(0));
        Entry other = new Entry(List.of("y"), 0, sha(0));
        RevisionDiff moved = RevisionDiff.between(List.of(empty), List.of(other));
        assertThat(moved.renamed()).isEmpty();
        assertThat(moved.added()).containsExactly(other);

        RevisionDiff copied = RevisionDiff.between(List.of(entry("a", 1)), List.of(entry("a", 1), entry("copy", 1)));
        assertThat(copied.added()).containsExactly(entry("copy", 1));
        assertThat(copied.renamed()).isEmpty();

        RevisionDiff twice = RevisionDiff.between(List.of(entry("a", 1)), List.of(entry("b", 1), entry("c", 1)));
        assertThat(twice.renamed()).hasSize(1);
        assertThat(twice.added()).hasSize(1);
        assertThat(twice.removed()).isEmpty();
    }

    private ErrorCode refusal(String method, Object... params) {
        return assertThatThrownBy(() -> world.call(method, params))
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .actual()
                .code();
    }

    private static List<String> paths(@Nullable Object entries) {
        return World.list(entries).stream()
                .map(entry -> String.join(
                        "/",
                        ((Collection<?>) Objects.requireNonNull(entry.get("path")))
                                .stream().map(Object::toString).toList()))
                .toList();
    }

    private static Entry entry(String path, int content) {
        return new Entry(List.of(path.split("/")), 10, sha(content));
    }

    private static Bytes sha(int content) {
        byte[] digest = new byte[32];
        digest[0] = (byte) content;
        return Bytes.of(digest);
    }

    private static Revision revision(int number, char hash) {
        InfoHash of = World.hash(hash);
        return new Revision(number, of, Instant.ofEpochSecond(number), 2, 5);
    }
}
