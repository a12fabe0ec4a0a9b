package bitween.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import bitween.message.TorrentEvent.OwnFilesKept;
import bitween.message.TorrentEvent.TransferRemoved;
import bitween.message.TorrentRequest.FetchShare;
import bitween.message.TorrentRequest.MoveTransfer;
import bitween.message.TorrentRequest.RecheckTransfer;
import bitween.message.TorrentRequest.RemoveJob;
import bitween.message.TorrentRequest.ResumeTransfer;
import bitween.model.Audience;
import bitween.model.Basis;
import bitween.model.Choice;
import bitween.model.ErrorCode;
import bitween.model.PageQuery;
import bitween.model.Transfer;
import bitween.model.TransferState;
import bitween.testing.Folders;
import bitween.torrent.format.HashedShare;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A newer revision comes in the place of an earlier one. */
class SucceedingTest extends TorrentFixture {
    private static final int PIECE = 256 << 10;
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));

    private static final Set<TransferState> BEGUN = EnumSet.of(TransferState.DOWNLOADING, TransferState.COMPLETE);

    private Path friends;
    private Path here;
    private Transfer first;

    /** Three files of one piece each. */
    @BeforeEach
    void an_earlier_revision() throws Exception {
        HashedShare garden = world.offered("garden", PIECE, PIECE, PIECE);
        friends = temp.resolve("friend/garden");
        first = got(garden);
        here = first.place();
        world.engine.calls();
    }

    @Test
    void what_is_here_does_not_come_again_and_is_not_touched() throws Exception {
        Folders.file(friends.resolve("file 3"), PIECE, 3);
        Files.setLastModifiedTime(here.resolve("file 1"), LONG_AGO);

        Transfer job = succeeded(false);

        assertThat(world.engine.calls()).contains("add RESUME of pieces 3");
        assertThat(job.place()).isEqualTo(here);
        assertThat(job.selection()).isNull();
        Folders.assertSame(friends, here);
        assertThat(Files.getLastModifiedTime(here.resolve("file 1"))).isEqualTo(LONG_AGO);
        assertThat(TorrentWorld.in(world.downloads)).containsExactly(here);
    }

    @Test
    void what_was_deleted_here_comes_again() throws Exception {
        Files.delete(here.resolve("file 0"));
        Folders.file(friends.resolve("file 3"), PIECE, 3);

        succeeded(false);

        Folders.assertSame(friends, here);
    }

    @Test
    void the_earlier_job_is_forgotten_once_the_newer_is_complete() throws Exception {
        Folders.file(friends.resolve("file 3"), PIECE, 3);

        Transfer job = succeeded(false);

        assertThat(world.find(first.id())).isEmpty();
        assertThat(world.said(TransferRemoved.class)).containsExactly(new TransferRemoved(first));
        assertThat(world.numbers("select count(*) from succession")).containsExactly(0L);
        restart();
        assertThat(world.stored(job.id()).state()).isEqualTo(TransferState.COMPLETE);
    }

    @Test
    void of_a_changed_file_what_stands_here_is_looked_at_for_its_pieces() throws Exception {
        Folders.file(friends.resolve("file 1"), 2 * PIECE, 1);
        world.engine.keepsQuietOn("download");

        Transfer job = begun(world.offered(friends), false);

        assertThat(world.engine.calls()).contains("add CHECK of pieces 1 2");
        assertThat(staged(job).resolve("file 1")).hasSameBinaryContentAs(here.resolve("file 1"));
        assertThat(staged(job).resolve("file 0")).doesNotExist();
        assertThat(here.resolve("file 1")).hasSize(PIECE);
    }

    @Test
    void what_grows_is_a_copy_so_the_file_here_never_changes_before_all_has_come() throws Exception {
        Folders.file(friends.resolve("file 1"), 2 * PIECE, 1);
        world.engine.keepsQuietOn("download");
        Transfer job = begun(world.offered(friends), false);

        Files.writeString(staged(job).resolve("file 1"), "somebody lied");

        assertThat(here.resolve("file 1")).hasSize(PIECE);
        assertThat(Files.getAttribute(here.resolve("file 1"), "unix:nlink")).isEqualTo(1);
    }

    @Test
    void a_renamed_file_is_renamed_and_nothing_comes() throws Exception {
        Files.createDirectories(friends.resolve("old"));
        Files.move(friends.resolve("file 1"), friends.resolve("old/first"));
        Object inode = Files.getAttribute(here.resolve("file 1"), "unix:ino");

        succeeded(false);

        assertThat(world.engine.calls()).isEmpty();
        Folders.assertSame(friends, here);
        assertThat(Files.getAttribute(here.resolve("old/first"), "unix:ino")).isEqualTo(inode);
    }

    @Test
    void files_that_exchanged_their_names_do_so_here() throws Exception {
        Files.move(friends.resolve("file 0"), friends.resolve("x"));
        Files.move(friends.resolve("file 1"), friends.resolve("file 0"));
        Files.move(friends.resolve("x"), friends.resolve("file 1"));

        succeeded(false);

        assertThat(world.engine.calls()).isEmpty();
        Folders.assertSame(friends, here);
    }

    @Test
    void what_its_owner_removed_stays() throws Exception {
        Files.delete(friends.resolve("file 1"));
        Folders.file(friends.resolve("file 3"), PIECE, 3);

        succeeded(false);

        assertThat(here.resolve("file 1")).hasSize(PIECE);
        Files.delete(here.resolve("file 1"));
        Folders.assertSame(friends, here);
    }

    @Test
    void a_mirror_loses_it_but_not_what_was_changed_or_added_here() throws Exception {
        Files.delete(friends.resolve("file 1"));
        Files.delete(friends.resolve("file 2"));
        Files.writeString(here.resolve("file 2"), "mine");
        Files.writeString(here.resolve("notes"), "mine, too");

        succeeded(true);

        assertThat(here.resolve("file 0")).hasSize(PIECE);
        assertThat(here.resolve("file 1")).doesNotExist();
        assertThat(here.resolve("file 2")).hasContent("mine");
        assertThat(here.resolve("notes")).hasContent("mine, too");
    }

    @Test
    void what_was_changed_here_stands_beside_what_came_and_that_is_told() throws Exception {
        Files.writeString(here.resolve("file 1"), "mine");
        Files.writeString(here.resolve("file 3.txt"), "mine, too");
        Folders.file(friends.resolve("file 1"), 100, 4);
        Folders.file(friends.resolve("file 3.txt"), 100, 5);

        Transfer job = succeeded(false);

        assertThat(here.resolve("file 1 (yours)")).hasContent("mine");
        assertThat(here.resolve("file 3 (yours).txt")).hasContent("mine, too");
        assertThat(here.resolve("file 1")).hasSize(100);
        OwnFilesKept told = world.said(OwnFilesKept.class).get(0);
        assertThat(told.transfer().id()).isEqualTo(job.id());
        assertThat(told.kept())
                .containsExactlyInAnyOrder(here.resolve("file 1 (yours)"), here.resolve("file 3 (yours).txt"));
    }

    @Test
    void what_is_changed_here_while_it_comes_is_not_lost_either() throws Exception {
        Folders.file(friends.resolve("file 1"), 100, 4);
        world.engine.keepsQuietOn("remove"); // the engine holds the files until then
        Transfer job = begun(world.offered(friends), false);
        assertThat(job.state()).isEqualTo(TransferState.VERIFYING);

        Files.writeString(here.resolve("file 1"), "mine");
        world.engineSays(new EngineEvent.Removed(hash(job)));
        world.until(job.id(), TransferState.COMPLETE);

        assertThat(here.resolve("file 1 (yours)")).hasContent("mine");
        assertThat(here.resolve("file 1")).hasSize(100);
    }

    @Test
    void what_is_lost_here_while_it_comes_comes_too() throws Exception {
        Folders.file(friends.resolve("file 3"), PIECE, 3);
        world.engine.keepsQuietOn("remove");
        HashedShare next = world.offered(friends);
        Transfer job = begun(next, false);
        Files.delete(here.resolve("file 1"));
        world.engine.calls();

        world.engineSays(new EngineEvent.Removed(hash(job)));
        world.threads.runUntil(() -> world.engine.holds(hash(job)));

        assertThat(world.engine.calls()).contains("add RESUME with resume data of pieces 1 3");
    }

    @Test
    void a_link_on_the_way_is_not_followed() throws Exception {
        Files.createDirectories(friends.resolve("more"));
        Folders.file(friends.resolve("more/file"), PIECE, 3);
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
        Folders.file(elsewhere.resolve("file"), PIECE, 3);
        Files.createSymbolicLink(here.resolve("more"), elsewhere);

        Transfer job = begun(world.offered(friends), false);
        world.until(job.id(), TransferState.PAUSED);

        assertThat(failureOf(world.stored(job.id())).code()).isEqualTo(ErrorCode.DISK_WRITE);
        assertThat(TorrentWorld.in(elsewhere)).containsExactly(elsewhere.resolve("file"));
    }

    @Test
    void cut_off_while_files_take_their_places_it_goes_on() throws Exception {
        Folders.file(friends.resolve("file 1"), 100, 4);
        Files.move(friends.resolve("file 2"), friends.resolve("film"));
        Folders.file(friends.resolve("last"), PIECE, 5);
        HashedShare next = world.offered(friends);
        Path blocked = Files.createDirectories(here.resolve("last"));
        Files.writeString(Files.createDirectory(blocked.resolve("x")).resolve("y"), "mine");
        world.engine.keepsQuietOn("remove");
        Transfer job = begun(next, false);
        Path staged = staged(job);
        world.sql("update succession set placing = 1");
        Files.move(
                here.resolve("file 2"),
                staged.resolve("film"),
                StandardCopyOption.REPLACE_EXISTING); // as far as it had come
        Files.move(staged.resolve("file 1"), here.resolve("file 1"), StandardCopyOption.REPLACE_EXISTING);

        restart();
        world.holds(next);
        world.until(job.id(), TransferState.COMPLETE);

        assertThat(world.engine.calls()).isEmpty();
        assertThat(here.resolve("last (yours)/x/y")).hasContent("mine");
        deleted(here.resolve("last (yours)"));
        Folders.assertSame(friends, here);
        assertThat(world.find(first.id())).isEmpty();
    }

    @Test
    void cut_off_before_the_end_was_stored_it_ends() throws Exception {
        Folders.file(friends.resolve("file 3"), PIECE, 3);
        HashedShare next = world.offered(friends);
        world.engine.keepsQuietOn("remove");
        Transfer job = begun(next, false);
        world.sql("update succession set placing = 1");
        Files.move(staged(job).resolve("file 3"), here.resolve("file 3"));
        deleted(Places.parentOf(staged(job)));

        restart();
        world.holds(next);
        world.until(job.id(), TransferState.COMPLETE);

        Folders.assertSame(friends, here);
        assertThat(world.find(first.id())).isEmpty();
        assertThat(TorrentWorld.in(world.downloads)).containsExactly(here);
    }

    @Test
    void where_the_disk_is_full_it_pauses_and_goes_on_once_there_is_room() throws Exception {
        Folders.file(friends.resolve("file 3"), PIECE, 3);
        HashedShare next = world.offered(friends);
        world.store.saveDigests(next.info().hash(), next.digests(), TorrentWorld.NOW);
        world.holds(next);
        world.space = new Disks.Space(1, 200L << 30);

        Transfer job = wanted(next, false);
        world.until(job.id(), TransferState.PAUSED);
        assertThat(failureOf(world.stored(job.id())).code()).isEqualTo(ErrorCode.DISK_FULL);
        assertThat(TorrentWorld.in(here)).hasSize(3);

        world.space = new Disks.Space(100L << 30, 200L << 30);
        world.ask(new ResumeTransfer(job.id()));
        world.threads.runUntil(() -> world.statesOf(job.id()).contains(TransferState.DOWNLOADING));
        world.peersFound(hash(job));
        world.until(job.id(), TransferState.COMPLETE);
        Folders.assertSame(friends, here);
    }

    @Test
    void without_digests_it_waits_for_who_has_them() throws Exception {
        Folders.file(friends.resolve("file 3"), PIECE, 3);
        HashedShare next = world.offered(friends);
        world.holds(next);
        world.answers(PageQuery.Kind.DIGESTS, TorrentWorld.nobody());

        Transfer job = wanted(next, false);
        assertThat(job.state()).isEqualTo(TransferState.WAITING_FOR_FRIEND);

        world.holds(next);
        world.peersFound(hash(job));
        world.peersFound(hash(job));
        world.until(job.id(), TransferState.COMPLETE);
        Folders.assertSame(friends, here);
    }

    @Test
    void removed_on_the_way_it_leaves_what_stood_there() throws Exception {
        Folders.file(friends.resolve("file 3"), PIECE, 3);
        world.engine.keepsQuietOn("download");
        Transfer job = begun(world.offered(friends), true);

        world.ask(new RemoveJob(job.id(), true));
        world.threads.runAll();

        assertThat(TorrentWorld.in(here)).hasSize(3);
        assertThat(TorrentWorld.in(world.downloads)).containsExactly(here);
        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.COMPLETE);
    }

    @Test
    void a_still_newer_one_takes_the_place_of_one_on_its_way() throws Exception {
        Folders.file(friends.resolve("file 3"), PIECE, 3);
        world.engine.keepsQuietOn("download");
        Transfer second = begun(world.offered(friends), false);

        Path come = Files.write(staged(second).resolve("file 3"), new byte[5]); // as far as it had come
        Folders.file(friends.resolve("file 4"), PIECE, 4);
        Transfer third = begun(world.offered(friends), false);

        assertThat(world.find(second.id())).isEmpty();
        assertThat(come).doesNotExist();
        assertThat(staged(third).resolve("file 3")).hasSize(5);
        assertThat(third.place()).isEqualTo(here);
        assertThat(world.stored(first.id()).state()).isEqualTo(TransferState.COMPLETE);
    }

    @Test
    void a_first_one_on_its_way_hands_over_what_has_come_and_nothing_else_stays() throws Exception {
        world.engine.keepsQuietOn("download");
        Path theirs = temp.resolve("friend/films");
        HashedShare films = world.offered("films", PIECE, PIECE);
        Transfer begun = world.begun(films);
        Path content = Places.staging(world.downloads, hash(begun)).resolve("films");
        Files.write(content.resolve("file 0"), new byte[5]);
        Files.write(content.resolve("file 1"), new byte[6]);
        Files.delete(theirs.resolve("file 1"));
        Folders.file(theirs.resolve("file 2"), PIECE, 2);
        HashedShare next = world.offered(theirs);
        world.holds(next);
        world.store.saveDigests(next.info().hash(), next.digests(), TorrentWorld.NOW);

        Transfer job = world.ask(new FetchShare(
                        next.info().hash(), null, null, Audience.NOBODY, List.of(), new Basis(begun.id(), false)))
                .transfer();
        world.threads.runAll();
        world.peersFound(hash(job));
        world.threads.runUntil(() -> world.engine.holds(hash(job)));
        Path staged = Places.staging(world.downloads, hash(job)).resolve("films");
        assertThat(world.find(begun.id())).isEmpty();
        assertThat(staged.resolve("file 0")).hasSize(5);

        Folders.file(staged.resolve("file 0"), PIECE, 0);
        Folders.file(staged.resolve("file 2"), PIECE, 2);
        world.engineSays(new EngineEvent.Finished(hash(job)));
        Transfer done = world.until(job.id(), TransferState.COMPLETE);

        assertThat(done.place()).isEqualTo(begun.place());
        Folders.assertSame(theirs, done.place());
        assertThat(TorrentWorld.in(world.downloads)).containsExactlyInAnyOrder(here, done.place());
    }

    @Test
    void of_what_was_got_in_part_the_same_part_comes() throws Exception {
        HashedShare films = world.offered("films", PIECE, PIECE, PIECE);
        world.store.saveDigests(films.info().hash(), films.digests(), TorrentWorld.NOW);
        world.holds(films);
        List<Choice> only = List.of(new Choice("", "file 0"), new Choice("", "file 2"));
        Transfer part = world.ask(new FetchShare(films.info().hash(), null, null, Audience.NOBODY, only))
                .transfer();
        world.threads.runAll();
        world.peersFound(films.info().hash());
        world.until(part.id(), TransferState.COMPLETE);
        Path place = world.stored(part.id()).place();
        Path theirs = temp.resolve("friend/films");
        Folders.file(theirs.resolve("file 1"), 100, 7);
        Folders.file(theirs.resolve("file 2"), 100, 8);
        HashedShare next = world.offered(theirs);
        world.holds(next);

        Transfer job = world.ask(new FetchShare(
                        next.info().hash(), null, null, Audience.NOBODY, only, new Basis(part.id(), true)))
                .transfer();
        world.threads.runAll();
        world.peersFound(next.info().hash());
        world.until(job.id(), TransferState.COMPLETE);

        assertThat(TorrentWorld.in(place)).hasSize(2);
        assertThat(place.resolve("file 2")).hasSize(100);
    }

    @Test
    void a_shared_file_is_replaced_where_it_stands_whatever_it_is_called_now() throws Exception {
        Path film = Folders.file(temp.resolve("friend/film.mkv"), PIECE, 1);
        Transfer old = got(world.offered(film));
        Path place = old.place();
        Path newer = Folders.file(temp.resolve("friend/film 2.mkv"), 2 * PIECE, 2);
        world.engine.peersGive(torrent -> copyTo(torrent, newer));
        HashedShare next = world.offered(newer);
        world.engine.peersGive(torrent -> copyTo(torrent, newer));
        world.holds(next);

        Transfer job = world.ask(new FetchShare(
                        next.info().hash(), null, null, Audience.NOBODY, List.of(), new Basis(old.id(), false)))
                .transfer();
        world.threads.runAll();
        world.peersFound(next.info().hash());
        world.until(job.id(), TransferState.COMPLETE);

        assertThat(place).hasSameBinaryContentAs(newer);
    }

    @Test
    void neither_is_moved_or_compared_meanwhile() throws Exception {
        Folders.file(friends.resolve("file 3"), PIECE, 3);
        world.engine.keepsQuietOn("download");
        Transfer job = begun(world.offered(friends), false);

        assertThat(world.refusalOf(new MoveTransfer(first.id(), temp.resolve("x"))))
                .isEqualTo(ErrorCode.BUSY);
        assertThat(world.refusalOf(new MoveTransfer(job.id(), temp.resolve("x"))))
                .isEqualTo(ErrorCode.BUSY);
        assertThat(world.refusalOf(new RecheckTransfer(first.id()))).isEqualTo(ErrorCode.BUSY);
    }

    private Transfer succeeded(boolean mirror) throws Exception {
        return world.until(begun(world.offered(friends), mirror).id(), TransferState.COMPLETE);
    }

    private Transfer begun(HashedShare next, boolean mirror) throws Exception {
        world.holds(next);
        world.store.saveDigests(next.info().hash(), next.digests(), TorrentWorld.NOW);
        Transfer job = wanted(next, mirror);
        world.threads.runUntil(() -> world.statesOf(job.id()).stream().anyMatch(BEGUN::contains));
        world.peersFound(next.info().hash());
        return world.stored(job.id());
    }

    /** As it is when its owner's digests are stored. */
    private Transfer got(HashedShare share) throws Exception {
        world.store.saveDigests(share.info().hash(), share.digests(), TorrentWorld.NOW);
        return world.got(share);
    }

    private Transfer wanted(HashedShare next, boolean mirror) throws Exception {
        Transfer job = world.ask(new FetchShare(
                        next.info().hash(), null, null, Audience.NOBODY, List.of(), new Basis(first.id(), mirror)))
                .transfer();
        world.threads.runAll();
        world.peersFound(next.info().hash());
        return world.stored(job.id());
    }

    private Path staged(Transfer job) {
        return world.downloads.resolve(".bitween-" + hash(job).hex() + "/garden");
    }

    private static void copyTo(TorrentEngine.Torrent torrent, Path file) {
        try (Stream<Path> links = Files.list(torrent.savePath())) {
            Files.copy(
                    file, Files.readSymbolicLink(links.findFirst().orElseThrow()), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleted(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
