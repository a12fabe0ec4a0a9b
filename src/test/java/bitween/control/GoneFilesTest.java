package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.message.TorrentRequest.Removed;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.model.UserException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoneFilesTest {
    private final World world = new World();

    @Test
    void jobs_and_info_say_which_files_are_gone(@TempDir Path temp) {
        world.transfer(World.job(2, World.MUSIC, TransferState.COMPLETE).named("Music", temp));
        world.transfer(World.job(3, World.PHOTOS, TransferState.COMPLETE).named("Photos", temp.resolve("gone")));

        List<Map<String, @Nullable Object>> jobs = World.list(world.call("jobs").get("jobs"));

        assertThat(jobs.get(0)).containsEntry("name", "Music").containsEntry("error", null);
        assertThat(World.map(jobs.get(1).get("error")))
                .containsEntry("code", "PATH_MISSING")
                .containsEntry("message", "its files are gone: nothing is at " + temp.resolve("gone") + " any more");
        assertThat(World.map(World.map(world.call("info", "name", "Photos").get("transfer"))
                        .get("error")))
                .containsEntry("code", "PATH_MISSING");
    }

    @Test
    void who_forgets_a_job_is_told_whether_something_stands_at_its_place(@TempDir Path temp) {
        world.answer(RemoveJob.class, request -> {
            Transfer removed =
                    Objects.requireNonNull(world.keeper.current().transfers().get(request.id()));
            world.bus.publish(new TransferRemoved(removed));
            return new Removed(removed, false);
        });
        Transfer job = World.job(2, World.MUSIC, TransferState.COMPLETE);
        world.transfer(job.named("Music", temp));
        assertThat(world.call("job.rm", "name", "Music")).containsEntry("remains", true);
        world.transfer(
                job.named("Music", temp.resolve("gone")).completed(World.NOW).shared("Music"));
        assertThat(world.call("job.rm", "name", "Music")).containsEntry("remains", false);
        world.transfer(World.own(4, World.MUSIC));
        assertThrows(UserException.class, () -> world.call("job.rm", "name", "Music"));
    }
}
