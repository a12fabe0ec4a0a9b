package bitween.torrent.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.Bytes;
import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import bitween.model.UserException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dictionaries are written as Latin-1 text; {@code ^} stands for the 20 bytes of a SHA-1, {@code $} for the salt with its key. */
class MetadataValidatorTest {
    private static final String TAIL = "12:piece lengthi16384e6:pieces20:^7:privatei1e$e";

    @Test
    void a_good_dictionary_passes() {
        Bytes info = bytes("d5:filesld6:lengthi7e4:pathl1:a1:beee4:name1:s" + TAIL);

        InfoDictionary read = MetadataValidator.validate(info, Samples.hash(info));

        assertThat(read.name()).isEqualTo("s");
        assertThat(read.files()).containsExactly(new FileEntry(List.of("a", "b"), 7));
        assertThat(read.encoded()).isEqualTo(info);
    }

    @Test
    void other_metadata_than_asked_for_is_refused() {
        Bytes info = bytes("d6:lengthi7e4:name1:s" + TAIL);

        assertThatThrownBy(() -> MetadataValidator.validate(info, new InfoHash("0".repeat(40))))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("does not have this hash");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|malformed",
                "i1e|expected a dictionary",
                "le|expected a dictionary",
                "de|lacks",
                "d|end too early",
                "d6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$|end too early",
                "d6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$ex|1 bytes follow",
                "d4:name1:s6:lengthi7e12:piece lengthi16384e6:pieces20:^7:privatei1e$e|sorted",
                "d6:lengthi7e6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|sorted",
                "d6:lengthi7e4:name1:s12:piece lengthi016384e6:pieces20:^7:privatei1e$e|spelling",
                "d6:length1:74:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|expected an integer",
                "d6:lengthi7e4:namei1e12:piece lengthi16384e6:pieces20:^7:privatei1e$e|expected a string",
                "d6:lengthi7e4:name1:s12:piece lengthi16384e6:piecesle7:privatei1e$e|expected a string",
                "d5:files1:a4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|expected a list",
                "d4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|either files or a length",
                "d5:filesle6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|either files or a length",
                "d6:lengthi7e12:piece lengthi16384e6:pieces20:^7:privatei1e$e|lacks",
                "d6:lengthi7e4:name1:s6:pieces20:^7:privatei1e$e|lacks",
                "d6:lengthi7e4:name1:s12:piece lengthi16384e7:privatei1e$e|lacks",
                "d6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^$e|lacks",
                "d6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei0e$e|lacks",
                "d6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei2e$e|lacks",
                "d6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1ee|lacks",
                "d6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e4:salt4:abcde|salt of 4 bytes",
                "d6:lengthi7e4:name1:s12:piece lengthi16385e6:pieces20:^7:privatei1e$e|powers of two",
                "d6:lengthi7e4:name1:s12:piece lengthi8192e6:pieces20:^7:privatei1e$e|powers of two",
                "d6:lengthi7e4:name1:s12:piece lengthi0e6:pieces20:^7:privatei1e$e|powers of two",
                "d6:lengthi7e4:name1:s12:piece lengthi-16384e6:pieces20:^7:privatei1e$e|lacks",
                "d6:lengthi7e4:name1:s12:piece lengthi33554432e6:pieces20:^7:privatei1e$e|more than 16 MiB",
                "d6:lengthi7e4:name1:s12:piece lengthi4294983680e6:pieces20:^7:privatei1e$e|more than 16 MiB",
                "d6:lengthi16385e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|need 40",
                "d6:lengthi0e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|need 0",
                "d6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces0:7:privatei1e$e|need 20",
                "d6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces1:x7:privatei1e$e|need 20",
                "d6:lengthi-7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|either files or a length",
                "d6:lengthi17592186044416e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|16 TiB",
                "d6:lengthi9223372036854775807e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|16 TiB",
                "d6:lengthi9223372036854775808e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|64 bits",
                "d6:lengthi7e12:meta versioni2e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|'meta version'",
                "d9:file treede6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|'file tree'",
                "d6:lengthi7e4:name1:s12:piece layersde12:piece lengthi16384e6:pieces20:^7:privatei1e$e|'piece layers'",
                "d6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$8:ssl-cert1:xe|'ssl-cert'",
                "d6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$8:url-list8:http://xe|'url-list'",
                "d4:attr1:x6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|'attr'",
                "d11:collectionsle6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|'collections'",
                "d6:lengthi7e4:name1:s10:name.utf-81:t12:piece lengthi16384e6:pieces20:^7:privatei1e$e|'name.utf-8'",
                "d6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$7:similarlee|'similar'",
                "d6:lengthi7e6:md5sum1:x4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|'md5sum'",
                "d2:\u009b16:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|'\\u009b1'",
                "d4:dirsle6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|empty list of empty",
                "d4:dirsll1:aee6:lengthi7e4:name1:s12:piece lengthi16384e6:pieces20:^7:privatei1e$e|single file",
                "d6:lengthi7e4:name0:12:piece lengthi16384e6:pieces20:^7:privatei1e$e|is no name",
                "d6:lengthi7e4:name2:..12:piece lengthi16384e6:pieces20:^7:privatei1e$e|is no name",
                "d6:lengthi7e4:name6:../etc12:piece lengthi16384e6:pieces20:^7:privatei1e$e|slash",
                "d6:lengthi7e4:name1:\u00ff12:piece lengthi16384e6:pieces20:^7:privatei1e$e|not valid UTF-8",
                "d6:lengthi7e4:name3:a\u001b[12:piece lengthi16384e6:pieces20:^7:privatei1e$e|U+001B",
            })
    void a_hostile_dictionary_is_refused(String dictionary, String reason) {
        assertRefused(dictionary, reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "i7e|expected a dictionary",
                "de|in place of length",
                "d6:lengthi7ee|in place of path",
                "d4:pathl1:aee|in place of length",
                "d6:lengthi7e4:path1:ae|expected a list",
                "d6:lengthi7e4:pathlee|0 levels deep",
                "d6:lengthi7e4:pathli1eee|expected a string",
                "d6:lengthi7e4:pathll1:aeee|expected a string",
                "d4:attr1:l6:lengthi7e4:pathl1:aee|'attr'",
                "d4:attr1:p6:lengthi7e4:pathl1:aee|'attr'",
                "d6:lengthi7e4:pathl1:ae12:symlink pathl1:bee|'symlink path'",
                "d6:lengthi7e4:pathl1:ae10:path.utf-8l2:..ee|'path.utf-8'",
                "d6:lengthi7e4:pathl1:ae4:sha120:^e|'sha1'",
                "d6:lengthi-7e4:pathl1:aee|size that cannot be",
                "d6:lengthi7e4:pathl0:ee|is no name",
                "d6:lengthi7e4:pathl2:..6:passwdee|is no name",
                "d6:lengthi7e4:pathl1:a2:..1:bee|is no name",
                "d6:lengthi7e4:pathl1:.ee|is no name",
                "d6:lengthi7e4:pathl11:/etc/passwdee|slash",
                "d6:lengthi7e4:pathl3:a\\bee|backslash",
                "d6:lengthi7e4:pathl2:a\u0001ee|U+0001",
                "d6:lengthi7e4:pathl3:\u00e2\u0080\u00aeee|U+202E",
                "d6:lengthi7e4:pathl2:\u00c2\u009bee|U+009B",
                "d6:lengthi7e4:pathl2:\u00c0\u00afee|not valid UTF-8",
                "d6:lengthi7e4:pathl19:_____padding_file_0ee|padding",
                "d6:lengthi7e4:pathl1:aeed6:lengthi7e4:pathl1:aee|out of order",
                "d6:lengthi7e4:pathl1:Aeed6:lengthi7e4:pathl1:aee|twice",
                "d6:lengthi7e4:pathl1:beed6:lengthi7e4:pathl1:aee|out of order",
                "d6:lengthi7e4:pathl1:aeed6:lengthi7e4:pathl1:a1:bee|twice, or as file and folder",
                "d6:lengthi7e4:pathl1:Aeed6:lengthi7e4:pathl1:a1:bee|twice, or as file and folder",
                "d6:lengthi7e4:pathl1:b1:ceed6:lengthi7e4:pathl1:aee|out of order",
                "d6:lengthi9223372036854775807e4:pathl1:aeed6:lengthi9223372036854775807e4:pathl1:bee|16 TiB",
                "d6:lengthi17592186011648e4:pathl1:aeed6:lengthi1e4:pathl1:bee|16 TiB",
            })
    void a_hostile_file_is_refused(String files, String reason) {
        assertRefused("d5:filesl" + files + "e4:name1:s" + TAIL, reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1:a|expected a list",
                "le|0 levels deep",
                "l2:..e|is no name",
                "l1:bel1:ae|out of order",
                "l1:ael1:ae|out of order",
                "l1:xe|'x' as an empty folder and as something else",
                "l1:Xe|'X' as an empty folder and as something else",
                "l1:de|'d' as an empty folder and as something else",
                "l1:d1:ee|'d/e' as an empty folder and as something else",
                "l1:x1:ye|'x/y' as an empty folder and as something else",
                "l1:ael1:a1:be|'a/b' as an empty folder and as something else"
            })
    void a_hostile_empty_folder_is_refused(String folders, String reason) {
        String files = "d6:lengthi7e4:pathl1:xeed6:lengthi7e4:pathl1:d1:eee";

        assertRefused("d4:dirsl" + folders + "e5:filesl" + files + "e4:name1:s" + TAIL, reason);
    }

    @Test
    void more_than_250_000_files_are_refused() {
        Bytes info = bytes("d5:filesl" + "d6:lengthi0e4:pathl1:aee".repeat(250_001) + "e4:name1:s" + TAIL);

        assertThatThrownBy(() -> MetadataValidator.validate(info, Samples.hash(info)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("more than 1990000 elements");
    }

    @Test
    void paths_that_are_too_deep_or_long_are_refused() {
        assertRefused(
                "d5:filesld6:lengthi7e4:pathl" + "1:a".repeat(65) + "eee4:name1:s" + TAIL, "more than 64 levels deep");
        assertRefused("d5:filesld6:lengthi7e4:pathl241:" + "a".repeat(241) + "eee4:name1:s" + TAIL, "240 are possible");
        assertRefused(
                "d5:filesld6:lengthi7e4:pathl" + ("240:" + "a".repeat(240)).repeat(17) + "eee4:name1:s" + TAIL,
                "4000 are possible");
        assertRefused("l".repeat(100_000), "expected a dictionary");
        assertRefused("d4:dirs" + "l".repeat(100_000), "expected a string");
    }

    @Test
    void more_than_32_mib_are_refused_before_anything_is_read() {
        Bytes info = Bytes.of(new byte[MetadataValidator.MAX_BYTES + 1]);

        assertThatThrownBy(() -> MetadataValidator.validate(info, new InfoHash("0".repeat(40))))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("33554433 bytes");
    }

    private static void assertRefused(String dictionary, String reason) {
        Bytes info = bytes(dictionary);

        assertThatThrownBy(() -> MetadataValidator.validate(info, Samples.hash(info)))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_METADATA))
                .hasMessageContaining(reason);
    }

    private static Bytes bytes(String dictionary) {
        return Samples.latin1(dictionary.replace("^", "\0".repeat(20)).replace("$", "4:salt16:0123456789abcdef"));
    }
}
