package bitween.torrent.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.Bytes;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class InfoDictionaryTest {
    @Test
    void a_shared_file_is_written_with_its_length_alone() {
        InfoDictionary info = Samples.file("a.txt", 5);

        assertThat(text(info))
                .isEqualTo("d6:lengthi5e4:name5:a.txt12:piece lengthi262144e6:pieces20:" + "\0".repeat(20)
                        + "7:privatei1e4:salt16:0123456789abcdefe");
        assertThat(info.hash()).isEqualTo(Samples.hash(info.encoded()));
    }

    @Test
    void a_shared_folder_lists_files_even_if_there_is_one() {
        InfoDictionary info = Samples.folder("photos", "ü/a.jpg", "new/");

        assertThat(text(info))
                .isEqualTo("d4:dirsll3:newee5:filesld6:lengthi1e4:pathl2:\u00c3\u00bc5:a.jpgeee4:name6:photos"
                        + "12:piece lengthi262144e6:pieces20:" + "\0".repeat(20)
                        + "7:privatei1e4:salt16:0123456789abcdefe");
    }

    @Test
    void an_empty_folder_can_be_shared() {
        InfoDictionary info = Samples.folder("nothing");

        assertThat(MetadataValidator.validate(info.encoded(), info.hash())).isEqualTo(info);
        assertThat(info.totalBytes()).isZero();
        assertThat(info.pieceCount()).isZero();
    }

    @Test
    void the_content_id_is_what_its_javadoc_says() {
        InfoDictionary info = Samples.folder("photos", "a", "b");

        byte[] expected = Digests.sha256()
                .digest(Samples.latin1("\0\0\0\0\0\4\0\0" + "\0\0\0\0\0\0\0\2" + "\0\0\0\0\0\0\0\1" + "\0\0\0\0\0\0\0\2"
                                + "\0".repeat(20))
                        .toArray());

        assertThat(info.contentId().hex()).isEqualTo(HexFormat.of().formatHex(expected));
    }

    @Test
    void names_and_salt_change_the_hash_but_not_the_content_id() {
        InfoDictionary one = Samples.folder("photos", "a", "b");
        InfoDictionary other = new InfoDictionary(
                "pictures", one.pieceLength(), one.pieces(), true, one.files(), List.of(), Bytes.of(new byte[16]));

        assertThat(other.hash()).isNotEqualTo(one.hash());
        assertThat(other.contentId()).isEqualTo(one.contentId());
        assertThat(Samples.folder("photos", "a", "b", "c").contentId()).isNotEqualTo(one.contentId());
    }

    @Test
    void files_come_before_subfolders_and_emoji_after_everything_else() {
        List<List<String>> paths = new ArrayList<>(List.of(
                List.of("a", "x"),
                List.of("\ud83d\ude00"),
                List.of("z"),
                List.of("\uff5e"),
                List.of("B", "y", "q"),
                List.of("B", "z")));

        paths.sort(PathOrder.PATHS);

        assertThat(paths)
                .containsExactly(
                        List.of("z"),
                        List.of("\uff5e"),
                        List.of("\ud83d\ude00"),
                        List.of("B", "z"),
                        List.of("B", "y", "q"),
                        List.of("a", "x"));
    }

    @Property(tries = 200)
    void what_is_written_is_read_again(@ForAll long seed) {
        InfoDictionary info = random(new Random(seed));

        InfoDictionary again = MetadataValidator.validate(info.encoded(), info.hash());

        assertThat(again).as("seed %d", seed).isEqualTo(info);
        assertThat(again.encoded()).as("seed %d", seed).isEqualTo(info.encoded());
    }

    private static InfoDictionary random(Random random) {
        TreeSet<List<String>> paths = new TreeSet<>(PathOrder.PATHS);
        for (int i = random.nextInt(30); i > 0; i--) {
            List<String> path = new ArrayList<>();
            for (int depth = random.nextInt(4); depth > 0; depth--) {
                path.add("dir " + random.nextInt(3) + "äß😀".substring(0, 2 + 2 * random.nextInt(2)));
            }
            path.add("file " + random.nextInt(1_000));
            paths.add(path);
        }
        List<FileEntry> files = paths.stream()
                .map(path -> new FileEntry(path, random.nextInt(1_000_000)))
                .toList();
        List<List<String>> empty = random.nextBoolean() ? List.of(List.of("empty"), List.of("f", "g")) : List.of();
        return new InfoDictionary("share 😀", Samples.PIECE, Samples.pieces(files), true, files, empty, Samples.SALT);
    }

    private static String text(InfoDictionary info) {
        return new String(info.encoded().toArray(), ISO_8859_1);
    }
}
