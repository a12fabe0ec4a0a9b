package bitween.torrent.libtorrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.model.ErrorCode;
import bitween.model.InfoHash;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.libtorrent4j.swig.operation_t;

class EngineErrorsTest {
    private static final InfoHash HASH = InfoHash.of(new byte[20]);

    @TempDir
    private static Path natives;

    @BeforeAll
    static void load() {
        NativeLibrary.load(natives);
    }

    @ParameterizedTest
    @CsvSource({
        "28, file_write, false, DISK_FULL",
        "28, mkdir, false, DISK_FULL",
        "122, file_write, false, DISK_FULL",
        "5, file_write, false, DISK_WRITE",
        "13, file_open, false, DISK_WRITE",
        "30, file_open, false, DISK_READ_ONLY",
        "5, file_read, false, DISK_READ",
        "2, file_open, true, DISK_READ",
        "13, file_stat, false, DISK_READ"
    })
    void an_errno_and_what_was_tried_tell_what_people_can_do(
            int errno, String operation, boolean complete, ErrorCode expected) throws ReflectiveOperationException {
        var tried = (operation_t) operation_t.class.getField(operation).get(null);

        assertThat(EngineErrors.code(errno, tried, complete)).isEqualTo(expected);
    }

    @Test
    void the_sentence_names_the_file_as_people_know_it() {
        String file = EngineErrors.inShare(HASH, "/home/alice/links/" + HASH + "/holiday/ä.jpg");

        assertThat(EngineErrors.sentence(ErrorCode.DISK_FULL, file, "No space left on device"))
                .isEqualTo("the disk is full: cannot write 'holiday/ä.jpg': No space left on device");
    }

    @Test
    void a_name_that_came_broken_is_not_shown() {
        assertThat(EngineErrors.sentence(ErrorCode.DISK_READ, "holiday/\u00f0\u009f\u0098\u0080", "gone"))
                .isEqualTo("cannot read one of its files: gone");
    }
}
