package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.bencode.BencodeWriter;
import bitween.model.Bytes;
import bitween.model.ContentId;
import bitween.model.ErrorCode;
import bitween.model.Former;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.UserException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class CatalogueDocumentTest {
    private static final Share MUSIC = Lists.share("music 🎵", 'a');
    private static final Share FILMS = Lists.share("films", 'b');

    @Test
    void what_may_be_shared_on_is_told_so_and_nothing_else_is() {
        Share free = new Share("free", new InfoHash("11".repeat(20)), new ContentId("22".repeat(32)), 5, 1, true);
        Share kept = new Share("kept", new InfoHash("33".repeat(20)), new ContentId("44".repeat(32)), 5, 1);

        assertThat(Lists.sharesIn(Lists.document(free, kept))).containsExactly(free, kept);
    }

    @Test
    void the_revision_of_a_live_share_is_told_and_of_any_other_there_is_none() {
        Share live = new Share("notes", new InfoHash("11".repeat(20)), MUSIC.content(), 5, 1, false, Integer.MAX_VALUE);

        assertThat(Lists.sharesIn(Lists.document(live, MUSIC))).containsExactly(live, MUSIC);
        assertThat(new String(Lists.document(MUSIC).toArray(), StandardCharsets.ISO_8859_1))
                .doesNotContain("revision");
    }

    @Test
    void an_offer_is_told_as_that_and_is_a_share_to_who_does_not_understand_it() {
        assertThat(Lists.sharesIn(Lists.document(MUSIC.asSent(), FILMS))).containsExactly(MUSIC.asSent(), FILMS);
        assertThat(new String(Lists.document(MUSIC).toArray(), StandardCharsets.ISO_8859_1))
                .doesNotContain("sent");
        assertThat(ListDifference.whole(List.of(MUSIC.asSent())).digest())
                .isEqualTo(ListDifference.whole(List.of(MUSIC)).digest());
    }

    @Test
    void what_is_kept_of_a_live_share_is_told_and_what_is_none_is_refused() {
        Share live = new Share("notes", new InfoHash("11".repeat(20)), MUSIC.content(), 5, 1, false, 300)
                .keeping(List.of(new Former(299, FILMS.hash()), new Former(2, new InfoHash("22".repeat(20)))));

        assertThat(Lists.sharesIn(Lists.document(live, MUSIC))).containsExactly(live, MUSIC);
        assertThat(new String(Lists.document(MUSIC).toArray(), StandardCharsets.ISO_8859_1))
                .doesNotContain("kept");
        refused(kept(new byte[23]), "23 bytes are no list of revisions");
        refused(kept(new byte[24]), "counted from 1, not 0");
        refused(kept(new byte[24 * 100]), "2400 bytes are no list of revisions");
    }

    @Test
    void a_list_comes_back_as_it_was_sent() {
        assertThat(Lists.sharesIn(Lists.document(MUSIC, FILMS))).containsExactly(MUSIC, FILMS);
        assertThat(Lists.sharesIn(Lists.document())).isEmpty();
    }

    @Test
    void the_order_of_shares_is_of_no_matter() {
        assertThat(Lists.document(MUSIC, FILMS)).isEqualTo(Lists.document(FILMS, MUSIC));
    }

    @Test
    void keys_of_a_newer_bitween_are_skipped() {
        assertThat(CatalogueDocument.decode(document("films", 3, 1_000, true)).changed())
                .hasSize(1);
    }

    @Test
    void hostile_lists_are_refused_with_the_reason() {
        refused(document("../../etc", 3, 1, false), "no slash");
        refused(document("", 3, 1, false), "1 to 255 bytes");
        refused(document("é".repeat(128), 3, 1, false), "1 to 255 bytes");
        refused(document("films", 3, -1, false), "no negative size");
        refused(document("films", -1, 1, false), "no -1 files");
        refused(document("films", Integer.MAX_VALUE + 1L, 1, false), "files");
        refused(revision(-1), "no revision -1");
        refused(revision(Integer.MAX_VALUE + 1L), "no revision 2147483648");
        refused(raw("d4:name5:films"), "");
        refused(raw("d7:changedld4:hash3:abc7:content0:4:name1:xeee"), "");
        refused(raw("d7:removed21:123456789012345678901e"), "20 bytes");
        refused(raw("d7:changedd"), "");
        refused(raw("d7:changedi1ee"), "");
        refused(raw("dei1e"), "");
        refused(raw("le"), "");
        refused(Bytes.EMPTY, "");
    }

    @Test
    void a_list_that_names_one_share_twice_is_refused() {
        Bytes digest = ListDifference.whole(List.of()).digest();
        Share again = Lists.share("again", 'a');

        refused(difference(List.of(MUSIC, again), List.of(), digest), "twice");
        refused(difference(List.of(), List.of(MUSIC.hash(), MUSIC.hash()), digest), "twice");
        refused(difference(List.of(again), List.of(MUSIC.hash()), digest), "twice");
    }

    @Test
    void a_list_beyond_the_limits_is_refused() {
        int beyond = ListDifference.MAX_SHARES + 1;

        refused(raw("d5:zebral" + "de".repeat(ListDifference.MAX_SHARES * 17) + "ee"), "elements");
        refused(raw("d7:removed" + 20 * beyond + ":" + "-".repeat(20 * beyond) + "e"), "more than 100000 shares");
        refused(Bytes.of(new byte[Compressed.MAX_LIST_BYTES + 1]), "16777216 allowed");
    }

    @Test
    void what_is_other_comes_back_as_it_was_sent() {
        ListDifference difference = ListDifference.between("r1", List.of(MUSIC), List.of(FILMS));

        assertThat(CatalogueDocument.decode(CatalogueDocument.encode(difference)))
                .isEqualTo(difference);
    }

    private static Bytes difference(List<Share> changed, List<InfoHash> removed, Bytes digest) {
        return CatalogueDocument.encode(new ListDifference("", changed, removed, digest));
    }

    private static Bytes revision(long revision) {
        BencodeWriter writer = new BencodeWriter().beginDictionary();
        writer.key("changed").beginList().beginDictionary();
        writer.key("content").string(Bytes.of(new byte[32])).key("files").integer(1);
        writer.key("hash").string(Bytes.of(new byte[20])).key("name").text("films");
        writer.key("revision").integer(revision).key("size").integer(1);
        return writer.end().end().end().toBytes();
    }

    private static Bytes kept(byte[] kept) {
        BencodeWriter writer = new BencodeWriter().beginDictionary();
        writer.key("changed").beginList().beginDictionary();
        writer.key("content").string(Bytes.of(new byte[32])).key("files").integer(1);
        writer.key("hash").string(Bytes.of(new byte[20])).key("kept").string(Bytes.of(kept));
        writer.key("name").text("films").key("revision").integer(3).key("size").integer(1);
        return writer.end().end().end().toBytes();
    }

    private static void refused(Bytes document, String why) {
        assertThatThrownBy(() -> CatalogueDocument.decode(document))
                .hasMessageStartingWith("a friend's device sent a broken list: ")
                .hasMessageContaining(why)
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.BAD_METADATA, UserException::code);
    }

    private static Bytes document(String name, long files, long size, boolean newer) {
        BencodeWriter writer =
                new BencodeWriter().beginDictionary().key("changed").beginList();
        writer.beginDictionary();
        writer.key("content").string(Bytes.of(new byte[32]));
        writer.key("files").integer(files);
        writer.key("hash").string(Bytes.of(new byte[20]));
        writer.key("name").text(name);
        writer.key("size").integer(size);
        if (newer) {
            writer.key("zebra").integer(7);
        }
        writer.end().end();
        if (newer) {
            writer.key("zebra").integer(7);
        }
        return writer.end().toBytes();
    }

    private static Bytes raw(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
