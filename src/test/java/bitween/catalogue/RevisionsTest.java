package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentEvent.TransferChanged;
import bitween.model.Audience;
import bitween.model.Bytes;
import bitween.model.Former;
import bitween.model.Jid;
import bitween.model.Share;
import java.util.List;
import org.junit.jupiter.api.Test;

class RevisionsTest {
    private static final Share MUSIC = Lists.share("music 🎵", 'a');
    private static final Share FILMS = Lists.share("films", 'b');
    private static final Jid ALICE = new Jid("alice@example.org");
    private static final Jid BOB = new Jid("bob@example.org");

    private final Revisions revisions = Lists.REVISIONS;

    @Test
    void the_order_of_shares_is_of_no_matter() {
        assertThat(revisions.ofView(List.of(MUSIC, FILMS))).isEqualTo(revisions.ofView(List.of(FILMS, MUSIC)));
    }

    @Test
    void another_name_or_another_share_is_another_revision() {
        assertThat(List.of(
                        revisions.ofView(List.of()),
                        revisions.ofView(List.of(MUSIC)),
                        revisions.ofView(List.of(Lists.share("songs", 'a'))),
                        revisions.ofView(List.of(MUSIC.at(1))),
                        revisions.ofView(List.of(MUSIC.keeping(List.of(new Former(1, FILMS.hash()))))),
                        revisions.ofView(List.of(MUSIC.keeping(List.of(new Former(1, MUSIC.hash()))))),
                        revisions.ofView(List.of(MUSIC, FILMS))))
                .doesNotHaveDuplicates()
                .allMatch(revision -> revision.matches("[0-9a-f]{32}"));
    }

    @Test
    void whoever_has_not_the_key_cannot_try_what_a_revision_stands_for() {
        byte[] other = new byte[32];
        other[31] = 1;
        Revisions elsewhere = new Revisions(Bytes.of(other));
        Catalogue catalogue = Catalogue.EMPTY.with(new TransferChanged(Lists.seeding(1, MUSIC)), Lists.NOW);

        assertThat(elsewhere.ofView(List.of(MUSIC))).isNotEqualTo(revisions.ofView(List.of(MUSIC)));
        assertThat(elsewhere.ofAllViews(catalogue)).isNotEqualTo(revisions.ofAllViews(catalogue));
    }

    @Test
    void all_views_have_one_name_that_changes_with_any_of_them() {
        Catalogue catalogue = Catalogue.EMPTY
                .with(Lists.rosterOf(Lists.contact(ALICE, "family"), Lists.contact(BOB)), Lists.NOW)
                .with(new TransferChanged(Lists.seeding(1, MUSIC).with(Audience.NOBODY)), Lists.NOW);
        String nobody = revisions.ofAllViews(catalogue);
        String alice = revisions.ofAllViews(granted(catalogue, "alice@example.org"));

        assertThat(List.of(
                        nobody,
                        alice,
                        revisions.ofAllViews(granted(catalogue, "bob@example.org")),
                        revisions.ofAllViews(granted(catalogue, "everyone"))))
                .doesNotHaveDuplicates();
        assertThat(revisions.ofAllViews(granted(catalogue, "@family")))
                .as("alice, by another name")
                .isEqualTo(alice);
        assertThat(revisions.ofAllViews(granted(catalogue, "@work")))
                .as("a group of nobody")
                .isEqualTo(nobody);
    }

    private static Catalogue granted(Catalogue catalogue, String grantee) {
        return catalogue.with(
                new TransferChanged(Lists.seeding(1, MUSIC).with(Audience.parse(List.of(grantee)))), Lists.NOW);
    }
}
