package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.UserException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ListDifferenceTest {
    private static final Share MUSIC = Lists.share("music", 'a');
    private static final Share FILMS = Lists.share("films", 'b');
    private static final Share BOOKS = Lists.share("books", 'c');
    private static final List<Share> HELD = List.of(MUSIC, FILMS);

    @Property(tries = 100)
    void whatever_lists_follow_each_other_their_differences_lead_from_one_to_the_next(@ForAll long seed) {
        Random random = new Random(seed);
        List<Share> before = List.of();
        List<Share> held = List.of();

        for (int i = 0; i < 20; i++) {
            List<Share> after = drawn(random);
            String base = i == 0 ? "" : "r" + i;
            ListDifference sent = ListDifference.between(base, before, after);
            held = travelled(sent).applyTo(base, held);

            assertThat(held)
                    .containsExactlyElementsOf(after.stream()
                            .sorted(Comparator.comparing(Share::hash))
                            .toList());
            before = after;
        }
    }

    @Property(tries = 100)
    void a_difference_says_only_what_is_other(@ForAll long seed) {
        Random random = new Random(seed);
        List<Share> before = drawn(random);
        List<Share> after = drawn(random);

        ListDifference difference = ListDifference.between("r", before, after);

        assertThat(difference.changed()).isSubsetOf(after).doesNotContainAnyElementsOf(before);
        assertThat(difference.removed())
                .isSubsetOf(before.stream().map(Share::hash).toList())
                .doesNotContainAnyElementsOf(after.stream().map(Share::hash).toList());
    }

    @Test
    void that_a_share_is_unavailable_is_told_and_is_not_in_the_digest_of_those_who_do_not_understand_it() {
        Share there = Lists.share("films", 'b');
        ListDifference withheld = ListDifference.between("r1", List.of(there), List.of(there.withheld()));

        assertThat(withheld.changed()).containsExactly(there.withheld());
        assertThat(withheld.digest())
                .isEqualTo(ListDifference.whole(List.of(there)).digest());
        assertThat(CatalogueDocument.decode(CatalogueDocument.encode(withheld)).changed())
                .containsExactly(there.withheld());
    }

    @Test
    void what_is_gone_is_named_by_its_hash_alone() {
        Bytes document = CatalogueDocument.encode(ListDifference.between("r1", HELD, List.of(MUSIC)));

        assertThat(new String(document.toArray(), StandardCharsets.ISO_8859_1)).doesNotContain("films", "music");
        assertThat(CatalogueDocument.decode(document).applyTo("r1", HELD)).containsExactly(MUSIC);
    }

    @Test
    void a_difference_to_another_list_is_refused() {
        ListDifference difference = ListDifference.between("r2", HELD, List.of(BOOKS));

        refused(difference, "r1", HELD, "another list than the one that is here");
        refused(difference, "", List.of(), "another list than the one that is here");
        refused(ListDifference.whole(HELD), "r1", HELD, "another list than the one that is here");
    }

    @Test
    void a_name_for_another_list_than_was_meant_is_found_out() {
        ListDifference difference = ListDifference.between("r1", List.of(MUSIC, BOOKS), List.of(MUSIC));
        ListDifference added = ListDifference.between("r1", List.of(MUSIC), HELD);
        Share renamed = new Share("songs", MUSIC.hash(), MUSIC.content(), MUSIC.sizeBytes(), MUSIC.files());

        refused(difference, "r1", HELD, "it removes " + BOOKS.hash() + ", which is not there");
        refused(added, "r1", List.of(BOOKS), "not the list that was meant");
        refused(added, "r1", List.of(renamed), "not the list that was meant");
    }

    @Test
    void each_part_of_a_share_counts() {
        Bytes digest = ListDifference.whole(List.of(MUSIC)).digest();
        List<Share> others = List.of(
                new Share("musik", MUSIC.hash(), MUSIC.content(), 1_000, 3),
                new Share("music", MUSIC.hash(), FILMS.content(), 1_000, 3),
                new Share("music", MUSIC.hash(), MUSIC.content(), 1_001, 3),
                new Share("music", MUSIC.hash(), MUSIC.content(), 1_000, 4),
                new Share("music", MUSIC.hash(), MUSIC.content(), 1_000, 3, true),
                new Share("music", FILMS.hash(), MUSIC.content(), 1_000, 3));

        for (Share other : others) {
            refused(new ListDifference("", List.of(other), List.of(), digest), "", List.of(), "not the list");
        }
    }

    @Test
    @Tag("slow")
    void a_list_that_grows_beyond_the_limit_is_refused() {
        List<Share> full = IntStream.range(0, ListDifference.MAX_SHARES)
                .mapToObj(Lists::share)
                .toList();
        List<Share> more = new ArrayList<>(full);
        more.add(Lists.share(ListDifference.MAX_SHARES));

        assertThat(ListDifference.whole(full).applyTo("", List.of())).hasSize(ListDifference.MAX_SHARES);
        refused(ListDifference.between("r1", full, more), "r1", full, "more than 100000 shares");
    }

    private static ListDifference travelled(ListDifference difference) {
        Bytes document = Compressed.deflate(CatalogueDocument.encode(difference));
        return CatalogueDocument.decode(Compressed.inflate(document, Compressed.MAX_LIST_BYTES));
    }

    private static void refused(ListDifference difference, String revision, List<Share> held, String why) {
        assertThatThrownBy(() -> difference.applyTo(revision, held))
                .hasMessageStartingWith("a friend's device sent a broken list: ")
                .hasMessageContaining(why)
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.BAD_METADATA, UserException::code);
    }

    /** Some of ten shares, each in one of a few forms, in any order. */
    private static List<Share> drawn(Random random) {
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Share share = Lists.share(i);
            if (random.nextInt(3) > 0) {
                InfoHash hash = share.hash();
                String name = random.nextInt(4) == 0 ? "name 🎵" : share.name();
                shares.add(random.nextInt(shares.size() + 1), new Share(name, hash, share.content(), i, 1, i % 3 == 0));
            }
        }
        return shares;
    }
}
