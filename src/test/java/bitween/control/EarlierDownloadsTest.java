package bitween.control;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.Fetched;
import bitween.model.Basis;
import bitween.model.Choice;
import bitween.model.Device;
import bitween.model.InfoHash;
import bitween.model.Selection;
import bitween.model.Share;
import bitween.model.Transfer;
import bitween.model.TransferState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alice has a live folder, of which the second revision was got, and the third is the newest. */
class EarlierDownloadsTest {
    private static final InfoHash FIRST = World.hash('1');
    private static final InfoHash SECOND = World.hash('2');
    private static final Share THIRD = World.share("Notes", '3', 10, 2).at(3);

    @TempDir
    Path directory;

    private final World world = new World();

    @BeforeEach
    void alice_shares_the_third() {
        world.roster(World.friend(World.ALICE), World.friend(World.BOB));
        world.shares(World.ALICES_LAPTOP, "laptop", THIRD);
        world.before.put(THIRD.hash(), List.of(SECOND, FIRST));
        world.answer(FetchShare.class, request -> {
            Transfer job = World.job(9, THIRD, TransferState.DOWNLOADING);
            Basis basis = request.basis();
            Path place = basis == null
                    ? directory.resolve("Notes (2)")
                    : Objects.requireNonNull(world.keeper.current().transfers().get(basis.earlier()))
                            .place();
            return new Fetched(world.told(job.named("Notes", place)), false);
        });
    }

    @Test
    void the_newest_that_is_here_is_brought_up_to_date() {
        got(4, '1', World.ALICES_LAPTOP);
        Transfer second = got(5, '2', World.ALICES_LAPTOP);

        assertThat(world.call("job.get", "ref", "alice/Notes")).containsEntry("updates", true);

        assertThat(basis()).isEqualTo(new Basis(second.id(), false));
    }

    @Test
    void another_folder_gets_a_copy_and_the_same_one_none() {
        Transfer second = got(5, '2', World.ALICES_LAPTOP);

        assertThat(world.call("job.get", "ref", "alice/Notes", "to", "/elsewhere"))
                .containsEntry("updates", false);
        assertThat(basis()).isNull();
        world.transfer(World.job(9, World.PHOTOS, TransferState.COMPLETE));
        world.call("job.get", "ref", "alice/Notes", "to", directory.toString());
        assertThat(basis()).isEqualTo(new Basis(second.id(), false));
    }

    @Test
    void what_came_from_somebody_else_or_is_gone_is_left_alone() {
        got(4, '1', World.BOBS_DESKTOP);
        world.transfer(got(5, '2', World.ALICES_LAPTOP).named("Notes", directory.resolve("gone")));

        assertThat(world.call("job.get", "ref", "alice/Notes")).containsEntry("updates", false);

        assertThat(basis()).isNull();
    }

    @Test
    void a_former_revision_that_was_got_by_its_number_stays_what_it_is() {
        Transfer second = got(5, '2', World.ALICES_LAPTOP);
        world.transfer(second.named("Notes@2", second.place()));

        assertThat(world.call("job.get", "ref", "alice/Notes")).containsEntry("updates", false);

        assertThat(basis()).isNull();
    }

    @Test
    void what_is_on_its_way_and_somebody_else_offers_goes_on_whatever_a_list_says_of_it() {
        Transfer second = World.job(5, World.share("Notes", '2', 10, 2), TransferState.DOWNLOADING);
        world.transfer(second);
        world.call("job.get", "ref", "alice/Notes");
        assertThat(basis()).isEqualTo(new Basis(second.id(), false));
        world.transfer(World.job(9, World.PHOTOS, TransferState.COMPLETE));

        world.shares(World.BOBS_DESKTOP, "desktop", World.share("Notes", '2', 10, 2));
        world.call("job.get", "ref", "alice/Notes");

        assertThat(basis()).isNull();
    }

    @Test
    void of_what_was_got_in_part_more_is_got_and_a_part_of_what_was_got_whole_comes_beside_it() {
        Choice one = Choice.path(List.of("one"));
        Choice two = new Choice("", "two");
        got(4, '1', World.ALICES_LAPTOP);
        world.call("job.get", "ref", "alice/Notes", "only", List.of("two"));
        assertThat(basis()).isNull();
        world.transfer(World.job(9, World.PHOTOS, TransferState.COMPLETE));
        Transfer second = got(5, '2', World.ALICES_LAPTOP);
        world.transfer(second.choosing(Selection.of(List.of(one))));

        world.call("job.get", "ref", "alice/Notes", "only", List.of("two"));

        assertThat(basis()).isEqualTo(new Basis(second.id(), false));
        assertThat(last().only()).containsExactly(one, two);
    }

    private Transfer got(long id, char hash, Device from) {
        Share share = World.share("Notes", hash, 10, 2);
        Path place = directory.resolve("Notes " + hash);
        Transfer job = World.job(id, share, TransferState.COMPLETE)
                .completed(World.NOW)
                .named("Notes", place);
        assertThat(place.toFile().mkdirs()).isTrue();
        world.transfer(job);
        world.origins.add(new Origins.Origin(
                share.hash(), "Notes", place, List.of(), 10, null, World.NOW, Map.of(from, "laptop")));
        return job;
    }

    private @Nullable Basis basis() {
        return last().basis();
    }

    private FetchShare last() {
        return (FetchShare) world.asked.get(world.asked.size() - 1);
    }
}
