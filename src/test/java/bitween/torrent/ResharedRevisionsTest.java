package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.PauseTransfer;
import bitween.message.TorrentRequest.RevokeShare;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.model.Audience;
import bitween.model.Basis;
import bitween.model.ErrorCode;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A newer revision of what is got to be shared on. */
class ResharedRevisionsTest extends TorrentFixture {
    private static final int PIECE = 256 << 10;
    private static final Audience FAMILY = Audience.parse(List.of("@family", "bob@example.net"));

    private Path friends;
    private HashedShare garden;

    @BeforeEach
    void an_earlier_revision() throws Exception {
        garden = world.offered("garden", PIECE, PIECE);
        friends = temp.resolve("friend/garden");
        world.engine.keepsQuietOn("download");
    }

    private HashedShare next() throws Exception {
        Folders.file(friends.resolve("file 2"), PIECE, 3);
        return world.offered(friends);
    }

    private Transfer reshared() throws Exception {
        Transfer job = begun(garden, FAMILY, null);
        comes(job);
        return world.until(job.id(), TransferState.SEEDING);
    }

    /** What its friend's device has is on the disk. */
    private void comes(Transfer job) throws IOException {
        Path staged = world.downloads.resolve(".bitween-" + hash(job).hex() + "/garden");
        for (Path file : TorrentWorld.in(friends)) {
            Files.copy(file, staged.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        world.engineSays(new EngineEvent.Finished(hash(job)));
    }

    /** The last byte does not come by itself. */
    private Transfer begun(HashedShare share, Audience audience, @Nullable Basis basis) throws Exception {
        world.holds(share);
        world.store.saveDigests(share.info().hash(), share.digests(), TorrentWorld.NOW);
        Transfer job = world.ask(new FetchShare(share.info().hash(), null, null, audience, List.of(), basis))
                .transfer();
        world.threads.runAll();
        world.peersFound(share.info().hash()); // for the metadata
        return world.until(job.id(), TransferState.DOWNLOADING);
    }

    private Transfer successor(Transfer earlier) throws Exception {
        return begun(next(), Audience.NOBODY, new Basis(earlier.id(), false));
    }

    @Test
    void it_takes_the_place_and_is_shared_on_in_its_turn() throws Exception {
        Transfer first = reshared();

        Transfer job = successor(first);
        assertThat(world.stored(first.id())).isEqualTo(first);
        comes(job);

        Transfer share = world.until(job.id(), TransferState.SEEDING);

        assertThat(share.kind()).isEqualTo(Transfer.Kind.SHARE);
        assertThat(share.name()).isEqualTo("garden");
        assertThat(share.place()).isEqualTo(first.place());
        assertThat(share.audience()).isEqualTo(FAMILY);
        assertThat(world.find(first.id())).isEmpty();
        Folders.assertSame(friends, first.place());
        assertThat(TorrentWorld.in(world.downloads)).containsExactly(first.place());
    }

    @Test
    void nobody_gets_any_of_the_earlier_one_before_files_take_their_places() throws Exception {
        Transfer first = reshared();
        world.engine.keepsQuietOn("remove");

        Transfer job = successor(first);
        comes(job);
        world.engineSays(new EngineEvent.Removed(hash(job)));

        assertThat(world.stored(first.id())).isEqualTo(first.unshared());
        assertThat(first.place().resolve("file 2")).doesNotExist();

        world.engineSays(new EngineEvent.Removed(hash(first)));

        assertThat(world.until(job.id(), TransferState.SEEDING).place()).isEqualTo(first.place());
    }

    @Test
    void what_was_granted_and_revoked_meanwhile_holds() throws Exception {
        Transfer first = reshared();
        Transfer job = successor(first);
        world.ask(new RevokeShare(first.id(), Audience.parse(List.of("@family")).grantees()));

        comes(job);

        assertThat(world.until(job.id(), TransferState.SEEDING).audience())
                .isEqualTo(Audience.parse(List.of("bob@example.net")));
    }

    @Test
    void what_is_shared_no_longer_is_not_shared_on_by_the_next() throws Exception {
        Transfer first = reshared();
        Transfer job = successor(first);
        world.ask(new UnsharePath(first.id()));

        comes(job);

        Transfer complete = world.until(job.id(), TransferState.COMPLETE);
        assertThat(complete.kind()).isEqualTo(Transfer.Kind.JOB);
        assertThat(complete.place()).isEqualTo(first.place());
    }

    @Test
    void one_that_had_not_come_yet_leaves_word_with_whom_it_was_to_be_shared() throws Exception {
        Transfer first = begun(garden, FAMILY, null);

        Transfer second = successor(first);
        Folders.file(friends.resolve("file 3"), PIECE, 4);
        Transfer third = begun(world.offered(friends), Audience.NOBODY, new Basis(second.id(), false));
        comes(third);

        assertThat(world.until(third.id(), TransferState.SEEDING).audience()).isEqualTo(FAMILY);
    }

    @Test
    void what_its_user_has_made_a_live_share_of_is_left_alone() throws Exception {
        Transfer first = reshared();
        world.ask(new SharePath(first.place(), null, FAMILY, false, ShareMode.LIVE));

        Transfer job = successor(first);
        comes(job);

        Transfer beside = world.until(job.id(), TransferState.COMPLETE);

        assertThat(beside.name()).isEqualTo("garden (2)");
        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.SEEDING);
    }

    @Test
    void one_that_is_paused_waits_for_its_user() throws Exception {
        Transfer first = reshared();
        world.ask(new PauseTransfer(first.id()));

        assertThat(world.refusalOf(new FetchShare(
                        next().info().hash(), null, null, Audience.NOBODY, List.of(), new Basis(first.id(), false))))
                .isEqualTo(ErrorCode.BUSY);
    }

    @Test
    void a_crash_in_between_is_made_up_for() throws Exception {
        Transfer first = reshared();
        world.engine.keepsQuietOn("remove");
        Transfer job = successor(first);
        comes(job);
        world.engineSays(new EngineEvent.Removed(hash(job)));

        restart();
        world.until(job.id(), TransferState.DOWNLOADING);
        comes(job);

        Transfer share = world.until(job.id(), TransferState.SEEDING);
        assertThat(share.audience()).isEqualTo(FAMILY);
        assertThat(world.find(first.id())).isEmpty();
        Folders.assertSame(friends, first.place());
    }
}
