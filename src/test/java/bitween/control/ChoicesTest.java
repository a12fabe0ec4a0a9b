package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.message.TorrentRequest.SetFilePriority;
import bitween.model.Audience;
import bitween.model.Choice;
import bitween.model.ErrorCode;
import bitween.model.FilePriority;
import bitween.model.Priority;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferId;
import bitween.model.TransferState;
import bitween.model.UserException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChoicesTest {
    private static final FileLists.FileList FILES = new FileLists.FileList(
            true,
            List.of(
                    new FileLists.FileEntry(List.of("cover.jpg"), 10),
                    new FileLists.FileEntry(List.of("Live", "1.flac"), 100),
                    new FileLists.FileEntry(List.of("Live", "Bonus", "2.flac"), 200)),
            List.of(List.of("Live", "later")));

    private final World world = new World();

    @BeforeEach
    void friends() {
        world.roster(World.friend(World.ALICE));
        world.online(World.ALICES_LAPTOP, "laptop", "192.0.2.1:6881");
        world.shares(World.ALICES_LAPTOP, "laptop", World.MUSIC, World.PHOTOS);
        world.answer(
                FetchShare.class,
                request -> new Fetched(world.told(World.job(2, World.MUSIC, TransferState.DOWNLOADING)), false));
    }

    @Test
    void of_a_share_a_file_or_folder_is_got_however_it_is_spelt() {
        world.files.put(World.MUSIC.hash(), CompletableFuture.completedFuture(FILES));

        world.call("job.get", "ref", "alice/music/live/BONUS");
        world.call("job.get", "ref", "alice/music/Live", "only", List.of("*.flac", "later"));

        assertThat(world.asked)
                .containsExactly(
                        wanted(Choice.path(List.of("Live", "Bonus"))),
                        wanted(Choice.glob(List.of("Live"), "*.flac"), Choice.glob(List.of("Live"), "later")));
    }

    @Test
    void what_is_not_in_a_share_is_refused_with_what_is() {
        world.files.put(World.MUSIC.hash(), CompletableFuture.completedFuture(FILES));

        UserException typo =
                assertFails(ErrorCode.PATH_MISSING, () -> world.call("job.get", "ref", "alice/music/Lvie/1"));
        assertThat(typo.hint()).isEqualTo("did you mean 'Live'?");

        UserException none =
                assertFails(ErrorCode.NOTHING_FITS, () -> world.call("job.get", "ref", "alice/music", "only", "*.mkv"));
        assertThat(none.sentence()).isEqualTo("'*.mkv' fits nothing in alice@example.org/Music");
        assertThat(none.hint()).isEqualTo("in it are 'Live', 'cover.jpg'");

        assertFails(ErrorCode.BAD_ARGUMENT, () -> world.call("job.get", "ref", "alice/music", "only", "/"));
        assertFails(ErrorCode.BAD_ARGUMENT, () -> world.call("job.get", "ref", "alice/music", "only", "a\nb"));
        assertFails(
                ErrorCode.BAD_ARGUMENT,
                () -> world.call("job.get", "ref", "alice/music", "only", Collections.nCopies(101, "*.flac")));
        assertThat(world.asked).isEmpty();
    }

    @Test
    void names_that_differ_in_case_or_normal_form_alone_are_told_apart_by_spelling_them() {
        String composed = "\u1ebf.jpg";
        String halfComposed = "\u00ea\u0301.jpg";
        String decomposed = "e\u0302\u0301.jpg";
        FileLists.FileList alike = new FileLists.FileList(
                true,
                Stream.of("cover.jpg", "Cover.jpg", composed, halfComposed)
                        .map(name -> new FileLists.FileEntry(List.of(name), 10))
                        .toList(),
                List.of());
        world.files.put(World.MUSIC.hash(), CompletableFuture.completedFuture(alike));

        UserException one =
                assertFails(ErrorCode.AMBIGUOUS, () -> world.call("job.get", "ref", "alice/music/COVER.JPG"));
        UserException other =
                assertFails(ErrorCode.AMBIGUOUS, () -> world.call("job.get", "ref", "alice/music/" + decomposed));
        world.call("job.get", "ref", "alice/music/Cover.jpg");
        world.call("job.get", "ref", "alice/music/" + halfComposed);

        assertThat(one.sentence()).contains("'cover.jpg'").contains("'Cover.jpg'");
        assertThat(other.sentence()).contains("'" + composed + "'").contains("'" + halfComposed + "'");
        assertThat(world.asked)
                .containsExactly(wanted(Choice.path(List.of("Cover.jpg"))), wanted(Choice.path(List.of(halfComposed))));
    }

    @Test
    void while_nobody_tells_what_is_in_a_share_the_wish_is_stored_as_it_is() {
        world.files.put(
                World.MUSIC.hash(),
                CompletableFuture.failedFuture(new UserException(ErrorCode.FRIEND_OFFLINE, "nobody is online", "")));

        world.call("job.get", "ref", "alice/music/lvie", "only", "*.mkv");

        assertThat(world.asked).containsExactly(wanted(Choice.glob(List.of("lvie"), "*.mkv")));
    }

    @Test
    void part_of_a_share_is_not_shared_on() {
        Share film = new Share("Film", World.hash('7'), World.MUSIC.content(), 5, 1, true);
        world.shares(World.ALICES_LAPTOP, "laptop", film);
        world.files.put(film.hash(), CompletableFuture.completedFuture(FILES));

        world.call("job.get", "ref", "alice/film/Live");

        assertThat(world.asked)
                .containsExactly(new FetchShare(
                        film.hash(), "Film", null, Audience.NOBODY, List.of(Choice.path(List.of("Live")))));
        assertFails(
                ErrorCode.BAD_ARGUMENT, () -> world.call("job.get", "ref", "alice/film/Live", "reshareTo", "alice"));
        assertFails(ErrorCode.BAD_ARGUMENT, () -> world.call("job.get", "ref", "alice/film/Live", "reshare", true));
    }

    @Test
    void one_file_is_no_folder_and_no_share_that_is_one() {
        world.files.put(World.MUSIC.hash(), CompletableFuture.completedFuture(FILES));

        assertThat(world.call("job.get", "ref", "alice/music/live/1.FLAC", "single", true))
                .containsEntry("path", "Live/1.flac");

        UserException folder = assertFails(
                ErrorCode.BAD_ARGUMENT, () -> world.call("job.get", "ref", "alice/music/live", "single", true));
        assertThat(folder.sentence()).isEqualTo("'alice@example.org/Music/Live' is a folder, and one file is wanted");
        assertFails(ErrorCode.BAD_ARGUMENT, () -> world.call("job.get", "ref", "alice/music", "single", true));
        assertThat(world.asked).hasSize(1);
    }

    @Test
    void a_share_that_is_one_file_is_one() {
        world.files.put(
                World.MUSIC.hash(),
                CompletableFuture.completedFuture(new FileLists.FileList(
                        false, List.of(new FileLists.FileEntry(List.of("Music"), 10)), List.of())));

        assertThat(world.call("job.get", "ref", "alice/music", "single", true)).containsEntry("path", "");
    }

    @Test
    void files_of_a_job_have_priorities_of_their_own_which_the_list_of_its_files_shows() {
        world.files.put(World.MUSIC.hash(), CompletableFuture.completedFuture(FILES));
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));
        world.answer(SetFilePriority.class, request -> {
            Transfer job = World.job(2, World.MUSIC, TransferState.DOWNLOADING);
            Transfer ranked = job.withFiles(
                    List.of(new FilePriority(Choice.path(List.of("Live")), Priority.LOW), request.priority()));
            world.transfer(ranked);
            return ranked;
        });

        world.call("job.priority", "name", "#2/*.flac", "priority", "low");
        assertThat(World.list(world.call("transfer.get", "name", "#2").get("filePriorities")))
                .hasToString("[{what=Live, priority=LOW}, {what=*.flac, priority=LOW}]");
        world.call("job.priority", "name", "Music/live/1.FLAC", "priority", "high");

        assertThat(world.asked)
                .containsExactly(
                        ranked(Choice.glob(List.of(), "*.flac"), Priority.LOW),
                        ranked(Choice.path(List.of("Live", "1.flac")), Priority.HIGH));
        assertThat(World.list(world.call("ls", "path", "alice/music/Live").get("entries")).stream()
                        .map(entry -> entry.get("name") + " " + entry.get("priority")))
                .containsExactly("1.flac HIGH", "Bonus LOW", "later LOW");
    }

    @Test
    void a_priority_of_files_that_the_job_does_not_have_is_refused() {
        world.files.put(World.MUSIC.hash(), CompletableFuture.completedFuture(FILES));
        world.transfer(World.job(2, World.MUSIC, TransferState.DOWNLOADING));

        for (String wrong : List.of("#2/Lvie/1.flac PATH_MISSING", "#2/*.mkv NOTHING_FITS", "#2/ BAD_ARGUMENT")) {
            String[] words = wrong.split(" ");
            assertFails(
                    ErrorCode.valueOf(words[1]),
                    () -> world.call("job.priority", "name", words[0], "priority", "high"));
        }
        assertThatThrownBy(() -> world.call("job.priority", "name", "#2/zzz", "priority", "high"))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.hint()).isEqualTo("in it are 'Live', 'cover.jpg'"));
        assertThat(world.asked).isEmpty();
    }

    private static SetFilePriority ranked(Choice what, Priority priority) {
        return new SetFilePriority(new TransferId(2), new FilePriority(what, priority));
    }

    private static FetchShare wanted(Choice... only) {
        return new FetchShare(World.MUSIC.hash(), "Music", null, Audience.NOBODY, List.of(only));
    }

    private static UserException assertFails(ErrorCode code, ThrowingCallable call) {
        Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(call);
        assertThat(thrown).isInstanceOf(UserException.class);
        assertThat(((UserException) thrown).code()).isEqualTo(code);
        return (UserException) thrown;
    }
}
