package bitween.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.bencode.BencodeWriter;
import bitween.model.Bytes;
import bitween.model.ContentId;
import bitween.model.ErrorCode;
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

        assertThat(CatalogueDocument.decode(CatalogueDocument.encode(List.of(free, kept))))
                .containsExactly(free, kept);
    }

    @Test
    void a_list_comes_back_as_it_was_sent() {
        assertThat(CatalogueDocument.decode(CatalogueDocument.encode(List.of(MUSIC, FILMS))))
                .containsExactly(MUSIC, FILMS);
        assertThat(CatalogueDocument.decode(CatalogueDocument.encode(List.of())))
                .isEmpty();
    }

    @Test
    void the_order_of_shares_is_of_no_matter() {
        assertThat(CatalogueDocument.encode(List.of(MUSIC, FILMS)))
                .isEqualTo(CatalogueDocument.encode(List.of(FILMS, MUSIC)));
    }

    @Test
    void keys_of_a_newer_bitween_are_skipped() {
        assertThat(CatalogueDocument.decode(document("films", 3, 1_000, true))).hasSize(1);
    }

    @Test
    void hostile_lists_are_refused_with_the_reason() {
        refused(document("../../etc", 3, 1, false), "no slash");
        refused(document("", 3, 1, false), "1 to 255 bytes");
        refused(document("é".repeat(128), 3, 1, false), "1 to 255 bytes");
        refused(document("films", 3, -1, false), "no negative size");
        refused(document("films", -1, 1, false), "no -1 files");
        refused(document("films", Integer.MAX_VALUE + 1L, 1, false), "files");
        refused(raw("d4:name5:filmse"), "");
        refused(raw("ld4:hash3:abc7:content0:4:name1:xee"), "");
        refused(raw("l"), "");
        refused(raw("lei1e"), "");
        refused(Bytes.EMPTY, "");
    }

    @Test
    void a_list_that_names_one_share_twice_is_refused() {
        refused(CatalogueDocument.encode(List.of(MUSIC, Lists.share("again", 'a'))), "twice");
    }

    @Test
    void a_list_beyond_the_limits_is_refused() {
        refused(raw("l" + "de".repeat(CatalogueDocument.MAX_SHARES * 17) + "e"), "");
        refused(Bytes.of(new byte[CatalogueDocument.MAX_BYTES + 1]), "");
    }

    private static void refused(Bytes document, String why) {
        assertThatThrownBy(() -> CatalogueDocument.decode(document))
                .hasMessageStartingWith("a friend's device sent a broken list: ")
                .hasMessageContaining(why)
                .asInstanceOf(InstanceOfAssertFactories.type(UserException.class))
                .returns(ErrorCode.BAD_METADATA, UserException::code);
    }

    private static Bytes document(String name, long files, long size, boolean newer) {
        BencodeWriter writer = new BencodeWriter().beginList();
        writer.beginDictionary();
        writer.key("content").string(Bytes.of(new byte[32]));
        writer.key("files").integer(files);
        writer.key("hash").string(Bytes.of(new byte[20]));
        writer.key("name").text(name);
        writer.key("size").integer(size);
        if (newer) {
            writer.key("zebra").integer(7);
        }
        writer.end();
        return writer.end().toBytes();
    }

    private static Bytes raw(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
