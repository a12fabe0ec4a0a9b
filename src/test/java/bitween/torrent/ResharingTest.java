package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentEvent.TransferChanged;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.message.TorrentRequest.Removed;
import bitween.message.TorrentRequest.SharePath;
import bitween.message.TorrentRequest.UnsharePath;
import bitween.model.Audience;
import bitween.model.InfoHash;
import bitween.model.Share;
import bitween.model.ShareMode;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is got to be shared on becomes a share, and nothing else does. */
class ResharingTest {
    private static final Audience FAMILY = Audience.parse(List.of("@family"));

    @TempDir
    Path temp;

    private TorrentWorld world;

    @BeforeEach
    void open() throws Exception {
        world = new TorrentWorld(temp).started();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void what_is_to_be_shared_on_is_a_share_for_those_as_soon_as_it_is_complete() throws Exception {
        HashedShare music = world.offered("music", 7, 5);

        Transfer share = reshared(music);

        assertThat(share.kind()).isEqualTo(Transfer.Kind.SHARE);
        assertThat(share.audience()).isEqualTo(FAMILY);
        assertThat(share.hash()).isEqualTo(music.info().hash());
        assertThat(share.place()).isEqualTo(world.downloads.resolve("music"));
        assertThat(world.statesOf(share.id()))
                .endsWith(TransferState.COMPLETE, TransferState.VERIFYING, TransferState.SEEDING);
        Folders.assertSame(temp.resolve("friend/music"), share.place());
    }

    @Test
    void without_a_word_a_download_is_nobody_s() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));

        assertThat(complete.kind()).isEqualTo(Transfer.Kind.JOB);
        assertThat(complete.audience()).isEqualTo(Audience.NOBODY);
        assertThat(world.engine.calls()).endsWith("remove");
    }

    @Test
    void what_is_complete_can_be_shared_on_later() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));

        world.ask(new FetchShare(hashOf(complete), null, null, FAMILY));

        Transfer share = world.until(complete.id(), TransferState.SEEDING);
        assertThat(share.kind()).isEqualTo(Transfer.Kind.SHARE);
        assertThat(share.audience()).isEqualTo(FAMILY);
    }

    @Test
    void a_crash_between_complete_and_shared_is_made_up_for() throws Exception {
        Transfer complete = world.got(world.offered("music", 7));
        world.store.saveAudience(complete.id(), FAMILY);

        world.close();
        world = new TorrentWorld(temp).started();

        Transfer share = world.until(complete.id(), TransferState.SEEDING);
        assertThat(share.kind()).isEqualTo(Transfer.Kind.SHARE);
    }

    @Test
    void a_share_that_may_be_shared_on_says_so_also_after_a_restart() throws Exception {
        Path folder = world.folder("music", 7);
        Transfer added = world.ask(new SharePath(folder, null, FAMILY, true, ShareMode.USUAL))
                .transfer();
        Transfer share = world.until(added.id(), TransferState.SEEDING);

        assertThat(share.share()).isNotNull().matches(Share::reshare);
        assertThat(world.shared(world.folder("film", 3)).share()).isNotNull().matches(kept -> !kept.reshare());
        assertThat(world.said(TransferChanged.class))
                .filteredOn(event -> event.transfer().id().equals(added.id()))
                .last()
                .isEqualTo(new TransferChanged(share));
    }

    @Test
    void another_share_of_that_name_keeps_it() throws Exception {
        world.shared(world.folder("music", 3));

        Transfer share = reshared(world.offered("music", 7));

        assertThat(share.name()).isEqualTo("music (2)");
        assertThat(share.place()).isEqualTo(world.downloads.resolve("music"));
    }

    @Test
    void it_is_unshared_like_any_other_and_its_files_stay() throws Exception {
        Transfer share = reshared(world.offered("music", 7));

        world.ask(new UnsharePath(share.id()));

        assertThat(world.find(share.id())).isEmpty();
        assertThat(share.place()).isDirectory();
    }

    @Test
    void it_is_forgotten_like_a_job_with_its_files_once_the_engine_has_let_go() throws Exception {
        Transfer share = reshared(world.offered("music", 7));
        world.engine.keepsQuietOn("remove");

        CompletableFuture<Removed> removed = world.bus.ask(new RemoveJob(share.id(), true));
        world.threads.runAll();
        assertThat(removed).isNotDone();
        assertThat(share.place()).isDirectory();
        world.engineSays(new EngineEvent.Removed(hashOf(share)));

        assertThat(removed).isCompleted();
        assertThat(world.find(share.id())).isEmpty();
        assertThat(world.downloads).isEmptyDirectory();
        assertThat(temp.resolve("home/links")).isEmptyDirectory();
    }

    private Transfer reshared(HashedShare offered) throws InterruptedException {
        InfoHash hash = offered.info().hash();
        world.holds(offered);
        Transfer job = world.ask(new FetchShare(hash, null, null, FAMILY)).transfer();
        world.peersFound(hash);
        return world.until(job.id(), TransferState.SEEDING);
    }

    private static InfoHash hashOf(Transfer transfer) {
        return java.util.Objects.requireNonNull(transfer.hash());
    }
}
