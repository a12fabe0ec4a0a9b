package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.model.ErrorCode;
import bitween.model.Transfer.Kind;
import bitween.model.TransferState;
import bitween.model.UserException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnNamesTest {
    private final World world = new World();

    @BeforeEach
    void transfers() {
        world.transfer(World.own(1, World.share("Music", '1', 5, 1)));
        world.transfer(World.job(2, World.share("Photos", '2', 5, 1), TransferState.DOWNLOADING));
        world.transfer(World.job(3, World.share("photos", '3', 5, 1), TransferState.DOWNLOADING));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Photos",
                "#2",
                "222222",
                "2222222222222222222222222222222222222222",
                "magnet:?xt=urn:btih:2222222222222222222222222222222222222222"
            })
    void a_job_is_found_by_name_number_or_hash(String typed) {
        assertThat(names().find(typed, Kind.JOB).id().value()).isEqualTo(2);
    }

    @Test
    void several_are_listed_with_their_numbers() {
        assertThatThrownBy(() -> names().find("PHOTOS", Kind.JOB)).isInstanceOfSatisfying(UserException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.AMBIGUOUS);
            assertThat(e.sentence())
                    .isEqualTo("'PHOTOS' can be #2 'Photos' in /home/me/Downloads"
                            + " or #3 'photos' in /home/me/Downloads");
            assertThat(e.hint()).isEqualTo("name it by its number, such as '#2'");
        });
    }

    @Test
    void a_share_is_no_job_and_the_hint_names_the_right_command() {
        assertThatThrownBy(() -> names().find("Music", Kind.JOB)).isInstanceOfSatisfying(UserException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_JOB);
            assertThat(e.sentence()).isEqualTo("'Music' is a share, not a job");
            assertThat(e.hint()).isEqualTo("a share is what this device offers, and bitween unshare ends that");
        });
    }

    @Test
    void a_typo_is_helped_with() {
        assertThatThrownBy(() -> names().find("Musci", Kind.SHARE)).isInstanceOfSatisfying(UserException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SHARE);
            assertThat(e.hint()).isEqualTo("did you mean 'Music'? bitween shares lists them");
        });
    }

    private OwnNames names() {
        return new OwnNames(world.keeper.current());
    }
}
